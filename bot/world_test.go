package bot

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/store/bolt"
)

// The people and places of slacksim's demo workspace.
const (
	alice, bob, carol, dave, erin = "U0ALICE", "U0BOB", "U0ADMIN", "U0DAVE", "U0ERIN"
	cards                         = "C0APPROVE"
	general                       = "C0GENERAL"
)

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
	*slacksim.Server
	t         *testing.T
	wire      *pipenet.Listener
	store     *bolt.Store
	desk      *approvals.Desk
	slack     *Slack
	people    *Directory
	courier   *Courier
	worker    *outbox.Worker
	inventory *inventory
	log       *logbook
	bot       *Bot
	order     sync.Mutex
	alarms    []string
	atAlarm   []Status // how the ear was doing as each of them was raised
	cancel    context.CancelFunc
	ended     chan struct{}
	err       error // of Bot.Run
}

func inWorld(t *testing.T, s setup, body func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, s)
		t.Cleanup(func() {
			w.stop()
			w.Close()
			w.wire.Break()
			require.NoError(t, w.store.Close())
			if t.Failed() {
				t.Log(w.log)
			}
		})
		body(t, w)
		w.stop()
		require.NoError(t, w.err, "the bot ended with an error")
	})
}

func newWorld(t *testing.T, s setup) *world {
	t.Helper()
	w := &world{t: t, wire: pipenet.Listen("slack"), log: &logbook{}, ended: make(chan struct{})}
	if s.sim.Scopes == nil {
		s.sim.Scopes = Scopes()
	}
	s.sim.Violation = func(text string) {
		if !s.lenient {
			t.Errorf("breach of Slack's protocol: %s", text)
		}
	}
	w.Server = slacksim.New(s.sim)
	w.SeedDemo()
	w.Serve(w.wire)
	var err error
	w.store, err = bolt.Open(t.TempDir(), bolt.Options{Log: w.log.logger()})
	require.NoError(t, err)
	w.assemble(s)
	cfg := s.cfg
	cfg.Dial, cfg.Now, cfg.Log = w.wire.DialContext, time.Now, w.log.logger()
	bot := New(w.slack, cfg, w.desk, w.house(s))
	bot.Alarm = func(_ context.Context, topic string, say approvals.Text) {
		w.order.Lock()
		defer w.order.Unlock()
		w.alarms = append(w.alarms, topic+": "+say.Plain())
		w.atAlarm = append(w.atAlarm, w.bot.Status())
	}
	w.bot = bot
	if s.before != nil {
		s.before(w)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.cancel = cancel
	var all sync.WaitGroup
	all.Go(func() { w.err = bot.Run(ctx) })
	all.Go(func() { w.worker.Run(ctx) })
	go func() { all.Wait(); close(w.ended) }()
	w.pass(5 * time.Second) // both connections are open by then
	return w
}

func (w *world) assemble(s setup) {
	w.slack = NewSlack(SlackConfig{BotToken: "xoxb-slacksim", AppToken: "xapp-slacksim", APIURL: "http://slack.test/api/", Now: time.Now, Log: w.log.logger(),
		HTTP: &http.Client{Transport: &http.Transport{DialContext: w.wire.DialContext, DisableKeepAlives: true}, Timeout: 10 * time.Second}})
	w.people = NewDirectory(w.slack)
	w.inventory = newInventory()
	if s.approvers == nil {
		s.approvers = []string{"S0LEADS"} // where somebody is named they have a message each (courier_approver_test.go)
	}
	w.worker = &outbox.Worker{Box: w.store, Now: time.Now, Log: w.log.logger()}
	w.desk = &approvals.Desk{
		Book: w.store, Directory: w.people, Admins: []approvals.PersonID{carol}, Log: w.log.logger(), Wake: w.worker.Wake,
		Nonce:    func() (string, error) { return approvals.NewNonce(rand.Reader) },
		Limits:   approvals.Limits{Pending: 500, PerMinute: 500}, // floods come from few people here
		Policies: []approvals.Policy{{Name: "seats", Approvers: s.approvers, Need: s.need, ExpiresAfter: 7 * 24 * time.Hour, Text: "seats"}},
	}
	if s.channel == "" {
		s.channel = cards
	}
	asking := *w.desk
	asking.Directory = NewDirectory(w.slack)
	w.courier = NewCourier(w.slack, CourierConfig{Box: w.store, Requests: &asking, Channel: s.channel,
		Admins: []approvals.PersonID{carol}, People: w.people, Readers: &commands.House{Desk: w.desk, Directory: w.people}, Wake: w.worker.Wake, Life: Life{ID: "thislifethislife"},
		Now: time.Now, Log: w.log.logger()})
	for _, kind := range w.courier.Kinds() {
		w.worker.Add(outbox.Lane{Kind: kind, Doer: w.courier, Width: 4})
	}
	if !s.noDeeds {
		w.worker.Add(outbox.Lane{Kind: approvals.KindDeed, Doer: outbox.DoerFunc(w.deed), Width: 1})
	}
}

func (w *world) house(s setup) House {
	h := &commands.House{Desk: w.desk, Inventory: w.inventory, Directory: w.people, Cards: cards}
	if s.house != nil {
		return s.house(h)
	}
	return h
}

// deed does what was approved, at once.
func (w *world) deed(ctx context.Context, job outbox.Job) outbox.Result {
	n := approvals.NumberOf(job.Key)
	now := time.Now()
	if _, err := w.desk.Record(ctx, n, approvals.Begun{}, now); err != nil {
		return outbox.RetryAt(now.Add(time.Second), err.Error())
	}
	_, err := w.desk.Record(ctx, n, approvals.Happened{Outcome: approvals.Outcome{At: now, Text: approvals.Sayf("The account was created."), AccountID: 36872}}, now)
	if err != nil {
		return outbox.RetryAt(now.Add(time.Second), err.Error())
	}
	return outbox.Settled()
}

// stop ends the bot and waits for it.
func (w *world) stop() {
	w.cancel()
	<-w.ended
}

// pass lets time pass, and everything that then happens happen.
func (w *world) pass(d time.Duration) {
	w.raised()
	<-time.After(d)
	synctest.Wait()
	w.raised()
}

// raised is how many alarms there were; it also tells the race detector that what was read before came first.
func (w *world) raised() int {
	w.order.Lock()
	defer w.order.Unlock()
	return len(w.alarms)
}

// typed types a command as somebody, demands that it is acknowledged in time, and returns what they
// alone then read.
func (w *world) typed(user, text string) string {
	w.t.Helper()
	before := len(w.Ephemerals(user))
	out := w.Type(user, general, text).Wait()
	require.True(w.t, out.Acked, "%s was not acknowledged: %s", text, out.Error)
	w.pass(time.Second)
	return w.whispered(user, before)
}

// clicked clicks a button as somebody, demands an ack, and returns what they alone then read.
func (w *world) clicked(user, channel, ts, label string) string {
	w.t.Helper()
	before := len(w.Ephemerals(user))
	out := w.Click(user, channel, ts, label).Wait()
	require.True(w.t, out.Acked, "the click on %s was not acknowledged: %s", label, out.Error)
	w.pass(time.Second)
	return w.whispered(user, before)
}

func (w *world) whispered(user string, since int) string {
	var all []string
	for _, m := range w.Ephemerals(user)[since:] {
		all = append(all, slacksim.PlainText(m))
	}
	return strings.Join(all, "\n")
}

// asked is the request number that Alice's "create" for an address got, and its card.
func (w *world) asked(email string) (n int64, card slacksim.Message) {
	w.t.Helper()
	said := w.typed(alice, "/access create "+email+" Jane because she runs the launch")
	open, err := w.desk.Requests(w.t.Context(), approvals.Filter{Of: alice}, 1)
	require.NoError(w.t, err)
	require.NotEmpty(w.t, open, "nothing was asked; the answer was %q", said)
	require.Equal(w.t, email, open[0].Change.Email)
	for _, m := range w.Messages(cards) {
		if strings.Contains(slacksim.PlainText(m), email) {
			card = m
		}
	}
	return open[0].Number, card
}

// value is what a button of request n bears.
func (w *world) value(n int64) string {
	w.t.Helper()
	r, err := w.desk.Request(w.t.Context(), n)
	require.NoError(w.t, err)
	return ButtonValue(r.Name())
}

func (w *world) state(n int64) approvals.State {
	w.t.Helper()
	r, err := w.desk.Request(w.t.Context(), n)
	require.NoError(w.t, err)
	return r.State
}

// card is the one card of a channel that names an address.
func (w *world) card(channel, email string) string {
	w.t.Helper()
	var all []string
	for _, m := range w.Messages(channel) {
		if strings.Contains(slacksim.PlainText(m), email) {
			all = append(all, slacksim.PlainText(m))
		}
	}
	require.Len(w.t, all, 1, "cards for %s in %s", email, channel)
	return all[0]
}

// applied counts the calls of a method that took effect.
func (w *world) applied(method string) int {
	n := 0
	for _, c := range w.CallsOf(method) {
		if c.Applied {
			n++
		}
	}
	return n
}

// inventory is a vendor of one app with two accounts and two websites.
type inventory struct {
	mu    sync.Mutex
	seats []approvals.Seat
	fail  error
}

func newInventory() *inventory {
	return &inventory{seats: []approvals.Seat{{ID: 1, Email: "old@acme.example", Type: approvals.ClientSeat}}}
}

func (*inventory) Apps() []approvals.App {
	return []approvals.App{{ID: "seranking", Name: "SE Ranking"}}
}

func (v *inventory) Seats(context.Context, string, bool) (approvals.SeatList, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return approvals.SeatList{App: v.Apps()[0], Seats: v.seats, Bought: 25, At: time.Now()}, v.fail
}

func (v *inventory) Sites(context.Context, string) (approvals.SiteList, error) {
	return approvals.SiteList{Sites: []approvals.Site{{ID: 39, Name: "Acme", Host: "acme.example"}}, At: time.Now()}, nil
}

func (v *inventory) Detail(context.Context, string, int64) (approvals.SeatDetail, error) {
	return approvals.SeatDetail{}, errors.New("not in this test")
}

func (v *inventory) Remembered(string, ...approvals.List) approvals.Remembered {
	v.mu.Lock()
	defer v.mu.Unlock()
	return approvals.Remembered{Seats: approvals.SeatList{App: v.Apps()[0], Seats: v.seats, Bought: 25, At: time.Now()}, GoodSeats: v.fail == nil}
}

func (*inventory) Renew(string, approvals.List) {}

// logbook keeps the log.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logbook) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
