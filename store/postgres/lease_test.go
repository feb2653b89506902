package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/test/postgres"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// runOut ends every lease, as the server's clock does after a while.
func runOut(t testing.TB, url string) {
	t.Helper()
	postgres.Exec(t, url, "update usher.intents set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null")
}

// TestWhatSomebodyHoldsNobodyElseTakes, until their lease is over by the server's clock, whatever a replica's own says; and who has lost
// it writes nothing more.
func TestWhatSomebodyHoldsNobodyElseTakes(t *testing.T) {
	url := newShed(t).empty(t)
	first, second := open(t, url, Options{Owner: "first", Lease: time.Hour}), open(t, url, Options{Owner: "second", Lease: time.Hour})
	require.NoError(t, first.Promise(ctx, outbox.Promise("deed/1", noon)))
	in, err := first.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	require.Zero(t, in.Claimed)

	ahead := noon.Add(100 * time.Hour) // its clock is wrong
	_, err = second.Claim(ctx, "deed/1", ahead)
	require.ErrorIs(t, err, outbox.ErrGone)
	list, _, err := second.Due(ctx, "deed", ahead, 10)
	require.NoError(t, err)
	require.Empty(t, list, "it is under way elsewhere")
	list, _, err = first.Due(ctx, "deed", noon, 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.NoError(t, first.Mark(ctx, in, json.RawMessage(`{"tried":1}`)))

	runOut(t, url)
	require.NoError(t, first.renew(ctx))
	_, err = second.Claim(ctx, "deed/1", noon)
	require.ErrorIs(t, err, outbox.ErrGone, "renewed")

	runOut(t, url)
	list, _, err = second.Due(ctx, "deed", noon, 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	took, err := second.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	require.Equal(t, noon, took.Claimed, "it hears of the claim that may have been followed by the act")
	require.JSONEq(t, `{"tried":1}`, string(took.Note))

	require.NoError(t, first.renew(ctx))
	require.ErrorIs(t, first.Mark(ctx, in, json.RawMessage(`{"tried":2}`)), outbox.ErrGone)
	require.ErrorIs(t, first.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{ID: "of the first"}), noon), outbox.ErrGone)
	_, ok, err := second.Receipt(ctx, "deed/1")
	require.NoError(t, err)
	require.False(t, ok)

	require.NoError(t, second.Mark(ctx, took, json.RawMessage(`{"tried":3}`)))
	require.NoError(t, second.Finish(ctx, took, outbox.DoneWith(outbox.Receipt{ID: "of the second"}), noon))
	left, _, err := first.Receipt(ctx, "deed/1")
	require.NoError(t, err)
	require.Equal(t, "of the second", left.ID)
	require.Empty(t, first.claims["deed/2"])
}

// TestWhatAnotherHasPutOffIsNotTheFirstsAnyMore: who was paused while another took over, looked and put it off notes and writes nothing,
// though nobody holds it just now. A promise that was dropped and made anew meanwhile is none of theirs, and stays.
func TestWhatAnotherHasPutOffIsNotTheFirstsAnyMore(t *testing.T) {
	url := newShed(t).empty(t)
	first, second := open(t, url, Options{Owner: "first", Lease: time.Hour}), open(t, url, Options{Owner: "second", Lease: time.Hour})
	require.NoError(t, first.Promise(ctx, outbox.Promise("deed/1", noon)))
	in, err := first.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	runOut(t, url)
	took, err := second.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	require.NoError(t, second.Finish(ctx, took, outbox.RetryAt(noon, "429"), noon))

	require.ErrorIs(t, first.Mark(ctx, in, json.RawMessage(`{"tried":1}`)), outbox.ErrGone)
	require.ErrorIs(t, first.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{ID: "of the first"}), noon), outbox.ErrGone)
	list, _, err := second.Due(ctx, "deed", noon, 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, 1, list[0].Tries)
	require.Empty(t, list[0].Note)

	require.NoError(t, second.Promise(ctx, outbox.Forget("deed/1")))
	require.NoError(t, second.Promise(ctx, outbox.Promise("deed/1", noon)))
	require.NoError(t, first.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{ID: "of the first"}), noon))
	left, _, err := first.Receipt(ctx, "deed/1")
	require.NoError(t, err)
	require.Equal(t, "of the first", left.ID)
	again, err := first.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	require.Zero(t, again.Claimed)
}

// TestANoteBeginsTheLeaseAnew: who was paused past its lease and lost it to nobody is about to act when it has noted that, and nobody
// takes it over just then.
func TestANoteBeginsTheLeaseAnew(t *testing.T) {
	url := newShed(t).empty(t)
	first, second := open(t, url, Options{Owner: "first", Lease: time.Hour}), open(t, url, Options{Owner: "second", Lease: time.Hour})
	require.NoError(t, first.Promise(ctx, outbox.Promise("deed/1", noon)))
	in, err := first.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	runOut(t, url)
	require.NoError(t, first.Mark(ctx, in, json.RawMessage(`{"tried":1}`)))
	_, err = second.Claim(ctx, "deed/1", noon)
	require.ErrorIs(t, err, outbox.ErrGone)
	require.NoError(t, first.Finish(ctx, in, outbox.Done(), noon))
}

// TestWhatACallIsBegunOn: while the lease surely stands by the time that has passed here, the database isn't asked before each call. After a
// pause it is, whatever a renewing says that came too late; and who can't ask it begins none.
func TestWhatACallIsBegunOn(t *testing.T) {
	url := newShed(t).empty(t)
	var passed time.Duration
	elapsed := func() time.Duration { return passed }
	first := open(t, url, Options{Owner: "first", Lease: time.Hour, Elapsed: elapsed})
	second := open(t, url, Options{Owner: "second", Lease: time.Hour})
	require.NoError(t, first.Promise(ctx, outbox.Promise("deed/1", noon)))
	in, err := first.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	silent, cancel := context.WithCancel(ctx)
	cancel()
	require.NoError(t, first.Stands(silent, in), "nobody needs to be asked")
	passed = 45 * time.Minute
	require.ErrorIs(t, first.Stands(silent, in), context.Canceled, "too little of it is left, and nobody can be asked")
	require.NoError(t, first.Stands(ctx, in))
	require.NoError(t, first.Stands(silent, in), "it began anew")

	passed += 2 * time.Hour // paused
	runOut(t, url)
	took, err := second.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	require.NoError(t, first.renew(ctx))
	require.ErrorIs(t, first.Stands(ctx, in), outbox.ErrTaken)
	require.NoError(t, second.Stands(ctx, took))
	require.NoError(t, second.Finish(ctx, took, outbox.Done(), noon))
	require.ErrorIs(t, first.Stands(ctx, in), outbox.ErrGone)
}

// TestATokenRisesWithEveryClaim, so that one of the same owner is known from its next.
func TestATokenRisesWithEveryClaim(t *testing.T) {
	url := newShed(t).empty(t)
	s := open(t, url, Options{Owner: "first", Lease: time.Hour})
	token := func() string { return postgres.Value(t, url, "select token::text from usher.intents") }
	require.NoError(t, s.Promise(ctx, outbox.Promise("deed/1", noon)))
	in, err := s.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(in.Token), token())
	require.NoError(t, s.Finish(ctx, in, outbox.RetryAt(noon, "429"), noon))
	next, err := s.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	require.Greater(t, next.Token, in.Token)
	require.Equal(t, fmt.Sprint(next.Token), token())
	require.NoError(t, s.Promise(ctx, outbox.Forget("deed/1")))
	require.Empty(t, s.claims, "what was dropped is nobody's")
	_, err = Open(ctx, "postgres://nowhere", Options{Lease: time.Hour})
	require.ErrorContains(t, err, "a lease needs an owner")
}
