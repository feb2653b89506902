package main

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
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
