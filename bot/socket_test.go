package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/bottest"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/slacksim"
)

func TestTwoConnectionsAreOpen(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		require.Equal(t, 2, w.Connections())
		opened := w.CallsOf(opensSocket)
		require.Len(t, opened, 2)
		require.Equal(t, stagger, opened[1].At.Sub(opened[0].At).Round(time.Second), "so that they are not recycled together")
		w.Pass(12 * time.Hour)
		require.Equal(t, 2, w.Connections())
		require.LessOrEqual(t, len(w.CallsOf(opensSocket)), 8, "recycled every five hours, and no oftener")
	})
}

func TestRefreshesUnderLoadLoseNothing(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{NoPostLimit: true}}, func(t *testing.T, w *world) {
		w.Desk.Limits = approvals.Limits{Pending: 100, PerMinute: 100}
		var all []*slacksim.Delivery
		for i := range 120 {
			if i%12 == 0 {
				require.True(t, w.Refresh())
			}
			who := []string{alice, bob, dave, erin, carol, "U0FRED"}[i%6]
			all = append(all, w.Type(who, general, fmt.Sprintf("/access create p%d@acme.example Pat because they start", i)))
			<-time.After(500 * time.Millisecond)
		}
		for i, d := range all {
			out := d.Wait()
			require.True(t, out.Acked, "command %d: %s", i, out.Error)
		}
		w.Pass(70 * time.Second) // one a second, and some turns are lost to cards that were to say something newer by then
		require.Len(t, w.Messages(cards), 120)
		require.Equal(t, 2, w.Connections())
	})
}

func TestALinkThatIsCutIsOpenedAnew(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Pass(10 * time.Second)
		require.True(t, w.Drop())
		w.Pass(time.Second)
		require.Equal(t, 2, w.Connections())
		require.True(t, w.Type(alice, general, "/access help").Wait().Acked)
	})
}

func TestSilenceIsNoticedWithinFifteenSeconds(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{GhostLife: time.Hour}}, func(t *testing.T, w *world) {
		w.Pass(time.Minute)
		before := len(w.CallsOf(opensSocket))
		require.True(t, w.Ghost())
		w.Pass(4 * time.Second)
		require.Len(t, w.CallsOf(opensSocket), before, "too soon to tell: pings come every ten seconds")
		w.Pass(12 * time.Second)
		require.Len(t, w.CallsOf(opensSocket), before+1)
		require.Contains(t, w.Log.String(), "Slack counts more connections")
	})
}

// crowd opens as many foreign connections as Slack allows beside the bot's.
func crowd(t *testing.T, w *world, n int) {
	t.Helper()
	for range n {
		url, err := w.slack.SocketAddress(t.Context())
		require.NoError(t, err)
		dial := websocket.Dialer{NetDialContext: w.Wire.DialContext}
		ws, answer, err := dial.DialContext(t.Context(), url, nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusSwitchingProtocols, answer.StatusCode)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for {
				if _, _, err := ws.ReadMessage(); err != nil {
					return
				}
			}
		}()
		t.Cleanup(func() {
			_ = ws.Close() // the simulator may have closed it before
			<-ended
		})
	}
	synctest.Wait() // an upgraded connection counts only when the simulator has greeted it
}

func TestTooManyWebsocketsIsNotAnsweredByHammering(t *testing.T) {
	inWorld(t, setup{before: func(w *world) { crowd(w.T, w, 10) }}, func(t *testing.T, w *world) {
		before := len(w.CallsOf(opensSocket))
		w.Pass(10 * time.Minute)
		tries := w.CallsOf(opensSocket)[before:]
		for i, next := range tries[1:] {
			require.LessOrEqual(t, next.At.Sub(tries[i].At), deafMost, "nobody hears, so they are not held off all at once")
		}
		require.Less(t, len(tries), 230, "but it is one in three seconds that tries, and hardly more")
		require.Contains(t, w.Log.String(), "too many connections are open")
		require.Equal(t, 10, w.Connections())
	})
	inWorld(t, setup{before: func(w *world) { crowd(w.T, w, 9) }}, func(t *testing.T, w *world) {
		before := len(w.CallsOf(opensSocket))
		w.Pass(10 * time.Minute)
		require.Less(t, len(w.CallsOf(opensSocket))-before, 15, "one hears, so the other one waits")
		require.True(t, w.bot.ears.count() > 0)
	})
}

// TestTheHoldOffIsForTooManyAndForGhosts, and for nothing else.
func TestTheHoldOffIsForTooManyAndForGhosts(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	h := &holdoff{now: func() time.Time { return now }}
	pauses := func(n int, p parting) (all []time.Duration) {
		for range n {
			pause, _ := h.after(p)
			all = append(all, pause)
		}
		return all
	}
	s := time.Second
	refused := parting{err: errors.New("connection refused")}
	require.Equal(t, []time.Duration{s / 2, s, 2 * s, 3 * s, 3 * s}, pauses(5, refused), "as long as may pass while nobody hears")
	for _, reason := range []string{reasonWarning, reasonRefresh} {
		for _, p := range []parting{{reason: reason, greeted: true}, {reason: reason, greeted: true, soon: true}, {reason: reason}} {
			require.Equal(t, []time.Duration{0, 0, 0, 0}, pauses(4, p), "that Slack recycles a line is no fault: %+v", p)
		}
	}
	require.Equal(t, s/2, pauses(1, refused)[0], "and it forgets what went before")
	require.Equal(t, []time.Duration{0, 0, 0}, pauses(3, parting{err: io.EOF, greeted: true}), "neither is a cut")
	require.Equal(t, []time.Duration{s / 2, s, 2 * s, 3 * s}, pauses(4, parting{err: io.EOF, greeted: true, soon: true}), "unless it is at once")
	pauses(1, parting{err: io.EOF, greeted: true})
	require.Equal(t, []time.Duration{s / 2, s, 2 * s, 3 * s}, pauses(4, parting{reason: reasonOff}))
	require.Equal(t, []time.Duration{5 * s, 10 * s, 20 * s, 40 * s, 60 * s, 60 * s}, pauses(6, parting{reason: reasonCrowd}))
	pauses(1, refused)
	require.Equal(t, 5*s, pauses(1, parting{reason: reasonCrowd})[0], "forgotten")
	silent := parting{err: fmt.Errorf("read: %w", errSilent), greeted: true}
	require.Equal(t, []time.Duration{0, 15 * s, 30 * s, 60 * s, 120 * s, 240 * s, 300 * s, 300 * s}, pauses(8, silent))
	now = now.Add(silenceCount + time.Second)
	require.Zero(t, pauses(1, silent)[0])
}

func TestSlackThatIsAwayForAnHourIsFoundAgainWithinSeconds(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Plan(slacksim.Fault{Method: opensSocket, Kind: slacksim.Status500, Times: 1 << 20})
		w.Drop()
		w.Drop()
		w.Pass(time.Hour)
		require.Zero(t, w.Connections())
		require.Equal(t, "dispatch_failed", w.Type(alice, general, "/access").Wait().Error)
		w.ClearFaults()
		w.Pass(deafMost + time.Second)
		require.Equal(t, 2, w.Connections())
		require.True(t, w.Type(alice, general, "/access").Wait().Acked)
	})
}

func TestAnOpenThatHangsIsGivenUp(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Pass(10 * time.Second)
		w.FailNext(opensSocket, slacksim.BeforeEffect, slacksim.Hang)
		w.Drop()
		w.Pass(handshakeWithin + 2*time.Second)
		require.Equal(t, 2, w.Connections())
	})
}

// endsWith runs a bot that must end by itself, and returns why it says it did.
func endsWith(t *testing.T, sim slacksim.Options, then func(w *world)) string {
	t.Helper()
	said := ""
	inWorld(t, setup{sim: sim, lenient: true}, func(t *testing.T, w *world) {
		then(w)
		w.Pass(time.Minute)
		err := w.slack.Doom()
		require.Error(t, err)
		w.Stop()
		require.Equal(t, err, w.Err, "Run returns it")
		said, w.Err = w.Err.Error(), nil
	})
	return said
}

func TestRefusedTokensEndTheProcessWithASentence(t *testing.T) {
	nothing := func(*world) {}
	require.Contains(t, endsWith(t, slacksim.Options{BotToken: "xoxb-another"}, nothing), "SLACK_BOT_TOKEN")
	require.Contains(t, endsWith(t, slacksim.Options{AppToken: "xapp-another"}, nothing), "SLACK_APP_TOKEN")
	require.Contains(t, endsWith(t, slacksim.Options{AppScopes: []string{"authorizations:read"}}, nothing), "connections:write")
	revoked := endsWith(t, slacksim.Options{}, func(w *world) {
		w.Revoke("token_revoked")
		w.Type(alice, general, "/access create jane@acme.example Jane because she starts")
	})
	require.Contains(t, revoked, "token_revoked")
	require.NotContains(t, revoked, "xoxb-")
}

func TestATokenWithoutAScopeEndsTheProcessWithASentence(t *testing.T) {
	for said, lacks := range map[string]string{
		strings.Join(web.Scopes(), ","):                                      "",
		strings.Join(web.Scopes(), ", ") + ", chat:write.public":             "",
		strings.ReplaceAll(strings.Join(web.Scopes(), ","), "im:write,", ""): "the scope im:write:",
		"commands,channels:history,channels:read,groups:history,im:history":  "the scopes chat:write, groups:read, im:write, usergroups:read, users:read, users:read.email:",
		"": "", // Slack does not say
	} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			log := (&bottest.Logbook{}).Logger()
			b := New(web.New(web.Config{HTTP: &http.Client{Transport: roundTrip(func(*http.Request) *http.Response {
				calls++
				rec := httptest.NewRecorder()
				rec.Header().Set("X-OAuth-Scopes", said)
				_, _ = rec.WriteString(`{"ok":true,"team_id":"T0ACME","user_id":"U0USHER"}`) // a recorder takes everything
				return rec.Result()
			})}, Now: time.Now, Log: log}), Config{Now: time.Now, Log: log}, nil, nil)
			err := b.introduce(t.Context())
			require.Equal(t, 2, calls, "as many as it takes to know who it is")
			if lacks == "" {
				require.NoError(t, err, said)
				return
			}
			require.ErrorContains(t, err, "SLACK_BOT_TOKEN lacks "+lacks)
			require.ErrorContains(t, err, "reinstall the app")
			require.Equal(t, err, b.slack.Doom())
		})
	}
}

// roundTrip answers without a network.
type roundTrip func(*http.Request) *http.Response

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

func TestABotThatCannotSignInYetGoesOnTrying(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{}}, func(t *testing.T, w *world) {
		require.NoError(t, w.slack.Doom())
	})
	inWorld(t, setup{before: func(w *world) {
		w.Plan(slacksim.Fault{Method: "auth.test", Kind: slacksim.HTML, Times: 4})
	}}, func(t *testing.T, w *world) {
		require.Zero(t, w.Connections())
		w.Pass(time.Minute)
		require.Equal(t, 2, w.Connections())
		tries := w.CallsOf("auth.test")
		require.Len(t, tries, 4+2)
		for i, next := range tries[1:] {
			require.LessOrEqual(t, next.At.Sub(tries[i].At), deafMost)
		}
	})
}

func TestStrangeEnvelopesAreAcknowledgedAndHurtNothing(t *testing.T) {
	const puzzled = "I can't tell what that was"
	rows := map[string]struct {
		kind, payload string
		says          string // in the ack, privately or by direct message; "": there is nobody to tell, or nothing
	}{
		"nothing":                   {"interactive", ``, ""},
		"null":                      {"slash_commands", `null`, puzzled},
		"a list":                    {"interactive", `[1,2]`, ""},
		"no user":                   {"slash_commands", `{"text":"help","team_id":"T0ACME"}`, puzzled},
		"wrong types":               {"slash_commands", `{"text":7,"user_id":"U0DAVE","team_id":"T0ACME","channel_id":"C0GENERAL","response_url":"URL"}`, puzzled},
		"no text":                   {"slash_commands", `{"user_id":"U0DAVE","team_id":"T0ACME","channel_id":[],"trigger_id":{},"response_url":7}`, "I get people their seats"},
		"a user of the wrong type":  {"interactive", `{"type":"block_actions","user":"U0DAVE"}`, ""},
		"an unknown interaction":    {"interactive", `{"type":"telepathy","user":{"id":"U0DAVE"},"team":{"id":"T0ACME"},"response_url":"URL"}`, puzzled},
		"no type":                   {"interactive", `{"type":[],"user":{"id":"U0DAVE"},"team":{"id":"T0ACME"}}`, puzzled},
		"an unknown envelope":       {"smoke_signal", `{"user":{"id":"U0DAVE"},"response_url":"URL"}`, puzzled},
		"a shortcut":                {"interactive", `{"type":"shortcut","user":{"id":"U0DAVE"},"team":{"id":"T0ACME"},"trigger_id":"1.2.3"}`, puzzled},
		"a closed form":             {"interactive", `{"type":"view_closed","user":{"id":"U0DAVE"},"team":{"id":"T0ACME"}}`, ""},
		"a closed form, strange":    {"interactive", `{"type":"view_closed","user":{"id":"U0DAVE"},"team":{"id":"T0ACME"},"view":[]}`, ""},
		"an event":                  {"events_api", `{"event":{"type":"app_home_opened"}}`, ""},
		"a group that changed":      {"events_api", `{"type":"event_callback","team_id":"T0ACME","event":{"type":"subteam_members_changed","subteam_id":"S0LEADS","added_users_count":"1"}}`, ""},
		"a group, cut short":        {"events_api", `{"event":{"type":"subteam_updated","subteam":{"id":"S0LEADS","users":["U0BOB"],"user_count":900}}}`, ""},
		"a group of nobody's":       {"events_api", `{"event":{"type":"subteam_updated","subteam":{"id":7}}}`, ""},
		"an event without its body": {"events_api", `{"event":[]}`, ""},
		"a click without a button":  {"interactive", `{"type":"block_actions","user":{"id":"U0DAVE"},"team":{"id":"T0ACME"},"response_url":"URL","actions":[]}`, "which request this button belongs to"},
		"a click of a map":          {"interactive", `{"type":"block_actions","user":{"id":"U0DAVE"},"team":{"id":"T0ACME"},"response_url":"URL","actions":{}}`, "which request this button belongs to"},
		"a click with a number":     {"interactive", `{"type":"block_actions","user":{"id":"U0DAVE"},"team":{"id":"T0ACME"},"response_url":"URL","actions":[{"action_id":"approve","value":1}]}`, "which request this button belongs to"},
		"a click in a form":         {"interactive", `{"type":"block_actions","user":{"id":"U0DAVE"},"team":{"id":"T0ACME"},"channel":null,"actions":[7]}`, "which request this button belongs to"},
		"a form of nobody's":        {"interactive", `{"type":"view_submission","user":{"id":"U0DAVE"},"team":{"id":"T0ACME"},"view":{"callback_id":"x"}}`, "another version of Usher"},
		"a form without a view":     {"interactive", `{"type":"view_submission","user":{"id":"U0DAVE"},"team":{"id":"T0ACME"},"view":[]}`, "another version of Usher"},
		"a form without a person":   {"interactive", `{"type":"view_submission","team":{"id":"T0ACME"},"view":{"callback_id":"deny","private_metadata":"VALUE"}}`, puzzled},
		"a command from elsewhere":  {"slash_commands", `{"text":"help","user_id":"U0DAVE","team_id":"T0EVIL","channel_id":"C0GENERAL","response_url":"URL"}`, "a different Slack workspace"},
		"a form without its fields": {"interactive", `{"type":"view_submission","user":{"id":"U0DAVE"},"team":{"id":"T0ACME"},"view":{"callback_id":"deny","private_metadata":"v1:1"}}`, "no request #1"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				acks := &ackbook{}
				payload := strings.ReplaceAll(row.payload, `"URL"`, `"`+responseURL(w)+`"`)
				w.bot.submit(&envelope{id: "e1-x", kind: row.kind, payload: json.RawMessage(payload), via: acks, heard: time.Now()})
				w.Pass(5 * time.Second)
				require.Equal(t, 1, acks.n, "acknowledged exactly once")
				said := acks.said() + w.Whispered(dave, 1)
				for _, m := range w.DM(dave) {
					said += slacksim.PlainText(m)
				}
				if row.says == "" {
					require.Empty(t, said)
				} else {
					require.Contains(t, said, row.says)
				}
				require.NotContains(t, w.Log.String(), "went wrong and was caught")
			})
		})
	}
}

// said is what an ack bore.
func (a *ackbook) said() string {
	if a.payload == nil {
		return ""
	}
	return string(view.JSON(a.payload))
}
