package bolt

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

func owed(t *testing.T, s *Store, key string) (outbox.Intent, bool) {
	t.Helper()
	list, err := s.Intents(ctx, key)
	require.NoError(t, err)
	for _, in := range list {
		if in.Key == key {
			return in, true
		}
	}
	return outbox.Intent{}, false
}

func TestIntentsFallDueInOrderAndByKind(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	require.NoError(t, s.Promise(ctx,
		outbox.Promise("card/2", noon.Add(2*time.Minute)),
		outbox.Promise("card/1", noon.Add(time.Minute)),
		outbox.Promise("card/3", noon.Add(time.Hour)),
		outbox.Promise("cardigan/1", noon)))
	list, next, err := s.Due(ctx, "card", noon.Add(5*time.Minute), 10)
	require.NoError(t, err)
	require.Equal(t, []string{"card/1", "card/2"}, []string{list[0].Key, list[1].Key})
	require.Len(t, list, 2)
	require.Equal(t, noon.Add(time.Hour), next)
	list, next, err = s.Due(ctx, "card", noon.Add(5*time.Minute), 1)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, noon.Add(time.Hour), next, "what sleeps, not what was cut off by the limit")
}

// TestWhatIsOwedAtOnceMindsNoClock: it is due whatever the time, in the order of its turns, before what
// has a time; and operators read since when it is owed.
func TestWhatIsOwedAtOnceMindsNoClock(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	ahead := noon.AddDate(1, 0, 0)
	require.NoError(t, s.Promise(ctx,
		outbox.Promise("card/1", noon.Add(-time.Minute)),
		outbox.AtOnce("card/10", 10, ahead),
		outbox.AtOnce("card/9", 9, noon.Add(-time.Hour)),
		outbox.Promise("card/8", noon.AddDate(0, 0, 1)),
		outbox.AtOnce("card/8", 8, noon)))
	list, next, err := s.Due(ctx, "card", noon, 10)
	require.NoError(t, err)
	var order []string
	for _, in := range list {
		order = append(order, in.Key)
	}
	require.Equal(t, []string{"card/8", "card/9", "card/10", "card/1"}, order)
	require.Zero(t, next)
	require.NoError(t, s.Promise(ctx, outbox.AtOnce("card/9", 9, noon)), "owed already, and no later for it")
	g, err := s.Gauges(ctx)
	require.NoError(t, err)
	require.Equal(t, Owed{Count: 4, Oldest: noon.Add(-time.Hour)}, g.Owed["card"])

	in, err := s.Claim(ctx, "card/9", noon)
	require.NoError(t, err)
	require.NoError(t, s.Finish(ctx, in, outbox.RetryAt(noon.Add(time.Minute), "429"), noon))
	_, err = s.Claim(ctx, "card/9", noon.Add(59*time.Second))
	require.ErrorIs(t, err, outbox.ErrGone, "a retry sleeps all the same")
	require.NoError(t, s.Promise(ctx, outbox.AtOnce("card/9", 9, noon.Add(time.Second))))
	again, err := s.Claim(ctx, "card/9", noon.Add(time.Second))
	require.NoError(t, err)
	require.Equal(t, noon.Add(time.Second), again.Since)
	require.NoError(t, s.Check(ctx))
}

func TestAClaimWithoutAResultIsRetaken(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	require.NoError(t, s.Promise(ctx, outbox.Promise("deed/1", noon)))
	first, err := s.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	require.True(t, first.Claimed.IsZero())
	require.NoError(t, s.Mark(ctx, "deed/1", first.Rev, json.RawMessage(`{"tried":true}`)))
	require.NoError(t, s.Close())
	s = open(t, dir, Options{})
	second, err := s.Claim(ctx, "deed/1", noon.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, noon, second.Claimed)
	require.JSONEq(t, `{"tried":true}`, string(second.Note))
}

func TestAPromiseMadeAnewWhileUnderWayStaysOwed(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	require.NoError(t, s.Promise(ctx, outbox.Promise("card/1", noon)))
	in, err := s.Claim(ctx, "card/1", noon)
	require.NoError(t, err)
	require.NoError(t, s.Promise(ctx, outbox.Promise("card/1", noon.Add(time.Second))))
	require.ErrorIs(t, s.Mark(ctx, "card/1", in.Rev, nil), outbox.ErrGone)
	require.NoError(t, s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{Place: "C1", ID: "1.1"}), noon))
	left, ok := owed(t, s, "card/1")
	require.True(t, ok)
	require.True(t, left.Claimed.IsZero())
	require.Equal(t, noon, left.Due, "brought forward, never put off")
	r, ok, err := s.Receipt(ctx, "card/1")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "1.1", r.ID)
}

func TestForgottenAndPromisedAnewIsAnotherPromise(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	require.NoError(t, s.Promise(ctx, outbox.Promise("deed/1", noon)))
	old, err := s.Claim(ctx, "deed/1", noon)
	require.NoError(t, err)
	require.NoError(t, s.Mark(ctx, "deed/1", old.Rev, json.RawMessage(`{"tried":true}`)))
	require.NoError(t, s.Promise(ctx, outbox.Forget("deed/1"), outbox.Promise("deed/1", noon)))
	require.NoError(t, s.Finish(ctx, old, outbox.Done(), noon), "the old owner's result")
	in, ok := owed(t, s, "deed/1")
	require.True(t, ok, "must not end the new promise")
	require.Empty(t, in.Note)
}

func TestOnceIsOnce(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	tell := outbox.PromiseOnce("tell/1/requester/done", noon)
	require.NoError(t, s.Promise(ctx, tell))
	in, err := s.Claim(ctx, "tell/1/requester/done", noon)
	require.NoError(t, err)
	require.NoError(t, s.Promise(ctx, tell), "promised again while under way")
	require.NoError(t, s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{Place: "D1", ID: "1.1"}), noon))
	require.NoError(t, s.Promise(ctx, tell), "and after")
	_, ok := owed(t, s, "tell/1/requester/done")
	require.False(t, ok)
}

func TestARetrySleeps(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	require.NoError(t, s.Promise(ctx, outbox.Promise("card/1", noon)))
	in, err := s.Claim(ctx, "card/1", noon)
	require.NoError(t, err)
	require.NoError(t, s.Finish(ctx, in, outbox.RetryAt(noon.Add(time.Minute), "429"), noon))
	_, err = s.Claim(ctx, "card/1", noon.Add(59*time.Second))
	require.ErrorIs(t, err, outbox.ErrGone)
	again, err := s.Claim(ctx, "card/1", noon.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, 1, again.Tries)
	require.Equal(t, "429", again.Why)
	require.True(t, again.Claimed.IsZero(), "a result was written, so nothing is in the dark")
	require.NoError(t, s.Check(ctx))
}
