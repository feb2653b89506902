package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
)

// Each kind of bad input, as the one person who can act on it meets it: they are told what is so and
// what to do, nothing is lost, and the program goes on, or stops with a sentence where it cannot.

// inBad is a started world in which everything still works after f.
func inBad(t *testing.T, f func(w *talkWorld)) {
	inTalk(t, demo.Config, func(w *talkWorld) {
		vendorsim.SeedDemo(w.n.Vendor)
		w.start()
		w.pass(time.Second)
		f(w)
		w.works()
	})
}

// works is a round from asking to the account, and a database that is whole.
func (w *talkWorld) works() {
	w.t.Helper()
	require.Contains(w.t, string(w.n.Slack.Type("U0ALICE", "C0GENERAL", "/access create still.here@acme.example Still because it works").Wait().Payload), "sent: ")
	w.pass(10 * time.Second)
	require.True(w.t, w.n.Slack.Click("U0BOB", "C0APPROVE", w.cardFor("still.here@acme.example").TS, "Approve").Wait().Acked)
	w.pass(time.Minute)
	_, ok := w.n.Vendor.Account("still.here@acme.example")
	require.True(w.t, ok)
	require.Empty(w.t, w.logs.take(), "errors that nobody announced")
	w.check()
}

// cardFor is the one card about an address.
func (w *talkWorld) cardFor(email string) slacksim.Message {
	w.t.Helper()
	var found []slacksim.Message
	for _, m := range w.n.Slack.Messages("C0APPROVE") {
		if strings.Contains(m.Text, email) {
			found = append(found, m)
		}
	}
	require.Len(w.t, found, 1, "cards for %s", email)
	return found[0]
}

// hears is what is said to one person alone by an act of theirs; the act is acknowledged.
func (w *talkWorld) hears(who string, act func() *slacksim.Delivery) string {
	w.t.Helper()
	before := len(w.n.Slack.Ephemerals(who))
	out := act().Wait()
	require.True(w.t, out.Acked, out.Error)
	w.pass(20 * time.Second)
	var said []string
	for _, m := range w.n.Slack.Ephemerals(who)[before:] {
		said = append(said, slacksim.PlainText(m))
	}
	return strings.Join(said, "\n")
}

func (w *talkWorld) answered(who, typed string) string {
	w.t.Helper()
	return w.hears(who, func() *slacksim.Delivery { return w.n.Slack.Type(who, "C0GENERAL", "/access "+typed) })
}

type payload = map[string]any

func TestBadInputMalformedEnvelope(t *testing.T) {
	inBad(t, func(w *talkWorld) {
		for i, row := range []struct {
			kind string
			bad  payload
			says string
		}{
			{"slash_commands", payload{}, "I can't tell what that was"},
			{"slash_commands", payload{"user_id": 7, "text": []any{}}, "I can't tell what that was"},
			{"slash_commands", payload{"user_id": "U0ALICE", "team_id": slacksim.TeamID, "text": 7, "response_url": ""}, "I can't tell what that was"},
			{"interactive", payload{"type": "block_actions", "user": "U0ALICE", "actions": "x"}, ""},
			{"interactive", payload{"type": "view_submission", "user": "U0ALICE", "view": []any{}}, "I can't tell what that was"},
			{"interactive", payload{"type": "block_actions", "user": payload{"id": "U0ALICE"}, "team": payload{"id": slacksim.TeamID}, "actions": []any{payload{"value": payload{}}}, "response_url": ""}, "which request this button belongs to"},
			{"events_api", payload{"event": nil}, ""},
		} {
			var d *slacksim.Delivery
			said := w.hears("U0ALICE", func() *slacksim.Delivery {
				d = w.n.Slack.Raw(row.kind, "U0ALICE", "C0GENERAL", row.bad)
				return d
			})
			said += string(d.Wait().Payload) // Slack shows what the ack bears to whoever it was
			if row.says == "" {
				require.Empty(t, said, i)
			} else {
				require.Contains(t, said, row.says, i)
			}
		}
	})
}

func TestBadInputUnknownInteraction(t *testing.T) {
	inBad(t, func(w *talkWorld) {
		for _, kind := range []string{"interactive", "smoke_signals"} {
			said := w.hears("U0ALICE", func() *slacksim.Delivery {
				return w.n.Slack.Raw(kind, "U0ALICE", "C0GENERAL", payload{"type": "telepathy", "user": payload{"id": "U0ALICE"}, "team": payload{"id": slacksim.TeamID}, "response_url": ""})
			})
			require.Contains(t, said, "I can't tell what that was, so I changed nothing")
		}
		require.Contains(t, w.answered("U0ALICE", "shar jane@acme.example"), "Did you mean")
	})
}

func TestBadInputCardOfAnotherVersion(t *testing.T) {
	inBad(t, func(w *talkWorld) {
		w.answered("U0ALICE", "create jane@acme.example Jane because x")
		card := w.cardFor("jane@acme.example")
		for value, says := range map[string]string{"v3:1": "another version of Usher", "approve:1": "which request this button belongs to"} {
			require.Contains(t, w.hears("U0BOB", func() *slacksim.Delivery {
				return w.n.Slack.ClickForged("U0BOB", slacksim.Forged{Channel: card.Channel, TS: card.TS, ActionID: "approve", Value: value})
			}), says)
		}
		r, err := w.app.Desk.Request(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, approvals.Pending, r.State)
	})
}

func TestBadInputNoSuchRequest(t *testing.T) {
	inBad(t, func(w *talkWorld) {
		for _, typed := range []string{"status 77", "cancel #77", "cancel 999999999"} {
			require.Contains(t, w.answered("U0ALICE", typed), "There's no request #", typed)
		}
		for _, typed := range []string{"status 0", "status -1", "cancel 9223372036854775807", "cancel 99999999999999999999", "status 1e3"} {
			require.Contains(t, w.answered("U0ALICE", typed), "isn't a request number", typed)
		}
		require.Contains(t, w.hears("U0BOB", func() *slacksim.Delivery {
			return w.n.Slack.ClickForged("U0BOB", slacksim.Forged{Channel: "C0APPROVE", TS: "1.0", ActionID: "approve", Value: "v1:77"})
		}), "There's no request #77")
	})
}

func TestBadInputPersonWithoutAddress(t *testing.T) {
	inBad(t, func(w *talkWorld) {
		require.Contains(t, w.answered("U0ALICE", "create @fred Fred because he starts"), "Slack doesn't show me an e-mail address for <@U0FRED>")
		_, err := w.app.Desk.Request(t.Context(), 1)
		require.Equal(t, approvals.NotFound, approvals.CodeOf(err), "nothing was sent")
	})
}

func TestBadInputVendorAnswersHTML(t *testing.T) {
	inBad(t, func(w *talkWorld) {
		require.NoError(t, w.n.Vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Times: -1}, Kind: vendorsim.HTML}))
		require.Contains(t, w.answered("U0ADMIN", "accounts"), "SE Ranking")
		require.NotContains(t, strings.Join(w.logs.take(), ""), "panic")
		w.answered("U0ALICE", "create jane@acme.example Jane because x")
		w.hears("U0BOB", func() *slacksim.Delivery {
			return w.n.Slack.Click("U0BOB", "C0APPROVE", w.cardFor("jane@acme.example").TS, "Approve")
		})
		w.pass(30 * time.Minute)
		require.NotEmpty(t, w.n.Slack.DM("U0ADMIN"), "the admins, who can look into it, hear of it")
		r, err := w.app.Desk.Request(t.Context(), 1)
		require.NoError(t, err)
		require.False(t, r.State.Terminal(), "it is %s: nothing is lost (%v)", r.State, r.Outcome)
		w.n.Vendor.Heal()
		w.pass(time.Hour)
		r, err = w.app.Desk.Request(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, approvals.Done, r.State)
		require.Len(t, w.n.Slack.DM("U0ALICE"), 1)
		w.logs.take()
	})
}

func TestBadInputFullDisk(t *testing.T) {
	full := false
	inTalk(t, demo.Config, func(w *talkWorld) {
		vendorsim.SeedDemo(w.n.Vendor)
		w.alter = func(s *app.Surroundings) {
			hook := s.Store.Hook
			s.Store.Hook = func(place string) error {
				if full && place == "before commit" {
					return &os.PathError{Op: "write", Path: bolt.File, Err: syscall.ENOSPC}
				}
				return hook(place)
			}
		}
		w.start()
		w.pass(time.Second)
		full = true
		require.Contains(t, w.answered("U0ALICE", "create jane@acme.example Jane because x"), "My disk had trouble just now")
		full = false
		w.logs.take()
		_, err := w.app.Desk.Request(t.Context(), 1)
		require.Equal(t, approvals.NotFound, approvals.CodeOf(err), "what was not kept is not there")
		w.works()
	})
}

// stops runs `usher run` over TCP until it ends by itself, and holds what it says to one sentence.
func stops(t *testing.T, w *world, says ...string) {
	t.Helper()
	a := usher(t, w.env, "run", "--config", writeConfig(t, w.config), "--data", w.data)
	require.Equal(t, terminal.ExitFailed, a.code, a.errors)
	lines := strings.Split(strings.TrimSpace(a.errors), "\n")
	last := lines[len(lines)-1]
	for _, s := range says {
		require.Contains(t, last, s)
	}
	require.NotContains(t, a.errors, "goroutine ", "a sentence, no stack")
	require.Empty(t, w.vendor.Effects())
}

func TestBadInputDamagedDatabase(t *testing.T) {
	for name, raw := range map[string]string{"empty pages": strings.Repeat("\x00", 32<<10), "text": strings.Repeat("no database ", 4096), "cut short": "x"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, slacksim.Options{})
			file := filepath.Join(w.data, bolt.File)
			require.NoError(t, os.WriteFile(file, []byte(raw), 0o600))
			stops(t, w, file, "usher restore")
			after, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, raw, string(after), "what is there is left as it is")
		})
	}
}

func TestBadInputLockedDatabase(t *testing.T) {
	w := newWorld(t, slacksim.Options{})
	db, err := bolt.Open(w.data, bolt.Options{Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	stops(t, w, bolt.File, "is `usher run` already running?")
	require.NoError(t, db.Check(t.Context()))
	require.NoError(t, db.Close())
}

func TestBadInputTokenWithoutScope(t *testing.T) {
	w := newWorld(t, slacksim.Options{})
	slack := slacksim.New(slacksim.Options{BotToken: w.env["SLACK_BOT_TOKEN"], AppToken: w.env["SLACK_APP_TOKEN"], AppScopes: []string{"authorizations:read"}})
	t.Cleanup(slack.Close)
	w.env["SLACK_API_URL"] = serve(t, slack) + "/api/"
	stops(t, w, "connections:write", "SLACK_APP_TOKEN")
	for _, scope := range []string{"chat:write", "users:read"} {
		t.Run(scope, func(t *testing.T) {
			w := newWorld(t, slacksim.Options{Scopes: without(scope)})
			code, table := w.check(t)
			require.Equal(t, terminal.ExitFailed, code)
			require.Contains(t, table, fmt.Sprintf("failed scope %s not granted → add it", scope))
			stops(t, w, "SLACK_BOT_TOKEN lacks the scope "+scope+":", "manifest.yml", "reinstall the app")
		})
	}
}

// without is every scope the manifest asks for but one.
func without(scope string) []string {
	return slices.DeleteFunc(web.Scopes(), func(s string) bool { return s == scope })
}
