package approvals

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// pooling is an app that a person carries out, whose account shares out so much light.
func pooling(of int64) App {
	light := catalog.Field{Key: "light", Label: "Light", Noun: catalog.Noun{One: "light", Many: "light"}, Kind: catalog.Number, Share: true}
	step := []catalog.Step{{Key: "do", Do: "Do it"}}
	return App{ID: "office", Name: "The office", Owners: []string{"U0BOB"}, Pool: []Limit{{"light", of}}, Entry: &catalog.Entry{Kind: "office", Seat: catalog.Noun{One: "badge", Many: "badges"},
		Actions: []catalog.Action{
			{Key: catalog.Create, Effect: catalog.Gives, New: true, Undo: catalog.Delete, Fields: []catalog.Field{light}, Steps: step},
			{Key: catalog.Update, Effect: catalog.Changes, Fields: []catalog.Field{light}, Steps: step},
			{Key: catalog.Delete, Effect: catalog.Takes, Ends: true, Steps: step},
		}}}
}

// poolBook keeps everything as a store does: one transaction at a time, and none of what is refused.
type poolBook struct {
	mu    sync.Mutex
	list  map[int64][]byte
	stock []byte
}

type poolTx struct {
	oneTx
	list  map[int64][]byte
	stock []byte
	owed  *[]string
}

func (b *poolBook) Update(_ context.Context, fn func(Tx) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	tx := &poolTx{oneTx{&oneBook{}}, maps.Clone(b.list), b.stock, &[]string{}}
	if err := fn(tx); err != nil {
		return err
	}
	b.list, b.stock = tx.list, tx.stock
	return nil
}

func (b *poolBook) Request(_ context.Context, n int64) (Request, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return (&poolTx{list: b.list}).Request(n)
}

func (b *poolBook) Keyed(context.Context, string) (Request, error)           { return Request{}, ErrNoRequest }
func (b *poolBook) Requests(context.Context, Filter, int) ([]Request, error) { return nil, nil }
func (x *poolTx) Next() (int64, error)                                       { return int64(len(x.list)) + 1, nil }
func (x *poolTx) Change(c outbox.Change) error                               { x.owe(c); return nil }
func (x *poolTx) OpenIn(string) ([]Request, error) {
	return x.those(func(r Request) bool { return !r.State.Terminal() })
}
func (x *poolTx) DoneIn(string) ([]Request, error) {
	return x.those(func(r Request) bool { return r.State == Done || r.State == Ended })
}
func (x *poolTx) KeepStock(_ string, s Stock) (err error) { x.stock, err = json.Marshal(s); return err }
func (x *poolTx) owe(c outbox.Change) {
	if c.Put != nil {
		*x.owed = append(*x.owed, c.Put.Key)
	}
}

func (x *poolTx) Request(n int64) (r Request, err error) {
	if x.list[n] == nil {
		return r, ErrNoRequest
	}
	return r, json.Unmarshal(x.list[n], &r)
}

func (x *poolTx) Put(r Request) (err error) {
	x.list[r.Number], err = json.Marshal(r)
	return err
}

func (x *poolTx) Stock(string) (s Stock, err error) {
	if x.stock != nil {
		err = json.Unmarshal(x.stock, &s)
	}
	return s, err
}

func (x *poolTx) those(pick func(Request) bool) (out []Request, err error) {
	for _, n := range slices.Sorted(maps.Keys(x.list)) {
		r, err := x.Request(n)
		if err != nil {
			return nil, err
		}
		if pick(r) {
			out = append(out, r)
		}
	}
	return out, nil
}

// poolDesk is a desk with a pool of so much light, which Erin decides about and Bob hands out.
type poolDesk struct {
	*Desk
	t    testing.TB
	book *poolBook
	now  time.Time
}

func newPool(t testing.TB, of int64) *poolDesk {
	book := &poolBook{list: map[int64][]byte{}}
	d := &Desk{Apps: []App{pooling(of)}, Book: book, Directory: crew(), Admins: []PersonID{"U0ADMIN"}, Log: slog.New(slog.DiscardHandler), Wake: func() {},
		Policies: []Policy{{Name: "all", Approvers: []string{"U0ERIN"}, Need: 1, ExpiresAfter: time.Hour * 1000}}, Nonce: func() (string, error) { return "n", nil },
		Limits: Limits{Pending: 1000, PerMinute: 1000, PerDay: 10000}}
	return &poolDesk{d, t, book, noon}
}

// light is a wish for so much of it; negative: for nothing of it.
func light(n int) catalog.Values {
	if n < 0 {
		return nil
	}
	return catalog.Values{{Key: "light", Items: []catalog.Item{{ID: strconv.Itoa(n)}}, Share: true}}
}

func (d *poolDesk) ask(a Action, email string, n int, blind bool) (int64, error) {
	r, _, err := d.Open(context.Background(), Ask{Requester: "U0ALICE", App: d.Apps[0], Action: a, Change: Change{Email: email, Values: light(n)}, Reason: "why", Said: &Said{Email: email, Blind: blind}}, d.now)
	return r.Number, err
}

func (d *poolDesk) yes(n int64) error {
	_, err := d.Vote(context.Background(), n, Vote{By: "U0ERIN", Yes: true, Edition: d.read(n).Edition()}, d.now)
	return err
}

func (d *poolDesk) read(n int64) Request {
	r, err := d.Request(context.Background(), n)
	require.NoError(d.t, err)
	return r
}

// begin gives the task to Bob, and last ticks its last step.
func (d *poolDesk) begin(n int64) error {
	_, err := d.seeTo(context.Background(), n, 0, d.now)
	return err
}

func (d *poolDesk) last(n int64) error {
	_, err := d.Tick(context.Background(), n, 0, Tick{By: "U0BOB"}, d.now)
	return err
}

// given has a request approved and done.
func (d *poolDesk) given(a Action, email string, n int) int64 {
	at, err := d.ask(a, email, n, true)
	require.NoError(d.t, err)
	require.NoError(d.t, d.yes(at))
	require.NoError(d.t, d.begin(at))
	require.NoError(d.t, d.last(at))
	return at
}

func (d *poolDesk) pool() Spread {
	p, err := d.Pool(context.Background(), "office")
	require.NoError(d.t, err)
	return p.Limits[0]
}
