package toyapp

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// asked leaves a request of everything for a life in which the app has changed.
func asked(w *world.World, v *Vendor, now *catalog.Entry) {
	w.Answered("U0ALICE", "invite jane@acme.example team=growth role=owner because she leads it")
	w.Pass(5 * time.Second)
	w.End()
	if now != nil {
		w.Kinds = []app.Kind{Kind(v, now)}
	}
	w.Start()
	w.Pass(5 * time.Second)
}

// failedWith approves the request and holds what comes of it to a sentence; nothing was asked of the vendor.
func failedWith(t *testing.T, w *world.World, v *Vendor, why string) {
	t.Helper()
	w.N.Slack.Click("U0BOB", "C0APPROVE", w.CardFor("jane@acme.example").TS, "Approve").Wait()
	w.Pass(10 * time.Second)
	require.Equal(t, approvals.Failed, w.State(1))
	require.Contains(t, w.CardFor("jane@acme.example").Text, why)
	require.Zero(t, v.Writes)
}

// TestAChoiceThatVanished while a request with it waited: it is not carried out, and the card says which choice it is.
func TestAChoiceThatVanished(t *testing.T) {
	inPlanner(t, func(w *world.World, v *Vendor) {
		e := Entry()
		role := &e.Actions[0].Fields[0]
		role.Choices = role.Choices[:1]
		asked(w, v, e)
		failedWith(t, w, v, "Planner doesn't have “board owner” under “Role” any more. Nothing was done.")
	})
}

// TestAFieldThatTheAppNoLongerHas: what was asked of it stands on the card all the same.
func TestAFieldThatTheAppNoLongerHas(t *testing.T) {
	inPlanner(t, func(w *world.World, v *Vendor) {
		e := Entry()
		e.Actions[0].Fields = append(e.Actions[0].Fields[:1:1], e.Actions[0].Fields[2])
		asked(w, v, e)
		require.Contains(t, w.Answered("U0ALICE", "status 1"), "growth", "nothing is lost")
		failedWith(t, w, v, "Planner doesn't take “team” any more. Nothing was done.")
	})
}

// TestAnAppThatIsNotConfiguredAnyMore: its request can be read and denied, nobody's yes counts, and once the app is back it
// goes on.
func TestAnAppThatIsNotConfiguredAnyMore(t *testing.T) {
	inPlanner(t, func(w *world.World, v *Vendor) {
		with := w.Cfg
		without, problems := config.Parse("usher.yml", []byte(demo.Config))
		require.Empty(t, problems)
		w.Answered("U0ALICE", "invite jane@acme.example team=growth because she leads it")
		w.Pass(5 * time.Second)
		w.End()
		w.Cfg = without
		w.Start()
		said := w.Hears("U0BOB", func() *slacksim.Delivery {
			return w.N.Slack.Click("U0BOB", "C0APPROVE", w.CardFor("jane@acme.example").TS, "Approve")
		})
		require.Contains(t, said, "Planner isn't set up in Usher any more. So #1 can't be done as things are, and I haven't counted your yes.")
		require.Equal(t, approvals.Pending, w.State(1))
		require.Contains(t, w.Answered("U0ALICE", "status 1"), "growth", "nothing is lost")
		w.End()
		w.Cfg = with
		w.Start()
		w.N.Slack.Click("U0BOB", "C0APPROVE", w.CardFor("jane@acme.example").TS, "Approve").Wait()
		w.Pass(10 * time.Second)
		require.Equal(t, approvals.Done, w.State(1))
		require.Equal(t, 1, v.Writes)
	})
}

// TestACatalogWithTwoFieldsOfOneKey keeps the program from starting, and says where they are.
func TestACatalogWithTwoFieldsOfOneKey(t *testing.T) {
	e := Entry()
	e.Actions[0].Fields[0].Key = "team"
	cfg, problems := config.Parse("usher.yml", []byte(both), e)
	require.Empty(t, problems)
	_, err := app.Vendors(cfg, app.Around{Surroundings: app.Surroundings{Kinds: []app.Kind{Kind(&Vendor{}, e)}}, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	require.ErrorContains(t, err, `usher: catalog of boards: action invite: two fields have the key "team"`)
	require.IsType(t, terminal.Wrong(""), err, "it is wrong before anything has begun")
}
