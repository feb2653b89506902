package badday

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
	"github.com/usherbot/usher/test/world"
)

// Each kind of bad input, as the one person who can act on it meets it: they are told what is so and
// what to do, nothing is lost, and the program goes on, or stops with a sentence where it cannot.

// inBad is a started world in which everything still works after f.
func inBad(t *testing.T, f func(w *world.World)) {
	world.In(t, demo.Config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Start()
		w.Pass(time.Second)
		f(w)
		w.Works()
	})
}

func TestBadInputMalformedEnvelope(t *testing.T) {
	inBad(t, func(w *world.World) {
		for i, row := range []struct {
			kind string
			bad  world.Payload
			says string
		}{
			{"slash_commands", world.Payload{}, "I can't tell what that was"},
			{"slash_commands", world.Payload{"user_id": 7, "text": []any{}}, "I can't tell what that was"},
			{"slash_commands", world.Payload{"user_id": "U0ALICE", "team_id": slacksim.TeamID, "text": 7, "response_url": ""}, "I can't tell what that was"},
			{"interactive", world.Payload{"type": "block_actions", "user": "U0ALICE", "actions": "x"}, ""},
			{"interactive", world.Payload{"type": "view_submission", "user": "U0ALICE", "view": []any{}}, "I can't tell what that was"},
			{"interactive", world.Payload{"type": "block_actions", "user": world.Payload{"id": "U0ALICE"}, "team": world.Payload{"id": slacksim.TeamID}, "actions": []any{world.Payload{"value": world.Payload{}}}, "response_url": ""}, "which request this button belongs to"},
			{"events_api", world.Payload{"event": nil}, ""},
		} {
			var d *slacksim.Delivery
			said := w.Hears("U0ALICE", func() *slacksim.Delivery {
				d = w.N.Slack.Raw(row.kind, "U0ALICE", "C0GENERAL", row.bad)
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
	inBad(t, func(w *world.World) {
		for _, kind := range []string{"interactive", "smoke_signals"} {
			said := w.Hears("U0ALICE", func() *slacksim.Delivery {
				return w.N.Slack.Raw(kind, "U0ALICE", "C0GENERAL", world.Payload{"type": "telepathy", "user": world.Payload{"id": "U0ALICE"}, "team": world.Payload{"id": slacksim.TeamID}, "response_url": ""})
			})
			require.Contains(t, said, "I can't tell what that was, so I changed nothing")
		}
		require.Contains(t, w.Answered("U0ALICE", "shar jane@acme.example"), "Did you mean")
	})
}

func TestBadInputCardOfAnotherVersion(t *testing.T) {
	inBad(t, func(w *world.World) {
		w.Answered("U0ALICE", "create jane@acme.example Jane because x")
		card := w.CardFor("jane@acme.example")
		for value, says := range map[string]string{"v3:1": "another version of Usher", "approve:1": "which request this button belongs to"} {
			require.Contains(t, w.Hears("U0BOB", func() *slacksim.Delivery {
				return w.N.Slack.ClickForged("U0BOB", slacksim.Forged{Channel: card.Channel, TS: card.TS, ActionID: "approve", Value: value})
			}), says)
		}
		r, err := w.App.Desk.Request(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, approvals.Pending, r.State)
	})
}

func TestBadInputNoSuchRequest(t *testing.T) {
	inBad(t, func(w *world.World) {
		for _, typed := range []string{"status 77", "cancel #77", "cancel 999999999"} {
			require.Contains(t, w.Answered("U0ALICE", typed), "There's no request #", typed)
		}
		for _, typed := range []string{"status 0", "status -1", "cancel 9223372036854775807", "cancel 99999999999999999999", "status 1e3"} {
			require.Contains(t, w.Answered("U0ALICE", typed), "isn't a request number", typed)
		}
		require.Contains(t, w.Hears("U0BOB", func() *slacksim.Delivery {
			return w.N.Slack.ClickForged("U0BOB", slacksim.Forged{Channel: "C0APPROVE", TS: "1.0", ActionID: "approve", Value: "v1:77"})
		}), "There's no request #77")
	})
}

func TestBadInputPersonWithoutAddress(t *testing.T) {
	inBad(t, func(w *world.World) {
		require.Contains(t, w.Answered("U0ALICE", "create @fred Fred because he starts"), "Slack doesn't show me an e-mail address for <@U0FRED>")
		_, err := w.App.Desk.Request(t.Context(), 1)
		require.Equal(t, approvals.NotFound, approvals.CodeOf(err), "nothing was sent")
	})
}

func TestBadInputVendorAnswersHTML(t *testing.T) {
	inBad(t, func(w *world.World) {
		require.NoError(t, w.N.Vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Times: -1}, Kind: vendorsim.HTML}))
		require.Contains(t, w.Answered("U0ADMIN", "accounts"), "SE Ranking")
		require.NotContains(t, strings.Join(w.Logs.Take(), ""), "panic")
		w.Answered("U0ALICE", "create jane@acme.example Jane because x")
		w.Hears("U0BOB", func() *slacksim.Delivery {
			return w.N.Slack.Click("U0BOB", "C0APPROVE", w.CardFor("jane@acme.example").TS, "Approve")
		})
		w.Pass(30 * time.Minute)
		require.NotEmpty(t, w.N.Slack.DM("U0ADMIN"), "the admins, who can look into it, hear of it")
		r, err := w.App.Desk.Request(t.Context(), 1)
		require.NoError(t, err)
		require.False(t, r.State.Terminal(), "it is %s: nothing is lost (%v)", r.State, r.Outcome)
		w.N.Vendor.Heal()
		w.Pass(time.Hour)
		r, err = w.App.Desk.Request(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, approvals.Done, r.State)
		require.Len(t, w.N.Slack.DM("U0ALICE"), 1)
		w.Logs.Take()
	})
}

func TestBadInputFullDisk(t *testing.T) {
	full := false
	world.In(t, demo.Config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Alter = func(s *app.Surroundings) {
			hook := s.Store.Hook
			s.Store.Hook = func(place string) error {
				if full && place == "before commit" {
					return &os.PathError{Op: "write", Path: bolt.File, Err: syscall.ENOSPC}
				}
				return hook(place)
			}
		}
		w.Start()
		w.Pass(time.Second)
		full = true
		require.Contains(t, w.Answered("U0ALICE", "create jane@acme.example Jane because x"), "My disk had trouble just now")
		full = false
		w.Logs.Take()
		_, err := w.App.Desk.Request(t.Context(), 1)
		require.Equal(t, approvals.NotFound, approvals.CodeOf(err), "what was not kept is not there")
		w.Works()
	})
}
