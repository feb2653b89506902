package reviews

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
)

// Index is which reviews there are. It is stored as JSON.
type Index struct {
	// Last is the number of the latest; they are numbered from 1.
	Last int64 `json:"last"`
	// Live are those that are not over, oldest first.
	Live []int64 `json:"live,omitempty"`
}

// Tx is one transaction of a Book: a review, the entry of the audit log that says what became of it, and what is promised
// because of it are kept together.
type Tx interface {
	// Reviews is which there are; its zero value where there never was one.
	Reviews() (Index, error)
	// KeepReviews keeps that in place of what was.
	KeepReviews(i Index) error
	// Review is one by its number; ErrNone where there is none.
	Review(n int64) (Review, error)
	// KeepReview keeps one under its number, in place of what was.
	KeepReview(r Review) error
	// Audit and Change are those of approvals.Tx.
	Audit(e approvals.Entry) error
	Change(c outbox.Change) error
}

// Book is what Reviews need of a store. Package store holds one to it.
type Book interface {
	// Revise runs fn in a transaction, with the promises of approvals.Book.Update.
	Revise(ctx context.Context, fn func(Tx) error) error
	// Reviews and Review are those of Tx.
	Reviews(ctx context.Context) (Index, error)
	Review(ctx context.Context, n int64) (Review, error)
	// Head is the end of the audit log.
	Head(ctx context.Context) (approvals.Head, error)
}

// ErrNone is returned by a Book for the number of a review that nobody has.
var ErrNone = errors.New("store: no such review")

// Register says who has what; *register.Register is one.
type Register interface {
	OfApp(ctx context.Context, id string) (register.Holdings, error)
}

// Workspace says who everybody is, those who have left too. An error means that it isn't known of everybody.
type Workspace interface {
	Everybody(ctx context.Context) ([]approvals.Person, error)
}

// Removal is that an account is to be taken away, as somebody answered.
type Removal struct {
	App, Email string
	By         approvals.PersonID
	Reason     string
	// Key names the answer: asked again under it, it is the same request.
	Key string
}

// Remover opens the requests by which something is taken away; *commands.House is one.
type Remover interface {
	// Remove asks for it in somebody's name. others: somebody asked for the same before, and n is their request. An
	// *approvals.Error says why it can't be asked for.
	Remove(ctx context.Context, r Removal, now time.Time) (n int64, others bool, err error)
}

// Reviews joins reviews to a store, to the register, and to who is who. Its methods are safe for concurrent use.
type Reviews struct {
	Desk      *approvals.Desk
	Book      Book
	Register  Register
	Inventory approvals.Inventory
	Workspace Workspace
	Remover   Remover
	// Key is the public key that signs the audit log; "": nothing does.
	Key string
	// Alarm tells the admins, once a day for each topic; nil: nobody is told what can't be asked for.
	Alarm func(ctx context.Context, topic string, say approvals.Text)
	// Wake is called after a commit that promises something.
	Wake func()
	Log  *slog.Logger
}

// revise commits fn. Where the store can't say whether it was kept, fn runs once more: it finds what it has kept itself.
func (s *Reviews) revise(ctx context.Context, fn func(Tx) error) error {
	err := s.Book.Revise(ctx, fn)
	if errors.Is(err, approvals.ErrUnknownOutcome) {
		s.Log.WarnContext(ctx, "the disk didn't say whether a change of a review was kept; looking", "err", err)
		err = s.Book.Revise(ctx, fn)
	}
	switch {
	case errors.Is(err, approvals.ErrUnknownOutcome):
		return approvals.Refuse(approvals.Unsure, "My disk had trouble just now, so I can't tell whether that was saved. Do it again: nothing happens twice.").Because(err)
	case errors.Is(err, approvals.ErrBusy):
		return approvals.Refuse(approvals.Busy, "Lots of requests are coming in right now, so nothing was saved. Please try again in a minute.").Because(err)
	case err == nil && s.Wake != nil:
		s.Wake()
	}
	return err
}

// change changes one review: fn says what it becomes, and what follows; false: it stays as it is. The message about the whole
// follows each change.
func (s *Reviews) change(ctx context.Context, n int64, now time.Time, fn func(tx Tx, r *Review) (bool, error)) (r Review, err error) {
	err = s.revise(ctx, func(tx Tx) error {
		was, err := tx.Review(n)
		if err != nil {
			return fmt.Errorf("read review %d: %w", n, err)
		}
		r = was.clone()
		changed, err := fn(tx, &r)
		if err != nil || !changed {
			return err
		}
		if was.Live() && !r.Live() {
			if err := ended(tx, n); err != nil {
				return err
			}
		}
		return errors.Join(tx.KeepReview(r), owe(tx, now, ReviewKey(n)))
	})
	return r, err
}

// ended takes a review off those that are not over.
func ended(tx Tx, n int64) error {
	i, err := tx.Reviews()
	if err != nil {
		return fmt.Errorf("read which reviews there are: %w", err)
	}
	i.Live = slices.DeleteFunc(slices.Clone(i.Live), func(o int64) bool { return o == n })
	return tx.KeepReviews(i)
}

// note is an entry of the audit log about a review.
func note(tx Tx, r Review, by approvals.Actor, what, surface string, at time.Time, detail any) error {
	raw, err := json.Marshal(struct {
		Review int64  `json:"review"`
		App    string `json:"app"`
		State  State  `json:"state"`
		About  any    `json:"about,omitempty"`
	}{r.Number, r.App, r.State, detail})
	if err != nil {
		return fmt.Errorf("encode what a review notes: %w", err)
	}
	return tx.Audit(approvals.Entry{At: at, Actor: by, What: what, Surface: surface, Detail: raw})
}

// owe promises some keys at once.
func owe(tx Tx, now time.Time, keys ...string) (err error) {
	for _, k := range keys {
		err = errors.Join(err, tx.Change(atOnce(k, now)))
	}
	return err
}

// Live are the reviews that are not over, oldest first.
func (s *Reviews) Live(ctx context.Context) (all []Review, err error) {
	i, err := s.Book.Reviews(ctx)
	if err != nil {
		return nil, fmt.Errorf("read which reviews there are: %w", err)
	}
	for _, n := range i.Live {
		r, err := s.Book.Review(ctx, n)
		if err != nil {
			return nil, fmt.Errorf("read review %d: %w", n, err)
		}
		all = append(all, r)
	}
	return all, nil
}

// Rests are the requests on which a review rests that isn't over.
func (s *Reviews) Rests(ctx context.Context) (numbers []int64, err error) {
	all, err := s.Live(ctx)
	for _, r := range all {
		for _, l := range r.Lines {
			numbers = append(append(numbers, l.Request, l.Removal), l.Withdrawn...)
		}
	}
	return numbers, err
}

// Review is one by its number; an *approvals.Error where there is none.
func (s *Reviews) Review(ctx context.Context, n int64) (Review, error) {
	r, err := s.Book.Review(ctx, n)
	if errors.Is(err, ErrNone) {
		return r, approvals.Refuse(approvals.NotFound, "I don't have a review #%v.", n)
	}
	return r, err
}

// Named is a review that a button names; one of another database, or of another Usher, is refused.
func (s *Reviews) Named(ctx context.Context, name Name) (Review, error) {
	r, err := s.Review(ctx, name.Number)
	if err == nil && r.Nonce != name.Nonce {
		return r, approvals.Refuse(approvals.Conflict, "This message belongs to a different review #%v, from before my records were replaced or from another Usher. Nothing was changed.", name.Number)
	}
	return r, err
}
