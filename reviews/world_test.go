package reviews_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

// house is reviews over a real store, beside people, an app and a register that are what a test says.
type house struct {
	*reviews.Reviews
	t        *testing.T
	store    *bolt.Store
	now      time.Time
	app      approvals.App
	people   map[approvals.PersonID]approvals.Person
	mute     bool // Slack says nothing
	unread   bool // nor does the vendor
	holdings register.Holdings
	seats    approvals.SeatList
	// removed are the keys under which removals were asked for, and refuses what they are refused with.
	removed map[string]int64
	refuses error
	// fails are what the next commits come to: of each, whether it keeps what it was to keep before it fails.
	fails []bool
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), removed: map[string]int64{},
		app:    approvals.App{ID: "semrush", Name: "Semrush", Owners: []string{"U0ERIN"}, Entry: &catalog.Entry{Kind: "fake", Reads: catalog.Reads{Used: true, Blocked: true}}},
		people: map[approvals.PersonID]approvals.Person{}}
	for _, name := range []string{"alice", "bob", "dave", "erin", "carol"} {
		id := approvals.PersonID("U0" + strings.ToUpper(name))
		h.people[id] = approvals.Person{ID: id, Name: name, Email: name + "@acme.example", Active: true}
	}
	var err error
	h.store, err = bolt.Open(ramdisk.Folder(t), bolt.Options{Log: slog.New(slog.DiscardHandler), Hook: h.hook})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.store.Close()) })
	desk := &approvals.Desk{Book: h.store, Directory: h, Admins: []approvals.PersonID{"U0CAROL"}, Log: slog.New(slog.DiscardHandler), Wake: func() {},
		Managers: map[approvals.PersonID]approvals.PersonID{"U0ALICE": "U0BOB", "U0DAVE": "U0BOB"},
		Nonce:    func() (string, error) { return approvals.NewNonce(rand.Reader) }}
	h.Reviews = &reviews.Reviews{Desk: desk, Book: h.store, Register: h, Inventory: h, Workspace: h, Remover: h, Log: slog.New(slog.DiscardHandler)}
	return h
}

func (h *house) hook(point string) error {
	if len(h.fails) == 0 || (point == "after commit") != h.fails[0] {
		return nil
	}
	h.fails = h.fails[1:]
	return errors.New("the disk is gone for a moment")
}

var errMute = errors.New("no word from Slack")

func (h *house) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	if h.mute {
		return approvals.Person{}, errMute
	}
	p := h.people[id]
	p.ID = id
	return p, nil
}

func (h *house) ByEmail(_ context.Context, email string) (approvals.Person, error) {
	for _, p := range h.people {
		if approvals.SameEmail(p.Email, email) && p.Active {
			return p, nil
		}
	}
	return approvals.Person{}, nil
}

func (h *house) Group(context.Context, approvals.GroupID) ([]approvals.PersonID, error) {
	if h.mute {
		return nil, errMute
	}
	return []approvals.PersonID{"U0DAVE", "U0ERIN"}, nil
}

func (h *house) Everybody(context.Context) (all []approvals.Person, err error) {
	if h.mute {
		return nil, errMute
	}
	for _, p := range h.people {
		all = append(all, p)
	}
	return all, nil
}

func (h *house) OfApp(context.Context, string) (register.Holdings, error) { return h.holdings, nil }

func (h *house) Apps() []approvals.App {
	if h.app.ID == "" {
		return nil
	}
	return []approvals.App{h.app}
}

func (h *house) Accounts(ctx context.Context, app string, fresh bool) (approvals.Accounts, error) {
	l, err := h.Seats(ctx, app, fresh)
	return l.Accounts(), err
}

func (h *house) Walk(ctx context.Context, app string) (approvals.Accounts, error) {
	return h.Accounts(ctx, app, true)
}

func (h *house) Seats(context.Context, string, bool) (approvals.SeatList, error) {
	if h.unread {
		return approvals.SeatList{}, errors.New("the vendor answers nothing")
	}
	return h.seats, nil
}

func (h *house) Remembered(string, ...approvals.List) approvals.Remembered {
	return approvals.Remembered{}
}
func (h *house) Renew(string, approvals.List) {}
func (h *house) Items(context.Context, string, string) (approvals.ItemList, error) {
	return approvals.ItemList{}, nil
}
func (h *house) Detail(context.Context, string, string) (approvals.SeatDetail, error) {
	return approvals.SeatDetail{}, nil
}

// Remove opens a request as the real one does: once for its key.
func (h *house) Remove(ctx context.Context, r reviews.Removal, now time.Time) (n int64, others bool, err error) {
	if h.refuses != nil {
		return 0, false, h.refuses
	}
	if n, known := h.removed[r.Key]; known {
		return n, false, nil
	}
	err = h.store.Update(ctx, func(tx approvals.Tx) error {
		if n, err = tx.Next(); err != nil {
			return err
		}
		return tx.Put(approvals.Request{Number: n, State: approvals.Pending, Requester: r.By, App: h.app, Reason: r.Reason, Asked: now, Expires: now.Add(240 * time.Hour),
			Change: approvals.Change{Email: r.Email}})
	})
	h.removed[r.Key] = n
	return n, false, err
}

// state has somebody decide a request.
func (h *house) state(n int64, is approvals.State) {
	h.t.Helper()
	require.NoError(h.t, h.store.Update(h.t.Context(), func(tx approvals.Tx) error {
		r, err := tx.Request(n)
		r.State = is
		return errors.Join(err, tx.Put(r))
	}))
}

// holds adds an account.
func (h *house) holds(email string, change ...func(*register.Entry)) {
	e := register.Entry{App: h.app, Email: email, Seat: true, Role: "user", Holds: "user", Verified: register.Verified{How: register.ByAPI, At: h.now}}
	if p, _ := h.ByEmail(h.t.Context(), email); p.ID != "" {
		e.Person, e.Name = p.ID, p.Name
	}
	for _, c := range change {
		c(&e)
	}
	h.holdings.Entries = append(h.holdings.Entries, e)
}

func found(e *register.Entry) { e.Found = true }

// begin begins a review and reads who has what.
func (h *house) begin() reviews.Review {
	h.t.Helper()
	r, _, err := h.Begin(h.t.Context(), reviews.Order{App: h.app, By: "U0ERIN", For: 10 * 24 * time.Hour, Key: "typed", Surface: "slack"}, h.now)
	require.NoError(h.t, err)
	h.run()
	return h.review(r.Number)
}

func (h *house) review(n int64) reviews.Review {
	h.t.Helper()
	r, err := h.Review(h.t.Context(), n)
	require.NoError(h.t, err)
	return r
}

// run carries out what is due of reviews, as the outbox does; what is to be tried again is left.
func (h *house) run() {
	h.t.Helper()
	for range 50 {
		due, _, err := h.store.Due(h.t.Context(), reviews.Kind, h.now, 100)
		require.NoError(h.t, err)
		if len(due) == 0 {
			return
		}
		for _, in := range due {
			got, err := h.store.Claim(h.t.Context(), in.Key, h.now)
			if err != nil {
				continue // the disk didn't say: it is claimed again
			}
			result := h.Doer(func() time.Time { return h.now }).Do(h.t.Context(), outbox.Job{Intent: got})
			_ = h.store.Finish(h.t.Context(), got, result, h.now) // nor here: it is done again
		}
	}
}

// pass lets time pass, and what falls due meanwhile be carried out.
func (h *house) pass(d time.Duration) {
	h.t.Helper()
	h.now = h.now.Add(d)
	h.run()
}

func (h *house) answer(r reviews.Review, by approvals.PersonID, given ...reviews.Given) error {
	h.t.Helper()
	_, err := h.Answer(h.t.Context(), reviews.Answers{Of: r.Name(), By: by, Given: given, Surface: "slack"}, h.now)
	if err == nil {
		h.run()
	}
	return err
}

// owed are what is owed or was carried out under keys that begin so.
func (h *house) owed(pre string) []string {
	h.t.Helper()
	keys, err := h.store.Known(h.t.Context(), pre)
	require.NoError(h.t, err)
	return keys
}

func (h *house) logged() int64 {
	h.t.Helper()
	head, err := h.store.Head(h.t.Context())
	require.NoError(h.t, err)
	return head.Seq
}

// facts are some of what a report says of the review as a whole.
func (h *house) facts(names ...string) (out []string) {
	report, err := h.Report(h.t.Context(), 1, h.now)
	require.NoError(h.t, err)
	raw, err := report.File("x.csv")
	require.NoError(h.t, err)
	for _, n := range names {
		_, after, _ := strings.Cut(string(raw), n)
		value, _, _ := strings.Cut(strings.TrimLeft(after, "\","), "\r")
		value, _, _ = strings.Cut(value, "\n")
		out = append(out, strings.Trim(value, "\","))
	}
	return out
}
