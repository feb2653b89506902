package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/cargo"
)

// closedBy is what the gate says of why nobody may decide, as an error; nil: whoever runs may.
func closedBy(raw string) error {
	if raw == "" {
		return nil
	}
	var c cargo.Closed
	if err := json.Unmarshal([]byte(raw), &c); err != nil {
		return fmt.Errorf("decode whether the database has moved: %w", err)
	}
	return &c
}

// Closed is why nobody may decide in the database, or nil.
func (s *Store) Closed(ctx context.Context) (c *cargo.Closed, err error) {
	raw, err := s.bytes(ctx, "select closed from usher.gate")
	if code(err) == "42703" {
		return nil, nil // an older schema, in which nothing was ever closed
	}
	if err != nil {
		return nil, err
	}
	if err := closedBy(string(raw)); err != nil && !errors.As(err, &c) {
		return nil, err
	}
	return c, nil
}

// past is what the database knows of how it came to stand where it stands, and the audit log doesn't know yet.
type past struct {
	restored store.Restored
	arrived  []cargo.Arrival
}

func (t *txn) past() (p past, err error) {
	if _, err = t.shelved("meta", "restored", &p.restored); err == nil {
		_, err = t.shelved("meta", cargo.Arrivals, &p.arrived)
	}
	return p, err
}

// audited reports whether the audit log has all of it.
func (p past) audited() bool {
	return (p.restored.At.IsZero() || p.restored.Audited) && !cargo.Unaudited(p.arrived)
}

// auditPast writes each restoring and each move that ended here into the audit log, once, when the bot opens the database.
// Where its key may not write the log's next entry, or the log is not whole, the bot will refuse to run: then it waits.
func (s *Store) auditPast(ctx context.Context) error {
	if s.opt.Life.ID == "" {
		return nil // it is opened to be looked at
	}
	known := false
	err := s.note(ctx, func(t *txn) error {
		p, err := t.past()
		known = p.audited()
		return err
	})
	if err != nil || known {
		return err
	}
	if fits, err := s.continues(ctx); err != nil || !fits {
		return err
	}
	return s.decide(ctx, func(t *txn) error {
		p, err := t.past()
		if err != nil || p.audited() { // by another that started at the same time
			return err
		}
		return p.audit(t)
	})
}

// continues reports whether the log is whole, and our key may write its next entry.
func (s *Store) continues(ctx context.Context) (bool, error) {
	line, err := s.bytes(ctx, "select line from usher.audit order by seq desc limit 1")
	if err != nil {
		return false, err
	}
	if fits, err := store.Signs(s.opt.Key, line); err != nil || !fits {
		return false, err
	}
	err = s.VerifyLog(ctx)
	if errors.Is(err, store.ErrLog) {
		return false, nil // VerifyLog will say so
	}
	return err == nil, err
}

func (p past) audit(t *txn) error {
	if !p.restored.At.IsZero() && !p.restored.Audited {
		e, err := p.restored.Entry()
		if err != nil {
			return err
		}
		p.restored.Audited = true
		if err := errors.Join(t.Audit(e), t.setJSON("meta", "restored", p.restored)); err != nil {
			return err
		}
	}
	for i, a := range p.arrived {
		if a.Audited {
			continue
		}
		e, err := a.Entry()
		if err != nil {
			return err
		}
		if err := t.Audit(e); err != nil {
			return err
		}
		p.arrived[i].Audited = true
	}
	if len(p.arrived) == 0 {
		return nil
	}
	return t.setJSON("meta", cargo.Arrivals, p.arrived)
}
