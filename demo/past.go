package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/reports/units"
)

// daysKnown are the days before today on which SE Ranking was looked at in the demo's past, and how many accounts it had: one who left
// among them. In one of the weeks nobody could look, so that the digest's chart has a gap.
var daysKnown = []struct{ ago, accounts int }{
	{78, 5}, {71, 5}, {64, 6}, {57, 6}, {50, 7}, {43, 7}, {36, 9}, {27, 9}, {26, 9}, {22, 9}, {15, 8}, {8, 8}, {6, 8}, {5, 8}, {1, 8},
}

// blockedDays says for how many days accounts are blocked by limits.
var blockedDays = map[string]int{"marco.bianchi@acme.example": 26, "amira.haddad@acme.example": 5}

// remembered gives SE Ranking a past of twelve weeks, unless the folder has one.
func remembered(ctx context.Context, a *app.App) error {
	now := a.Clock.Now()
	list, err := a.Register.Inventory.Seats(ctx, "seranking", true)
	if err != nil {
		return fmt.Errorf("read who is in SE Ranking: %w", err)
	}
	past := &history.Keeper{Memory: a.Store, Now: a.Clock.Now, Log: a.Log}
	if had, err := past.Trend(ctx, list.App.ID, history.Weeks, now); err != nil || !had.From.IsZero() {
		return err
	}
	for _, day := range daysKnown {
		l := approvals.SeatList{App: list.App, Bought: list.Bought, At: now.Add(-time.Duration(day.ago) * 24 * time.Hour)}
		for i, s := range append(list.Seats[:len(list.Seats):len(list.Seats)], approvals.Seat{ID: "9001", Email: "lena.holm@acme.example", Sort: "client", Holds: 1}) {
			if s.Blocked = s.Blocked && blockedDays[s.Email] >= day.ago; i < day.accounts {
				l.Seats = append(l.Seats, s)
			}
		}
		if err := past.Remember(ctx, l.Accounts(), true); err != nil {
			return err
		}
	}
	return nil
}

// metered gives Semrush's units a past of thirty days, unless the folder has one: used each day, added to once, and for three days not
// read.
func metered(ctx context.Context, a *app.App) error {
	const name = units.Kind + "/semrush"
	if had, err := a.Store.Learned(ctx, name); err != nil || had != nil {
		return err
	}
	var r units.Record
	for ago := 29; ago > 0; ago-- {
		at, left := a.Clock.Now().Add(-time.Duration(ago)*24*time.Hour).UTC(), int64(48_210+1_900*ago)
		switch {
		case ago > 18: // before more were bought
			left = int64(11_000 + 1_700*(ago-18))
		case ago == 18:
			r.Added = at
		case ago > 7 && ago < 12:
			continue
		}
		r.Samples = append(r.Samples, units.Sample{At: at, Left: left})
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write down how many units Semrush had: %w", err)
	}
	return a.Store.Learn(ctx, name, raw)
}
