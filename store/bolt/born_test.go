package bolt_test

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

// cot is a store of which one counts the commits.
type cot struct {
	*testing.T
	*bolt.Store
	dir     string
	commits atomic.Int64
}

func newCot(t *testing.T) *cot {
	c := &cot{T: t, dir: ramdisk.Folder(t)}
	c.Store = c.open(c.dir)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

func (c *cot) open(dir string) *bolt.Store {
	s, err := bolt.Open(dir, bolt.Options{Hook: func(place string) error {
		if place == "after commit" {
			c.commits.Add(1)
		}
		return nil
	}})
	require.NoError(c, err)
	return s
}

// promises owes something at once, as of minute 0.
func (c *cot) promises(key string) {
	require.NoError(c, c.Promise(c.Context(), outbox.AtOnce(key, 1, minute(0))))
}

func (c *cot) claims(key string, after time.Duration) outbox.Intent {
	in, err := c.Claim(c.Context(), key, minute(0).Add(after))
	require.NoError(c, err)
	return in
}

// cut is the next life, after this one was cut off as it stands.
func (c *cot) cut() *bolt.Store {
	raw, err := os.ReadFile(filepath.Join(c.dir, bolt.File))
	require.NoError(c, err)
	dir := ramdisk.Folder(c.T)
	require.NoError(c, os.WriteFile(filepath.Join(dir, bolt.File), raw, 0o600))
	s := c.open(dir)
	c.Cleanup(func() { require.NoError(c, s.Close()) })
	return s
}

func minute(n int) time.Time {
	return time.Date(2026, 11, 30, 9, n, 0, 0, time.UTC)
}

func TestWhatIsTakenUpAtOnceIsClaimedWithoutACommit(t *testing.T) {
	c := newCot(t)
	c.promises("card/1")
	before := c.commits.Load()
	in := c.claims("card/1", time.Second)
	require.Zero(t, in.Claimed, "nobody had claimed it")
	require.Equal(t, before, c.commits.Load())
	next, err := c.cut().Claim(t.Context(), "card/1", minute(1))
	require.NoError(t, err)
	require.Equal(t, minute(0), next.Claimed, "the next life looks first")
	require.Greater(t, next.Token, in.Token)
	require.NoError(t, c.Finish(t.Context(), in, outbox.DoneWith(outbox.Receipt{ID: "1.1"}), minute(0)))
}

func TestWhatIsTakenUpLaterIsClaimedWithTheMoment(t *testing.T) {
	for _, after := range []time.Duration{2 * time.Second, -time.Second} {
		c := newCot(t)
		c.promises("card/1")
		before := c.commits.Load()
		require.Zero(t, c.claims("card/1", after).Claimed)
		require.Equal(t, before+1, c.commits.Load())
		next, err := c.cut().Claim(t.Context(), "card/1", minute(1))
		require.NoError(t, err)
		require.Equal(t, minute(0).Add(after), next.Claimed, "by that the next life reckons how long ago it may have begun")
	}
}

func TestAClaimIsTakenUpOnce(t *testing.T) {
	c := newCot(t)
	c.promises("card/1")
	require.Zero(t, c.claims("card/1", 0).Claimed)
	require.Equal(t, minute(0), c.claims("card/1", time.Second).Claimed, "whoever claims it again looks first")
}

func TestWhatIsPromisedAnewWhileItIsUnderWayIsNotBornAgain(t *testing.T) {
	c := newCot(t)
	c.promises("card/1")
	first := c.claims("card/1", 0)
	c.promises("card/1")
	require.Equal(t, minute(0), c.claims("card/1", 0).Claimed, "the first delivery has no result")
	require.ErrorIs(t, c.Finish(t.Context(), first, outbox.Done(), minute(0)), outbox.ErrTaken)
}

func TestWhatSleepsIsNotBornClaimed(t *testing.T) {
	c := newCot(t)
	require.NoError(t, c.Promise(t.Context(), outbox.Promise("expire/1", minute(0))))
	next, err := c.cut().Claim(t.Context(), "expire/1", minute(1))
	require.NoError(t, err)
	require.Zero(t, next.Claimed)
}

// TestAnOrderlyEndSaysWhatNobodyTookUp: nothing is looked for then; what was taken up and has no result is.
func TestAnOrderlyEndSaysWhatNobodyTookUp(t *testing.T) {
	c := newCot(t)
	c.promises("card/1")
	c.promises("card/2")
	c.claims("card/2", 0)
	require.NoError(t, c.Close())
	s := c.open(c.dir)
	defer func() { require.NoError(t, s.Close()) }()
	one, err := s.Claim(t.Context(), "card/1", minute(0))
	require.NoError(t, err)
	require.Zero(t, one.Claimed)
	two, err := s.Claim(t.Context(), "card/2", minute(0))
	require.NoError(t, err)
	require.Equal(t, minute(0), two.Claimed)
}

// TestNobodyIsSaidToHoldWhatNobodyTookUp: the claim that something was born with is on the disk, and nobody's.
func TestNobodyIsSaidToHoldWhatNobodyTookUp(t *testing.T) {
	c := newCot(t)
	held := func() int {
		g, err := c.Gauges(t.Context())
		require.NoError(t, err)
		all, err := c.Intents(t.Context(), "card/1")
		require.NoError(t, err)
		require.Equal(t, g.Owed["card"].Held == 0, all[0].Claimed.IsZero())
		return g.Owed["card"].Held
	}
	c.promises("card/1")
	require.Zero(t, held())
	c.claims("card/1", 0)
	require.Equal(t, 1, held())
}

// TestACommitOfWhichNobodyKnowsBearsNothing: what may be on the disk counts as taken up.
func TestACommitOfWhichNobodyKnowsBearsNothing(t *testing.T) {
	var fails atomic.Bool
	s, err := bolt.Open(ramdisk.Folder(t), bolt.Options{Hook: func(place string) error {
		if fails.Load() && place == "after commit" {
			return os.ErrDeadlineExceeded
		}
		return nil
	}})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	fails.Store(true)
	require.Error(t, s.Promise(t.Context(), outbox.AtOnce("card/1", 1, minute(0))))
	fails.Store(false)
	in, err := s.Claim(t.Context(), "card/1", minute(0))
	require.NoError(t, err)
	require.Equal(t, minute(0), in.Claimed)
}

// TestAClaimImpliesWhatIsBegunSoonAfterItsBirth without a commit, and after an orderly end nothing that nobody took up.
func TestAClaimImpliesWhatIsBegunSoonAfterItsBirth(t *testing.T) {
	c := newCot(t)
	c.promises("tell/1")
	c.promises("tell/2")
	before := c.commits.Load()
	in := c.claims("tell/1", time.Second)
	require.Zero(t, in.Implied, "before it nobody had begun anything")
	for after, want := range map[time.Duration]bool{time.Second: true, outbox.Fresh - 1: true, outbox.Fresh: false, -1: false} {
		implied, err := c.Implies(t.Context(), in, minute(0).Add(after))
		require.NoError(t, err)
		require.Equal(t, want, implied, after)
	}
	require.Equal(t, before, c.commits.Load())
	require.NoError(t, c.Close())
	s := c.open(c.dir)
	defer func() { require.NoError(t, s.Close()) }()
	for key, want := range map[string]time.Time{"tell/1": minute(0), "tell/2": {}} {
		next, err := s.Claim(t.Context(), key, minute(1))
		require.NoError(t, err)
		require.Equal(t, want, next.Implied, key)
		implied, err := s.Implies(t.Context(), next, minute(1))
		require.NoError(t, err)
		require.False(t, implied, "a claim that was written implies nothing new")
	}
}

// TestWhatWasPromisedAnewIsBornAgainWhenTheDeliveryEnds: it's taken up without a commit of its own, and a crash in between leaves a claim.
func TestWhatWasPromisedAnewIsBornAgainWhenTheDeliveryEnds(t *testing.T) {
	c := newCot(t)
	c.promises("card/1")
	in := c.claims("card/1", 0)
	c.promises("card/1")
	require.NoError(t, c.Finish(t.Context(), in, outbox.DoneWith(outbox.Receipt{ID: "1.1"}), minute(0)))
	before := c.commits.Load()
	again := c.claims("card/1", time.Second)
	require.Zero(t, again.Claimed)
	require.Greater(t, again.Token, in.Token)
	require.Equal(t, before, c.commits.Load())
	next, err := c.cut().Claim(t.Context(), "card/1", minute(1))
	require.NoError(t, err)
	require.Equal(t, minute(0), next.Claimed)
	require.NoError(t, c.Finish(t.Context(), again, outbox.Done(), minute(0)))
	_, err = c.Claim(t.Context(), "card/1", minute(9))
	require.ErrorIs(t, err, outbox.ErrGone)
}
