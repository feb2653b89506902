package bottest

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/store/bolt"
)

// Setup is what a test wants otherwise than usual.
type Setup struct {
	Sim slacksim.Options
	// Approvers of the one policy, and how many of them must say yes; none named: the leads, one of them.
	Approvers []string
	Need      int
	// Lenient: breaches of Slack's protocol do not fail the test.
	Lenient bool
	// NoDeeds: what was approved is not carried out.
	NoDeeds bool
}

// World is a Slack with a desk behind it, and a real store. Deeds are done at once.
type World struct {
	*Slack
	Store  *bolt.Store
	Desk   *approvals.Desk
	Worker *outbox.Worker
	// Err is why the ear ended by itself; a test that expects it clears it.
	Err    error
	cancel context.CancelFunc
	ended  chan struct{}
	order  sync.Mutex
}

// In runs a test beside a world. join joins the rooms that the test is about, and returns what hears until its
// context ends.
func In(t *testing.T, s Setup, join func(w *World) (run func(context.Context) error), body func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, s)
		w.begin(join(w))
		body(t)
		w.Stop()
		require.NoError(t, w.Err, "the bot ended with an error")
	})
}

func newWorld(t *testing.T, s Setup) *World {
	t.Helper()
	w := &World{Slack: Open(t, s.Sim, s.Lenient), ended: make(chan struct{})}
	var err error
	w.Store, err = bolt.Open(ramdisk.Folder(t), bolt.Options{Log: w.Log.Logger()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Store.Close()) })
	if s.Approvers == nil {
		s.Approvers = []string{"S0LEADS"} // where somebody is named they have a message each
	}
	w.Worker = &outbox.Worker{Box: w.Store, Now: time.Now, Log: w.Log.Logger()}
	w.Desk = &approvals.Desk{Apps: Inventory{}.Apps(),
		Book: w.Store, Admins: []approvals.PersonID{Carol}, Log: w.Log.Logger(), Wake: w.Worker.Wake,
		Nonce:    func() (string, error) { return approvals.NewNonce(rand.Reader) },
		Limits:   approvals.Limits{Pending: 500, PerMinute: 500}, // floods come from few people here
		Policies: []approvals.Policy{{Name: "seats", Approvers: s.Approvers, Need: s.Need, ExpiresAfter: 7 * 24 * time.Hour, Text: "seats"}},
	}
	if !s.NoDeeds {
		w.Worker.Add(outbox.Lane{Kind: approvals.KindDeed, Doer: outbox.DoerFunc(w.deed), Width: 1})
	}
	return w
}

// begin hears and works until Stop.
func (w *World) begin(run func(context.Context) error) {
	ctx, cancel := context.WithCancel(w.T.Context())
	w.cancel = cancel
	var all sync.WaitGroup
	all.Go(func() { w.Err = run(ctx) })
	all.Go(func() { w.Worker.Run(ctx) })
	go func() { all.Wait(); close(w.ended) }()
	w.T.Cleanup(w.Stop)
	w.Pass(5 * time.Second) // both connections are open by then
}

// Stop ends what hears and works, and waits for it. It may be called again.
func (w *World) Stop() {
	w.cancel()
	<-w.ended
}

// House is the commands of the world's desk; its Directory is there by then.
func (w *World) House() *commands.House {
	return &commands.House{Desk: w.Desk, Inventory: Inventory{}, Directory: w.Desk.Directory, Cards: Cards}
}

// deed does what was approved, at once.
func (w *World) deed(ctx context.Context, job outbox.Job) outbox.Result {
	n := approvals.NumberOf(job.Key)
	now := time.Now()
	if _, err := w.Desk.Record(ctx, n, approvals.Begun{}, now); err != nil {
		return outbox.RetryAt(now.Add(time.Second), err.Error())
	}
	_, err := w.Desk.Record(ctx, n, approvals.Happened{Outcome: approvals.Outcome{At: now, Text: approvals.Sayf("The account was created."), AccountID: "36872"}}, now)
	if err != nil {
		return outbox.RetryAt(now.Add(time.Second), err.Error())
	}
	return outbox.Settled()
}

// Pass lets time pass, and everything that then happens happen.
func (w *World) Pass(d time.Duration) {
	w.Note(func() {})
	w.Slack.Pass(d)
	w.Note(func() {})
}

// Note writes down what happens in a goroutine of the world's own: whoever reads it after a Pass reads it in order.
func (w *World) Note(write func()) {
	w.order.Lock()
	defer w.order.Unlock()
	write()
}

// Typed types a command as somebody, demands that it is acknowledged in time, and returns what they
// alone then read.
func (w *World) Typed(user, text string) string {
	w.T.Helper()
	before := len(w.Ephemerals(user))
	out := w.Type(user, General, text).Wait()
	require.True(w.T, out.Acked, "%s was not acknowledged: %s", text, out.Error)
	w.Pass(time.Second)
	return w.Whispered(user, before)
}

// Clicked clicks a button as somebody, demands an ack, and returns what they alone then read.
func (w *World) Clicked(user, channel, ts, label string) string {
	w.T.Helper()
	before := len(w.Ephemerals(user))
	out := w.Click(user, channel, ts, label).Wait()
	require.True(w.T, out.Acked, "the click on %s was not acknowledged: %s", label, out.Error)
	w.Pass(time.Second)
	return w.Whispered(user, before)
}

// Whispered is what somebody alone has read, but for as many of the first.
func (w *World) Whispered(user string, since int) string {
	var all []string
	for _, m := range w.Ephemerals(user)[since:] {
		all = append(all, slacksim.PlainText(m))
	}
	return strings.Join(all, "\n")
}

// Asked is the request number that Alice's "create" for an address got, and its card.
func (w *World) Asked(email string) (n int64, card slacksim.Message) {
	w.T.Helper()
	said := w.Typed(Alice, "/access create "+email+" Jane because she runs the launch")
	open, err := w.Desk.Requests(w.T.Context(), approvals.Filter{Of: Alice}, 1)
	require.NoError(w.T, err)
	require.NotEmpty(w.T, open, "nothing was asked; the answer was %q", said)
	require.Equal(w.T, email, open[0].Change.Email)
	for _, m := range w.Messages(Cards) {
		if strings.Contains(slacksim.PlainText(m), email) {
			card = m
		}
	}
	return open[0].Number, card
}

// Request is a request as it is now.
func (w *World) Request(n int64) approvals.Request {
	w.T.Helper()
	r, err := w.Desk.Request(w.T.Context(), n)
	require.NoError(w.T, err)
	return r
}

// State is how a request stands.
func (w *World) State(n int64) approvals.State {
	w.T.Helper()
	return w.Request(n).State
}

// Card is the one card of a channel that names an address.
func (w *World) Card(channel, email string) string {
	w.T.Helper()
	var all []string
	for _, m := range w.Messages(channel) {
		if strings.Contains(slacksim.PlainText(m), email) {
			all = append(all, slacksim.PlainText(m))
		}
	}
	require.Len(w.T, all, 1, "cards for %s in %s", email, channel)
	return all[0]
}
