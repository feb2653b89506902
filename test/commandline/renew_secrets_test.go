package commandline

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/cli"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// rotating is `usher run` over TCP, whose secrets stand in files.
type rotating struct {
	*outset
	t     *testing.T
	logs  world.LockedBuffer
	again chan os.Signal
	lives int
}

// rotate runs it with its secrets in files while play does, and holds it to a good end.
func rotate(t *testing.T, play func(w *rotating)) *rotating {
	return rotateWith(t, func(w *rotating) {
		for _, name := range []string{"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SERANKING_API_KEY", config.AuditKeyName} {
			inFile(t, w.env, name, w.env[name]+"\n", 0o600)
		}
	}, play)
}

// rotateWith is rotate in an environment that arrange makes.
func rotateWith(t *testing.T, arrange, play func(w *rotating)) *rotating {
	w := &rotating{outset: newOutset(t, slacksim.Options{}), t: t, again: make(chan os.Signal, 1)}
	arrange(w)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	code := make(chan int, 1)
	args := []string{"run", "--config", world.WriteConfig(t, w.config), "--data", w.data}
	go func() { code <- cli.Run(cli.ReadAgainOn(ctx, w.again), args, lookupIn(w.env), &w.logs, &w.logs) }()
	w.eventually("it hears", func() bool { return w.slack.Connections() > 0 })
	play(w)
	stop()
	require.Equal(t, terminal.ExitDone, <-code, w.logs.String())
	return w
}

func (w *rotating) eventually(what string, ok func() bool) {
	w.t.Helper()
	require.True(w.t, world.Waited(world.Patience, ok), "waited in vain until %s: %s", what, &w.logs)
}

// put is another secret in the place of one, as Kubernetes and `mv` do it.
func (w *rotating) put(name, secret string) {
	path := w.env[name+config.FileSuffix]
	require.NoError(w.t, os.WriteFile(path+".next", []byte(secret+"\n"), 0o600))
	require.NoError(w.t, os.Rename(path+".next", path))
}

// refused has the secrets read again, of which one is wrong: the log and the admins hear of it, and nothing else changes.
func (w *rotating) refused(says string) {
	w.t.Helper()
	w.again <- syscall.SIGHUP
	w.eventually("the log says why", func() bool { return strings.Contains(w.logs.String(), says) })
	w.eventually("the admins hear of it", func() bool { return strings.Contains(w.told("U0ADMIN"), says) })
	require.Equal(w.t, w.lives, w.taken())
	w.answers()
}

// takenUp has the secrets read again, and they are right.
func (w *rotating) takenUp() {
	w.t.Helper()
	w.again <- syscall.SIGHUP
	w.lives++
	w.eventually("they're taken up", func() bool { return w.taken() == w.lives })
	w.eventually("it hears", func() bool { return w.slack.Connections() > 0 })
	w.answers()
}

// taken counts the lives under secrets that were read again.
func (w *rotating) taken() int {
	return strings.Count(w.logs.String(), "usher goes on under the configuration that it has read again")
}

// answers types something, and again while nobody hears it.
func (w *rotating) answers() {
	w.t.Helper()
	w.eventually("it answers", func() bool {
		return w.slack.Type("U0ALICE", "C0GENERAL", "/access status").Wait().Acked
	})
}

func (w *rotating) told(user string) (all string) {
	for _, m := range w.slack.DM(user) {
		all += m.Text + "\n"
	}
	return all
}

// TestNewSecretsAreTakenUp: Slack's tokens and a vendor's key change while it runs, the old ones are revoked, and it goes on.
// Wrong ones change nothing. None of them is in the log or in what is kept.
func TestNewSecretsAreTakenUp(t *testing.T) {
	t.Parallel()
	wrong := []string{"xoxb-mistaken-secret", "xoxb-elsewhere-secret", "xapp-mistaken-secret", "mistaken-vendor-secret"}
	right := []string{"xoxb-second-secret", "xapp-second-secret", "second-vendor-secret"}
	w := rotate(t, func(w *rotating) {
		old := map[string]string{"SLACK_BOT_TOKEN": "xoxb-check-token", "SLACK_APP_TOKEN": "xapp-check-token", "SERANKING_API_KEY": w.vendor.Key(vendorsim.Unified)}
		w.slack.IssueElsewhere(wrong[1])
		for _, row := range []struct{ name, secret, says string }{
			{"SLACK_BOT_TOKEN", wrong[0], "the bot token isn't accepted by Slack (invalid_auth)"},
			{"SLACK_BOT_TOKEN", wrong[1], "SLACK_BOT_TOKEN is that of another bot or workspace (@usher in Globex, and I'm @usher in Acme)"},
			{"SLACK_APP_TOKEN", wrong[2], "the app token isn't accepted by Slack (invalid_auth)"},
			{"SERANKING_API_KEY", wrong[3], "SERANKING_API_KEY has changed, and seranking can't be read with the new one"},
			{"SLACK_APP_TOKEN", "", "which is empty"},
		} {
			w.put(row.name, row.secret)
			w.refused(row.says)
			w.put(row.name, old[row.name])
		}
		w.slack.Issue(right[0])
		w.slack.Issue(right[1])
		w.put("SLACK_BOT_TOKEN", right[0])
		w.put("SLACK_APP_TOKEN", right[1])
		w.takenUp()
		w.slack.Retire(old["SLACK_BOT_TOKEN"])
		w.slack.Retire(old["SLACK_APP_TOKEN"])
		w.vendor.Rekey(vendorsim.Unified, right[2])
		w.put("SERANKING_API_KEY", right[2])
		w.takenUp()
	})
	require.Contains(t, w.logs.String(), `"msg":"new secrets were read and tried, and are taken up","names":["SLACK_BOT_TOKEN","SLACK_APP_TOKEN"]`)
	kept, err := os.ReadFile(filepath.Join(w.data, bolt.File))
	require.NoError(t, err)
	for _, secret := range append(wrong, right...) {
		require.NotContains(t, w.logs.String(), secret)
		require.NotContains(t, string(kept), secret)
	}
}
