package leavers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Somebody says that a person leaves: at once, or on a day that is still to come. What they hold is gathered at nine that morning
// where they are, whether Slack still shows them active or not; the day before, their manager hears what will happen.

// morning is the hour at which a day begins for this.
const morning = 9

// Announcement is that somebody says that a person leaves.
type Announcement struct {
	Person  approvals.PersonID
	By      approvals.Actor
	Surface string
	// Day is on which, "" at once.
	Day string
}

// MayAnnounce refuses everybody but somebody's manager and the admins; who that is must be known.
func (d *Desk) MayAnnounce(ctx context.Context, of approvals.PersonID, by approvals.PersonID) error {
	if of == by {
		return approvals.Refuse(approvals.NotAllowed, "That's about yourself, so your manager or an admin has to say it. Please ask them.")
	}
	if err := d.Requests.MayAsk(ctx, by); err != nil {
		return err
	}
	if slices.Contains(d.Requests.Admins, by) {
		return nil
	}
	m, err := d.Requests.ManagerOf(ctx, of)
	if err != nil {
		return approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack just now whether you're %v's manager, so nothing was changed. Please try again in a minute.", of).Because(err)
	}
	if m.By != by {
		return approvals.Refuse(approvals.NotAllowed, "Only %v's manager and the admins can say that they leave, so nothing was changed.", of)
	}
	return nil
}

// Announce keeps what was said. Said again it moves the day; of who is leaving already nothing changes, and was says so.
func (d *Desk) Announce(ctx context.Context, a Announcement, now time.Time) (l Leaving, was bool, err error) {
	who, err := d.Requests.Directory.Person(ctx, a.Person)
	if err != nil {
		return l, false, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack just now who %v is, so nothing was changed. Please try again in a minute.", a.Person).Because(err)
	}
	if m, err := d.Requests.ManagerOf(ctx, a.Person); err == nil && who.Active && d.alone(a, m.By) {
		return l, false, approvals.Refuse(approvals.NotAllowed, "You'd be the only one who can decide what becomes of what %v holds, and nobody approves what they asked for themselves, so nothing was changed. Deactivate them in Slack: then I ask by myself, and you decide. Or name another admin in usher.yml.", a.Person)
	}
	at, err := dayOf(a.Day, who.TZ, now)
	if err != nil {
		return l, false, err
	}
	m, err := d.Requests.ManagerOf(ctx, a.Person)
	if err != nil {
		return l, false, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack just now who %v's manager is, so nothing was changed. Please try again in a minute.", a.Person).Because(err)
	}
	hears, err := d.hearers(ctx, a.Person, m.By, at)
	if err != nil {
		return l, false, err
	}
	nonce, err := d.Nonce()
	if err != nil {
		return l, false, err
	}
	fresh := Leaving{Nonce: nonce, Name: who.Name, Manager: m.By, Due: at}
	if !who.Active {
		fresh.Off = now // they are gone already, and may come back
	}
	err = d.alter(ctx, func(tx Tx) error {
		l, was, err = d.announce(tx, a, fresh, hears, now)
		return err
	})
	return l, was, err
}

// alone reports whether nobody but who says it could decide anything of it: no manager, admin, owner or approver.
func (d *Desk) alone(a Announcement, manager approvals.PersonID) bool {
	others := append([]string{string(manager)}, d.Requests.Approvers().Approvers...)
	for _, id := range d.Requests.Admins {
		others = append(others, string(id))
	}
	for _, app := range d.Requests.Apps {
		others = append(others, app.Owners...)
	}
	return !slices.ContainsFunc(others, func(id string) bool {
		return id != "" && id != approvals.Manager && id != approvals.Owners && id != string(a.By) && id != string(a.Person)
	})
}

// announce is Announce in a transaction.
func (d *Desk) announce(tx Tx, a Announcement, fresh Leaving, hears []hearer, now time.Time) (Leaving, bool, error) {
	roster, err := tx.Roster()
	if err != nil {
		return fresh, false, err
	}
	roster = roster.clone()
	l, err := Leaving{}, ErrNone
	if n, known := roster.Of[a.Person]; known {
		l, err = tx.Leaving(n)
	}
	switch {
	case err != nil && !errors.Is(err, ErrNone):
		return l, false, err
	case err == nil && l.Nonce == fresh.Nonce:
		return l, false, nil // kept already, though the store couldn't say so
	case err == nil && (l.State == Gathering || l.State == Open || l.State == Scheduled && l.Day == a.Day):
		return l, true, nil
	case err == nil && !l.State.Over():
		l, err = d.move(tx, &roster, l, a, fresh, hears, now)
		return l, false, errors.Join(err, tx.KeepRoster(roster))
	}
	roster.Last++
	roster.Of[a.Person] = roster.Last
	fresh.Number, fresh.Person, fresh.By, fresh.Surface, fresh.Heard = roster.Last, a.Person, a.By, a.Surface, now
	l, err = keep(tx, fresh, change{what: "somebody was said to leave", by: a.By, do: func(_ Tx, l *Leaving) ([]outbox.Change, bool, error) {
		return l.plan(a.Day, l.Due, hears, now), true, nil
	}}, now)
	return l, false, errors.Join(err, tx.KeepRoster(roster))
}

// move gives a leaving another day.
func (d *Desk) move(tx Tx, roster *Roster, l Leaving, a Announcement, fresh Leaving, hears []hearer, now time.Time) (Leaving, error) {
	owed := d.struck(roster, l.Number, now)
	return keep(tx, l, change{what: "a leaving was moved", by: a.By, do: func(_ Tx, l *Leaving) ([]outbox.Change, bool, error) {
		owed = append(owed, l.dropEve(now)...)
		l.By, l.Surface, l.Manager = a.By, a.Surface, fresh.Manager
		return append(owed, l.plan(a.Day, fresh.Due, hears, now)...), true, nil
	}}, now)
}

// plan sets the day: at once where there is none.
func (l *Leaving) plan(day string, due time.Time, hears []hearer, now time.Time) (owed []outbox.Change) {
	l.Day, l.Due, l.State, l.Eve = day, due, Gathering, nil
	owed = []outbox.Change{outbox.Forget(GatherKey(l.Number))}
	if day == "" {
		return append(owed, outbox.AtOnce(GatherKey(l.Number), 0, now))
	}
	l.State = Scheduled
	owed = append(owed, outbox.Promise(GatherKey(l.Number), due))
	for _, h := range hears {
		l.Eve = append(l.Eve, h.who)
		c := outbox.PromiseOnce(MessageKey(l.Number, AboutEve+"-"+compact(day), h.who), h.at)
		if !h.at.After(now) {
			c = outbox.AtOnce(c.Put.Key, 0, now).ButOnce()
		}
		owed = append(owed, c)
	}
	return owed
}

// dropEve forgets what would be said the day before, and has drawn anew what was.
func (l *Leaving) dropEve(now time.Time) (owed []outbox.Change) {
	for _, id := range l.Eve {
		key := MessageKey(l.Number, AboutEve+"-"+compact(l.Day), id)
		owed = append(owed, outbox.Forget(key), outbox.AtOnce(key, 0, now).OnlyWhere(key))
	}
	return owed
}

// compact is a day as it stands in a key.
func compact(day string) string { return strings.ReplaceAll(day, "-", "") }

// hearer is who hears of it the day before, and when.
type hearer struct {
	who approvals.PersonID
	at  time.Time
}

// hearers are the manager or, where nobody is known to be, the admins: on the morning before, where each of them is.
func (d *Desk) hearers(ctx context.Context, of, manager approvals.PersonID, due time.Time) (out []hearer, err error) {
	all := []approvals.PersonID{manager}
	if manager == "" {
		all = slices.DeleteFunc(slices.Clone(d.Requests.Admins), func(id approvals.PersonID) bool { return id == of })
	}
	for _, id := range all {
		p, err := d.Requests.Directory.Person(ctx, id)
		if err != nil {
			return nil, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack just now where %v is, so nothing was changed. Please try again in a minute.", id).Because(err)
		}
		y, m, day := due.In(zone(p.TZ)).Date()
		out = append(out, hearer{id, time.Date(y, m, day-1, morning, 0, 0, 0, zone(p.TZ)).UTC()})
	}
	return out, nil
}

// dayOf is the morning of a day where somebody is; now where there is none.
func dayOf(day, tz string, now time.Time) (time.Time, error) {
	if day == "" {
		return now, nil
	}
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return now, approvals.Refuse(approvals.Invalid, "I can't read the date “%v”. Write it as year, month and day: `on=2026-12-31`.", day).Because(err)
	}
	at := time.Date(on.Year(), on.Month(), on.Day(), morning, 0, 0, 0, zone(tz))
	y, m, d := now.In(zone(tz)).Date()
	if at.Before(time.Date(y, m, d, 0, 0, 0, 0, zone(tz))) {
		return now, approvals.Refuse(approvals.Invalid, "%v is past already, so nothing was changed. Leave out `on=` if they're gone now.", day)
	}
	if at.After(now.AddDate(mostYears, 0, 0)) {
		return now, approvals.Refuse(approvals.Invalid, "%v is more than %v years ahead, so nothing was changed. Is the year right?", day, mostYears)
	}
	return at.UTC(), nil
}

// mostYears is how far ahead a leaving can be said.
const mostYears = 2

// zone is a time zone by its name; UTC for one that only Slack knows.
func zone(name string) *time.Location {
	where, err := time.LoadLocation(name)
	if err != nil || name == "" || strings.EqualFold(name, "local") {
		return time.UTC
	}
	return where
}

// CallOff keeps that somebody stays. Who is deactivated in Slack has left, whatever was said.
func (d *Desk) CallOff(ctx context.Context, n int64, by approvals.Actor, now time.Time) (l Leaving, err error) {
	err = d.alter(ctx, func(tx Tx) error {
		roster, err := tx.Roster()
		if err != nil {
			return err
		}
		roster = roster.clone()
		if l, err = tx.Leaving(n); err != nil {
			return err
		}
		switch {
		case l.State == CalledOff:
			return nil
		case l.State == Closed:
			return approvals.Refuse(approvals.Conflict, "That's closed: nothing %v held is left. So there's nothing to call off.", l.Person)
		case !l.Off.IsZero():
			return approvals.Refuse(approvals.Conflict, "%v is deactivated in Slack, so I take them for gone. Once they're active again I call it off by myself.", l.Person)
		}
		if err := roster.drop(tx, l.Person); err != nil {
			return err
		}
		l, err = keep(tx, l, change{what: "a leaving was called off", by: by, do: func(_ Tx, l *Leaving) ([]outbox.Change, bool, error) {
			owed := append(l.dropEve(now), outbox.Forget(GatherKey(n)))
			l.Ended, l.EndedBy, l.Why = now, by, "they stay"
			if l.State = CalledOff; l.Rounds > 0 {
				owed = append(owed, outbox.AtOnce(GatherKey(n), 0, now))
			}
			return owed, true, nil
		}}, now)
		return errors.Join(err, tx.KeepRoster(roster))
	})
	return l, err
}

// Of is the leaving of somebody, where there is one; false: they are leaving by nobody's word.
func (d *Desk) Of(ctx context.Context, who approvals.PersonID) (Leaving, bool, error) {
	roster, err := d.Book.Roster(ctx)
	if err != nil {
		return Leaving{}, false, err
	}
	n, known := roster.Of[who]
	if !known {
		return Leaving{}, false, nil
	}
	l, err := d.Book.Leaving(ctx, n)
	return l, err == nil, err
}
