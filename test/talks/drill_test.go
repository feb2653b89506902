package talks

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/world"
)

// drill is a conversation with an operator in it.
type drill struct {
	*talk
	test *testing.T
}

// inside serves the running bot's control over an in-memory network, as its socket does outside a
// bubble, and gives back the client and how to hang up.
func (w *drill) inside() (*control.Remote, func()) {
	w.T.Helper()
	c := w.App.Control(w.Dir)
	c.Who = func(*http.Request) (approvals.Actor, bool) { return approvals.OSUser("root"), true }
	net := pipenet.Listen("control")
	server := &http.Server{Handler: c.Handler(), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	over := make(chan error, 1)
	go func() { over <- server.Serve(net) }()
	client := &http.Client{Transport: &http.Transport{DialContext: net.DialContext, DisableKeepAlives: true}}
	return &control.Remote{HTTP: client, Path: "control"}, func() {
		require.NoError(w.T, server.Close())
		require.ErrorIs(w.T, <-over, http.ErrServerClosed)
		client.CloseIdleConnections()
	}
}

// backup takes a backup of the running bot.
func (w *drill) backup() string {
	w.T.Helper()
	r, hangUp := w.inside()
	defer hangUp()
	file := filepath.Join(w.test.TempDir(), "usher.backup")
	f, err := os.Create(file)
	require.NoError(w.T, err)
	require.NoError(w.T, r.CopyTo(context.Background(), "/v1/backup", f))
	require.NoError(w.T, f.Close())
	return file
}

// restore stops the bot for good and puts the backup into a folder: its own, or a fresh one.
func (w *drill) restore(file string, fresh bool) bolt.Restored {
	w.T.Helper()
	w.End()
	if fresh {
		w.Dir = w.test.TempDir()
	}
	out, err := bolt.Restore(context.Background(), file, w.Dir, bolt.Restoring{At: time.Now(), By: approvals.OSUser("root"), Note: provision.MayHaveHappened})
	require.NoError(w.T, err)
	return out
}

// decide says yes or no through the control.
func (w *drill) decide(n string, d control.Decision) (control.Decided, error) {
	r, hangUp := w.inside()
	defer hangUp()
	var out control.Decided
	err := r.Ask(context.Background(), http.MethodPost, "/v1/requests/"+n+"/decision", d, &out)
	w.Pass(10 * time.Second)
	return out, err
}

// inDrill runs f in a bubble with the demo's company and a talk to drive it with.
func inDrill(t *testing.T, f func(k *drill)) {
	world.In(t, demo.Config, func(w *world.World) {
		f(&drill{&talk{World: w, seen: map[string]bool{}, old: map[int64]slacksim.Message{}, oldHomes: map[string]slacksim.View{}}, t})
	})
}

const askJane = "alice types /access create jane@acme.example Jane Smith because she tracks rankings"

// TestDrill is what an operator does on a bad day: a backup of a running bot with open requests inside,
// the disk lost, the backup restored into a fresh folder, the bot started, the request approved.
func TestDrill(t *testing.T) {
	inDrill(t, func(k *drill) {
		k.play([]string{askJane, `alice sees "#1"`, `card 1 offers Approve Deny Edit Ask`})
		file := k.backup()
		out := k.restore(file, true)
		require.Empty(t, out.Kept)
		k.Start()
		k.play([]string{
			`card 1 offers Approve Deny Edit Ask`,
			`bob clicks Approve on card 1`,
			`request 1 is done`,
			`vendor has jane@acme.example`,
			`vendor effects create 1`,
			`card 1 says done`, `card 1 offers nothing`,
			`alice is told "ready"`,
		})
	})
}

// TestDrillAtTheCommandLine: the same, decided where Slack's buttons are not needed; one vote is enough
// under the demo's policy, and its card says who it was.
func TestDrillAtTheCommandLine(t *testing.T) {
	inDrill(t, func(k *drill) {
		k.play([]string{askJane, `alice sees "#1"`, `card 1 offers Approve Deny Edit Ask`})
		k.restore(k.backup(), false)
		k.Start()
		out, err := k.decide("1", control.Decision{Yes: true})
		require.NoError(t, err)
		require.Equal(t, approvals.Approved, out.State)
		k.play([]string{`request 1 is done`, `vendor effects create 1`, `card 1 says "root (at the command line)"`, `alice is told "ready"`})
		_, err = k.decide("1", control.Decision{Reason: "too late"})
		require.ErrorContains(t, err, "that stands")
	})
}

// TestRestoredDeedsLook: approved in the backup and carried out after it. The restored bot owes the deed
// still; it looks, and makes no second account.
func TestRestoredDeedsLook(t *testing.T) {
	inDrill(t, func(k *drill) {
		k.play([]string{askJane, `alice sees "#1"`, `card 1 offers Approve Deny Edit Ask`, `vendor fails GET 503 times 0`, `bob clicks Approve on card 1`, `request 1 is running`})
		file := k.backup()
		k.play([]string{`vendor heals`, `wait 2m`, `request 1 is done`, `vendor effects create 1`, `alice is told "ready"`})
		k.restore(file, true)
		k.Start()
		k.play([]string{`wait 2m`, `request 1 is done`, `vendor effects create 1`, `card 1 says "done"`})
		require.Len(t, k.N.Slack.DM("U0ALICE"), 1, "what was told in the life that is lost is not told again")
	})
}

// TestRestoredMessagesAreLookedFor: a card and an outcome that were owed in the backup and said after it
// are found in Slack, not said again, also when Slack's history cannot be read at first.
func TestRestoredMessagesAreLookedFor(t *testing.T) {
	inDrill(t, func(k *drill) {
		k.Start()
		k.N.Slack.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Limited, Times: 1000}) // which leaves no trace of a try
		k.play([]string{askJane, `alice sees "#1"`})
		_, err := k.decide("1", control.Decision{Reason: "no budget"})
		require.NoError(t, err)
		file := k.backup()
		held, err := bolt.VerifyBackup(context.Background(), file)
		require.NoError(t, err)
		require.Equal(t, 1, held.Requests[approvals.Denied])
		k.N.Slack.ClearFaults()
		k.play([]string{`wait 10m`, `card 1 says "Denied"`, `alice is told "no budget"`})

		k.restore(file, true)
		k.N.Slack.Plan(slacksim.Fault{Method: "conversations.history", Kind: slacksim.Status500, Times: 3})
		k.Start()
		k.play([]string{`wait 15m`, `card 1 says "Denied"`})
		require.Len(t, k.N.Slack.DM("U0ALICE"), 1)
		owed, err := k.App.Store.Intents(context.Background(), "")
		require.NoError(t, err)
		for _, in := range owed {
			require.Contains(t, []string{"report", "sweep", "people"}, outbox.Kind(in.Key), "nothing is owed but the next report, and the next looks")
		}
	})
}

// TestRestoredCardsShowWhatIsTrueHere: decided after the backup, so open again in it. The card that had
// lost its buttons gets them back, and what it then asks for is not done twice.
func TestRestoredCardsShowWhatIsTrueHere(t *testing.T) {
	inDrill(t, func(k *drill) {
		k.play([]string{askJane, `alice sees "#1"`, `card 1 offers Approve Deny Edit Ask`})
		file := k.backup()
		k.play([]string{`bob clicks Approve on card 1`, `request 1 is done`, `card 1 offers nothing`, `alice is told "ready"`})
		k.restore(file, true)
		k.Start()
		k.play([]string{
			`wait 1m`,
			`request 1 is pending`,
			`card 1 offers Approve Deny Edit Ask`,
			`bob clicks Approve on card 1`,
			`bob sees "already has an account in SE Ranking now"`,
			`bob clicks "Approve anyway" on his answer`,
			`bob sees "approved #1"`,
			`request 1 is failed`, // the account is there already, and this life did not make it
			`vendor effects create 1`,
			`card 1 says "has an account"`,
			`alice is told "couldn't be done" "!has an account already"`,
			`carol is told "has an account"`,
		})
	})
}

// TestAnOldCardDecidesNothingElse: a request asked after the backup is unknown to it, but its card still
// stands in the channel. Its number is not given to another request.
func TestAnOldCardDecidesNothingElse(t *testing.T) {
	inDrill(t, func(k *drill) {
		k.play([]string{askJane, `alice sees "#1"`, `card 1 offers Approve Deny Edit Ask`})
		file := k.backup()
		k.play([]string{"alice types /access create mallory@evil.example Mallory because nobody looks", `alice sees "#2"`, `card 2 offers Approve Deny Edit Ask`})
		out := k.restore(file, true)
		require.EqualValues(t, 1002, out.Next)
		k.Start()
		k.play([]string{
			`bob clicks Approve on card 2`, `bob sees "no request #2"`,
			"dave types /access create pete@acme.example Pete because he starts on Monday", `dave sees "#1002"`, `card 1002 offers Approve Deny Edit Ask`,
			`vendor lacks mallory@evil.example`, `vendor effects create 0`,
		})
	})
}

// TestControlInTheBubble: metrics and lists of the whole program.
func TestControlInTheBubble(t *testing.T) {
	inDrill(t, func(k *drill) {
		k.play([]string{askJane, `alice sees "#1"`, `card 1 offers Approve Deny Edit Ask`})
		r, hangUp := k.inside()
		defer hangUp()
		var l control.Listing
		require.NoError(t, r.Ask(context.Background(), http.MethodGet, "/v1/requests", nil, &l))
		require.Len(t, l.Requests, 1)
		require.NotEmpty(t, l.People["U0ALICE"])
		var out strings.Builder
		require.NoError(t, r.CopyTo(context.Background(), "/metrics", &out))
		for _, line := range []string{`usher_requests{state="pending"} 1`, `usher_requests{state="running"} 0`, "usher_last_request_number 1",
			`usher_intents_owed{kind="expire"} 1`, `usher_intents_owed{kind="report"} 1`, `usher_intents_owed{kind="remind"} 1`, `usher_intents_overdue_seconds{kind="expire"} 0`,
			`usher_slack_connections{counted_by="usher"} 2`, `usher_slack_connections{counted_by="slack"} 2`, "usher_audit_entries 2", // what was asked, and whose the address is
			`usher_ack_seconds_bucket{le="3"} 1`, "usher_ack_seconds_count 1"} {
			require.Contains(t, out.String(), line+"\n")
		}
		require.NotContains(t, out.String(), "usher_report_last_posted_timestamp_seconds{")
		k.play([]string{`wait 8d`, `bob is told "#1 is still waiting for you"`, `bob is told "#1 is still waiting for you"`, `channel C0REPORTS says "seats"`, `alice is told "#1"`, `card 1 says expired`})
		out.Reset()
		require.NoError(t, k.App.Control("").Metrics(context.Background(), io.Writer(&out)))
		require.Contains(t, out.String(), `usher_report_last_posted_timestamp_seconds{report="weekly-seats"}`)
	})
}

// TestTheProgramCarriesOnFromEverySchema starts the whole program on a copy of the database of every
// released schema: what is approved there is carried out, what is open there is decided by its card.
func TestTheProgramCarriesOnFromEverySchema(t *testing.T) {
	files, err := filepath.Glob("../../store/bolt/testdata/schema-*.db")
	require.NoError(t, err)
	require.Len(t, files, bolt.Version)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			inDrill(t, func(k *drill) {
				vendorsim.SeedDemo(k.N.Vendor)
				require.NoError(t, os.WriteFile(filepath.Join(k.Dir, bolt.File), raw, 0o600))
				k.Start()
				_, err := k.decide("1", control.Decision{Yes: true}) // its card is not in this channel
				require.NoError(t, err)
				for _, line := range []string{"wait 5m",
					`card 2 says "1 of 2 said yes"`, `erin clicks Approve on card 2`,
					`wait 2m`, `card 6 says "no seat"`, `card 8 says "no budget"`, `card 10 offers nothing`,
				} {
					k.line = line
					k.act(line)
				}
				for i, state := range []approvals.State{"done", "done", "done", "done", "done", "failed", "done", "denied", "expired", "canceled"} {
					r, err := k.App.Desk.Request(context.Background(), int64(i+1))
					require.NoError(t, err)
					require.Equal(t, state, r.State, "#%d", i+1)
				}
				for _, name := range []string{"pending", "half", "approved", "running", "doubt"} {
					_, ok := k.N.Vendor.Account(name + "@acme.example")
					require.True(t, ok, name)
				}
				require.Len(t, k.N.Vendor.CallsOf(vendorsim.Create), 5)
				k.Check()
				require.Empty(t, k.Logs.Take())
			})
		})
	}
}
