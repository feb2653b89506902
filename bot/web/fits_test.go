package web

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// TestAnAnswerThatDoesNotFitIsNotBelieved asks each question once with an answer to another one, and once
// with an answer that lacks what was asked: neither is taken for an answer, and nothing of it is remembered.
func TestAnAnswerThatDoesNotFitIsNotBelieved(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		m := Message{Text: "hello"}
		ts, err := w.slack.Post(t.Context(), cards, m, nil)
		require.NoError(t, err)
		questions := map[string]func(ctx context.Context) error{
			methodUser:     func(ctx context.Context) error { _, err := w.people.Person(ctx, erin); return err },
			methodGroup:    func(ctx context.Context) error { _, err := w.people.Group(ctx, "S0LEADS"); return err },
			methodUsers:    func(ctx context.Context) error { _, err := w.people.Everybody(ctx); return err },
			methodGroups:   func(ctx context.Context) error { _, err := w.people.GroupName(ctx, "S0LEADS"); return err },
			methodOpenDM:   func(ctx context.Context) error { _, err := w.slack.DM(ctx, erin); return err },
			methodChannel:  func(ctx context.Context) error { _, err := w.slack.room(ctx, cards); return err },
			methodChannels: func(ctx context.Context) error { _, err := w.slack.ChannelID(ctx, "#general"); return err },
			MethodHistory:  func(ctx context.Context) error { _, err := w.slack.Stands(ctx, cards, ts); return err },
			MethodPost:     func(ctx context.Context) error { _, err := w.slack.Post(ctx, cards, m, nil); return err },
			methodUpdate:   func(ctx context.Context) error { return w.slack.Update(ctx, cards, ts, m, nil) },
			methodDelete: func(ctx context.Context) error {
				more, err := w.slack.Post(ctx, general, m, nil)
				require.NoError(t, err)
				return w.slack.Remove(ctx, general, more)
			},
			methodEphemeral: func(ctx context.Context) error {
				return w.slack.Ephemeral(ctx, cards, "", erin, m)
			},
			methodAuthTest:   func(ctx context.Context) error { _, err := New(w.slack.cfg).Identity(ctx); return err },
			methodOpenSocket: func(ctx context.Context) error { _, err := NewProbe(w.slack).Socket(ctx); return err },
		}
		for method, ask := range questions {
			for _, kind := range []slacksim.Kind{slacksim.OtherID, slacksim.NoID, slacksim.Torn} {
				if kind == slacksim.NoID && (method == methodUpdate || method == methodDelete) {
					continue // what these repeat of the question is not what was asked for (TestAnEchoThatIsLeftOutIsNoMisfit)
				}
				w.FailNext(method, slacksim.AfterEffect, kind)
				err := ask(t.Context())
				require.Error(t, err, "%s, %s", method, kind)
				require.Equal(t, Unknown, FaultOf(err), "%s, %s: %v", method, kind, err)
				w.Pass(2 * time.Second)
			}
			require.NoError(t, ask(t.Context()), method)
			w.Pass(2 * time.Second)
		}
	})
}

func TestOnlySlacksOwnAddressesAreDialed(t *testing.T) {
	of := func(api string) *Client { return New(Config{APIURL: api}) }
	for api, rows := range map[string]map[string]bool{
		"https://slack.com/api/": {"wss://wss-primary.slack.com/link/?ticket=1": true, "wss://wss-primary.slack.com.evil.example/": false,
			"ws://wss-primary.slack.com/link/": false, "https://wss-primary.slack.com/": false, "wss://evilslack.com/": false,
			"wss://u:p@wss-primary.slack.com/": false, "": false, "wss:///link": false, "::": false},
		"https://slack-gov.com/api/": {"wss://wss-one.slack-gov.com/link/": true},
		"http://127.0.0.1:80/api/":   {"ws://127.0.0.1:80/link/": true, "ws://127.0.0.1:81/link/": false, "wss://wss-primary.slack.com/link/": true},
	} {
		for address, ours := range rows {
			require.Equal(t, ours, of(api).ourSocket(address), "%s from %s", address, api)
		}
	}
}
