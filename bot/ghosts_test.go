package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/pace"
)

func TestAGhostIsReportedWithinAMinuteAndForgottenWhenItIsGone(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{GhostLife: 10 * time.Minute}}, func(t *testing.T, w *world) {
		w.Pass(time.Minute)
		require.Empty(t, w.alarms)
		opens := len(w.CallsOf(opensSocket))
		require.True(t, w.Ghost())
		w.Pass(time.Minute)
		require.Len(t, w.alarms, 1)
		require.Contains(t, w.alarms[0], "connections: Slack counts 3 connections for me, and I have 2")
		require.Contains(t, w.Log.String(), `level=ERROR msg="some of what people click is lost`)
		require.Contains(t, w.Log.String(), "counted=3 open=2")
		tellsTheSame(t, w)
		require.Equal(t, Status{Open: 2, Counted: 3}, Status{Open: w.bot.Status().Open, Counted: w.bot.Status().Counted})
		w.Pass(time.Hour)
		require.Equal(t, 2, w.bot.Status().Counted)
		require.Contains(t, w.Log.String(), "counts only our own connections again")
		require.LessOrEqual(t, len(w.CallsOf(opensSocket))-opens, 5, "it is not made worse by asking")
		require.Equal(t, 1, strings.Count(w.Log.String(), "level=ERROR"))
	})
}

// tellsTheSame holds the sentence for admins to what the metric shows at that moment.
func tellsTheSame(t *testing.T, w *world) {
	t.Helper()
	for i, s := range w.atAlarm {
		require.Contains(t, w.alarms[i], fmt.Sprintf("Slack counts %d connections for me, and I have %d.", s.Counted, s.Open))
	}
}

func TestACountThatIsHighForAMomentAlarmsNobody(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{GhostLife: 25 * time.Second}}, func(t *testing.T, w *world) {
		w.Pass(time.Minute)
		w.Ghost()
		w.Pass(10 * time.Minute)
		require.Contains(t, w.Log.String(), "Slack counts more connections")
		require.Empty(t, w.alarms)
		require.Equal(t, 2, w.bot.Status().Counted)
	})
}

func TestASecondUsherIsReportedForAsLongAsItRuns(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{ConnectionLife: -1}, before: func(w *world) { crowd(w.T, w, 2) }}, func(t *testing.T, w *world) {
		w.Pass(time.Minute)
		require.Len(t, w.alarms, 1)
		w.Pass(24 * time.Hour)
		require.Greater(t, len(w.alarms), 20, "said again and again; the outbox makes one message a day of it")
		tellsTheSame(t, w)
		require.Less(t, len(w.CallsOf(opensSocket)), 60)
		require.Equal(t, 4, w.Connections())
	})
}

// TestConnectionsOfOtherReplicasAreNoGhosts: on one database they are known, and one more than that is a ghost still.
func TestConnectionsOfOtherReplicasAreNoGhosts(t *testing.T) {
	others := setup{cfg: Config{Others: func() int { return 2 }}, sim: slacksim.Options{ConnectionLife: -1}, before: func(w *world) { crowd(w.T, w, 2) }}
	inWorld(t, others, func(t *testing.T, w *world) {
		w.Pass(time.Hour)
		require.Empty(t, w.alarms)
		require.NotContains(t, w.Log.String(), "Slack counts more connections")
	})
	others.before = func(w *world) { crowd(w.T, w, 3) }
	inWorld(t, others, func(t *testing.T, w *world) {
		w.Pass(50 * time.Second)
		require.Empty(t, w.alarms, "one of the others may be opening one of theirs anew")
		w.Pass(30 * time.Second)
		require.Len(t, w.alarms, 1)
		require.Contains(t, w.alarms[0], "Slack counts 5 connections for me, and I have 4.")
	})
}

// TestReplicasThatWantMoreThanSlackAllowsSaySo and ask for no more than they must: the tenth connection is greeted, the eleventh isn't.
// Nobody is told of clicks that get lost, because none does.
func TestReplicasThatWantMoreThanSlackAllowsSaySo(t *testing.T) {
	eleven := setup{cfg: Config{Connections: 5, Others: func() int { return 6 }}, sim: slacksim.Options{ConnectionLife: -1, PingEvery: time.Minute}, before: func(w *world) { crowd(w.T, w, 6) }}
	inWorld(t, eleven, func(t *testing.T, w *world) {
		w.Pass(2 * time.Minute)
		require.Equal(t, 4, w.bot.Status().Open)
		require.Len(t, w.alarms, 1)
		require.Contains(t, w.alarms[0], "connections: All of me together want 11 connections to Slack, and Slack allows 10")
		require.Contains(t, w.Log.String(), "wanted=11 most=10")
		require.Equal(t, 1, strings.Count(w.Log.String(), "level=ERROR"))
		opens := len(w.CallsOf(opensSocket))
		w.Pass(time.Hour - 2*time.Minute)
		require.LessOrEqual(t, len(w.CallsOf(opensSocket))-opens, 60, "one a minute")
		require.Len(t, w.alarms, 1)
		require.Equal(t, 4, w.bot.Status().Open)
	})
}

// TestAlarmWhereSlackCannotBeAskedAgain: no recount is possible with one connection of our own, or while
// somebody is always waiting for an answer; Slack's last count has to do.
func TestAlarmWhereSlackCannotBeAskedAgain(t *testing.T) {
	one := setup{sim: slacksim.Options{ConnectionLife: -1, PingEvery: time.Minute}, before: func(w *world) { crowd(w.T, w, 9) }}
	inWorld(t, one, func(t *testing.T, w *world) {
		w.Pass(time.Minute)
		require.Len(t, w.alarms, 1)
		require.Contains(t, w.alarms[0], "Slack counts 10 connections for me, and I have 1. It sends the others part")
		require.Equal(t, 1, strings.Count(w.Log.String(), "level=ERROR"))
		tellsTheSame(t, w)
		w.Pass(24 * time.Hour)
		require.Less(t, len(w.alarms), 40, "ever less often")
	})
	inWorld(t, setup{sim: slacksim.Options{GhostLife: time.Hour, ConnectionLife: -1}}, func(t *testing.T, w *world) {
		w.Pass(time.Minute)
		opens := len(w.CallsOf(opensSocket))
		require.True(t, w.Ghost())
		w.bot.heard.inHand.Add(1) // somebody is always waiting for an answer
		w.Pass(time.Minute)
		require.Len(t, w.CallsOf(opensSocket), opens+1, "the one in place of the dead one")
		require.Len(t, w.alarms, 1)
		require.Contains(t, w.alarms[0], "Slack counts 3 connections for me, and I have 2")
		tellsTheSame(t, w)
		w.bot.heard.inHand.Add(-1)
	})
}

// TestAlarmWhereSlackGreetsNobody: ten foreign connections, and no hello that could count them.
func TestAlarmWhereSlackGreetsNobody(t *testing.T) {
	ten := setup{sim: slacksim.Options{ConnectionLife: -1, PingEvery: time.Minute}, before: func(w *world) { crowd(w.T, w, 10) }}
	inWorld(t, ten, func(t *testing.T, w *world) {
		w.Pass(time.Minute)
		require.Len(t, w.alarms, 1)
		require.Contains(t, w.alarms[0], "connections: Slack closes every connection I open right away, as it does when an app already has 10. I have 0 of them open.")
		require.Equal(t, 10, w.bot.Status().Counted, "the metric tells it")
		require.Zero(t, w.bot.Status().Open)
		require.Equal(t, 1, strings.Count(w.Log.String(), "level=ERROR"))
		w.Pass(24 * time.Hour / time.Duration(pace.Stride(12))) // a new connection every few seconds, each like the one before
		require.Less(t, len(w.alarms), 40, "ever less often")
	})
}

// TestAConnectionThatIsOneTooManyForAMomentAlarmsNobody and leaves Slack's count as it was said. Nor does one
// that Slack ends without a reason before it greets it: that is no word of Slack's about their number.
func TestAConnectionThatIsOneTooManyForAMomentAlarmsNobody(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		c := newConnection(w.bot, 0)
		c.crowded()
		w.Pass(refusedFor - time.Second)
		c.crowded()
		require.Equal(t, 2, w.bot.Status().Counted)
		w.Plan(slacksim.Fault{Method: "link", Kind: slacksim.Cut, Times: 1 << 20})
		w.DropAll()
		w.Pass(5 * time.Minute)
		require.Zero(t, w.Connections())
		require.Equal(t, 2, w.bot.Status().Counted)
		require.Empty(t, w.alarms)
	})
}

// TestALineThatKeepsDroppingDoesNotFillSlackWithGhosts: a firewall that drops connections halfway after
// 40 s. Reopened at once each time, they would reach Slack's ten within minutes.
func TestALineThatKeepsDroppingDoesNotFillSlackWithGhosts(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{GhostLife: 5 * time.Minute}, lenient: true}, func(t *testing.T, w *world) {
		most, heard := 0, 0
		for range 3 * 60 {
			w.Pass(40 * time.Second)
			w.Ghost()
			w.Pass(20 * time.Second)
			most = max(most, w.Connections())
			if w.bot.Status().Open > 0 {
				heard++
			}
		}
		require.Less(t, most, 10)
		require.Greater(t, heard, 150, "somebody hears nearly always")
		require.Contains(t, w.Log.String(), "keep falling silent")
		w.Pass(10 * time.Minute)
		require.Equal(t, 2, w.Connections())
		require.True(t, w.Type(alice, general, "/access help").Wait().Acked)
	})
}
