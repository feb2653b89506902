package joiners_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

const seo, ads = approvals.GroupID("S0SEO"), approvals.GroupID("S0ADS")

// house is a desk of comings over a real store, beside a workspace and a desk of requests that are what a test says.
type house struct {
	*joiners.Desk
	t      *testing.T
	store  *bolt.Store
	now    time.Time
	groups map[approvals.GroupID][]approvals.PersonID
	people map[approvals.PersonID]approvals.Person
	mute   bool
	alarms []string
	// fails are what the next commits come to: of each, whether it keeps what it was to keep before it fails.
	fails []bool

	// has says that somebody has what a bundle gives, by both; opened is what was asked, by its occasion, and withdrawn what was taken back.
	has       map[string]bool
	opened    map[string]approvals.Occasion
	order     []approvals.Occasion
	asks      map[string]int
	withdrawn []int64
	// asking is called when something is about to be asked; nil: nothing is.
	asking func(approvals.Occasion)
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), groups: map[approvals.GroupID][]approvals.PersonID{}, people: map[approvals.PersonID]approvals.Person{},
		has: map[string]bool{}, opened: map[string]approvals.Occasion{}, asks: map[string]int{}}
	var err error
	h.store, err = bolt.Open(ramdisk.Folder(t), bolt.Options{Log: slog.New(slog.DiscardHandler), Hook: h.hook})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.store.Close()) })
	h.Desk = &joiners.Desk{Book: h.store, Requests: h, Offers: h, Directory: h, Breaker: joiners.DefaultBreaker, Settles: joiners.DefaultSettles, Log: slog.New(slog.DiscardHandler), Wake: func() {},
		Bundles: []approvals.Bundle{{ID: "seo", Joiners: []approvals.GroupID{seo}}, {ID: "ads", Joiners: []approvals.GroupID{ads}}, {ID: "all", Joiners: []approvals.GroupID{approvals.Workspace}}},
		Nonce:   func() (string, error) { return approvals.NewNonce(rand.Reader) },
		Alarm:   func(_ context.Context, topic string, _ approvals.Text) { h.alarms = append(h.alarms, topic) }}
	return h
}

// hook lets commits fail as a test says.
func (h *house) hook(point string) error {
	if len(h.fails) == 0 || (point == "after commit") != h.fails[0] {
		return nil
	}
	h.fails = h.fails[1:]
	return errors.New("the disk is gone for a moment")
}

func id(i int) approvals.PersonID { return approvals.PersonID(fmt.Sprintf("U%03d", i)) }

// some are people by their places.
func some(places ...int) (out []approvals.PersonID) {
	for _, i := range places {
		out = append(out, id(i))
	}
	return out
}

func (h *house) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	if h.mute {
		return approvals.Person{}, errors.New("Slack says nothing")
	}
	if p, known := h.people[id]; known {
		return p, nil
	}
	return approvals.Person{ID: id, Name: string(id), Active: true}, nil
}

func (h *house) ByEmail(context.Context, string) (approvals.Person, error) {
	return approvals.Person{}, nil
}

func (h *house) Group(_ context.Context, g approvals.GroupID) ([]approvals.PersonID, error) {
	if h.mute {
		return nil, errors.New("Slack says nothing")
	}
	people, known := h.groups[g]
	if !known {
		return nil, approvals.ErrNoGroup
	}
	return people, nil
}

func (h *house) ManagerOf(context.Context, approvals.PersonID) (approvals.Managed, error) {
	return approvals.Managed{By: "U0BOB"}, nil
}

func (h *house) Offer(_ context.Context, b approvals.Bundle, who approvals.Person) ([]approvals.Ask, []approvals.Text, error) {
	if h.has[b.ID+string(who.ID)] {
		return nil, nil, nil
	}
	return []approvals.Ask{{Bundle: b, Item: 1}}, nil, nil
}

func (h *house) Reclaim(_ context.Context, of, _ []approvals.Bundle, who approvals.Person) (asks []approvals.Ask, _ []approvals.Text, _ error) {
	for _, b := range of {
		if h.has[b.ID+string(who.ID)] {
			asks = append(asks, approvals.Ask{})
		}
	}
	return asks, nil, nil
}

func (h *house) OpenOccasion(_ context.Context, o approvals.Occasion, asks []approvals.Ask, _ time.Time) ([]approvals.Request, bool, error) {
	if h.asking != nil {
		h.asking(o)
	}
	_, existing := h.opened[o.ID]
	if !existing {
		h.opened[o.ID], h.order, h.asks[o.ID] = o, append(h.order, o), len(asks)
	}
	return []approvals.Request{{Number: int64(len(h.order))}}, existing, nil
}

func (h *house) Withdraw(_ context.Context, numbers []int64, _ approvals.Text, _ time.Time) ([]approvals.Request, error) {
	h.withdrawn = append(h.withdrawn, numbers...)
	return nil, nil
}

// read reads the groups, as the outbox has it done.
func (h *house) read() outbox.Result {
	return h.Read(func() time.Time { return h.now }).Do(h.t.Context(), outbox.Job{Intent: outbox.Intent{Key: joiners.ReadKey}})
}

// welcome lets time pass until everybody who came is welcomed.
func (h *house) welcome() {
	h.t.Helper()
	h.now = h.now.Add(5 * time.Minute)
	for n := int64(1); n <= h.rolls().Last; n++ {
		h.Welcome(func() time.Time { return h.now }).Do(h.t.Context(), outbox.Job{Intent: outbox.Intent{Key: joiners.WelcomeKey(n)}})
	}
}

func (h *house) rolls() joiners.Rolls {
	h.t.Helper()
	r, err := h.store.Rolls(h.t.Context())
	require.NoError(h.t, err)
	return r
}

func (h *house) coming(n int64) joiners.Coming {
	h.t.Helper()
	c, err := h.store.Coming(h.t.Context(), n)
	require.NoError(h.t, err)
	return c
}

// logged is how many entries the log has.
func (h *house) logged() int64 {
	h.t.Helper()
	head, err := h.store.Head(h.t.Context())
	require.NoError(h.t, err)
	return head.Seq
}
