package commands

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/test/values"
)

var (
	noon     = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	errVague = errors.New("connection reset by peer")
)

// memory is an approvals.Book that keeps everything in a map. A transaction whose function fails
// leaves nothing behind, as the contract has it.
type memory struct {
	t        *testing.T
	requests map[int64]approvals.Request
	promises []outbox.Change
	audit    []approvals.Entry
	inside   bool
	away     []approvals.Absence
}

type memoryTx struct {
	b *memory
	// put, audit and changes are what is kept if the function succeeds.
	put     map[int64]approvals.Request
	audit   []approvals.Entry
	changes []outbox.Change
	away    *[]approvals.Absence
}

func (b *memory) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	require.False(b.t, b.inside, "a transaction inside a transaction")
	b.inside = true
	defer func() { b.inside = false }()
	var tx *memoryTx
	for range 2 { // a Book may run fn several times; only the last counts
		tx = &memoryTx{b: b, put: map[int64]approvals.Request{}}
		if err := fn(tx); err != nil {
			return err
		}
	}
	maps.Copy(b.requests, tx.put)
	if tx.away != nil {
		b.away = *tx.away
	}
	b.audit, b.promises = append(b.audit, tx.audit...), append(b.promises, tx.changes...)
	return nil
}

func (b *memory) Request(_ context.Context, n int64) (approvals.Request, error) {
	require.False(b.t, b.inside, "the book is read around a transaction")
	r, ok := b.requests[n]
	if !ok {
		return r, approvals.ErrNoRequest
	}
	return r, nil
}

func (b *memory) Requests(_ context.Context, f approvals.Filter, limit int) ([]approvals.Request, error) {
	list := b.sorted(func(r approvals.Request) bool {
		return (f.Of == "" || r.Requester == f.Of) && (f.For == "" || r.Change.Person == f.For) && (f.State == "" || r.State == f.State) &&
			(f.Below == 0 || r.Number < f.Below) &&
			(f.All || f.State != "" || !r.State.Terminal())
	})
	slices.Reverse(list)
	return list[:min(len(list), limit)], nil
}

func (b *memory) Keyed(_ context.Context, key string) (approvals.Request, error) {
	require.False(b.t, b.inside, "the book is read around a transaction")
	for _, r := range b.requests {
		if r.Origin.Key == key {
			return r, nil
		}
	}
	return approvals.Request{}, approvals.ErrNoRequest
}

func (b *memory) sorted(keep func(approvals.Request) bool) []approvals.Request {
	var out []approvals.Request
	for _, r := range b.requests {
		if keep(r) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(x, y approvals.Request) int { return int(x.Number - y.Number) })
	return out
}

func (tx *memoryTx) Request(n int64) (approvals.Request, error) {
	if r, ok := tx.put[n]; ok {
		return r, nil
	}
	if r, ok := tx.b.requests[n]; ok {
		return r, nil
	}
	return approvals.Request{}, approvals.ErrNoRequest
}

func (tx *memoryTx) Keyed(key string) (int64, error) {
	for n, r := range tx.b.requests {
		if r.Origin.Key == key {
			return n, nil
		}
	}
	return 0, nil
}

func (tx *memoryTx) Next() (int64, error) { return int64(len(tx.b.requests)) + 1, nil }

func (tx *memoryTx) Put(r approvals.Request) error {
	tx.put[r.Number] = r
	return nil
}

func (tx *memoryTx) Waiting(p approvals.PersonID) (int, error) {
	return len(tx.b.sorted(func(r approvals.Request) bool { return r.Requester == p && r.State == approvals.Pending })), nil
}

func (tx *memoryTx) Latest(p approvals.PersonID, n int) (approvals.Request, bool, error) {
	list := tx.b.sorted(func(r approvals.Request) bool { return r.Requester == p })
	if n < 1 || n > len(list) {
		return approvals.Request{}, false, nil
	}
	return list[len(list)-n], true, nil
}

func (tx *memoryTx) OpenFor(app, email string) ([]approvals.Request, error) {
	return tx.b.sorted(func(r approvals.Request) bool {
		return r.App.ID == app && approvals.FoldEmail(r.Change.Email) == approvals.FoldEmail(email) && !r.State.Terminal()
	}), nil
}

func (tx *memoryTx) Audit(e approvals.Entry) error {
	tx.audit = append(tx.audit, e)
	return nil
}

func (tx *memoryTx) Absences() ([]approvals.Absence, error) {
	if tx.away != nil {
		return *tx.away, nil
	}
	return tx.b.away, nil
}

func (tx *memoryTx) KeepAbsences(all []approvals.Absence) error {
	tx.away = &all
	return nil
}

func (tx *memoryTx) Change(c outbox.Change) error {
	tx.changes = append(tx.changes, c)
	return nil
}

// vendor is an Inventory. stale, when set, is what a list that is not asked for fresh shows.
type vendor struct {
	amount int // of every account's limit
	t      *testing.T
	apps   []approvals.App
	seats  []approvals.Seat
	stale  []approvals.Seat
	sites  []catalog.Item
	shared map[string][]catalog.Item
	owned  map[string][]catalog.Item
	// recalled is what accounts own, as far as that is remembered.
	recalled map[string][]catalog.Item
	bought   int
	// What cannot be read, and how it fails.
	seatsErr, freshErr, sitesErr, detailErr error
	fresh                                   int // how often the list was read anew
	renewed                                 int // how often it was to be read behind
	read                                    int // how often somebody waited for the vendor
	forgotten                               bool
}

func (v *vendor) Apps() []approvals.App { return v.apps }

func (v *vendor) app(id string) approvals.App {
	for _, a := range v.apps {
		if a.ID == id {
			return a
		}
	}
	require.Fail(v.t, "the inventory was asked for an app that is not configured", id)
	return approvals.App{}
}

// Remembered is what the lists were a minute ago, each good unless it cannot be read; forgotten: nothing is known.
func (v *vendor) Remembered(app string, _ ...approvals.List) approvals.Remembered {
	v.app(app)
	var r approvals.Remembered
	if v.forgotten {
		return r
	}
	r.Seats = approvals.SeatList{App: v.app(app), Seats: v.seats, Bought: v.bought, At: noon.Add(-2 * time.Minute)}
	r.Items = map[string]approvals.ItemList{"sites": {Items: v.sites, At: noon.Add(-time.Minute), Good: v.sitesErr == nil}}
	r.Owned = v.recalled
	r.GoodSeats = v.seatsErr == nil
	return r
}

func (v *vendor) Renew(app string, _ approvals.List) {
	v.app(app)
	v.renewed++
}

func (v *vendor) Accounts(ctx context.Context, app string, fresh bool) (approvals.Accounts, error) {
	l, err := v.Seats(ctx, app, fresh)
	return l.Accounts(), err
}

func (v *vendor) Walk(ctx context.Context, app string) (approvals.Accounts, error) {
	return v.Accounts(ctx, app, true)
}

func (v *vendor) Seats(ctx context.Context, app string, fresh bool) (approvals.SeatList, error) {
	v.read++
	v.read++
	list := approvals.SeatList{App: v.app(app), Seats: v.seats, Bought: v.bought, At: noon.Add(-2 * time.Minute)}
	switch {
	case ctx.Err() != nil:
		return approvals.SeatList{}, ctx.Err()
	case v.seatsErr != nil:
		return approvals.SeatList{}, v.seatsErr
	case fresh && v.freshErr != nil:
		return approvals.SeatList{}, v.freshErr
	case fresh:
		v.fresh++
		list.At = noon
	case v.stale != nil:
		list.Seats = v.stale
	}
	return list, nil
}

func (v *vendor) Items(_ context.Context, app, _ string) (approvals.ItemList, error) {
	v.read++
	v.app(app)
	return approvals.ItemList{Items: v.sites, At: noon.Add(-time.Minute)}, v.sitesErr
}

func (v *vendor) Detail(_ context.Context, app, id string) (approvals.SeatDetail, error) {
	v.app(app)
	for _, s := range v.seats {
		if s.ID == id {
			s.Blocked = false // the details do not tell; only the list does
			return approvals.SeatDetail{Seat: s, Held: v.shared[id], Owned: v.owned[id],
				Values: values.Of{HasAccess: true, Access: []string{"report_manual", "brand_new"}, HasLimit: true, Amount: v.amount, Period: "month"}.Values().
					With(catalog.Value{Key: "lang", Items: []catalog.Item{{ID: "en"}}})}, v.detailErr
		}
	}
	require.Fail(v.t, "details were asked of an account that is not listed")
	return approvals.SeatDetail{}, nil
}

// directory is what Slack says of people.
type directory struct {
	people   map[approvals.PersonID]approvals.Person
	groups   map[approvals.GroupID][]approvals.PersonID
	down     bool // nobody can be looked up
	asked    int  // how often something was looked up
	groupErr error
}

func (d *directory) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	d.asked++
	if d.down {
		return approvals.Person{}, errVague
	}
	p := d.people[id]
	p.ID = id
	return p, nil
}

func (d *directory) ByEmail(_ context.Context, email string) (approvals.Person, error) {
	if d.down {
		return approvals.Person{}, errVague
	}
	for id, p := range d.people {
		if p.Active && p.Email != "" && approvals.FoldEmail(p.Email) == approvals.FoldEmail(email) {
			p.ID = id
			return p, nil
		}
	}
	return approvals.Person{}, nil
}

func (d *directory) Group(_ context.Context, id approvals.GroupID) ([]approvals.PersonID, error) {
	d.asked++
	if d.down || d.groupErr != nil {
		return nil, errors.Join(errVague, d.groupErr)
	}
	return d.groups[id], nil
}

// world is a House with everything in memory. Alice asks, Bob and the leads (Erin) decide, Carol is
// the admin, Dave is nobody in particular.
type world struct {
	*House
	t       *testing.T
	book    *memory
	vendor  *vendor
	dir     *directory
	reports *reportDesk
	woken   int
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, book: &memory{t: t, requests: map[int64]approvals.Request{}}, reports: &reportDesk{names: []string{"weekly-seats"}}}
	w.vendor = smallCompany(t)
	member := func(name, email string) approvals.Person {
		return approvals.Person{Name: name, Email: email, Active: true}
	}
	w.dir = &directory{people: map[approvals.PersonID]approvals.Person{
		"U0ALICE": member("Alice", "alice@acme.example"), "U0BOB": member("Bob", "bob@acme.example"), "U0CAROL": member("Carol", "carol@acme.example"),
		"U0DAVE": member("Dave", "dave@ACME.example"), "U0ERIN": member("Erin", "erin@acme.example"),
		"U0MUTE": member("Mute", ""), "U0BOT": {Name: "Bot", Email: "bot@acme.example", Active: true, Bot: true},
		"U0GUEST": {Name: "Guest", Email: "guest@other.example", Active: true, Guest: true},
		"U0ODD":   member("Odd", "not an address"),
		"U0GONE":  {Name: "Hal", Email: "hal@acme.example"},
	}, groups: map[approvals.GroupID][]approvals.PersonID{"S0LEADS": {"U0ERIN", "U0GUEST"}}}
	w.House = &House{
		Inventory: w.vendor, Directory: w.dir, Reports: w.reports, Cards: "C0APPROVE",
		Main: "seranking",
		Desk: &approvals.Desk{
			Book: w.book, Apps: w.vendor.apps, Directory: w.dir, Admins: []approvals.PersonID{"U0CAROL"}, Log: slog.New(slog.DiscardHandler), Wake: func() { w.woken++ },
			Nonce:    func() (string, error) { return approvals.NewNonce(rand.Reader) },
			Policies: []approvals.Policy{{Name: "seats", Approvers: []string{"U0BOB", "S0LEADS"}, Need: 1, ExpiresAfter: 7 * 24 * time.Hour, Text: "seats"}},
		},
	}
	return w
}

func smallCompany(t *testing.T) *vendor {
	v := &vendor{t: t, bought: 25, amount: 50, apps: []approvals.App{{ID: "seranking", Name: "SE Ranking", Entry: fourPermissions()}},
		seats: []approvals.Seat{
			{ID: "1", Email: "Ann@acme.example", FirstName: "Ann", LastName: "Lee", Sort: "client", Holds: 1},
			{ID: "2", Email: "ulf@acme.example", FirstName: "Ulf", Sort: "user"},
			{ID: "3", Email: "dave@acme.example", FirstName: "Dave", Sort: "client", Blocked: true},
		},
		sites: []catalog.Item{
			{ID: "39", Name: "Acme", Host: "acme.example"}, {ID: "40", Name: "Acme UK", Host: "https://www.acme.example/uk/"},
			{ID: "41", Name: "Globex", Host: "globex.example"}, {ID: "42", Name: "Globex", Host: "globex.test", Paused: true},
			{ID: "43", Name: "Rock & Roll – “Live”", Host: "rock.example"}, {ID: "44", Name: "2024", Host: "year.example"},
		}}
	v.shared = map[string][]catalog.Item{"1": {v.sites[0]}}
	v.owned = map[string][]catalog.Item{"3": {v.sites[4]}}
	return v
}

// says types a command and returns the answer as plain text; an error for people is "code: sentence".
func (w *world) says(who approvals.PersonID, text string) string {
	w.t.Helper()
	return w.says2(who, text, "")
}

// says2 is says with an envelope's key.
func (w *world) says2(who approvals.PersonID, text, key string) string {
	w.t.Helper()
	reply, err := w.Do(w.t.Context(), Call{Text: text, User: who, Key: key, Team: "T0", Channel: "C0GENERAL"}, noon)
	if err != nil {
		var told *approvals.Error
		require.ErrorAs(w.t, err, &told, "not a sentence for people")
		return string(told.Code) + ": " + told.Say.Plain()
	}
	return says(reply)
}

// only is the one request on the table.
func (w *world) only() approvals.Request {
	w.t.Helper()
	require.Len(w.t, w.book.requests, 1)
	return w.book.requests[1]
}
