package approvals

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Who is named in a request may leave while it waits, and a user group may empty. So they are looked up when it is asked,
// when others are named in it, at each start, once a day, and when Slack says that one of them has changed. What is found
// is kept with the request, for its card; where too few are left for the present step it is handed on in the same
// transaction, as an escalation is: to whom the policy escalates, and else to the admins. Nobody is taken away: whoever
// is back may decide again, because a vote asks Slack and not what is kept here.

// watchEvery is how often those named are looked up while nothing happens.
const watchEvery = 24 * time.Hour

// Missed is that those named in a request were looked up; Gone are all who can't decide any more, people and user groups,
// and Admins the admins who could.
type Missed struct {
	Gone   []string
	Admins []string
}

func (Missed) what() string { return "looked up who can't decide any more" }

// to are those to whom a step was handed: where it doesn't say, whom the policy escalates to.
func (e Raise) to(r Rule) []string {
	if e.To != nil {
		return e.To
	}
	return r.EscalateTo
}

// RaisedTo are those whom one handing on brought to a step, without those who may decide it anyway and who never do.
func (r Request) RaisedTo(e Raise) Stage {
	s, before, to := r.EligibleOn(e.Step), r.Rule.Stages()[e.Step], e.to(r.Rule)
	s.Approvers = slices.DeleteFunc(slices.Clone(s.Approvers), func(a string) bool {
		return slices.Contains(before.Approvers, a) || !slices.Contains(to, a)
	})
	return s
}

// raisedFor is when the present step was handed to somebody, who isn't named on it; false: they are, or it wasn't.
func (r Request) raisedFor(who string) (at time.Time, raised bool) {
	if slices.Contains(r.Rule.Stages()[r.Present()].Approvers, who) {
		return at, false
	}
	for _, e := range r.Raised {
		if e.Step == r.Present() && slices.Contains(e.to(r.Rule), who) {
			return e.At, true
		}
	}
	return r.RaisedOn(r.Present())
}

// standing is a step without those who can't decide any more; where nobody else is on it, all of them.
func (r Request) standing(s Stage) Stage {
	left := slices.DeleteFunc(slices.Clone(s.Approvers), func(a string) bool { return slices.Contains(r.Gone, a) })
	if len(left) > 0 {
		s.Approvers = left
	}
	return s
}

// Gone reports whether somebody who is named can't decide any more, as far as was seen.
func (r Request) isGone(who string) bool { return who != "" && slices.Contains(r.Gone, who) }

// everybody are all who may come to decide a request: who is named on its steps or has a step handed to them, and deputies.
func (r Request) everybody() (all []string) {
	if r.Rule.Itself() {
		return nil
	}
	all = r.Rule.all().Approvers
	for _, e := range r.Raised {
		all = append(all, e.To...)
	}
	for _, a := range r.Away {
		if a.Deputy != "" && !a.Over {
			all = append(all, string(a.Deputy))
		}
	}
	all = slices.DeleteFunc(all, func(a string) bool { return slices.Contains(r.gainers(), PersonID(a)) })
	slices.Sort(all)
	return slices.Compact(all)
}

// stranded reports whether too few are left of those who decide the present step, as far as was seen: each person fills
// one place, one who is away only by a deputy where they named one, and a group that isn't empty counts as enough.
func (r Request) stranded() bool {
	if r.State != Pending || r.Rule.Itself() {
		return false
	}
	step := r.Present()
	stage := r.eligible(step)
	missing := stage.Need
	for _, a := range r.YesOn(step) {
		if !r.isGone(string(a)) {
			missing--
		}
	}
	for _, a := range stage.Approvers {
		switch {
		case r.isGone(a) || r.filled(step, PersonID(a)):
		case IsGroup(a):
			return false
		default:
			if in, away := absenceOf(r.absentOn(step), PersonID(a)); !away || in.Deputy == "" || !r.isGone(string(in.Deputy)) {
				missing--
			}
		}
	}
	return missing > 0
}

// filled reports whether somebody's place on a step has a yes in it.
func (r Request) filled(step int, of PersonID) bool {
	return slices.ContainsFunc(r.Votes, func(v Vote) bool { return v.Step == step && v.Yes && v.of() == of })
}

// miss takes down who can't decide any more, and hands the present step on where too few are left: to whom it would
// escalate, and to the admins where those are too few as well. raised says that it did; false, changed: neither.
func (r *Request) miss(e Missed, now time.Time) (raised, changed bool) {
	changed = !slices.Equal(r.Gone, e.Gone)
	r.Gone = slices.Clone(e.Gone)
	for _, to := range [][]string{nil, e.Admins} {
		if !r.stranded() {
			break
		}
		if _, before := r.RaisedOn(r.Present()); to == nil && before {
			continue
		}
		why := slices.DeleteFunc(slices.Clone(r.Gone), func(a string) bool { return !slices.Contains(r.Stage().Approvers, a) && !r.Stood(PersonID(a)) })
		if len(why) == 0 {
			break // too few by their votes, and not because of who has left
		}
		one := Raise{Step: r.Present(), At: now, Gone: why, To: to}
		had := r.Raised
		r.Raised = append(slices.Clone(had), one)
		if !r.helps(one, had) {
			r.Raised = had
			continue
		}
		raised = true
	}
	return raised, changed || raised
}

// helps reports whether a handing on brings anybody who can decide the step and couldn't before.
func (r Request) helps(one Raise, had []Raise) bool {
	before := r
	before.Raised = had
	was := before.Stages()[one.Step].Approvers
	return slices.ContainsFunc(r.eligible(one.Step).Approvers, func(a string) bool { return !slices.Contains(was, a) && !r.isGone(a) })
}

// watched are the promises to look up who is named that follow where others are named than before, another step is
// decided, or all of them are anew; none are left once it is decided.
func watched(was, is Request, e Event, now time.Time) []outbox.Change {
	_, own := e.(Missed)
	switch {
	case is.State != Pending && was.State == Pending:
		return []outbox.Change{outbox.Forget(AliveKey(is.Number))}
	case own || is.State != Pending || len(is.everybody()) == 0:
		return nil
	case was.State != Pending || was.Edition() != is.Edition() || was.Present() != is.Present() || !slices.Equal(was.everybody(), is.everybody()):
		return []outbox.Change{outbox.AtOnce(AliveKey(is.Number), is.Number, now)}
	}
	return nil
}

// Watching carries out intents of kind "alive": those named in a request are looked up, what is found is kept in one
// commit, and it is owed again a day later, or sooner after a word about somebody (nextLook). A crash before the commit leaves the intent, and after it nothing to change.
// What Slack can't say stays as it was, and is asked again.
func (d *Desk) Watching(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at := now()
		next, err := nextLook(&job, at)
		if err != nil {
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, time.Second, 5*time.Minute)), err.Error())
		}
		r, unsure, err := d.watch(ctx, NumberOf(job.Key), at)
		switch {
		case CodeOf(err) == NotFound, err == nil && r.State != Pending:
			return outbox.Done()
		case err == nil:
			err = unsure
		}
		if err != nil {
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, time.Second, 5*time.Minute)), err.Error())
		}
		return outbox.DoneUntil(next, nil)
	})
}

// watch looks up who is named in a request, and keeps what is found; unsure is what Slack couldn't say.
func (d *Desk) watch(ctx context.Context, n int64, now time.Time) (r Request, unsure, err error) {
	if r, err = d.Request(ctx, n); err != nil || r.State != Pending {
		return r, nil, err
	}
	if r.Unpinned && !r.looked() { // else it's found out with what is read at the vendor
		if r, err = d.pinAhead(ctx, r, now); err != nil || r.State != Pending {
			return r, nil, err
		}
	}
	e, unsure := d.missing(ctx, r)
	if raised, changed := r.clonedMiss(e, now); !raised && !changed {
		return r, unsure, nil
	}
	err = d.update(ctx, func(tx Tx) error {
		if r, err = d.load(tx, n); err != nil || r.State != Pending {
			return err
		}
		r, err = d.act(tx, r, e, Usher, "usher", now)
		if errors.Is(err, ErrNotNow) {
			err = nil
		}
		return err
	})
	return r, unsure, err
}

func (r Request) clonedMiss(e Missed, now time.Time) (raised, changed bool) {
	r = r.clone()
	return r.miss(e, now)
}

// missing finds out who of those named in a request can't decide any more; of whom Slack says nothing it is as it was.
func (d *Desk) missing(ctx context.Context, r Request) (e Missed, unsure error) {
	for _, who := range r.everybody() {
		able, err := d.able(ctx, who, r)
		if err != nil {
			unsure, able = errors.Join(unsure, err), !r.isGone(who)
		}
		if !able {
			e.Gone = append(e.Gone, who)
		}
	}
	seen := r
	if seen.Gone = e.Gone; !seen.stranded() {
		return e, unsure
	}
	for _, id := range d.Admins {
		if able, err := d.able(ctx, string(id), r); err == nil && able {
			e.Admins = append(e.Admins, string(id))
		}
	}
	return e, unsure
}

// able answers whether somebody is an active member who can decide, or a user group has one beside those who gain from a
// request.
func (d *Desk) able(ctx context.Context, who string, r Request) (bool, error) {
	if !IsGroup(who) {
		p, err := d.Directory.Person(ctx, PersonID(who))
		return err == nil && p.Full(), err
	}
	members, err := Members(ctx, d.Directory, GroupID(who))
	if err != nil {
		return false, fmt.Errorf("look up group %s: %w", who, err)
	}
	for _, m := range members {
		if slices.Contains(r.gainers(), m) {
			continue
		}
		p, lost := d.Directory.Person(ctx, m)
		if lost == nil && p.Full() {
			return true, nil
		}
		err = errors.Join(err, lost)
	}
	return false, err
}

// Watch has who is named in what waits looked up again, of all requests or of those that name somebody or a user group.
func (d *Desk) Watch(ctx context.Context, who string, now time.Time) error {
	if err := d.retask(ctx, PersonID(who), now); err != nil {
		return err
	}
	waiting, err := d.Every(ctx, Filter{State: Pending})
	if err != nil {
		return err
	}
	waiting = slices.DeleteFunc(waiting, func(r Request) bool {
		named := r.everybody()
		return len(named) == 0 || who != "" && !slices.Contains(named, who)
	})
	if len(waiting) == 0 {
		return nil
	}
	return d.update(ctx, func(tx Tx) error {
		for _, r := range waiting {
			r, err := d.load(tx, r.Number)
			if err == nil && r.State == Pending {
				err = tx.Change(outbox.AtOnce(AliveKey(r.Number), lookTurn(who, r.Number), now))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// GoneSay names those on the present step who can't approve any more, as far as was seen; nil: there are none.
func (r Request) GoneSay() Text {
	if r.State != Pending || r.Rule.Itself() {
		return nil
	}
	var all []Text
	for _, a := range r.Stage().Approvers {
		switch {
		case !r.isGone(a):
		case IsGroup(a):
			all = append(all, Sayf("anybody in %v", GroupID(a)))
		default:
			all = append(all, Sayf("%v", PersonID(a)))
		}
	}
	for _, a := range r.absentOn(r.Present()) {
		if r.isGone(string(a.Deputy)) {
			all = append(all, Sayf("%v (for %v)", a.Deputy, a.Person))
		}
	}
	const most = 3
	if rest := len(all) - most; rest > 0 {
		all = append(all[:most], Sayf("%v more", rest))
	}
	return Join(all, ", ")
}

// foundOf is what the audit keeps of what was found out about people.
func foundOf(is Request, e Event, now time.Time) any {
	switch e := e.(type) {
	case Stood:
		return struct {
			Away []Absence `json:"away"`
		}{e.Away}
	case Noticed:
		return struct {
			Left []PersonID `json:"left"`
		}{e.Left}
	case Missed:
		var to []string
		for _, one := range is.Raised {
			if one.At.Equal(now) && len(one.Gone) > 0 {
				to = append(to, one.to(is.Rule)...)
			}
		}
		return struct {
			Gone     []string `json:"gone"`
			HandedTo []string `json:"handed_to,omitempty"`
			Messages []string `json:"messages,omitempty"`
		}{e.Gone, to, is.messagesTo(to)}
	}
	return nil
}

// handedOn says for the audit log who can't decide any more, and to whom the present step was handed because of that.
func (r Request) handedOn() (lines []string) {
	for _, who := range r.Gone {
		lines = append(lines, who+" is named in it and can't decide any more")
	}
	for _, e := range r.Raised {
		if e.Step == r.Present() && len(e.Gone) > 0 {
			lines = append(lines, fmt.Sprintf("step %d was handed on to %v", e.Step+1, e.to(r.Rule)))
		}
	}
	return lines
}
