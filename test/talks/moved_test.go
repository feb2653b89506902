package talks

import (
	"context"
	"io"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/move"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/postgres"
)

// outside runs what must not run where time is simulated: it waits for a server.
func outside(t *testing.T) func(func() error) error {
	jobs, answers := make(chan func() error), make(chan error)
	go func() {
		for job := range jobs {
			answers <- job()
		}
	}()
	t.Cleanup(func() { close(jobs) })
	return func(job func() error) error { jobs <- job; return <-answers }
}

// moves stops the bot for good, and moves what it keeps from place to place, the last of which is a folder.
func (w *drill) moves(run func(func() error) error, places ...string) {
	w.T.Helper()
	w.End()
	from := w.Dir
	for _, to := range places {
		require.NoError(w.T, run(func() error {
			none := func(string) (string, bool) { return "", false }
			source, err := move.Read(none, "--from", from)
			if err != nil {
				return err
			}
			target, err := move.Read(none, "--to", to)
			if err != nil {
				return err
			}
			return move.Migrate(context.Background(), io.Discard, terminal.Progress{}, source, target, false)
		}))
		from = to
	}
	w.Dir = from
}

// TestWhatIsOpenGoesOnAfterAMove: cards that stand are clicked and drawn anew where they stand, a deed that was on its way ends once,
// what was told stays told, and who was promised to be reminded is. Nothing was lost, so nobody looks whether it may have been.
func TestWhatIsOpenGoesOnAfterAMove(t *testing.T) {
	t.Run("to another folder", func(t *testing.T) { goesOn(t, filepath.Join(t.TempDir(), "other")) })
	t.Run("to a database and back", func(t *testing.T) {
		goesOn(t, postgres.Own(t).URL("postgres"), filepath.Join(t.TempDir(), "other"))
	})
}

func goesOn(t *testing.T, places ...string) {
	run := outside(t)
	inDrill(t, func(k *drill) {
		k.play([]string{
			askJane, `alice sees "#1"`, `bob clicks Approve on card 1`, `request 1 is done`, `alice is told "ready"`,
			"alice types /access create john@acme.example John because he asked", `alice sees "#2"`, `card 2 offers Approve Deny Edit Ask`,
			"alice types /access create lee@acme.example Lee because he asked", `alice sees "#3"`, `card 3 offers Approve Deny Edit Ask`,
			`vendor fails GET 503 times 0`, `bob clicks Approve on card 3`, `request 3 is running`,
		})
		k.moves(run, places...)
		k.play([]string{
			`vendor heals`, `wait 10m`, `request 3 is done`, `card 3 says done`, `alice is told "ready"`,
			`card 1 says done`, `card 1 offers nothing`,
			`wait 1d`, `bob is told "#2 is still waiting for you, since"`,
			`card 2 offers Approve Deny Edit Ask`, `bob clicks Approve on card 2`, `request 2 is done`, `card 2 says done`, `alice is told "ready"`,
			`vendor effects create 3`,
			"alice types /access create wei@acme.example Wei because she asked", `alice sees "#4"`, `card 4 offers Approve Deny Edit Ask`,
		})
		for _, c := range k.N.Slack.CallsOf("conversations.history") {
			require.Equal(t, c.Args["oldest"], c.Args["latest"], "it's looked whether a card still stands, and not for what may have been said: nothing was lost")
		}
	})
}
