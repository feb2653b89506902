package provision_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/values"
)

// people is a directory in which everybody is an active member.
type people struct{}

// asked is what Slack says of whoever a deed is for, at the moment it is asked.
type asked struct {
	mu   sync.Mutex
	left bool
	err  error
	n    int
	// owner is whom an address is said to belong to; lost: Slack does not say.
	owner approvals.PersonID
	lost  error
}

func (a *asked) ByEmail(context.Context, string) (approvals.Person, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return approvals.Person{ID: a.owner, Active: true}, a.lost
}

// finds sets whose addresses are said to be.
func (a *asked) finds(owner approvals.PersonID, lost error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.owner, a.lost = owner, lost
}

func (a *asked) Fresh(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n++
	return approvals.Person{ID: id, Active: !a.left}, a.err
}

func (a *asked) say(left bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left, a.err = left, err
}

func (people) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	return approvals.Person{ID: id, Email: string(id) + "@acme.example", Active: true}, nil
}

func (people) ByEmail(context.Context, string) (approvals.Person, error) {
	return approvals.Person{}, nil
}

func (people) Group(context.Context, approvals.GroupID) ([]approvals.PersonID, error) {
	return nil, nil
}

// memory is a store that may fail to tell what was found out.
type memory struct {
	*bolt.Store
	fails bool
}

func (m *memory) Learned(ctx context.Context, name string) ([]byte, error) {
	if m.fails {
		return nil, errors.New("the disk has trouble")
	}
	return m.Store.Learned(ctx, name)
}

// world is a desk, a store, a worker that carries out deeds, and a vendor, in one bubble.
type world struct {
	t         *testing.T
	ctx       context.Context
	vendor    *vendorsim.Vendor
	store     *bolt.Store
	desk      *approvals.Desk
	worker    *outbox.Worker
	deeds     *provision.Deeds
	slack     *asked
	inventory *provision.Inventory
	memory    *memory
	alarms    []string
	told      []string
	jane      vendorsim.Account
}

func inWorld(t *testing.T, path string, f func(w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, slack: &asked{}}
		var stop context.CancelFunc
		w.ctx, stop = context.WithCancel(context.Background())
		w.vendor = vendorsim.New(vendorsim.Options{Now: time.Now, Seats: 25, Violation: func(s string) { t.Error("violation: " + s) }})
		vendorsim.SeedDemo(w.vendor)
		listener := pipenet.Listen("vendor.test")
		server := &http.Server{Handler: w.vendor}
		go func() { _ = server.Serve(listener) }()
		transport := &http.Transport{DialContext: listener.DialContext}
		dialect := vendorsim.Unified
		if path == "/legacy" {
			dialect = vendorsim.Legacy
		}
		client, err := seranking.New(seranking.Config{BaseURL: "http://vendor.test" + path, AllowHTTP: true, Key: apiclient.Secret(w.vendor.Key(dialect)),
			HTTP: &http.Client{Transport: transport}, Now: time.Now, Random: rand.NewChaCha8([32]byte{1})})
		require.NoError(t, err)
		log := slog.New(slog.DiscardHandler)
		w.store, err = bolt.Open(ramdisk.Folder(t), bolt.Options{Log: log})
		require.NoError(t, err)
		w.memory = &memory{Store: w.store}
		worker := &outbox.Worker{Box: w.store, Now: time.Now, Log: log, Life: "first"}
		w.worker = worker
		w.desk = &approvals.Desk{Apps: []approvals.App{seRanking()}, Book: w.store, Directory: people{}, Log: log, Wake: worker.Wake, Admins: []approvals.PersonID{"U0ADMIN"},
			Nonce:    func() (string, error) { return approvals.NewNonce(rand.NewChaCha8([32]byte{2})) },
			Policies: []approvals.Policy{{Name: "seats", Approvers: []string{"U0BOB"}, Need: 1, ExpiresAfter: 7 * 24 * time.Hour, Text: "seats"}}}
		byAPI := byapi.Hands{Client: client, App: "seranking", Memory: w.memory}
		app := provision.App{App: seRanking(), Reader: byAPI, Bought: 25}
		w.inventory = provision.NewInventory([]provision.App{app}, 2*time.Minute, time.Now)
		w.deeds = &provision.Deeds{Desk: w.desk, Kinds: map[string]provision.Kind{"seranking": byAPI},
			People: w.slack, Changed: w.inventory.Changed, Now: time.Now, Log: log,
			Alarm: func(_ context.Context, topic string, _ approvals.Text) { w.alarms = append(w.alarms, topic) }}
		worker.Add(outbox.Lane{Kind: approvals.KindDeed, Doer: w.deeds, Width: 4})
		worker.Add(outbox.Lane{Kind: approvals.KindEnd, Doer: w.deeds.Endings(), Width: 4})
		worker.Add(outbox.Lane{Kind: approvals.KindLook, Doer: &provision.Looks{Desk: w.desk, Inventory: w.inventory, Now: time.Now, Log: log}, Width: 4})
		worker.Add(outbox.Lane{Kind: approvals.KindTell, Width: 1, Doer: outbox.DoerFunc(func(_ context.Context, j outbox.Job) outbox.Result {
			w.told = append(w.told, j.Key)
			return outbox.DoneWith(outbox.Receipt{})
		})})
		w.vendor.AddAccount(vendorsim.Account{Email: "jane@acme.example", FirstName: "Jane", Type: "client", SharedSites: []int64{w.vendor.Sites()[0].ID}})
		w.jane, _ = w.vendor.Account("jane@acme.example")
		done := make(chan struct{})
		go func() { worker.Run(w.ctx); close(done) }()
		f(w)
		stop()
		<-done
		require.NoError(t, w.store.Check(context.Background()))
		require.NoError(t, w.store.Close())
		transport.CloseIdleConnections()
		require.NoError(t, server.Close())
		_ = listener.Close()
	})
}

// seRanking is the app as it is configured here.
func seRanking() approvals.App {
	return approvals.App{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}
}

// approve puts a request for an action on the table and has Bob approve it.
func (w *world) approve(action approvals.Action, c approvals.Change) int64 {
	w.t.Helper()
	n := w.ask(action, c)
	w.yes(n)
	return n
}

func (w *world) ask(action approvals.Action, c approvals.Change) int64 {
	w.t.Helper()
	r, _, err := w.desk.Open(w.ctx, approvals.Ask{Requester: "U0ALICE", App: seRanking(),
		Action: action, Change: c, Reason: "for the audit"}, time.Now())
	require.NoError(w.t, err)
	return r.Number
}

// yes is Bob's.
func (w *world) yes(n int64) {
	w.t.Helper()
	_, err := w.desk.Vote(w.ctx, n, approvals.Vote{By: "U0BOB", Yes: true, At: time.Now(), Surface: "slack"}, time.Now())
	require.NoError(w.t, err)
}

// until waits for the vendor to be asked.
func (w *world) until(op vendorsim.Op) {
	w.t.Helper()
	for end := time.Now().Add(5 * time.Minute); len(w.vendor.CallsOf(op)) == 0; pass(50 * time.Millisecond) {
		require.True(w.t, time.Now().Before(end), "it was never asked to %s", op)
	}
}

// settle lets time pass until the request leaves what is under way, at most d.
func (w *world) settle(n int64, d time.Duration) approvals.Request {
	w.t.Helper()
	began := time.Now()
	for end := began.Add(d); ; pass(max(time.Second, time.Since(began)/60)) {
		synctest.Wait()
		r, err := w.desk.Request(w.ctx, n)
		require.NoError(w.t, err)
		if r.State.Terminal() || time.Now().After(end) {
			return r
		}
	}
}

func (w *world) site(i int) catalog.Item {
	s := w.vendor.Sites()[i]
	return catalog.Item{ID: id(s.ID), Name: s.Title, Host: s.URL, Nameless: "site"}
}

// wishes is one request of each action that can be done at the seeded vendor.
func (w *world) wishes() map[approvals.Action]approvals.Change {
	jane := approvals.Change{Email: w.jane.Email, Account: id(w.jane.ID), Sort: "client"}
	with := func(v values.Of) approvals.Change {
		c := jane
		c.Values = v.Values()
		return c
	}
	return map[approvals.Action]approvals.Change{
		catalog.Create:  {Email: "new@acme.example", FirstName: "New", Values: values.Of{Type: "client", HasAccess: true, Access: []string{"report_manual"}}.Values()},
		catalog.Share:   with(values.Of{Sites: []catalog.Item{w.site(1), w.site(2)}}),
		catalog.Unshare: with(values.Of{Sites: []catalog.Item{w.site(0)}}),
		catalog.Update:  with(values.Of{HasAccess: true, Access: []string{"report_manual", "report_scheduled"}, HasLimit: true, Amount: 50, Period: "month"}),
		catalog.Delete:  jane}
}

// id is the vendor's number of something as a request keeps it.
func id(n int64) string { return strconv.FormatInt(n, 10) }

// pass lets time go by in the bubble.
func pass(d time.Duration) { <-time.After(d) }
