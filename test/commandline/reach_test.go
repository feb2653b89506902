package commandline

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// TestRunRefusesAPolicyThatReachesNobody, with the place in the file, and nothing is started.
func TestRunRefusesAPolicyThatReachesNobody(t *testing.T) {
	w := newOutset(t, slacksim.Options{})
	w.config = strings.Replace(w.config, "[U0BOB, S0LEADS]", "[U0GONE]", 1)
	config := world.WriteConfig(t, w.config)
	a := world.Usher(t, w.env, "run", "--config", config, "--data", w.data)
	require.Equal(t, terminal.ExitWrong, a.Code, a.Errors)
	require.Contains(t, a.Errors, config+`:11:5: policy "seats" reaches nobody: of those its step 1 names 1 must say yes, and 0 can (U0GONE: no active member); name somebody else`)
	require.Zero(t, w.slack.Connections())
}

// TestARestartReachesWhoItReached: what has run before runs again, whoever has left since; a change to the policies is looked
// at anew, and what Slack can't say refuses nothing.
func TestARestartReachesWhoItReached(t *testing.T) {
	alone := strings.Replace(demo.Config, "[U0BOB, S0LEADS]", "[U0BOB]", -1)
	world.In(t, alone, func(w *world.World) {
		w.Start()
		ctx := context.Background()
		require.NoError(t, w.App.Reaches(ctx, w.Cfg))
		w.N.Slack.Deactivate("U0BOB", true)
		w.Pass(time.Second) // Slack tells of it
		require.NoError(t, w.App.Reaches(ctx, w.Cfg), "a restart")
		other := *w.Cfg
		other.Rules = append(other.Rules[:0:0], other.Rules...)
		other.Rules[0].Name = "renamed"
		w.N.Slack.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Times: 100})
		w.Pass(6 * time.Minute) // longer than anybody is believed
		require.NoError(t, w.App.Reaches(ctx, &other), "Slack can't say")
		w.N.Slack.ClearFaults()
		require.ErrorContains(t, w.App.Reaches(ctx, &other), `policy "seats" reaches nobody`)
		w.N.Slack.Deactivate("U0BOB", false)
		w.Pass(time.Second)
		require.NoError(t, w.App.Reaches(ctx, &other))
	})
}
