package bot

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/slacksim"
)

// talking types a command every 500 ms, for as long as trouble goes on: every two seconds, for a minute.
// It returns what became of each command, and how long nothing was connected at a time, at most.
func talking(w *world, trouble func()) (all []*slacksim.Delivery, deaf time.Duration) {
	since := time.Now()
	for i := range 6000 {
		if i%200 == 0 {
			trouble()
		}
		<-time.After(5 * time.Millisecond)
		if i%50 == 25 {
			all = append(all, w.Type(alice, general, "/access help"))
		}
		if w.Connections() > 0 {
			since = time.Now()
		}
		deaf = max(deaf, time.Since(since))
		<-time.After(5 * time.Millisecond)
	}
	return all, deaf
}

// lost counts the commands that were not acknowledged.
func lost(all []*slacksim.Delivery) (n int) {
	for _, d := range all {
		if !d.Wait().Acked {
			n++
		}
	}
	return n
}

// TestBothConnectionsRecycledEveryTwoSeconds: with a warning before, at the same moment as it, or without. No
// command is lost, and no try is held off.
func TestBothConnectionsRecycledEveryTwoSeconds(t *testing.T) {
	for name, trouble := range map[string]func(w *world){
		"warning":           func(w *world) { w.DisconnectAll(reasonWarning) },
		"refresh_requested": func(w *world) { w.RefreshAll() },
		"warning, refresh_requested": func(w *world) {
			for range w.DisconnectAll(reasonWarning) {
				w.Disconnect(reasonRefresh) // the oldest: a successor may stand already
			}
		},
		"warning, a second, refresh":        func(w *world) { w.DisconnectAll(reasonWarning); w.Pass(time.Second); w.RefreshAll() },
		"warning, and it is cut with a lag": func(w *world) { w.DisconnectAll(reasonWarning); w.Pass(time.Second); w.Drop(); w.Drop() },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				w.Pass(10 * time.Second)
				all, deaf := talking(w, func() { trouble(w) })
				require.Len(t, all, 120)
				require.Zero(t, lost(all), "of 120 commands")
				require.LessOrEqual(t, deaf, 10*time.Millisecond)
				require.NotContains(t, w.Log.String(), "pause=")
				require.Empty(t, w.alarms)
				w.Pass(time.Minute)
				require.Equal(t, 2, w.Connections(), "what was warned of is not kept")
			})
		})
	}
}

// TestALineThatIsWarnedHearsUntilItsSuccessorDoes, also where that takes Slack some seconds, and some tries.
func TestALineThatIsWarnedHearsUntilItsSuccessorDoes(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Pass(10 * time.Second)
		w.Plan(slacksim.Fault{Method: opensSocket, Kind: slacksim.Status500, Times: 4})
		w.Plan(slacksim.Fault{Method: opensSocket, Kind: slacksim.Slow, Delay: 3 * time.Second, Times: 2})
		w.DisconnectAll(reasonWarning)
		var all []*slacksim.Delivery
		for range 300 {
			<-time.After(100 * time.Millisecond)
			all = append(all, w.Type(alice, general, "/access help"))
		}
		require.Zero(t, lost(all), "of 300 commands")
		require.Equal(t, 2, w.Connections())
		require.Contains(t, w.Log.String(), reasonRefresh, "Slack ended them in the end")
	})
}

// TestBothConnectionsCutEveryTwoSeconds: the next ones are opened at once, each time.
func TestBothConnectionsCutEveryTwoSeconds(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Pass(10 * time.Second)
		all, deaf := talking(w, func() { require.Equal(t, 2, w.DropAll()) })
		require.Len(t, all, 120)
		require.Zero(t, lost(all), "of 120 commands")
		require.LessOrEqual(t, deaf, 10*time.Millisecond)
		w.Pass(time.Minute)
		require.Equal(t, 2, w.Connections())
	})
}

// TestAServerThatNeverPings keeps its connections, for they answer: for a day, and no command is lost.
func TestAServerThatNeverPings(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{PingEvery: -1, ConnectionLife: -1}}, func(t *testing.T, w *world) {
		opened := len(w.CallsOf(opensSocket))
		for range 12 {
			w.Pass(2 * time.Hour)
			require.True(t, w.Type(alice, general, "/access help").Wait().Acked)
		}
		require.Len(t, w.CallsOf(opensSocket), opened, "none was cut")
		require.NotContains(t, w.Log.String(), "silent")
	})
}

// TestALineIsDeadAfterFifteenSecondsWithoutAWord, and not before: neither a ping, nor an answer to ours, nor a frame.
func TestALineIsDeadAfterFifteenSecondsWithoutAWord(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{PingEvery: -1, ConnectionLife: -1, GhostLife: time.Hour}, cfg: Config{Connections: 1}}, func(t *testing.T, w *world) {
		w.Pass(time.Minute)
		opened := len(w.CallsOf(opensSocket))
		require.True(t, w.Ghost())
		w.Pass(10*time.Second - time.Millisecond)
		require.Len(t, w.CallsOf(opensSocket), opened, "it answered a ping five seconds ago, at most")
		w.Pass(5*time.Second + time.Millisecond)
		require.Len(t, w.CallsOf(opensSocket), opened+1)
		require.Contains(t, w.Log.String(), errSilent.Error())
	})
}

// TestWhileNothingHearsTheNextTryComesWithinThreeSeconds, whatever it is that ends them, for ten minutes.
func TestWhileNothingHearsTheNextTryComesWithinThreeSeconds(t *testing.T) {
	for name, trouble := range map[string]func(w *world){
		"no address": func(w *world) {
			w.Plan(slacksim.Fault{Method: opensSocket, Kind: slacksim.Status500, Times: 1 << 20})
		},
		"no answer at all": func(w *world) { w.Plan(slacksim.Fault{Method: opensSocket, Kind: slacksim.Cut, Times: 1 << 20}) },
		"no WebSocket":     func(w *world) { w.Plan(slacksim.Fault{Method: "link", Kind: slacksim.Status500, Times: 1 << 20}) },
		"cut at once":      func(w *world) { w.Plan(slacksim.Fault{Method: "link", Kind: slacksim.Cut, Times: 1 << 20}) },
		"switched off":     func(w *world) { w.SocketMode(false) },
		"dead after dead": func(w *world) {
			ctx, stop := context.WithCancel(w.T.Context())
			w.T.Cleanup(stop)
			go func() {
				for web.Pause(ctx, 100*time.Millisecond) == nil {
					w.Ghost()
				}
			}()
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{sim: slacksim.Options{GhostLife: time.Hour, ConnectionLife: -1}}, func(t *testing.T, w *world) {
				w.Pass(10 * time.Second)
				trouble(w)
				w.DropAll()
				w.Pass(time.Minute)
				before := len(w.CallsOf(opensSocket))
				w.Pass(10 * time.Minute)
				tries := w.CallsOf(opensSocket)[before:]
				most := deafMost
				if name == "dead after dead" {
					most += Config{PingEvery: defaultPingEvery}.silence() // until it is known to be dead
				}
				for i, next := range tries[1:] {
					require.LessOrEqual(t, next.At.Sub(tries[i].At), most)
				}
				require.LessOrEqual(t, len(tries), 500, "not more than Slack allows: fifty a minute")
				require.GreaterOrEqual(t, len(tries), int(10*time.Minute/most)-1)
			})
		})
	}
}

// TestAnAckGoesOutOnTheLineOfItsEnvelope although Slack has recycled that line meanwhile.
func TestAnAckGoesOutOnTheLineOfItsEnvelope(t *testing.T) {
	for _, reason := range []string{reasonWarning, reasonRefresh} {
		slow := &slowHouse{by: time.Second}
		inWorld(t, setup{house: slow.around}, func(t *testing.T, w *world) {
			d := w.Type(alice, general, "/access create jane@acme.example Jane because she starts")
			w.DisconnectAll(reason)
			w.Pass(10 * time.Millisecond)
			require.False(t, d.Outcome().Acked, "it still thinks")
			require.True(t, d.Wait().Acked, reason)
			w.Pass(time.Minute)
			require.Equal(t, 2, w.Connections())
		})
	}
}

// TestSocketModeSwitchedOffIsSaidToBeThat, once, to the log and the admins; and it is noticed when it is on again.
func TestSocketModeSwitchedOffIsSaidToBeThat(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Pass(time.Minute)
		w.SocketMode(false)
		w.Pass(time.Hour)
		require.Zero(t, w.Connections())
		require.Equal(t, "dispatch_failed", w.Type(alice, general, "/access help").Wait().Error)
		require.Len(t, w.alarms, 1)
		require.Contains(t, w.alarms[0], "socket-mode: Socket Mode is turned off in the app's settings")
		require.Equal(t, 1, strings.Count(w.Log.String(), "level=ERROR"))
		require.Contains(t, w.Log.String(), `level=ERROR msg="Socket Mode is turned off in the app's settings`)
		require.NotContains(t, w.Log.String(), "too many", "it is not taken for ten connections")
		require.Equal(t, 2, w.bot.Status().Counted)
		w.SocketMode(true)
		w.Pass(deafMost + time.Second)
		require.Equal(t, 2, w.Connections())
		require.True(t, w.Type(alice, general, "/access help").Wait().Acked)
		require.Contains(t, w.Log.String(), "turned on again")
	})
}

// TestAGreetingHearsWhySlackWantsNoConnection, and leaves none behind.
func TestAGreetingHearsWhySlackWantsNoConnection(t *testing.T) {
	for name, row := range map[string]struct {
		before func(w *world)
		reason string
	}{
		"on":       {func(*world) {}, ""},
		"off":      {func(w *world) { w.SocketMode(false) }, SwitchedOff},
		"too many": {func(w *world) { crowd(w.T, w, 8) }, Crowded},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{sim: slacksim.Options{ConnectionLife: -1}}, func(t *testing.T, w *world) {
				row.before(w)
				w.Pass(time.Second)
				counted := w.Connections()
				address, err := web.NewProbe(w.slack).Socket(t.Context())
				require.NoError(t, err)
				reason, beside, err := Greeting(t.Context(), w.Wire.DialContext, address)
				require.NoError(t, err)
				require.Equal(t, row.reason, reason)
				if reason == "" {
					require.Equal(t, counted, beside)
				}
				w.Pass(time.Second)
				require.Equal(t, counted, w.Connections())
				w.FailNext("link", slacksim.BeforeEffect, slacksim.Cut)
				address, err = web.NewProbe(w.slack).Socket(t.Context())
				require.NoError(t, err)
				_, _, err = Greeting(t.Context(), w.Wire.DialContext, address)
				require.Error(t, err)
			})
		})
	}
}

// TestAClockThatJumpsMakesNobodyDeaf: waiting before a try asks no clock.
func TestAClockThatJumpsMakesNobodyDeaf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEars()
		begun := time.Now()
		e.tried()
		waited := make(chan string)
		for _, pause := range []time.Duration{time.Hour, 2 * time.Hour} {
			go func() {
				e.wait(t.Context(), pause)
				waited <- fmt.Sprint(time.Since(begun))
				e.tried()
			}()
		}
		require.Equal(t, "3s", <-waited, "one of them")
		require.Equal(t, "6s", <-waited, "and then the other")
		e.add(1)
		go func() { e.wait(t.Context(), time.Minute); waited <- "at leisure" }()
		<-time.After(30 * time.Second)
		select {
		case <-waited:
			t.Fatal("somebody hears, so there is time")
		default:
		}
		require.Equal(t, "at leisure", <-waited)
		e.add(-1)
		e.rest()
	})
}
