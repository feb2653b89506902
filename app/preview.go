package app

import (
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/reports/paper"
	"github.com/usherbot/usher/reports/units"
	"github.com/usherbot/usher/store"
)

// recalled is what is remembered, to which nothing is added.
type recalled struct{ *history.Keeper }

// Take implements reports.Past.
func (recalled) Take(context.Context, approvals.App, history.Day, bool) error { return nil }

// AtRest writes reports from a database that no Usher runs on, and from the vendors as they are now. Nothing is written to it,
// and Slack isn't asked.
func AtRest(begin func() (Beginning, error)) func(store.Store) (paper.Previews, error) {
	return func(s store.Store) (paper.Previews, error) {
		b, err := begin()
		if err != nil {
			return paper.Previews{}, err
		}
		w := Outside()
		out, err := joined(b.Config, Around{Env: b.Env, Surroundings: w, Now: w.Wall, Log: b.Log, Memory: &lateMemory{}})
		if err != nil {
			return paper.Previews{}, err
		}
		inventory := provision.NewInventory(inventoried(out.apps), listsAreGoodFor, w.Wall)
		desk := &approvals.Desk{Book: s, Policies: b.Config.Policies(), Admins: b.Config.Slack.Admins, Log: b.Log, Apps: inventory.Apps(), Memory: inventory}
		known := &register.Register{Desk: desk, Book: s, Inventory: inventory, Box: s, Now: w.Wall, Log: b.Log}
		polls := &units.Polls{Apps: out.metered, Memory: s, Box: s, Now: w.Wall, Log: b.Log}
		return paper.Previews{Reports: &reports.Runner{
			Planner: &reports.Planner{Reports: out.schedules, Memory: s, Box: s, Now: w.Wall, Log: b.Log},
			Gatherer: &reports.Gatherer{Seats: inventory, Requests: desk, Memory: s, Balances: polls, Leftovers: known, Limits: inventory, Bought: bought(b.Config), Kept: b.Config.Keep,
				Past: recalled{&history.Keeper{Memory: s, For: b.Config.History, Now: w.Wall, Log: b.Log}}},
		}}, nil
	}
}
