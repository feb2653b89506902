package approvals

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// NudgeEvery is how often a request may be nudged.
const NudgeEvery = 24 * time.Hour

// MayNudgeAt is from when on a request may be nudged again; the zero time: at any.
func (r Request) MayNudgeAt() time.Time {
	if r.Reminders.Nudged.IsZero() {
		return time.Time{}
	}
	return r.Reminders.Nudged.Add(NudgeEvery)
}

// nudge reminds those whom a request waits for, by somebody's wish; false: not now, or there is nobody.
func (r *Request) nudge(e Nudged, now time.Time) (out []outbox.Change, ok bool) {
	who := r.Awaits()
	if r.State != Pending || !now.Before(r.Expires) || now.Before(r.MayNudgeAt()) || len(who) == 0 {
		return nil, false
	}
	r.Reminders.Count++
	r.Reminders.Nudged, r.Reminders.NudgedBy = now, e.By
	for _, w := range who {
		key := NudgeKey(r.Number, r.Reminders.Count, w)
		r.Reminders.note(Reminder{Who: w, Round: r.round(w, now), At: now, Key: key})
		out = append(out, r.atOnce(key, now).ButOnce())
	}
	return out, true
}

// Nudge reminds those whom a request waits for, once a day. Its requester may, and admins.
func (d *Desk) Nudge(ctx context.Context, n int64, by Actor, surface string, now time.Time) (Request, error) {
	r, err := d.Request(ctx, n)
	if err != nil {
		return r, err
	}
	admin := May
	if by.Person() != r.Requester {
		admin = d.Admin(ctx, by.Person())
	}
	return d.change(ctx, n, Nudged{By: by}, by, surface, now, func(r Request) error { return nudgeable(r, admin, now) })
}

// nudged are those whom the last nudge reminded.
func (r Request) nudged() (who []string) {
	for _, one := range r.Reminders.Of {
		if one.Key == NudgeKey(r.Number, r.Reminders.Count, one.Who) {
			who = append(who, one.Who)
		}
	}
	return who
}

// nudgeable is every reason why somebody may not nudge a request now; admin is what makes them more than a stranger.
func nudgeable(r Request, admin Ruling, now time.Time) error {
	switch {
	case admin == CouldNotTell:
		return Refuse(CannotTell, "I couldn't check with Slack whether you can send a reminder for #%v just now. Please try again in a minute.", r.Number)
	case admin == MayNot:
		return Refuse(NotAllowed, "#%v isn't your request, so you can't send a reminder for it. `/access status` lists yours.", r.Number)
	case r.State != Pending:
		return &Error{Code: Conflict, Say: Standing(r)}
	case !now.Before(r.Expires):
		return &Error{Code: Conflict, Say: timeIsOver(r)}
	case now.Before(r.MayNudgeAt()):
		return Refuse(Conflict, "%v already sent a reminder for #%v %v, and once a day is enough. You can send the next one from %v on. It's waiting for %v.",
			r.Reminders.NudgedBy.Text(), r.Number, r.Reminders.Nudged, r.MayNudgeAt(), r.HeardBlind().Awaited())
	case r.Rule.Itself():
		return Refuse(Conflict, "#%v isn't waiting for anybody's yes: I'm still finding out in %v what it would do. `/access status %v` shows it.", r.Number, r.App.Name, r.Number)
	case len(r.Awaits()) == 0:
		return Refuse(Conflict, "Everybody who's named for #%v has had their say, so there's nobody to remind. An admin can help.", r.Number)
	}
	return nil
}

// Awaited names those whom a request waits for: "<@U0BOB> or <@U0DAVE>", "anyone in <!subteam^S0LEADS>".
func (r Request) Awaited() Text { return r.others() }

// NudgedText names whom a nudge reminded.
func NudgedText(who []string) Text {
	return Stage{Approvers: slices.Clone(who)}.all()
}

// all names everybody of a step: "<@U0BOB>, <@U0DAVE> and everyone in <!subteam^S0LEADS>".
func (s Stage) all() Text {
	var names []Text
	for _, p := range s.People() {
		names = append(names, Sayf("%v", p))
	}
	for _, g := range s.Groups() {
		names = append(names, Sayf("everyone in %v", g))
	}
	if n := len(names); n > 1 {
		return Sayf("%v and %v", Join(names[:n-1], ", "), names[n-1])
	}
	return Join(names, "")
}
