package census

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/reports"
)

var _ provision.Walks = (*Censuses)(nil)

// Walk implements provision.Walks.
func (c *Censuses) Walk(ctx context.Context, app approvals.App, since time.Time) (approvals.Accounts, error) {
	all, err := c.Census(ctx, app, since, nil)
	return accounts(all), err
}

// Newest implements provision.Walks.
func (c *Censuses) Newest(ctx context.Context, app approvals.App) (a approvals.Accounts, took time.Duration, known bool, err error) {
	h, err := c.head(ctx, app.ID)
	if err != nil || h.Last == nil || h.Last.Begun.After(c.Now()) {
		return a, 0, false, err
	}
	return accounts(c.census(ctx, app, *h.Last)), h.Last.Ended.Sub(h.Last.Begun), true, nil
}

// Underway implements provision.Walks.
func (c *Censuses) Underway(ctx context.Context, app string) (provision.Progress, error) {
	h, err := c.head(ctx, app)
	if err != nil || h.Walk == nil {
		return provision.Progress{}, err
	}
	return provision.Progress{Begun: h.Walk.Begun, Read: h.Walk.Count, About: h.Walk.Total}, nil
}

func accounts(c reports.Census) approvals.Accounts {
	return approvals.Accounts{App: c.App, Bought: c.Bought, Count: c.Count, At: c.At, All: c.All}
}
