package move

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store/cargo"
	"github.com/usherbot/usher/terminal"
)

// What is to be done, by how both ends stand.
type task int

const (
	// copyAll is a whole move, finish the last step of one that a crash broke off, and already none.
	copyAll task = iota
	finish
	already
)

// plan is what is to be done.
type plan struct {
	do task
	// keep: the target holds this very database as it was before it moved away, which is kept.
	keep bool
	// mark is that of the move that was begun before.
	mark cargo.Closed
	// from is how the source stands.
	from cargo.Standing
}

// plan looks at both ends. Its error says what stands against a move.
func (m *mover) plan(ctx context.Context, source, target end) (plan, error) {
	s, err := source.Standing(ctx)
	if err != nil {
		return plan{}, err
	}
	t, err := target.Standing(ctx)
	if err != nil {
		return plan{}, err
	}
	p := plan{from: s}
	switch {
	case !s.There:
		return p, terminal.Wrong(fmt.Sprintf("usher: --from: there's no database of Usher's in %s", m.from))
	case s.Closed != nil:
		return p.ofMoved(*s.Closed, t)
	case s.Empty:
		return p, fmt.Errorf("%s is empty; start Usher on %s right away", m.from, m.to)
	case t.Empty && t.Closed == nil:
		return p, nil
	case t.Closed == nil:
		return p, fmt.Errorf("%s isn't empty: it has %s and owes %s. Give it an empty one", m.to,
			terminal.Plural(int(t.Requests), "request", "requests"), terminal.Plural(int(t.Promises), "promise", "promises"))
	case !t.Closed.Moved && t.Life == s.Life && t.Closed.From == m.from.String():
		return p, nil // broken off while the source counted; what has happened since comes along
	case !t.Closed.Moved:
		return p, fmt.Errorf("%s: %w", m.to, t.Closed)
	}
	p.keep = true
	return p, m.home(ctx, s, t, source)
}

// ofMoved is what is left to do where the source has moved.
func (p plan) ofMoved(mark cargo.Closed, t cargo.Standing) (plan, error) {
	p.mark = mark
	switch {
	case mark.Moved && t.Closed != nil && !t.Closed.Moved && t.Closed.Move == mark.Move:
		p.do = finish
		return p, nil
	case mark.Moved && t.Has(mark.Move):
		p.do = already
		return p, nil
	}
	return p, &mark
}

// home allows the target to be what moved away from there: this same database, at the time when it did. What it holds must be
// the beginning of what comes; else it went another way since, and is worth more than a name beside it.
func (m *mover) home(ctx context.Context, s, t cargo.Standing, source end) error {
	if s.Life == "" || t.Life != s.Life {
		return fmt.Errorf("%s isn't empty, and holds another database than %s: %w", m.to, m.from, t.Closed)
	}
	if t.Head.Seq == 0 {
		return nil
	}
	line, err := source.Line(ctx, t.Head.Seq)
	if err != nil {
		return err
	}
	var e approvals.Entry
	if line == nil || json.Unmarshal(line, &e) != nil || e.Hash != t.Head.Hash {
		return fmt.Errorf("%s isn't empty, and its audit log isn't the beginning of that in %s: move into an empty place instead", m.to, m.from)
	}
	return nil
}
