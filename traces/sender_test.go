package traces_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/sim/otlpsim"
)

// counts are how many spans have arrived, and how many are lost.
func (b *bench) counts() [2]uint64 {
	sent, dropped := b.Out.Counts()
	return [2]uint64{sent, dropped}
}

// TestSpansGoInBatches, under the headers that the receiver asks for; where there are none nothing is sent.
func TestSpansGoInBatches(t *testing.T) {
	inBench(t, func(b *bench) {
		b.pass(time.Hour)
		require.Zero(t, b.sim.Posts())
		for range 700 {
			_, a := b.Begin(context.Background(), "act", time.Now())
			a.End(time.Now(), false, false)
		}
		b.pass(2 * time.Second)
		require.Equal(t, 2, b.sim.Posts())
		require.Equal(t, [2]uint64{700, 0}, b.counts())
		require.Equal(t, "k3y", b.sim.Header().Get("api-key"))
		b.Out.Under(map[string]apiclient.Secret{"api-key": "renewed"})
		b.act("later")
		b.pass(time.Minute)
		require.Equal(t, "renewed", b.sim.Header().Get("api-key"))
		require.Equal(t, map[string]string{"service.name": "usher", "service.instance.id": "1"}, b.sim.Spans()[0].By)
	})
}

// TestAReceiverThatIsAway is waited for, for some minutes, and nobody else waits: what there is no room for is lost and
// counted, and the log hears of it once an hour.
func TestAReceiverThatIsAway(t *testing.T) {
	inBench(t, func(b *bench) {
		b.sim.Meet(func(int) otlpsim.Answer { return otlpsim.Answer{Status: 503} })
		b.act("before")
		b.pass(2 * time.Second)
		begun := time.Now()
		for range 4096 + 100 {
			_, a := b.Begin(context.Background(), "act", time.Now())
			a.End(time.Now(), false, false)
		}
		require.True(t, time.Now().Equal(begun), "it was waited for")
		require.Equal(t, [2]uint64{0, 100}, b.counts())
		b.pass(3 * time.Minute)
		b.sim.Meet(func(int) otlpsim.Answer { return otlpsim.Answer{} })
		b.pass(time.Minute)
		require.Equal(t, [2]uint64{4097, 100}, b.counts())

		b.sim.Meet(func(int) otlpsim.Answer { return otlpsim.Answer{Status: 503} })
		for range 30 {
			b.act("lost")
			b.pass(6 * time.Minute)
		}
		require.Equal(t, [2]uint64{4097, 130}, b.counts())
		require.Equal(t, 3, strings.Count(b.log.String(), "traces can't be delivered, so some are lost; requests don't wait for them"), b.log.String())
		require.Contains(t, b.log.String(), "the receiver answered 503")
	})
}

// TestWhatAReceiverSaysIsHeeded: what it refuses isn't sent again, what it has no time for is when it says, and what it left out
// is counted.
func TestWhatAReceiverSaysIsHeeded(t *testing.T) {
	inBench(t, func(b *bench) {
		for _, status := range []int{400, 401, 404, 500, 301} {
			b.sim.Meet(func(int) otlpsim.Answer { return otlpsim.Answer{Status: status} })
			b.act("refused")
			b.pass(10 * time.Minute)
		}
		require.Equal(t, 5, b.sim.Posts())
		require.Equal(t, [2]uint64{0, 5}, b.counts())

		b.sim.Meet(func(n int) otlpsim.Answer {
			if n == 6 {
				return otlpsim.Answer{Status: 429, After: "60"}
			}
			return otlpsim.Answer{}
		})
		b.act("busy")
		b.pass(50 * time.Second)
		require.Equal(t, 6, b.sim.Posts())
		b.pass(20 * time.Second)
		require.Equal(t, [2]uint64{1, 5}, b.counts())

		b.sim.Meet(func(int) otlpsim.Answer { return otlpsim.Answer{Rejects: 2} })
		b.act("a")
		b.act("b")
		b.act("c")
		b.pass(time.Minute)
		require.Equal(t, [2]uint64{2, 7}, b.counts())
	})
}

// TestASlowReceiver is given up after a while, and asked again.
func TestASlowReceiver(t *testing.T) {
	inBench(t, func(b *bench) {
		b.sim.Meet(func(n int) otlpsim.Answer { return otlpsim.Answer{Slow: time.Duration(2-n) * time.Hour} })
		b.act("slow")
		b.pass(time.Minute)
		require.Equal(t, 2, b.sim.Posts())
		require.Equal(t, [2]uint64{1, 0}, b.counts())
	})
}

// TestTheLastSpans are sent at the end, if that is quickly done.
func TestTheLastSpans(t *testing.T) {
	inBench(t, func(b *bench) {
		b.act("last")
		b.quit(time.Second)
		require.Equal(t, [2]uint64{1, 0}, b.counts())
		b.act("too late")
		require.Equal(t, [2]uint64{1, 1}, b.counts())
	})
	for name, met := range map[string]otlpsim.Answer{"away": {Status: 503}, "slow": {Slow: time.Hour}} {
		t.Run(name, func(t *testing.T) {
			inBench(t, func(b *bench) {
				b.sim.Meet(func(int) otlpsim.Answer { return met })
				for range 1000 {
					_, a := b.Begin(context.Background(), "act", time.Now())
					a.End(time.Now(), false, false)
				}
				synctest.Wait()
				begun := time.Now()
				b.quit(time.Second)
				require.LessOrEqual(t, time.Since(begun), time.Second)
				require.Equal(t, [2]uint64{0, 1000}, b.counts())
			})
		})
	}
}
