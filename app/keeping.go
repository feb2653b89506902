package app

import (
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/outbox"
)

// keeps is what removes closed requests, but for those on which something in another room rests.
func (a *App) keeps(cfg *config.Config, box outbox.Box) *approvals.Keeping {
	return &approvals.Keeping{Desk: a.Desk, Box: box, For: cfg.Keep, Rests: []func(context.Context) ([]int64, error){a.Leavers.Rests, a.Reviews.Rests}, Now: a.Clock.Now, Log: a.Log}
}
