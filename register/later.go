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

// Later says that somebody who looks after an app has put a finding off. It is stored as JSON.
type Later struct {
	Until time.Time       `json:"until"`
	At    time.Time       `json:"at"`
	By    approvals.Actor `json:"by"`
	Why   string          `json:"why"`
}

// Off reports whether a finding is put off: it is neither shown nor counted until then, and comes back by itself.
func (f Finding) Off(now time.Time) bool { return f.Later != nil && now.Before(f.Later.Until) }

// PutOff puts an open finding off, with its entry of the audit log. Who may is its caller's to know. Asked twice it is done once.
func (g *Register) PutOff(ctx context.Context, appID, key string, l Later, surface string) (f Finding, err error) {
	app, err := g.app(appID)
	if err != nil {
		return f, err
	}
	detail, err := json.Marshal(struct {
		App     string    `json:"app"`
		Finding string    `json:"finding"`
		Until   time.Time `json:"until"`
		Reason  string    `json:"reason"`
	}{app.ID, key, l.Until, l.Why})
	if err != nil {
		return f, fmt.Errorf("encode what is put off: %w", err)
	}
	err = g.record(ctx, func(tx Tx) error {
		k, err := tx.Register(app.ID)
		if err != nil {
			return err
		}
		k.Findings = slices.Clone(k.Findings)
		i := slices.IndexFunc(k.Findings, func(f Finding) bool { return f.Key() == key && f.Closed.IsZero() })
		if i < 0 {
			return approvals.Refuse(approvals.Conflict, "That's been mended since, so there's nothing to put off.")
		}
		f = k.Findings[i]
		if f.Later != nil && f.Later.At.Equal(l.At) && f.Later.By == l.By {
			return nil // it was kept, though the store couldn't say so
		}
		f.Later = &l
		k.Findings[i] = f
		k.Revision++
		homes := tx.Change(outbox.AtOnce(approvals.EveryHome, 0, l.At).OnlyWhere(approvals.AnyHome))
		return errors.Join(tx.KeepRegister(app.ID, k), tx.Audit(approvals.Entry{At: l.At, Actor: l.By, What: "a finding was put off", Surface: surface, Detail: detail}), homes)
	})
	if err == nil {
		g.wake()
	}
	return f, err
}

// now is the present moment, or zero where nobody says what it is: then all that was put off is off.
func (g *Register) now() time.Time {
	if g.Now == nil {
		return time.Time{}
	}
	return g.Now()
}
