package postgres

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/test/postgres"
)

// What one request may cost at a server, from its asking to the last word about it: statements, and how often it is waited for an answer.
// What is saved here must not come back unnoticed.
const (
	statementsOfALife = 185
	tripsOfALife      = 109
)

// wire stands between a store and its server, and counts what the store says.
type wire struct{ statements, trips atomic.Int64 }

// counting is the address of a database behind a wire.
func counting(t *testing.T, at string) (*wire, string) {
	u, err := url.Parse(at)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w, server := &wire{}, u.Host
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { w.serve(client, server) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	u.Host = l.Addr().String()
	return w, u.String()
}

// serve hands on what both sides say. A query is one statement and one trip; an Execute is a statement, and a Sync a trip.
func (w *wire) serve(client net.Conn, at string) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", at)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var back sync.WaitGroup
	back.Go(func() { _, _ = io.Copy(client, server) })
	defer back.Wait()
	for first := true; ; first = false {
		raw, _, err := postgres.Message(client, first)
		if err != nil {
			_ = server.Close()
			return
		}
		switch {
		case first:
		case raw[0] == 'Q':
			w.statements.Add(1)
			w.trips.Add(1)
		case raw[0] == 'E':
			w.statements.Add(1)
		case raw[0] == 'S':
			w.trips.Add(1)
		}
		if _, err := server.Write(raw); err != nil {
			return
		}
	}
}

// everybody is an active member, and whoever leads is Bob.
type everybody struct{}

func (everybody) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	return approvals.Person{ID: id, Email: string(id) + "@acme.example", Active: true}, nil
}
func (everybody) ByEmail(context.Context, string) (approvals.Person, error) {
	return approvals.Person{}, nil
}
func (everybody) Group(context.Context, approvals.GroupID) ([]approvals.PersonID, error) {
	return []approvals.PersonID{"U0BOB"}, nil
}

// TestWhatALifeCostsAtTheServer counts it: a request is asked, its card goes up, Bob says yes, it is carried out, and both the card and
// whoever asked say so. That nobody else has the promises by a lease is so too.
func TestWhatALifeCostsAtTheServer(t *testing.T) {
	w, at := counting(t, newShed(t).empty(t))
	s := open(t, at, Options{Owner: "first", Lease: time.Hour, Elapsed: func() time.Duration { return 0 }})
	desk := &approvals.Desk{Book: s, Directory: everybody{}, Log: slog.New(slog.DiscardHandler), Wake: func() {}, Nonce: func() (string, error) { return "n", nil },
		Apps: []approvals.App{{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}}, Policies: []approvals.Policy{{Name: "seats", Approvers: []string{"U0BOB"}, Need: 1, ExpiresAfter: time.Hour, Text: "seats"}}}
	deliver := func(key string, do func(outbox.Job)) {
		in, err := s.Claim(ctx, key, noon)
		require.NoError(t, err, key)
		job := outbox.NewJob(in, s)
		require.NoError(t, job.Mark(ctx, map[string]int64{"at": 1}))
		do(job)
		require.NoError(t, s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{Key: key, Place: "C0APPROVE", ID: "1.1"}), noon), key)
	}
	said := func(outbox.Job) {}
	life := func(email string) {
		r, _, err := desk.Open(ctx, approvals.Ask{Origin: approvals.Origin{Key: email, Surface: "slack"}, Requester: "U0ALICE", App: desk.Apps[0], Action: catalog.Create, Change: approvals.Change{Email: email}, Reason: "the launch"}, noon)
		require.NoError(t, err)
		deliver(approvals.CardKey(r.Number), said)
		_, err = desk.Vote(ctx, r.Number, approvals.Vote{By: "U0BOB", Yes: true, At: noon, Surface: "slack"}, noon)
		require.NoError(t, err)
		deliver(approvals.DeedKey(r.Number), func(outbox.Job) {
			for _, e := range []approvals.Event{approvals.Begun{}, approvals.Happened{Outcome: approvals.Outcome{At: noon, Text: approvals.Sayf("It was created.")}}} {
				_, err := desk.Record(ctx, r.Number, e, noon)
				require.NoError(t, err)
			}
		})
		deliver(approvals.CardKey(r.Number), said)
		deliver(approvals.TellKey(r.Number, approvals.Done, 1), said)
	}
	life("first@acme.example") // statements are prepared once
	statements, trips := w.statements.Load(), w.trips.Load()
	life("jane@acme.example")
	require.LessOrEqual(t, w.statements.Load()-statements, int64(statementsOfALife))
	require.LessOrEqual(t, w.trips.Load()-trips, int64(tripsOfALife))
}
