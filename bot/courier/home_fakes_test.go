package courier

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// noting is Homes that notes whose was drawn.
type noting struct {
	Homes
	drawn map[string]bool
}

func (n noting) Home(ctx context.Context, who approvals.PersonID, now time.Time) (approvals.Home, error) {
	n.drawn[string(who)] = true
	return n.Homes.Home(ctx, who, now)
}

// counting is a box that counts what is promised in one transaction.
type counting struct {
	outbox.Box
	promised []int
	keys     []string
}

func (c *counting) Promise(ctx context.Context, changes ...outbox.Change) error {
	c.promised = append(c.promised, len(changes))
	for _, one := range changes {
		c.keys = append(c.keys, one.Put.Key)
	}
	return c.Box.Promise(ctx, changes...)
}
