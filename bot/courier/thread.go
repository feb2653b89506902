package courier

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/approvals"
)

// CardAt finds the request whose approval card is a message, or the first of those whose it is; 0: it is nobody's. With closed it looks at the latest requests
// that are decided too. It goes by the receipts, so it is right whatever has crashed.
func (c *Courier) CardAt(ctx context.Context, place, ts string, closed bool) (n int64, err error) {
	list, err := c.open(ctx, closed)
	if err != nil {
		return 0, fmt.Errorf("list what may have its card there: %w", err)
	}
	for _, r := range list {
		had, shown, err := c.box.Receipt(ctx, approvals.CardKeyOf(r))
		if err != nil {
			return 0, fmt.Errorf("read receipt: %w", err)
		}
		if shown && had.Place == place && had.ID == ts {
			return r.Shown(), nil
		}
	}
	return 0, nil
}

// Link leads to the card of a key; "": it doesn't stand anywhere, or that can't be found out.
func (c *Courier) Link(ctx context.Context, key string) string {
	had, shown, err := c.box.Receipt(ctx, key)
	if err != nil || !shown {
		return ""
	}
	return c.slack.Link(had.Place, had.ID)
}
