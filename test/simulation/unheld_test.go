package simulation

import (
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/outbox"
)

// unheld is a transaction that is seen to. A message that's dropped and promised anew is another promise, which nobody
// holds: a second replica says it beside the first, who is still at it.
type unheld struct {
	approvals.Tx
	s       *simulation
	dropped map[string]bool
}

// Change implements approvals.Tx.
func (t unheld) Change(c outbox.Change) error {
	t.s.stayHeld(t.dropped, c)
	return t.Tx.Change(c)
}

// stayHeld: what is a message is promised again and never dropped before, where it's still to be said.
func (s *simulation) stayHeld(dropped map[string]bool, c outbox.Change) {
	switch {
	case c.Put == nil:
		dropped[c.Drop] = true
	case dropped[c.Put.Key] && slices.Contains((*courier.Courier)(nil).Kinds(), outbox.Kind(c.Put.Key)):
		s.Errorf("%s is dropped and promised anew: nobody holds it any more", c.Put.Key)
	}
}
