package slacksim

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"
)

func TestNothingConnectedFailsTheCommandAtOnce(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		o := w.Type("U0ALICE", "general", "/access help").Wait()
		require.Equal(t, Outcome{Error: "dispatch_failed"}, o)
		require.Equal(t, `/access failed with the error "dispatch_failed"`, last(t, w.Ephemerals("U0ALICE")).Text)
	})
}

func TestNoAckInThreeSecondsFailsTheCommand(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(silent)
		defer a.stop()
		o := w.Type("U0ALICE", "general", "/access help").Wait()
		require.Equal(t, Outcome{Error: "operation_timeout", After: 3 * time.Second}, o)
		require.Equal(t, `/access failed with the error "operation_timeout"`, last(t, w.Ephemerals("U0ALICE")).Text)
		<-time.After(time.Hour)
		synctest.Wait()
		require.Len(t, a.got(socketmode.EventTypeSlashCommand), 1, "commands are never repeated")
	})
}

func TestALateAckIsIgnored(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(func(c *socketmode.Client, e socketmode.Event) {
			<-time.After(3100 * time.Millisecond)
			_ = c.Ack(*e.Request, map[string]any{"text": "too late"})
		})
		defer a.stop()
		require.Equal(t, "operation_timeout", w.Type("U0ALICE", "general", "/access").Wait().Error)
		<-time.After(time.Second)
		require.NotContains(t, PlainText(last(t, w.Ephemerals("U0ALICE"))), "too late")
	})
}

// An ack that slack-go sends on its next connection counts only where the
// switch says so.
func TestAnAckOnAnotherConnection(t *testing.T) {
	for _, anywhere := range []bool{false, true} {
		inWorld(t, Options{AcceptAckAnywhere: anywhere}, func(t *testing.T, w *world) {
			a := w.connect(func(c *socketmode.Client, e socketmode.Event) {
				w.Refresh()
				<-time.After(time.Second)
				_ = c.Ack(*e.Request)
			})
			defer a.stop()
			require.Equal(t, anywhere, w.Type("U0ALICE", "general", "/access").Wait().Acked)
		})
	}
}

func TestHugeAndFragmentedAcksAreIgnored(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		conn := w.raw()
		defer conn.Close()
		read(t, conn)
		d := w.Type("U0ALICE", "general", "/access")
		id := read(t, conn)["envelope_id"].(string)
		huge := `{"envelope_id":"` + id + `","payload":{"text":"` + strings.Repeat("x", maxAck) + `"}}`
		require.NoError(t, conn.WriteMessage(websocket.TextMessage, []byte(huge)))
		writer, err := conn.NextWriter(websocket.TextMessage)
		require.NoError(t, err)
		// Longer than the write buffer, so that the library splits it, but the
		// ack itself is small: the rest is white space.
		_, err = writer.Write([]byte(`{"envelope_id":"` + id + `"}` + strings.Repeat(" ", 70<<10)))
		require.NoError(t, err)
		require.NoError(t, writer.Close())
		require.Equal(t, "operation_timeout", d.Wait().Error)
		require.Contains(t, w.Violations()[0], "20480")
		require.Len(t, w.Violations(), 2)
	})
}

func TestAFragmentedSmallAckIsIgnored(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		dialer := &websocket.Dialer{NetDialContext: w.net.DialContext, WriteBufferSize: 32}
		conn, _, err := dialer.DialContext(t.Context(), w.linkURL(), nil)
		require.NoError(t, err)
		defer conn.Close()
		read(t, conn)
		d := w.Type("U0ALICE", "general", "/access")
		ack := `{"envelope_id":"` + read(t, conn)["envelope_id"].(string) + `","payload":{"text":"` + strings.Repeat("x", 300) + `"}}`
		writer, err := conn.NextWriter(websocket.TextMessage)
		require.NoError(t, err)
		for _, piece := range []string{ack[:100], ack[100:]} {
			_, err = writer.Write([]byte(piece))
			require.NoError(t, err)
		}
		require.NoError(t, writer.Close())
		require.Equal(t, "operation_timeout", d.Wait().Error)
		require.Contains(t, w.Violations()[0], "fragments")
	})
}

func TestAcksForNothingAreViolations(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		conn := w.raw()
		defer conn.Close()
		read(t, conn)
		require.NoError(t, conn.WriteJSON(map[string]any{"envelope_id": "made-up"}))
		require.NoError(t, conn.WriteJSON("hello"))
		synctest.Wait()
		require.Contains(t, w.Violations()[0], "unknown envelope")
		require.Contains(t, w.Violations()[1], "no ack")
	})
}

func TestEventsAreRepeatedOnSlacksSchedule(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		conn := w.raw()
		defer conn.Close()
		read(t, conn)
		d := w.OpenHome("U0ALICE")
		begun := time.Now()
		var at []time.Duration
		var reasons, envelopes, events []any
		for range 4 {
			frame := read(t, conn)
			require.Equal(t, false, frame["accepts_response_payload"])
			at = append(at, time.Since(begun))
			reasons = append(reasons, frame["retry_reason"])
			envelopes = append(envelopes, frame["envelope_id"])
			events = append(events, object(frame["payload"])["event_id"])
		}
		require.Equal(t, []time.Duration{0, 4 * time.Second, 67 * time.Second, 370 * time.Second}, at)
		require.Equal(t, []any{"", "timeout", "timeout", "timeout"}, reasons)
		require.NotEqual(t, envelopes[0], envelopes[1])
		require.Equal(t, events[0], events[3])
		require.Equal(t, "operation_timeout", d.Wait().Error)
	})
}

func TestAnEventWaitsForAConnection(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		d := w.OpenHome("U0ALICE")
		<-time.After(30 * time.Second)
		a := w.connect(nil)
		defer a.stop()
		require.True(t, d.Wait().Acked)
		event := a.got(socketmode.EventTypeEventsAPI)[0]
		require.Equal(t, 2, event.Request.RetryAttempt)
		opened := event.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.AppHomeOpenedEvent)
		require.Equal(t, "U0ALICE", opened.User)
		require.Equal(t, "home", opened.Tab)
	})
}

func TestRedeliverRepeatsTheSameEnvelope(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		d := w.Type("U0ALICE", "general", "/access")
		require.True(t, d.Wait().Acked)
		require.True(t, w.Redeliver(d))
		synctest.Wait()
		commands := a.got(socketmode.EventTypeSlashCommand)
		require.Len(t, commands, 2)
		require.Equal(t, commands[0].Request.EnvelopeID, commands[1].Request.EnvelopeID)
		require.Equal(t, d.EnvelopeID(), commands[0].Request.EnvelopeID)
	})
}

func TestAnEmptyPayloadIsNone(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(func(c *socketmode.Client, e socketmode.Event) {
			_ = c.AckCtx(context.Background(), e.Request.EnvelopeID, map[string]any{})
		})
		defer a.stop()
		o := w.OpenHome("U0ALICE").Wait()
		require.True(t, o.Acked)
		require.Nil(t, o.Payload)
	})
}

// Only a command, a form and a menu that asks for options are answered in the ack.
func TestAPayloadInAnAckThatTakesNone(t *testing.T) {
	for kind, act := range map[string]func(w *world) *Delivery{
		"block_actions": func(w *world) *Delivery {
			_, ts, err := w.api.PostMessage("C0APPROVE", card("asks"))
			require.NoError(w.t, err)
			return w.Click("U0BOB", "C0APPROVE", ts, "Approve")
		},
		"view_closed": func(w *world) *Delivery {
			w.openForm()
			return w.CloseView("U0BOB", "")
		},
		"shortcut":       interaction("shortcut"),
		"message_action": interaction("message_action"),
		"an event":       func(w *world) *Delivery { return w.OpenHome("U0ALICE") },
	} {
		t.Run(kind, func(t *testing.T) {
			inWorld(t, Options{}, func(t *testing.T, w *world) {
				w.lenient()
				a := w.connect(func(c *socketmode.Client, e socketmode.Event) {
					callback, _ := e.Data.(slack.InteractionCallback)
					if kind == "view_closed" && callback.Type == slack.InteractionTypeBlockActions {
						_, err := w.api.OpenView(callback.TriggerID, form("Deny"))
						require.NoError(t, err)
						_ = c.Ack(*e.Request)
						return
					}
					_ = c.Ack(*e.Request, map[string]any{"text": "for nobody"})
				})
				defer a.stop()
				require.True(t, act(w).Wait().Acked)
				require.Equal(t, []string{"an ack with a payload to " + kind + ", which takes none"}, w.Violations())
			})
		})
	}
}

// interaction is one of a kind that no act makes.
func interaction(kind string) func(*world) *Delivery {
	return func(w *world) *Delivery {
		return w.Raw(interactiveKind, "U0BOB", "C0GENERAL", map[string]any{"type": kind, "callback_id": "ask", "trigger_id": "1.2.x"})
	}
}

func TestCloseEndsWhatIsUnderWay(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(silent)
		d := w.Type("U0ALICE", "general", "/access")
		a.cancel()
		w.Close()
		require.Equal(t, "closed", d.Wait().Error)
		require.Equal(t, "closed", w.Type("U0ALICE", "general", "/access").Wait().Error)
		<-a.ended
	})
}
