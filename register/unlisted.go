package register

import (
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// An app that can't be read and of which no list was ever imported is known by its requests alone. Whether who has something there is
// switched off elsewhere follows from them all the same; what else may differ, only a list could say.

// held is what requests gave in an app, in the place of a list.
func held(app approvals.App, done []approvals.Request, now time.Time) Seen {
	s := Seen{At: now, How: OnlySaid}
	for _, e := range Of(done) {
		known := slices.ContainsFunc(s.Members, func(m list.Member) bool { return approvals.SameEmail(m.Email, e.Email) })
		if e.App.ID == app.ID && !known {
			s.Members = append(s.Members, list.Member{Email: e.Email, Name: e.Name, Status: list.Active})
		}
	}
	return s
}

// weighed is what is kept of such an app after a sweep: who has something and stands in Slack otherwise than elsewhere. No members are
// kept, as there is no list.
func (k Kept) weighed(app approvals.App, done []approvals.Request, people Directory, slot string, now time.Time) (Kept, News) {
	seen, next := held(app, done, now), k
	next.Members, next.Odd, next.Unsure = seen.Members, nil, people.Elsewhere.Unsure
	next.Swept, next.Slot, next.People = now.UTC(), slot, people.active()
	found := slices.DeleteFunc(Find(app, done, seen, people, nil, now), func(f Finding) bool {
		return f.Kind != OffElsewhere && f.Kind != OffInSlack
	})
	next, news := k.With(next, found, now)
	next.Members = nil
	return next, news
}
