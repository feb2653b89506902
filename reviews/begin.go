package reviews

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// How long a review may take, and how long it does where nobody says.
const (
	Shortest = 24 * time.Hour
	Longest  = 90 * 24 * time.Hour
	Usually  = 14 * 24 * time.Hour
)

// Order is that a review is to begin; who may is its caller's to know.
type Order struct {
	App approvals.App
	By  approvals.PersonID
	For time.Duration
	// Key names the command, and Surface where it was given.
	Key, Surface string
}

// Begin keeps that a review is to begin, once for its key; known says that it was kept before. An app has one at a time. Nothing is
// read yet: that follows behind (gather.go), so a crash before the commit leaves nothing and after it a review that begins.
func (s *Reviews) Begin(ctx context.Context, o Order, now time.Time) (r Review, known bool, err error) {
	if o.For < Shortest || o.For > Longest {
		return r, false, approvals.Refuse(approvals.Invalid, "A review takes between 1 and 90 days, so nothing was started. Give it a time in between, such as `due=14d`.")
	}
	nonce, err := s.Desk.Nonce()
	if err != nil {
		return r, false, fmt.Errorf("name a review: %w", err)
	}
	err = s.revise(ctx, func(tx Tx) error {
		r, known, err = begin(tx, o, nonce, now)
		return err
	})
	return r, known, err
}

func begin(tx Tx, o Order, nonce string, now time.Time) (r Review, known bool, err error) {
	i, err := tx.Reviews()
	if err != nil {
		return r, false, fmt.Errorf("read which reviews there are: %w", err)
	}
	for _, n := range i.Live {
		was, err := tx.Review(n)
		switch {
		case err != nil:
			return r, false, fmt.Errorf("read review %d: %w", n, err)
		case was.App != o.App.ID:
		case o.Key != "" && was.Origin == o.Key:
			return was, true, nil
		default:
			return r, false, underway(was)
		}
	}
	r = Review{Number: i.Last + 1, Nonce: nonce, Origin: o.Key, App: o.App.ID, Called: o.App.Name, By: o.By, State: Gathering, Began: now, Due: now.Add(o.For)}
	i.Last, i.Live = r.Number, append(slices.Clone(i.Live), r.Number)
	if err := tx.KeepReviews(i); err != nil {
		return r, false, err
	}
	if err := tx.KeepReview(r); err != nil {
		return r, false, err
	}
	if err := note(tx, r, approvals.Actor(o.By), "asked for a review", o.Surface, now, struct {
		Due time.Time `json:"due"`
	}{r.Due}); err != nil {
		return r, false, err
	}
	return r, false, owe(tx, now, doKey(r.Number, doGather))
}

// underway refuses a second review of an app, with how the first stands.
func underway(r Review) *approvals.Error {
	switch r.State {
	case Gathering:
		return approvals.Refuse(approvals.Conflict, "Review #%v of %v has just begun: I'm still reading who has what. One app has one review at a time.", r.Number, r.Called)
	case Late:
		return approvals.Refuse(approvals.Conflict, "Review #%v of %v isn't over yet: %v of %v weren't answered in time and are with its owners and the admins until %v. One app has one review at a time.",
			r.Number, r.Called, r.Left(), len(r.Lines), r.Closes)
	}
	return approvals.Refuse(approvals.Conflict, "Review #%v of %v is under way: %v of %v answered, until %v. One app has one review at a time.",
		r.Number, r.Called, len(r.Lines)-r.Left(), len(r.Lines), r.Due)
}
