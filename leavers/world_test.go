package leavers_test

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
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

// house is a desk of leavings over a real store, beside a workspace that is what a test says.
type house struct {
	*leavers.Desk
	t      *testing.T
	store  *bolt.Store
	now    time.Time
	all    []approvals.Person
	mute   bool
	alarms []string
	// is is who anybody is at the moment; nil: an active member.
	is *approvals.Person
	// fails are what the next commits come to: of each, whether it keeps what it was to keep before it fails.
	fails []bool
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	var err error
	h.store, err = bolt.Open(ramdisk.Folder(t), bolt.Options{Log: slog.New(slog.DiscardHandler), Hook: h.hook})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.store.Close()) })
	h.Desk = &leavers.Desk{Book: h.store, Requests: &approvals.Desk{Book: h.store, Admins: []approvals.PersonID{"U0ADMIN"}, Directory: known{}, Wake: func() {}, Log: slog.New(slog.DiscardHandler)}, Workspace: h, Breaker: leavers.DefaultBreaker, Settles: leavers.DefaultSettles, Log: slog.New(slog.DiscardHandler), Wake: func() {},
		Nonce: func() (string, error) { return approvals.NewNonce(rand.Reader) },
		Alarm: func(_ context.Context, topic string, _ approvals.Text) { h.alarms = append(h.alarms, topic) }}
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

func (h *house) Everybody(context.Context) ([]approvals.Person, error) {
	if h.mute {
		return nil, errors.New("Slack says nothing")
	}
	return h.all, nil
}

// people are n active people.
func people(n int) (all []approvals.Person) {
	for i := range n {
		all = append(all, approvals.Person{ID: id(i), Name: fmt.Sprintf("Person %d", i), Active: true})
	}
	return all
}

func id(i int) approvals.PersonID { return approvals.PersonID(fmt.Sprintf("U%03d", i)) }

// sweep reads everybody, as the outbox has it done.
func (h *house) sweep(tries int) outbox.Result {
	return h.Sweep(func() time.Time { return h.now }).Do(h.t.Context(), outbox.Job{Intent: outbox.Intent{Key: leavers.PeopleKey, Tries: tries}})
}

func (h *house) see(i int, off bool) {
	h.t.Helper()
	h.seeAsOf(i, off, time.Time{})
}

func (h *house) seeAsOf(i int, off bool, asOf time.Time) {
	h.t.Helper()
	require.NoError(h.t, h.Seen(h.t.Context(), leavers.Sight{Person: id(i), Name: fmt.Sprintf("Person %d", i), Off: off, AsOf: asOf}, h.now))
}

func (h *house) leaving(n int64) leavers.Leaving {
	h.t.Helper()
	l, err := h.store.Leaving(h.t.Context(), n)
	require.NoError(h.t, err)
	return l
}

func (h *house) roster() leavers.Roster {
	h.t.Helper()
	r, err := h.store.Roster(h.t.Context())
	require.NoError(h.t, err)
	return r
}

// owes reports whether a promise is owed.
func (h *house) owes(key string) bool {
	h.t.Helper()
	keys, err := h.store.Known(h.t.Context(), key)
	require.NoError(h.t, err)
	return len(keys) > 0
}

// logged is how many entries the log has.
func (h *house) logged() int64 {
	h.t.Helper()
	head, err := h.store.Head(h.t.Context())
	require.NoError(h.t, err)
	return head.Seq
}

// Fresh implements leavers.Workspace, as the test says or everybody is an active member.
func (h *house) Fresh(ctx context.Context, id approvals.PersonID) (approvals.Person, error) {
	if h.is == nil {
		return known{}.Person(ctx, id)
	}
	who := *h.is
	who.ID = id
	return who, nil
}

// known is a directory in which everybody is an active member.
type known struct{ approvals.Directory }

func (known) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	return approvals.Person{ID: id, Active: true}, nil
}
