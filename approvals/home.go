package approvals

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Everybody who has opened Usher's Home in Slack has one from then on, and it follows what it shows. A change of a request
// owes "homes/12" in the same transaction, if anybody has a Home at all; whoever carries that out finds out whose Homes the
// change concerns, which may take asking Slack who is in a group, and owes each of them. So many changes in a row make one
// drawing, and a crash in between leaves what is still owed.

const (
	// KindHome is somebody's Home; converges. That it is owed, or left a receipt, says that they have opened it.
	KindHome = "home"
	// KindHomes finds out whose Homes a change concerns, and owes them.
	KindHomes = "homes"
)

// HomeKey is the key of somebody's Home.
func HomeKey(id PersonID) string { return fmt.Sprintf("%s/%s", KindHome, id) }

// AnyHome begins the key of every Home.
const AnyHome = KindHome + "/"

// HomesKey is the key of the Homes that a request concerns.
func HomesKey(n int64) string { return fmt.Sprintf("%s/%d", KindHomes, n) }

// EveryHome is the key of all Homes there are: who decides may have changed.
const EveryHome = KindHomes + "/all"

// homes owes the Homes that a change of a request concerns.
func (r Request) homes(now time.Time) outbox.Change {
	return r.atOnce(HomesKey(r.Number), now).OnlyWhere(AnyHome)
}

// Home is what somebody sees of Usher on one page: what they have, what they asked, what waits for them. Of each list are
// the first few, and how many more there are.
type Home struct {
	// Who is whose it is, as Slack says now.
	Who Person
	// Decides says that they may be asked to decide something; Away is that they are away, if they are.
	Decides bool
	Away    *Absence
	// Waiting waits for their decision, what expires first on top; of Unknown more it could not be found out.
	Waiting []Request
	Unknown int
	// Tasks is what they are to do by hand, and what is nobody's and they may take, what is due first on top.
	Tasks []Request
	// Open is what they asked and has not come to its end, and Lately the last that has, both newest first.
	Open, Lately []Request
	MoreOpen     int
	// Lent is what they have or asked for that was given for a time, and is there: what ends first on top. It stands in none
	// of the lists before.
	Lent     []Request
	MoreLent int
	// Held is what they have, as far as it came by Usher.
	Held []Holding
	// Troubles are for the eyes of admins; nil: they are none.
	Troubles *Troubles
}

// Troubles are the requests that an admin should look at, what has been so longest first.
type Troubles struct {
	// Doubt is in doubt, Failed can be tried again, Slow was approved a good while ago and is not done, and Late is what is
	// still there a good while after its time was up, or could not be taken back.
	Doubt, Failed, Slow, Late []Request
}

// How much of a list is shown.
const (
	openShown   = 20
	latelyShown = 5
	lentShown   = 20
	// slowAfter is how long what was approved may take before it counts as stuck.
	slowAfter = 15 * time.Minute
	// failedLooked bounds how far back it is looked for what failed and may be tried again: that ends by itself.
	failedLooked = 200
)

// Opened keeps that somebody has opened their Home: it is theirs from now on, and drawn at once. shown is the state of what
// Slack shows there, "" for nothing: where that is not what was drawn last, it is drawn anew.
func (d *Desk) Opened(ctx context.Context, who PersonID, shown string, now time.Time) error {
	body, err := json.Marshal(HomeOpening{At: now, Shown: shown})
	if err != nil {
		return fmt.Errorf("encode the opening of a Home: %w", err)
	}
	c := outbox.AtOnce(HomeKey(who), 0, now)
	c.Put.Body = body
	return d.update(ctx, func(tx Tx) error { return tx.Change(c) })
}

// HomeOpening is what is kept with a Home that is owed because somebody opened it. It is stored as JSON.
type HomeOpening struct {
	At    time.Time `json:"at"`
	Shown string    `json:"shown,omitempty"`
}

// Regrouped owes every Home anew, because who is in a group has changed.
func (d *Desk) Regrouped(ctx context.Context, now time.Time) error {
	return d.update(ctx, func(tx Tx) error { return tx.Change(outbox.AtOnce(EveryHome, 0, now).OnlyWhere(AnyHome)) })
}

// Home gathers it as of now. An error means that it could not be found out; what only groups could tell is left to the
// next look.
func (d *Desk) Home(ctx context.Context, who PersonID, now time.Time) (h Home, err error) {
	if h.Who, err = d.Directory.Person(ctx, who); err != nil {
		return h, fmt.Errorf("look up whose Home it is: %w", err)
	}
	got, err := d.Every(ctx, Filter{For: who, All: true})
	if err != nil {
		return h, fmt.Errorf("find what is for them: %w", err)
	}
	h.Held = Holdings(got, ByAddress)
	if err = d.asked(ctx, who, &h, got); err != nil {
		return h, err
	}
	if !h.Who.Full() {
		return h, nil // they neither ask, decide nor settle any more
	}
	if h.Waiting, h.Unknown, err = d.WaitingFor(ctx, Actor(who), now); err != nil {
		return h, fmt.Errorf("find what waits for them: %w", err)
	}
	slices.SortStableFunc(h.Waiting, func(a, b Request) int { return a.Expires.Compare(b.Expires) })
	if h.Decides, err = d.decides(ctx, who); err != nil {
		h.Unknown, err = max(h.Unknown, 1), nil
	}
	if a, is, err := d.Away(ctx, who, now); err != nil {
		return h, err
	} else if is {
		h.Away = &a
	}
	if h.Tasks, err = d.Tasks(ctx, who, now); err != nil {
		return h, fmt.Errorf("find their tasks: %w", err)
	}
	if slices.Contains(d.Admins, who) {
		h.Troubles, err = d.troubles(ctx, now)
	}
	return h, err
}

// asked gathers what somebody asked, and what of that and of what others asked for them ends.
func (d *Desk) asked(ctx context.Context, who PersonID, h *Home, got []Request) error {
	open, err := d.Every(ctx, Filter{Of: who})
	if err != nil {
		return fmt.Errorf("find what they asked: %w", err)
	}
	h.lends(open, got)
	h.Open = slices.DeleteFunc(slices.Clone(open), Request.onLoan)
	h.MoreOpen = max(len(h.Open)-openShown, 0)
	h.Open = h.Open[:len(h.Open)-h.MoreOpen]
	last, err := d.Requests(ctx, Filter{Of: who, All: true}, latelyShown+len(open))
	if err != nil {
		return fmt.Errorf("find what they asked: %w", err)
	}
	last = slices.DeleteFunc(last, Request.Live)
	h.Lately = last[:min(len(last), latelyShown)]
	return nil
}

// onLoan reports whether what a request gave is there for a time, or past it.
func (r Request) onLoan() bool { return r.Lent() || r.Late() }

// lends puts together what is there for a time, of what they asked and of what others asked for them.
func (h *Home) lends(open, got []Request) {
	for _, r := range open {
		if r.onLoan() {
			h.Lent = append(h.Lent, r)
		}
	}
	for _, r := range got {
		if r.onLoan() && r.Requester != h.Who.ID {
			h.Lent = append(h.Lent, r)
		}
	}
	slices.SortFunc(h.Lent, func(a, b Request) int {
		return cmp.Or(a.overSince().Compare(b.overSince()), cmp.Compare(a.Number, b.Number))
	})
	h.MoreLent = max(len(h.Lent)-lentShown, 0)
	h.Lent = h.Lent[:len(h.Lent)-h.MoreLent]
}

// Hear leaves of what they asked what they may read of it, as heard says, and of what others asked for them what anybody may
// who has it.
func (h *Home) Hear(heard func(Request) Request) {
	for _, list := range [][]Request{h.Open, h.Lent, h.Lately} {
		for i, r := range list {
			if r.Requester == h.Who.ID {
				list[i] = heard(r)
				continue
			}
			list[i] = r.HeardBlind()
		}
	}
}

// decides reports whether somebody is an admin or stands in any policy, by name or by group.
func (d *Desk) decides(ctx context.Context, who PersonID) (bool, error) {
	rule := d.Approvers()
	if slices.Contains(d.Admins, who) || slices.Contains(rule.People(), who) {
		return true, nil
	}
	for _, g := range rule.Groups() {
		members, err := Members(ctx, d.Directory, g)
		if err != nil || slices.Contains(members, who) {
			return err == nil, err
		}
	}
	return false, nil
}

// troubles gathers what an admin should look at.
func (d *Desk) troubles(ctx context.Context, now time.Time) (*Troubles, error) {
	var t Troubles
	var slow []Request
	for state, into := range map[State]*[]Request{InDoubt: &t.Doubt, Approved: &slow, Running: &t.Slow, Ending: &t.Late} {
		list, err := d.Every(ctx, Filter{State: state})
		if err != nil {
			return nil, fmt.Errorf("find what is %s: %w", state, err)
		}
		*into = list
	}
	t.Slow = slices.DeleteFunc(append(t.Slow, slow...), func(r Request) bool {
		return now.Sub(r.Decided) < slowAfter || r.Working() && !r.Overdue(now) // what a person does takes its time
	})
	t.Late = slices.DeleteFunc(t.Late, func(r Request) bool { return !r.Overstays(now) })
	slices.SortStableFunc(t.Late, func(a, b Request) int { return a.End.At.Compare(b.End.At) })
	failed, err := d.Requests(ctx, Filter{State: Failed}, failedLooked)
	if err != nil {
		return nil, fmt.Errorf("find what failed: %w", err)
	}
	t.Failed = slices.DeleteFunc(failed, func(r Request) bool { return r.Lapsed || r.tooLate(now) })
	for _, list := range [][]Request{t.Doubt, t.Failed, t.Slow} {
		slices.SortStableFunc(list, func(a, b Request) int { return a.Decided.Compare(b.Decided) })
	}
	return &t, nil
}
