package approvals

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Several requests may be asked in one go: one line or one form, for several people. Each is a request of its own, with
// its own number, policy, votes, deed and outcome; what they share is that they were put on the table in one
// transaction, all or none, and that one card shows them. They are numbered one after another, so that the first of them
// and how many there are name them all.

// MostTogether is how many requests may be asked in one go: as many as one person may ask in a minute.
const MostTogether = DefaultPerMinute

// Together is with which others a request was asked in one go.
type Together struct {
	// First is the first of them, on whose card all of them stand, and Of how many there are.
	First int64 `json:"first"`
	Of    int   `json:"of"`
	// Bundle is the bundle that they are, by its id, and Name what people call it; "": none.
	Bundle string `json:"bundle,omitempty"`
	Name   string `json:"name,omitempty"`
}

// Shown is the number under which the card of a request stands: its own, or of the first that was asked with it.
func (r Request) Shown() int64 {
	first, _ := r.onCard()
	return first
}

// onCard are the requests that stand on one card with a request: the first of them, and how many.
func (r Request) onCard() (first int64, of int) {
	switch {
	case r.Occasion != nil:
		return r.Occasion.First, r.Occasion.Of
	case r.Together != nil:
		return r.Together.First, r.Together.Of
	}
	return r.Number, 1
}

// CardKeyOf is the key of the card on which a request stands, and ApproverKeyOf of what somebody who is named as an
// approver has of it.
func CardKeyOf(r Request) string { return CardKey(r.Shown()) }

// ApproverKeyOf is the key of the direct message in which somebody who is named as an approver has a request.
func ApproverKeyOf(r Request, approver PersonID) string { return ApproverKey(r.Shown(), approver) }

// NotAll says of requests that were to be asked in one go what stands against some of them, by their places in the
// list. None of them was kept.
type NotAll struct{ Each map[int]*Error }

// Error implements error.
func (e *NotAll) Error() string {
	return fmt.Sprintf("%d of the requests that were asked in one go can't be", len(e.Each))
}

// refuse takes down what stands against one of them; any other error is returned.
func (e *NotAll) refuse(i int, err error) error {
	no, ok := errors.AsType[*Error](err)
	if !ok || no.Code == Busy || no.Code == CannotTell {
		return err // it is not about this one alone
	}
	if e.Each == nil {
		e.Each = map[int]*Error{}
	}
	if _, known := e.Each[i]; !known {
		e.Each[i] = no
	}
	return nil
}

// or is nil where nothing stands against any of them.
func (e *NotAll) or() error {
	if len(e.Each) == 0 {
		return nil
	}
	return e
}

// OpenTogether puts several requests of one person on the table in one transaction: all of them or, with a *NotAll or
// another error, none. The origin key is the first one's, so that a redelivery of the same envelope returns those that
// it opened before, and existing is true.
func (d *Desk) OpenTogether(ctx context.Context, asks []Ask, now time.Time) (list []Request, existing bool, err error) {
	return d.OpenBundle(ctx, Bundle{}, asks, now)
}

// OpenBundle is OpenTogether of the items of a bundle, in their order.
func (d *Desk) OpenBundle(ctx context.Context, b Bundle, asks []Ask, now time.Time) (list []Request, existing bool, err error) {
	if len(asks) > MostTogether {
		return nil, false, Refuse(Invalid, "That's %v at once, and I take %v in one go. Nothing was sent.", len(asks), MostTogether)
	}
	seen := *d
	seen.Directory = &glance{of: d.Directory}
	fresh, not := make([]Request, len(asks)), &NotAll{}
	for i, a := range asks {
		if i > 0 {
			a.Origin.Key = ""
		}
		r, err := seen.fresh(ctx, a, now)
		if err == nil && slices.ContainsFunc(fresh[:i], func(o Request) bool { return sameSubject(o, r) && sameWish(o, r) }) {
			err = Refuse(Conflict, "It's in your list twice.")
		}
		if err := not.refuse(i, err); err != nil {
			return nil, false, err
		}
		fresh[i] = r
	}
	err = d.update(ctx, func(tx Tx) error {
		list, existing, err = d.openAll(tx, b, fresh, NotAll{Each: not.Each}, now)
		return err
	})
	return list, existing, err
}

// sameSubject reports whether two requests are about one account.
func sameSubject(a, b Request) bool {
	return a.App.ID == b.App.ID && FoldEmail(a.Change.Email) == FoldEmail(b.Change.Email)
}

// openAll opens them in a transaction, unless something stands against any; what does against the others is found too.
func (d *Desk) openAll(tx Tx, b Bundle, fresh []Request, before NotAll, now time.Time) (list []Request, existing bool, err error) {
	if key := fresh[0].Origin.Key; key != "" {
		n, err := tx.Keyed(key)
		if err != nil {
			return nil, false, err
		}
		if n != 0 {
			known, err := d.load(tx, n)
			if err != nil {
				return nil, false, err
			}
			list, err = besides(known, func(n int64) (Request, error) { return d.load(tx, n) })
			return list, true, err
		}
	}
	not := NotAll{}
	for i, no := range before.Each {
		_ = not.refuse(i, no)
	}
	first, err := tx.Next()
	if err != nil {
		return nil, false, err
	}
	for i, r := range fresh {
		if before.Each[i] != nil {
			continue
		}
		r.Together = &Together{First: first, Of: len(fresh), Bundle: b.ID, Name: b.Name}
		r, _, err := d.open(tx, r, now)
		if err := not.refuse(i, err); err != nil {
			return nil, false, err
		}
		list = append(list, r)
	}
	if err := not.or(); err != nil || b.ID == "" {
		return list, false, err
	}
	list, _, err = d.items(tx, list[0]) // what became of the last may be what the first waited for
	return list, false, err
}

// besides are a request and all that stand on one card with it, each as read finds it.
func besides(r Request, read func(n int64) (Request, error)) (list []Request, err error) {
	if r.Together == nil {
		return []Request{r}, nil
	}
	first, of := r.onCard()
	for n := first; n < first+int64(of); n++ {
		o, err := read(n)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// owedBeside owes, after a request has changed that was asked with others, what those have of it who are named for the
// others alone: they read of it in the message that they have of all.
func (d *Desk) owedBeside(tx Tx, was, is Request, now time.Time) (out []outbox.Change, err error) {
	if is.Together == nil || was.State == "" || was.State != Pending {
		return nil, nil
	}
	first, of := is.onCard()
	for n := first; n < first+int64(of); n++ {
		o, err := tx.Request(n)
		switch {
		case errors.Is(err, ErrNoRequest) || n == is.Number:
			continue // the others are being put on the table by this very transaction
		case err != nil:
			return nil, fmt.Errorf("load request #%d: %w", n, err)
		}
		out = append(out, o.askApprovers(now)...)
	}
	return out, nil
}

// Besides are a request and all that stand on one card with it, as they stand, in their order.
func (d *Desk) Besides(ctx context.Context, r Request) ([]Request, error) {
	return besides(r, func(n int64) (Request, error) { return d.Request(ctx, n) })
}

// part are a request and all that one word is for with it: of what Usher asks, a card may have several parts.
func (d *Desk) part(ctx context.Context, r Request) (list []Request, err error) {
	list, err = d.Besides(ctx, r)
	return slices.DeleteFunc(list, func(o Request) bool { return o.Together.first() != r.Together.first() }), err
}

// first is the first of those that were asked in one go; 0: it was asked by itself.
func (t *Together) first() int64 {
	if t == nil {
		return 0
	}
	return t.First
}

// Sight is what the card of several requests showed of one of them when somebody clicked on it.
type Sight struct {
	// Waits says that it waited, and that all that a yes would do stood there; the others are as in Vote.
	Waits   bool
	Step    int
	Edition int
	Unread  bool
}

// Cast is what became of somebody's word on one of several requests. Err says why it does not count; nil with Skipped:
// it was not asked for.
type Cast struct {
	Ballot
	Err     *Error
	Skipped bool
}

// VoteAll gives one word on all the requests that were asked with the n-th: it is a vote on each, as if each had been
// clicked by itself, and counts where it may; a yes to a bundle counts for none of it while one is unclear. A yes is for those alone that
// were seen waiting; a no for all that still are. An error that is none of one request's ends it, and what was counted until then counts: the same click again
// counts the rest.
func (d *Desk) VoteAll(ctx context.Context, n int64, v Vote, seen []Sight, now time.Time) ([]Cast, error) {
	first, err := d.Request(ctx, n)
	if err != nil {
		return nil, err
	}
	list, err := d.part(ctx, first)
	if err != nil {
		return nil, err
	}
	one := *d
	one.Directory = &glance{of: d.Directory}
	if casts := one.unclear(ctx, list, v, seen); casts != nil {
		return casts, nil
	}
	var casts []Cast
	for i, r := range list {
		if r.Bundled() { // a no to one before it was a no to it
			if r, err = d.Request(ctx, r.Number); err != nil {
				return casts, err
			}
		}
		cast := Cast{Ballot: Ballot{Request: r, By: v.By}}
		if v.Yes && (i >= len(seen) || !seen[i].Waits) || !v.Yes && r.State != Pending {
			cast.Skipped = true
			casts = append(casts, cast)
			continue
		}
		each := v
		if v.Yes {
			each.Step, each.Edition, each.Unread = seen[i].Step, seen[i].Edition, seen[i].Unread
		}
		b, err := one.Vote(ctx, r.Number, each, now)
		no, says := errors.AsType[*Error](err)
		switch {
		case err != nil && !says:
			return casts, err
		case says:
			cast.Err = no
		default:
			cast.Ballot = b
		}
		casts = append(casts, cast)
	}
	return casts, nil
}

// unclear is what stands against a yes to a bundle, by item; nil: nothing. It is decided as one, so a yes counts for none of it while
// it isn't known what it would do to one that the same person decides, their card didn't say so yet, or its share isn't left.
func (d *Desk) unclear(ctx context.Context, list []Request, v Vote, seen []Sight) []Cast {
	var casts []Cast
	stands := false
	for i, r := range list {
		cast := Cast{Ballot: Ballot{Request: r, By: v.By}}
		if v.Yes && r.Bundled() && r.State == Pending && i < len(seen) && seen[i].Waits {
			each := v
			each.Unread = seen[i].Unread
			cast.Err = d.unclearTo(ctx, r, each)
		}
		cast.Skipped = cast.Err == nil
		stands = stands || cast.Err != nil
		casts = append(casts, cast)
	}
	if !stands {
		return nil
	}
	return casts
}

// unclearTo is the same of one request; nil also where somebody else decides it.
func (d *Desk) unclearTo(ctx context.Context, r Request, v Vote) *Error {
	err := r.unread(v)
	if err == nil {
		err = r.unready(Voted{Vote: v})
	}
	if err == nil && r.Present() == len(r.Rule.Then) {
		err = r.tooMuch(short(r.Pool), Voted{Vote: v})
	}
	if no, says := errors.AsType[*Error](err); says {
		if ruling, _ := MayDecide(r, v.By, d.gather(ctx, r, v.By)); ruling == May {
			return no
		}
	}
	return nil
}

// MayDecideAny answers, before a form is opened, whether somebody may decide any of the requests that were asked with
// the n-th: those that they may. None: the reason of the last that waits, or of the first.
func (d *Desk) MayDecideAny(ctx context.Context, n int64, by Actor, now time.Time) (may []Request, err error) {
	first, err := d.Request(ctx, n)
	if err != nil {
		return nil, err
	}
	list, err := d.part(ctx, first)
	if err != nil {
		return nil, err
	}
	one := *d
	one.Directory = &glance{of: d.Directory}
	var why error
	for _, r := range list {
		err := votable(r, Vote{By: by, Step: r.Present(), Edition: r.Edition()}, one.gather(ctx, r, by), now)
		switch {
		case err == nil:
			may = append(may, r)
		case why == nil || r.State == Pending:
			why = err
		}
	}
	if len(may) > 0 {
		return may, nil
	}
	return nil, why
}
