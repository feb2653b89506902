package courier

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/bot/bottest"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
)

// The people and places of slacksim's demo workspace.
const (
	alice, bob, carol, dave, erin = bottest.Alice, bottest.Bob, bottest.Carol, bottest.Dave, bottest.Erin
	cards                         = bottest.Cards
	general                       = bottest.General
)

// setup is what a test wants otherwise than usual.
type setup struct {
	sim       slacksim.Options
	channel   string
	approvers []string
	need      int
	lenient   bool // breaches of Slack's protocol do not fail the test
	noDeeds   bool
	before    func(w *world) // before anything is heard or carried
}

// world is the courier with a real store and an ear, in a bubble beside a simulated Slack. Deeds are done at once.
type world struct {
	*bottest.World
	slack   *web.Client
	courier *Courier
	unwell  atomic.Pointer[error] // why it can't be said how everything is
}

func inWorld(t *testing.T, s setup, body func(t *testing.T, w *world)) {
	t.Helper()
	w := &world{}
	if s.sim.Scopes == nil {
		s.sim.Scopes = web.Scopes()
	}
	s.sim.PingEvery = time.Minute // days go by
	bottest.In(t, bottest.Setup{Sim: s.sim, Approvers: s.approvers, Need: s.need, Lenient: s.lenient, NoDeeds: s.noDeeds},
		func(world *bottest.World) func(context.Context) error {
			w.World = world
			return w.join(s)
		}, func(t *testing.T) { body(t, w) })
}

// join joins the courier to its neighbours, and to an ear, so that people can ask and click.
func (w *world) join(s setup) func(context.Context) error {
	log := w.Log.Logger()
	w.slack = web.New(web.Config{BotToken: bottest.BotToken, AppToken: bottest.AppToken, APIURL: bottest.APIURL, HTTP: w.HTTP(), Now: time.Now, Log: log})
	people := web.NewDirectory(w.slack)
	w.Desk.Directory = people
	asking := *w.Desk
	asking.Directory = web.NewDirectory(w.slack)
	if s.channel == "" {
		s.channel = cards
	}
	w.courier = New(w.slack, Config{Box: w.Store, Requests: &asking, Channel: s.channel, Admins: []approvals.PersonID{carol}, People: people,
		Readers: w.House(), Homes: &asking, Health: w, Holds: w.House(), Wake: w.Worker.Wake, Life: Life{ID: "thislifethislife"}, Now: time.Now, Log: log})
	for _, kind := range w.courier.Kinds() {
		w.Worker.Add(outbox.Lane{Kind: kind, Doer: w.courier, Width: 4})
	}
	if s.before != nil {
		s.before(w)
	}
	return bot.New(w.slack, bot.Config{Dial: w.Wire.DialContext, Now: time.Now, Log: log, PingEvery: time.Minute}, w.Desk, w.House()).Run
}

// value is what a button of request n bears.
func (w *world) value(n int64) string { return view.ButtonValue(w.Request(n).Name()) }

// Health implements courier.Health: all is well.
func (w *world) Health(context.Context, time.Time) (approvals.Health, error) {
	if why := w.unwell.Load(); why != nil {
		return approvals.Health{}, *why
	}
	return approvals.Health{Open: 2, Wanted: 2}, nil
}
