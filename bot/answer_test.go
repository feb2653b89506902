package bot

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

// TestAnEmptyAnswerOfAResponseURLIsOne: what was taken in is not said once more another way.
func TestAnEmptyAnswerOfAResponseURLIsOne(t *testing.T) {
	inWorld(t, setup{before: func(w *world) { w.Behave(slacksim.Manners{TerseHooks: true}) }}, func(t *testing.T, w *world) {
		_, card := w.Asked("jane@acme.example")
		require.NotEmpty(t, w.Clicked(dave, cards, card.TS, "Approve"))
		w.Pass(time.Minute)
		require.Len(t, w.Ephemerals(dave), 1)
		require.Len(t, w.CallsOf("response_url"), 1)
		require.Empty(t, w.CallsOf("chat.postEphemeral"))
		require.Empty(t, w.DM(dave))
		require.NotContains(t, w.Log.String(), "wrong answer")
	})
}

func TestAnswersFindAnotherWayWhenTheResponseURLIsUsedUp(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		_, card := w.Asked("jane@acme.example")
		w.RateLimit("response_url", 1, time.Minute)
		require.Contains(t, w.Clicked(dave, cards, card.TS, "Approve"), "isn't yours to decide")
		require.Equal(t, 1, w.Applied("chat.postEphemeral"))
	})
}

func TestALostAnswerIsNotSaidTwice(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		_, card := w.Asked("jane@acme.example")
		w.FailNext("response_url", slacksim.AfterEffect, slacksim.Cut)
		w.Clicked(dave, cards, card.TS, "Approve")
		w.Pass(20 * time.Second)
		require.Len(t, w.Ephemerals(dave), 1)
	})
}

// responseURL is one that Dave was given for a command that is answered through it.
func responseURL(w *world) string {
	d := w.Type(dave, general, "/access status")
	d.Wait()
	w.Pass(time.Second)
	var p struct {
		ResponseURL string `json:"response_url"`
	}
	require.NoError(w.T, json.Unmarshal(d.Payload(), &p))
	return p.ResponseURL
}

// ackbook counts acks.
type ackbook struct {
	n       int
	payload any
}

func (a *ackbook) AckCtx(_ context.Context, _ string, payload any) error {
	a.n++
	a.payload = payload
	return nil
}

func TestAnAnswerTooLongForAnAckIsSaidAfterIt(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		bot := w.bot
		acks := &ackbook{}
		e := &envelope{id: "e1", kind: "slash_commands", via: acks, heard: time.Now()}
		s := said{typ: typeSlash, who: dave, channel: general, responseURL: responseURL(w)}
		wide := view.Refusal(approvals.Refuse(approvals.Invalid, "%v", strings.Repeat("漢", 2900)))
		wide.Text = strings.Repeat("漢", 3900)
		bot.answer(t.Context(), e, s, wide)
		w.Pass(5 * time.Second)
		require.Equal(t, 1, acks.n)
		require.Nil(t, acks.payload)
		require.Contains(t, w.Whispered(dave, 1), "漢漢漢")
	})
}
