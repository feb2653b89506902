package web

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/usherbot/usher/bot/bottest"
	"github.com/usherbot/usher/sim/slacksim"
)

// The people and places of slacksim's demo workspace.
const (
	alice, bob, carol, dave, erin = bottest.Alice, bottest.Bob, bottest.Carol, bottest.Dave, bottest.Erin
	cards                         = bottest.Cards
	general                       = bottest.General
)

// workspace is a simulated Slack, and what is tested of it: nothing else calls it.
type workspace struct {
	*bottest.Slack
	slack  *Client
	people *Directory
}

func inSlack(t *testing.T, body func(t *testing.T, w *workspace)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &workspace{Slack: bottest.Open(t, slacksim.Options{Scopes: Scopes()}, false)}
		w.slack = New(Config{BotToken: bottest.BotToken, AppToken: bottest.AppToken, APIURL: bottest.APIURL, HTTP: w.HTTP(), Now: time.Now, Log: w.Log.Logger()})
		w.people = NewDirectory(w.slack)
		body(t, w)
	})
}
