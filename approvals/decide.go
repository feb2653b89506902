package approvals

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Ballot is what became of a vote.
type Ballot struct {
	Request Request
	// By is whose vote it is.
	By Actor
	// Repeat is true when this person had said the same before: one vote, and no noise.
	Repeat bool
	// Missing is how many more people must say yes.
	Missing int
}

// Hash is the first 16 hex digits of the SHA-256 of the policy's text: which policy was in force.
func (p Policy) Hash() string {
	sum := sha256.Sum256([]byte(p.Text))
	return hex.EncodeToString(sum[:8])
}

// Vote counts somebody's yes or no. Not allowed, could not find out, and decided already are each an
// *Error with the sentence for that person; nothing changed then.
//
// What is known of people is gathered before the transaction; whoever voted in between is looked up
// and the vote tried anew, so that several people at once each count or hear what had happened.
func (d *Desk) Vote(ctx context.Context, n int64, v Vote, now time.Time) (b Ballot, err error) {
	if err := d.repin(ctx, n, now); err != nil {
		return Ballot{}, err
	}
	var facts Facts
	for range mostRounds {
		var r Request
		if r, err = d.Request(ctx, n); err != nil {
			return Ballot{}, err
		}
		facts = d.gather(ctx, r, v.By)
		if moved(r, facts) {
			if err = d.rejudge(ctx, n, facts, len(r.Votes), now); err != nil {
				break
			}
			continue
		}
		if ruling, _ := MayDecide(r, v.By, facts); ruling == May {
			d.concerned(ctx, &facts, r)
			if err = d.notice(ctx, r, facts, now); err != nil {
				break
			}
			if err = d.learn(ctx, r, v.Yes, now); err != nil {
				break
			}
		}
		err = d.update(ctx, func(tx Tx) error {
			b, err = d.vote(tx, n, v, facts, len(r.Votes), now)
			return err
		})
		if !errors.Is(err, errOvertaken) {
			break
		}
	}
	if errors.Is(err, errOvertaken) {
		err = Refuse(Busy, "Many people are voting on #%v right now, so I haven't counted your vote. Please try again in a minute.", n)
	}
	if err != nil && len(facts.Failures) > 0 {
		d.Log.WarnContext(ctx, "cannot find out from Slack about everybody who decides", "request", n, "err", errors.Join(facts.Failures...))
	}
	return b, err
}

// mostRounds is how often a vote is tried that others overtake: each round one more of them is counted.
const mostRounds = 20

// errOvertaken says that somebody voted of whom facts know nothing.
var errOvertaken = errors.New("somebody else voted meanwhile")

// vote counts a vote in a transaction; facts know of the first voters of the request, so many.
func (d *Desk) vote(tx Tx, n int64, v Vote, facts Facts, voters int, now time.Time) (Ballot, error) {
	r, err := d.load(tx, n)
	if err != nil {
		return Ballot{}, err
	}
	if r, err = d.present(tx, r, Voted{}, now); err != nil {
		return Ballot{}, err
	}
	if r.Offered() && v.Yes {
		return d.give(tx, r, v, facts, now)
	}
	if !v.Yes {
		v.Step = r.Present() // a no means the request, whichever step was shown
	}
	if old, voted := r.voteOn(v.By, v.Step); voted {
		if old.Yes == v.Yes {
			return Ballot{Request: r, By: v.By, Repeat: true, Missing: Judge(r, facts).Missing()}, nil
		}
		return Ballot{}, Refuse(Conflict, "You already said %v to #%v %v; that stands. %v", yesNo(old.Yes), n, old.At, Standing(r))
	}
	if r.State == Pending && (len(r.Votes) > voters || moved(r, facts)) {
		return Ballot{}, errOvertaken
	}
	if err := votable(r, v, facts, now); err != nil {
		return Ballot{}, err
	}
	v = r.stands(v, facts)
	r, err = d.act(tx, r, Voted{Vote: v, Facts: facts}, v.By, v.Surface, now)
	if err != nil {
		return Ballot{}, err
	}
	return Ballot{Request: r, By: v.By, Missing: Judge(r, facts).Missing()}, nil
}

// votable is every reason why a vote does not count.
func votable(r Request, v Vote, facts Facts, now time.Time) error {
	r = r.asOf(now)
	ruling, say := MayDecide(r, v.By, facts)
	switch {
	case ruling == MayNot:
		return &Error{Code: NotAllowed, Say: say}
	case r.State != Pending:
		return &Error{Code: Conflict, Say: Standing(r)}
	case !now.Before(r.Expires):
		return &Error{Code: Conflict, Say: timeIsOver(r)}
	case ruling == CouldNotTell:
		return &Error{Code: CannotTell, Say: say}
	}
	if err := givable(r, v.Yes, facts); err != nil {
		return err
	}
	if err := r.unread(v); err != nil {
		return err
	}
	if err := r.edition(v); err != nil {
		return err
	}
	if err := r.outdated(v.Yes, v.News); err != nil {
		return err
	}
	if err := r.otherStep(v); err != nil {
		return err
	}
	r.Votes = append(r.clone().Votes, r.stands(v, facts))
	if Judge(r, facts).Status == Unproven {
		return Refuse(CannotTell, "I couldn't check with Slack whether everyone who said yes to #%v can still approve, so I haven't counted your vote. Please try again in a minute.", r.Number)
	}
	return nil
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// MayDecide answers, before a form is opened, whether somebody may decide a request now; nil: yes.
func (d *Desk) MayDecide(ctx context.Context, n int64, by Actor, now time.Time) (Request, error) {
	r, err := d.Request(ctx, n)
	if err != nil {
		return r, err
	}
	return r, votable(r, Vote{By: by, Step: r.Present()}, d.gather(ctx, r, by), now)
}

// Override decides past the policy. Only the machine's own command line offers it, with a reason
// that the audit and the card show, and not even it once the time for deciding is over.
func (d *Desk) Override(ctx context.Context, n int64, e Overridden, surface string, now time.Time) (Request, error) {
	if e.Reason == "" {
		return Request{}, Refuse(Invalid, "Overriding the policy needs a reason.")
	}
	if err := d.repin(ctx, n, now); err != nil {
		return Request{}, err
	}
	r, err := d.Request(ctx, n)
	if err != nil {
		return r, err
	}
	if err := d.learn(ctx, r, e.Yes, now); err != nil {
		return r, err
	}
	f := newFacts()
	d.concerned(ctx, &f, r)
	if err := d.notice(ctx, r, f, now); err != nil {
		return r, err
	}
	return d.change(ctx, n, e, e.By, surface, now, func(r Request) error { return overridable(r, e, f) })
}

// overridable is every reason why somebody at the machine may not decide past the policy.
func overridable(r Request, e Overridden, f Facts) error {
	if ruling, say := mayOn(r, anyStep, e.By, f); ruling == MayNot {
		return &Error{Code: NotAllowed, Say: say}
	}
	if r.State != Pending {
		return nil // it is past that, and Step says so
	}
	if err := givable(r, e.Yes, f); err != nil {
		return err
	}
	if err := r.unread(Vote{By: e.By, Yes: e.Yes, Unread: e.Unread}); err != nil {
		return err
	}
	if err := r.outdated(e.Yes, e.News); err != nil {
		return err
	}
	return r.edition(Vote{By: e.By, Yes: e.Yes, Edition: e.Edition})
}

// Cancel takes a request back. Only its requester may, and only while it is pending.
func (d *Desk) Cancel(ctx context.Context, n int64, by Actor, surface string, now time.Time) (Request, error) {
	var r Request
	err := d.update(ctx, func(tx Tx) error {
		var err error
		if r, err = d.load(tx, n); err != nil {
			return err
		}
		switch {
		case by.Person() == "" || by.Person() != r.Requester:
			return Refuse(NotAllowed, "#%v isn't your request, so you can't cancel it. `/access status` lists yours.", n)
		case r.State == Canceled:
			return nil
		case !r.retractable():
			return &Error{Code: Conflict, Say: Standing(r)}
		}
		r, err = d.act(tx, r, CanceledBy{By: by}, by, surface, now)
		return err
	})
	return r, err
}

// Record writes what became of a deed, or that a request's time is up. Where the request is past
// that, it returns the request as it is and ErrNotNow.
func (d *Desk) Record(ctx context.Context, n int64, e Event, now time.Time) (Request, error) {
	var r Request
	var mine made
	err := d.update(ctx, func(tx Tx) error {
		var err error
		if r, err = d.load(tx, n); err != nil || mine.is(r) {
			return err
		}
		was := r
		if r, err = d.act(tx, r, e, Usher, "usher", now); err != nil {
			return err
		}
		if r, err = d.onceFound(tx, was, r, e, now); err != nil {
			return err
		}
		return mine.note(r)
	})
	return r, err
}

// change applies an event by a person who may, by what was found out of them before; where the request is past
// it, they hear how it stands.
func (d *Desk) change(ctx context.Context, n int64, e Event, by Actor, surface string, now time.Time, may func(Request) error) (Request, error) {
	var r Request
	var mine made
	err := d.update(ctx, func(tx Tx) error {
		var err error
		if r, err = d.load(tx, n); err != nil || mine.is(r) {
			return err
		}
		if err := may(r); err != nil {
			return err
		}
		was := r
		r, err = d.act(tx, r, e, by, surface, now)
		switch {
		case errors.Is(err, ErrNotNow) && saidBefore(was, e):
			r = was
			return nil
		case errors.Is(err, ErrNotNow):
			return &Error{Code: Conflict, Say: standingAfter(was, e)}
		}
		if err != nil {
			return err
		}
		return mine.note(r)
	})
	return r, err
}

// Request returns one request; *Error NotFound for a number nobody has.
func (d *Desk) Request(ctx context.Context, n int64) (Request, error) {
	r, err := d.Book.Request(ctx, n)
	if errors.Is(err, ErrNoRequest) {
		return r, noRequest(n, err)
	}
	if err != nil {
		return r, fmt.Errorf("read request #%d: %w", n, err)
	}
	if r, err = d.beside(ctx, d.known(r)); err != nil {
		return r, err
	}
	return d.pooled(ctx, r)
}

// Asked is the request that an envelope opened, by its origin key; ErrNoRequest when it opened none.
func (d *Desk) Asked(ctx context.Context, key string) (Request, error) {
	r, err := d.Book.Keyed(ctx, key)
	if err != nil && !errors.Is(err, ErrNoRequest) {
		return r, fmt.Errorf("find request of an envelope: %w", err)
	}
	return d.known(r), err
}

// Requests lists requests, newest first, at most limit.
func (d *Desk) Requests(ctx context.Context, f Filter, limit int) ([]Request, error) {
	list, err := d.Book.Requests(ctx, f, limit)
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	for i, r := range list {
		list[i] = d.known(r)
	}
	return list, nil
}

// Every lists all requests that a filter picks, newest first, however many there are.
func (d *Desk) Every(ctx context.Context, f Filter) (all []Request, err error) {
	for {
		some, err := d.Requests(ctx, f, mostAtOnce)
		if err != nil {
			return nil, err
		}
		if all = append(all, some...); len(some) < mostAtOnce {
			return all, nil
		}
		f.Below = some[len(some)-1].Number
	}
}

// WaitingFor lists the pending requests that somebody may decide now, newest first. Requests about
// which that could not be found out are counted in unknown.
func (d *Desk) WaitingFor(ctx context.Context, by Actor, now time.Time) (list []Request, unknown int, err error) {
	seen := *d
	seen.Directory = &glance{of: d.Directory}
	all, err := d.Every(ctx, Filter{State: Pending})
	for _, r := range all {
		if r.Rule.Itself() || r.Answered(by) {
			continue
		}
		r = r.asOf(now)
		switch ruling, _ := MayDecide(r, by, seen.gather(ctx, r, by)); ruling {
		case May:
			list = append(list, r)
		case CouldNotTell:
			unknown++
		}
	}
	return list, unknown, err
}

// mostAtOnce is how many requests are read at once.
const mostAtOnce = 500
