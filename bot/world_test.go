package bot

import (
	"context"
	"testing"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/bottest"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
)

// The people and places of slacksim's demo workspace.
const (
	alice, bob, carol, dave, erin = bottest.Alice, bottest.Bob, bottest.Carol, bottest.Dave, bottest.Erin
	cards                         = bottest.Cards
	general                       = bottest.General
)

// opensSocket is the method by which a connection is asked for.
const opensSocket = "apps.connections.open"

// setup is what a test wants otherwise than usual.
type setup struct {
	sim       slacksim.Options
	cfg       Config
	channel   string
	house     func(*commands.House) House
	approvers []string
	need      int
	lenient   bool // breaches of Slack's protocol do not fail the test
	noDeeds   bool
	before    func(w *world) // before the bot runs
}

// world is the bot with a real store, in a bubble beside a simulated Slack. Deeds are done at once.
type world struct {
	*bottest.World
	slack   *web.Client
	people  *web.Directory
	courier *courier.Courier
	bot     *Bot
	alarms  []string
	atAlarm []Status // how the ear was doing as each of them was raised
}

func inWorld(t *testing.T, s setup, body func(t *testing.T, w *world)) {
	t.Helper()
	w := &world{}
	if s.sim.Scopes == nil {
		s.sim.Scopes = web.Scopes()
	}
	bottest.In(t, bottest.Setup{Sim: s.sim, Approvers: s.approvers, Need: s.need, Lenient: s.lenient, NoDeeds: s.noDeeds},
		func(world *bottest.World) func(context.Context) error {
			w.World = world
			return w.join(s)
		}, func(t *testing.T) { body(t, w) })
}

// join joins the rooms of bot.
func (w *world) join(s setup) func(context.Context) error {
	w.slack = web.New(web.Config{BotToken: bottest.BotToken, AppToken: bottest.AppToken, APIURL: bottest.APIURL, HTTP: w.HTTP(), Now: time.Now, Log: w.Log.Logger()})
	w.people = web.NewDirectory(w.slack)
	w.Desk.Directory = w.people
	w.send(s)
	cfg := s.cfg
	cfg.Dial, cfg.Now, cfg.Log = w.Wire.DialContext, time.Now, w.Log.Logger()
	var house House = w.House()
	if s.house != nil {
		house = s.house(w.House())
	}
	w.bot = New(w.slack, cfg, w.Desk, house)
	w.bot.Alarm = func(_ context.Context, topic string, say approvals.Text) {
		w.Note(func() {
			w.alarms = append(w.alarms, topic+": "+say.Plain())
			w.atAlarm = append(w.atAlarm, w.bot.Status())
		})
	}
	if s.before != nil {
		s.before(w)
	}
	return w.bot.Run
}

// send lets the courier carry what is owed.
func (w *world) send(s setup) {
	asking := *w.Desk
	asking.Directory = web.NewDirectory(w.slack)
	if s.channel == "" {
		s.channel = cards
	}
	w.courier = courier.New(w.slack, courier.Config{Box: w.Store, Requests: &asking, Channel: s.channel, Admins: []approvals.PersonID{carol}, People: w.people,
		Readers: w.House(), Wake: w.Worker.Wake, Life: courier.Life{ID: "thislifethislife"}, Now: time.Now, Log: w.Log.Logger()})
	for _, kind := range w.courier.Kinds() {
		w.Worker.Add(outbox.Lane{Kind: kind, Doer: w.courier, Width: 4})
	}
}

// value is what a button of request n bears.
func (w *world) value(n int64) string { return view.ButtonValue(w.Request(n).Name()) }
