package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
)

// settings are Usher's: one app, whoever leads approves, and a person can ask as often as the load has them.
const settings = `slack:
  approvals_channel: C0APPROVE
  admins: [U0ADMIN]
people:
  requests: {waiting: 1000000, per_minute: 1000000, per_day: 1000000}
apps:
  seranking:
    kind: seranking
    name: SE Ranking
    base_url: %s
    dialect: unified
policies:
  - name: seats
    remind_after: 0
    steps:
      - approvers: [S0LEADS]
`

// usherRun writes its settings beside its data.
func usherRun(t *town, dir string) (args, env []string, err error) {
	file := filepath.Join(dir, "usher.yml")
	if err := os.WriteFile(file, fmt.Appendf(nil, settings, t.vendorURL), 0o600); err != nil {
		return nil, nil, fmt.Errorf("write settings: %w", err)
	}
	return []string{"run", "--config", file, "--data", dir}, append(t.env(), "SERANKING_API_KEY="+vendorsim.DefaultUnifiedKey), nil
}

// usherCount is how many requests there are: they are numbered without a gap.
func usherCount(ctx context.Context, dir string) (n int, err error) {
	s, err := bolt.Open(dir, bolt.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return 0, fmt.Errorf("open the database: %w", err)
	}
	newest, err := s.Requests(ctx, approvals.Filter{All: true}, 1)
	if len(newest) > 0 {
		n = int(newest[0].Number)
	}
	return n, errors.Join(err, s.Close())
}
