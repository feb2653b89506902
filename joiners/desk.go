package joiners

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
)

// Tx is one transaction of a Book: a coming, its entry of the audit log and what is owed for it are kept together.
type Tx interface {
	// Rolls is what was kept last; its zero value where nothing was.
	Rolls() (Rolls, error)
	KeepRolls(r Rolls) error
	// Coming is the coming of a number; ErrNone for one that nobody has.
	Coming(n int64) (Coming, error)
	// KeepComing keeps one under its number, in place of what was.
	KeepComing(c Coming) error
	// Audit and Change are those of approvals.Tx.
	Audit(e approvals.Entry) error
	Change(c outbox.Change) error
}

// Book is what the Desk needs of a store. Package store holds one to it.
type Book interface {
	// Admit runs fn in a transaction, with the promises of approvals.Book.Update.
	Admit(ctx context.Context, fn func(Tx) error) error
	// Rolls and Coming are as Tx has them.
	Rolls(ctx context.Context) (Rolls, error)
	Coming(ctx context.Context, n int64) (Coming, error)
}

// ErrNone is returned for a coming that there isn't.
var ErrNone = errors.New("there is no such coming")

// Requests is what asks for what somebody is offered; *approvals.Desk does.
type Requests interface {
	OpenOccasion(ctx context.Context, o approvals.Occasion, asks []approvals.Ask, now time.Time) (list []approvals.Request, existing bool, err error)
	Withdraw(ctx context.Context, numbers []int64, why approvals.Text, now time.Time) ([]approvals.Request, error)
	// ManagerOf finds somebody's manager.
	ManagerOf(ctx context.Context, who approvals.PersonID) (approvals.Managed, error)
}

// Offers says what a bundle comes to for somebody; *commands.House does.
type Offers interface {
	// Offer is what of a bundle somebody doesn't have, and notes are why something of it can't be asked.
	Offer(ctx context.Context, b approvals.Bundle, who approvals.Person) (asks []approvals.Ask, notes []approvals.Text, err error)
	// Reclaim is what somebody has that is in some bundles and in none of the others, as what takes it back.
	Reclaim(ctx context.Context, of, but []approvals.Bundle, who approvals.Person) (asks []approvals.Ask, notes []approvals.Text, err error)
}

// Desk is where comings are kept. Its methods are safe for concurrent use.
type Desk struct {
	Book      Book
	Requests  Requests
	Offers    Offers
	Directory approvals.Directory
	Bundles   []approvals.Bundle
	// Breaker is how many may come to a group, or go, at once.
	Breaker int
	// Settles is how long nothing is asked for somebody who was seen to come (DefaultSettles).
	Settles time.Duration
	// Alarm tells the admins of something only they can mend, once a day and topic.
	Alarm func(ctx context.Context, topic string, say approvals.Text)
	// Nonce draws what tells a coming from every other of its number, and Wake is called after a commit that promises something.
	Nonce func() (string, error)
	Wake  func()
	Log   *slog.Logger
}

// DefaultBreaker is how many may come or go at once where the configuration doesn't say.
const DefaultBreaker = 5

// Groups are the user groups whose new members are offered something.
func (d *Desk) Groups() (all []approvals.GroupID) {
	for _, b := range d.Bundles {
		for _, g := range b.Joiners {
			if g != approvals.Workspace {
				all = append(all, g)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// of are the bundles that whoever joins a group is offered.
func (d *Desk) of(g approvals.GroupID) (out []approvals.Bundle) {
	for _, b := range d.Bundles {
		if slices.Contains(b.Joiners, g) {
			out = append(out, b)
		}
	}
	return out
}

// admit commits fn. Where the store can't say whether it was kept fn runs once more, and finds what it has kept itself.
func (d *Desk) admit(ctx context.Context, fn func(Tx) error) error {
	err := d.Book.Admit(ctx, fn)
	if errors.Is(err, approvals.ErrUnknownOutcome) {
		d.Log.WarnContext(ctx, "the disk didn't say whether something was kept; looking", "err", err)
		err = d.Book.Admit(ctx, fn)
	}
	if err == nil {
		d.Wake()
	}
	return err
}

// keep keeps a coming with its entry of the log.
func keep(tx Tx, c Coming, was State, what string, now time.Time) error {
	detail, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode coming %d: %w", c.Number, err)
	}
	e := approvals.Entry{At: now, Actor: approvals.Usher, What: what, Surface: "usher", Before: approvals.State(was), After: approvals.State(c.State), Detail: detail}
	return errors.Join(tx.KeepComing(c), tx.Audit(e))
}
