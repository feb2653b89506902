package register

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Whoever holds an account of which a report says that something is wrong can be asked what is to become of it, by who reads the report.
// That they are asked is kept in one transaction with the promise of the message, and so is what they say.

// Asked is that somebody is asked what is to become of an account. It is stored as JSON: fields may be added, never renamed.
type Asked struct {
	N     int    `json:"n"`
	ID    string `json:"id,omitempty"`
	Email string `json:"email"`
	// Wrong is what the report said, and Day which one.
	Wrong string `json:"wrong"`
	Day   string `json:"day,omitempty"`
	// Whom is who is asked, By who wants to know.
	Whom approvals.PersonID `json:"whom"`
	By   approvals.PersonID `json:"by"`
	At   time.Time          `json:"at"`
	// Left is when they said to leave it as it is; zero: they haven't.
	Left time.Time `json:"left,omitzero"`
}

const (
	// askedFor is how long an account isn't asked about again, and keptAsked how long it is known that it was.
	askedFor  = 14 * 24 * time.Hour
	keptAsked = 365 * 24 * time.Hour
)

// stands reports whether it is asked, or was answered, not too long ago.
func (a Asked) stands(now time.Time) bool { return now.Sub(a.At) < askedFor }

// same reports whether two are about the same.
func (a Asked) same(o Asked) bool {
	return a.Wrong == o.Wrong && (a.ID != "" && a.ID == o.ID || approvals.SameEmail(a.Email, o.Email))
}

// About reports whether it is about this account and that, and stands.
func (a Asked) About(id, email, wrong string, now time.Time) bool {
	return a.same(Asked{ID: id, Email: email, Wrong: wrong}) && a.stands(now)
}

// AskHolder keeps that somebody is asked about an account, with the promise of the message and the entry of the audit log. An account is
// asked about once in two weeks: who was asked last is told instead, and news is false.
func (g *Register) AskHolder(ctx context.Context, appID string, a Asked, surface string) (was Asked, news bool, err error) {
	app, err := g.app(appID)
	if err != nil {
		return was, false, err
	}
	err = g.record(ctx, func(tx Tx) error {
		k, err := tx.Register(app.ID)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(k.Asked, func(o Asked) bool { return o.same(a) && o.stands(a.At) }); i >= 0 {
			was, news = k.Asked[i], k.Asked[i].By == a.By && k.Asked[i].At.Equal(a.At) // the disk didn't say that it was kept
			return nil
		}
		k.Asked = slices.DeleteFunc(slices.Clone(k.Asked), func(o Asked) bool { return o.same(a) || a.At.Sub(o.At) >= keptAsked })
		k.Asks++
		a.N = k.Asks
		k.Asked, k.Revision = append(k.Asked, a), k.Revision+1
		was, news = a, true
		return keepAsked(tx, app.ID, k, a, a.By, a.At, "who holds an account is asked about it", surface, outbox.AtOnce(approvals.AskedKey(app.ID, a.N, a.Whom), 0, a.At))
	})
	if err == nil {
		g.wake()
	}
	return was, news, err
}

// AnswerHolder keeps that whoever was asked says to leave an account as it is, and promises to tell who wanted to know. Said twice it's
// kept once.
func (g *Register) AnswerHolder(ctx context.Context, appID string, n int, by approvals.PersonID, at time.Time, surface string) (is Asked, err error) {
	app, err := g.app(appID)
	if err != nil {
		return is, err
	}
	err = g.record(ctx, func(tx Tx) error {
		k, err := tx.Register(app.ID)
		if err != nil {
			return err
		}
		k.Asked = slices.Clone(k.Asked)
		i := slices.IndexFunc(k.Asked, func(o Asked) bool { return o.N == n })
		if i < 0 || k.Asked[i].Whom != by {
			return approvals.Refuse(approvals.Conflict, "That question is an old one: there's nothing left to answer.")
		}
		if is = k.Asked[i]; !is.Left.IsZero() {
			return nil
		}
		k.Asked[i].Left = at
		is, k.Revision = k.Asked[i], k.Revision+1
		return keepAsked(tx, app.ID, k, is, by, at, "an account is to stay as it is", surface,
			outbox.AtOnce(approvals.AskedKey(app.ID, n, by), 0, at), outbox.AtOnce(approvals.HeldKey(app.ID, n, is.By), 0, at).ButOnce())
	})
	if err == nil {
		g.wake()
	}
	return is, err
}

func keepAsked(tx Tx, app string, k Kept, a Asked, by approvals.PersonID, at time.Time, what, surface string, owed ...outbox.Change) error {
	detail, err := json.Marshal(struct {
		App   string             `json:"app"`
		Email string             `json:"email"`
		Wrong string             `json:"wrong"`
		Whom  approvals.PersonID `json:"whom"`
	}{app, a.Email, a.Wrong, a.Whom})
	if err != nil {
		return fmt.Errorf("encode what is asked about an account: %w", err)
	}
	all := []error{tx.KeepRegister(app, k), tx.Audit(approvals.Entry{At: at, Actor: approvals.Actor(by), What: what, Surface: surface, Detail: detail})}
	for _, c := range owed {
		all = append(all, tx.Change(c))
	}
	return errors.Join(all...)
}

// Asks are what was asked about the accounts of an app, the latest last.
func (g *Register) Asks(ctx context.Context, appID string) ([]Asked, error) {
	app, err := g.app(appID)
	if err != nil {
		return nil, err
	}
	k, err := g.Book.Register(ctx, app.ID)
	if err != nil {
		return nil, fmt.Errorf("read what was asked about %s: %w", app.ID, err)
	}
	return k.Asked, nil
}
