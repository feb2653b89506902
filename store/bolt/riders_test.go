package bolt_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

// patient is a store in which results wait a second for somebody's commit.
type patient struct {
	*cot
	fails atomic.Bool
}

func inPatience(t *testing.T, f func(p *patient)) {
	synctest.Test(t, func(t *testing.T) {
		p := &patient{cot: &cot{T: t, dir: ramdisk.Folder(t)}}
		s, err := bolt.Open(p.dir, bolt.Options{Patience: time.Second, Hook: func(place string) error {
			if place != "after commit" {
				return nil
			}
			if p.commits.Add(1); p.fails.Load() {
				return errors.New("the disk is gone")
			}
			return nil
		}})
		require.NoError(t, err)
		p.Store = s
		f(p)
		require.NoError(t, s.Close())
	})
}

// delivered is a promise that was carried out, and its result on the way.
func (p *patient) delivered(key string, r outbox.Result) (over chan error) {
	p.promises(key)
	in := p.claims(key, 0)
	over = make(chan error, 1)
	go func() { over <- p.Finish(p.Context(), in, r, minute(0)) }()
	synctest.Wait()
	return over
}

func (p *patient) kept(key string) bool {
	_, kept, err := p.Receipt(p.Context(), key)
	require.NoError(p, err)
	return kept
}

func TestAResultRidesWithTheNextCommit(t *testing.T) {
	inPatience(t, func(p *patient) {
		over := p.delivered("tell/1", outbox.DoneWith(outbox.Receipt{ID: "1.1"}))
		require.Empty(p, over, "nobody goes on before it is on the disk")
		before := p.commits.Load()
		require.NoError(p, p.Learn(p.Context(), "x", []byte("1")))
		require.NoError(p, <-over)
		require.Equal(p, before+1, p.commits.Load())
		require.True(p, p.kept("tell/1"))
	})
}

func TestResultsGoTogetherWhereNobodyElseCommits(t *testing.T) {
	inPatience(t, func(p *patient) {
		began := time.Now()
		one := p.delivered("tell/1", outbox.DoneWith(outbox.Receipt{ID: "1.1"}))
		two := p.delivered("tell/2", outbox.Done()) // whose promise took the first one along
		require.NoError(p, <-one)
		before := p.commits.Load()
		require.Empty(p, two)
		require.NoError(p, <-two)
		require.Equal(p, before+1, p.commits.Load())
		require.Equal(p, time.Second, time.Since(began))
	})
}

func TestWhoWritesNothingTakesNobodyAlong(t *testing.T) {
	inPatience(t, func(p *patient) {
		over := p.delivered("tell/1", outbox.DoneWith(outbox.Receipt{ID: "1.1"}))
		before := p.commits.Load()
		_, err := p.Claim(p.Context(), "tell/2", minute(0))
		require.ErrorIs(p, err, outbox.ErrGone)
		require.Equal(p, before, p.commits.Load())
		require.Empty(p, over)
		require.NoError(p, <-over)
	})
}

func TestWhatIsToBeTriedAgainWaitsForNobody(t *testing.T) {
	inPatience(t, func(p *patient) {
		began := time.Now()
		require.NoError(p, <-p.delivered("tell/1", outbox.RetryAt(minute(1), "later")))
		require.Equal(p, began, time.Now())
	})
}

func TestAnOrderlyEndWaitsForNoPatience(t *testing.T) {
	inPatience(t, func(p *patient) {
		began := time.Now()
		over := p.delivered("tell/1", outbox.DoneWith(outbox.Receipt{ID: "1.1"}))
		require.NoError(p, p.Close())
		require.NoError(p, <-over)
		require.Equal(p, began, time.Now())
	})
}

// TestPromisedAnewWhileItsResultRides: the delivery that the new promise asks for isn't swallowed by the one that was made before.
func TestPromisedAnewWhileItsResultRides(t *testing.T) {
	inPatience(t, func(p *patient) {
		over := p.delivered("card/1", outbox.DoneWith(outbox.Receipt{ID: "1.1"}))
		p.promises("card/1")
		require.NoError(p, <-over)
		require.True(p, p.kept("card/1"))
		require.Zero(p, p.claims("card/1", 0).Claimed, "it's owed once more, and nobody has begun")
	})
}

func TestWhoeverRidesHearsWhatBecameOfTheCommit(t *testing.T) {
	inPatience(t, func(p *patient) {
		over := p.delivered("tell/1", outbox.DoneWith(outbox.Receipt{ID: "1.1"}))
		p.fails.Store(true)
		require.ErrorIs(p, p.Learn(p.Context(), "x", []byte("1")), approvals.ErrUnknownOutcome)
		require.ErrorIs(p, <-over, approvals.ErrUnknownOutcome)
		p.fails.Store(false)
	})
}

// TestWhoIsRefusedTakesNobodyDown: what fails after it wrote something is taken out, and those who ride stay.
func TestWhoIsRefusedTakesNobodyDown(t *testing.T) {
	inPatience(t, func(p *patient) {
		over := p.delivered("tell/1", outbox.DoneWith(outbox.Receipt{ID: "1.1"}))
		no := errors.New("no")
		require.ErrorIs(p, p.Update(p.Context(), func(tx approvals.Tx) error {
			return errors.Join(tx.Change(outbox.AtOnce("card/9", 9, minute(0))), no)
		}), no)
		require.NoError(p, <-over)
		require.True(p, p.kept("tell/1"))
		list, err := p.Intents(p.Context(), "card/9")
		require.NoError(p, err)
		require.Empty(p, list)
	})
}
