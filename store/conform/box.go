package conform

import (
	"encoding/json"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// dueRules are those of outbox.Box.Due.
var dueRules = []rule{
	{"Due lists what is due by now, earliest first", func(l *life) {
		l.promise(outbox.Promise("card/1", at(2*time.Minute)), outbox.Promise("card/2", at(time.Minute)),
			outbox.Promise("card/5", at(5*time.Minute)), outbox.Promise("card/6", at(5*time.Minute+time.Second)))
		keys, _ := l.due("card", 5*time.Minute, 10)
		require.Equal(l, []string{"card/2", "card/1", "card/5"}, keys)
	}},
	{"Due knows a kind from one that begins like it", func(l *life) {
		l.promise(outbox.Promise("card/1", at(0)), outbox.Promise("cardigan/1", at(0)), outbox.Promise("car/1", at(0)),
			outbox.Promise("cardigan/2", at(time.Hour)), outbox.Promise("car/2", at(time.Hour)))
		keys, next := l.due("card", 0, 10)
		require.Equal(l, []string{"card/1"}, keys)
		require.Zero(l, next)
	}},
	{"Due lists no more than it is asked for, and says what sleeps, not what it cut off", func(l *life) {
		l.promise(outbox.Promise("card/1", at(0)), outbox.Promise("card/2", at(time.Second)), outbox.Promise("card/3", at(time.Hour)))
		keys, next := l.due("card", time.Minute, 1)
		require.Equal(l, []string{"card/1"}, keys)
		require.Equal(l, at(time.Hour), next)
	}},
	{"Due says when the next of the kind wakes; zero where nothing sleeps", func(l *life) {
		keys, next := l.due("card", 0, 10)
		require.Empty(l, keys)
		require.Zero(l, next)
		l.promise(outbox.Promise("card/1", at(0)), outbox.Promise("deed/1", at(time.Minute)))
		_, next = l.due("card", 0, 10)
		require.Zero(l, next)
		l.promise(outbox.Promise("card/3", at(time.Hour)), outbox.Promise("card/2", at(time.Minute)))
		_, next = l.due("card", 0, 10)
		require.Equal(l, at(time.Minute), next)
	}},
	{"Due lists what is claimed like everything else", func(l *life) {
		l.promise(outbox.Promise("card/1", at(0)))
		l.claim("card/1", 0)
		keys, _ := l.due("card", time.Minute, 10)
		require.Equal(l, []string{"card/1"}, keys)
	}},
	{"what is owed at once minds no clock: by its turn, and before what has a time", func(l *life) {
		ahead := at(365 * 24 * time.Hour)
		l.promise(outbox.Promise("card/1", at(-time.Minute)), outbox.AtOnce("card/10", 10, ahead), outbox.AtOnce("card/9", 9, at(-time.Hour)),
			outbox.Promise("card/8", at(24*time.Hour)), outbox.AtOnce("card/8", 8, at(0)))
		l.crash()
		keys, next := l.due("card", 0, 10)
		require.Equal(l, []string{"card/8", "card/9", "card/10", "card/1"}, keys)
		require.Zero(l, next)
	}},
}

// readyRules are those of outbox.Herald.Ready.
var readyRules = []rule{
	{"Ready names each kind once of which something is due, and of those that sleep when the first wakes", func(l *life) {
		l.ready(0, time.Time{})
		l.promise(outbox.Promise("card/1", at(0)), outbox.Promise("card/2", at(-time.Minute)), outbox.Promise("card/3", at(3*time.Hour)), outbox.Promise("cardigan/1", at(0)),
			outbox.Promise("car/1", at(2*time.Hour)), outbox.Promise("deed/1", at(2*time.Hour+time.Second)))
		l.ready(0, at(2*time.Hour), "card", "cardigan")
		l.ready(2*time.Hour, at(2*time.Hour+time.Second), "car", "card", "cardigan")
		l.ready(4*time.Hour, time.Time{}, "car", "card", "cardigan", "deed")
	}},
	{"Ready names what is owed at once, whatever the clock says, and doesn't wait for it", func(l *life) {
		l.promise(outbox.AtOnce("card/1", 1, at(365*24*time.Hour)), outbox.Promise("card/2", at(time.Hour)))
		l.ready(0, at(time.Hour), "card")
	}},
}

// claimRules are those of outbox.Box.Claim, Mark and Receipt.
var claimRules = []rule{
	{"Claim returns the promise as it was before, and the next life hears of the claim", func(l *life) {
		l.promise(outbox.Change{Put: &outbox.Intent{Key: "deed/1", Due: at(0), Made: at(-time.Hour), Body: json.RawMessage(`{"why":"kept"}`)}})
		first := l.claim("deed/1", time.Second)
		require.Zero(l, first.Claimed)
		require.Equal(l, at(0), first.Due)
		require.Equal(l, at(-time.Hour), first.Made)
		require.JSONEq(l, `{"why":"kept"}`, string(first.Body))
		l.crash()
		second := l.claim("deed/1", time.Minute)
		require.Equal(l, at(time.Second), second.Claimed)
		require.Equal(l, first.Rev, second.Rev)
		require.Equal(l, at(time.Minute), l.claim("deed/1", time.Hour).Claimed)
	}},
	{"Claim is ErrGone for what nobody promised, and for what sleeps", func(l *life) {
		l.promise(outbox.Promise("deed/1", at(time.Minute)))
		_, err := l.Claim(l.Context(), "deed/2", at(time.Hour))
		require.ErrorIs(l, err, outbox.ErrGone)
		_, err = l.Claim(l.Context(), "deed/1", at(time.Minute-time.Second))
		require.ErrorIs(l, err, outbox.ErrGone)
		require.Zero(l, l.claim("deed/1", time.Minute).Claimed, "refused, it was not claimed")
	}},
	{"Mark keeps a note for whoever claims next, in the next life too", func(l *life) {
		l.promise(outbox.Promise("deed/1", at(0)))
		in := l.claim("deed/1", 0)
		l.must(l.Mark(l.Context(), in, json.RawMessage(`{"tried":false}`)))
		l.must(l.Mark(l.Context(), in, json.RawMessage(`{"tried":true}`)))
		l.crash()
		require.JSONEq(l, `{"tried":true}`, string(l.claim("deed/1", time.Minute).Note))
	}},
	{"Mark is ErrGone for what was promised anew meanwhile, and keeps no note", func(l *life) {
		l.promise(outbox.Promise("deed/1", at(0)))
		in := l.claim("deed/1", 0)
		l.promise(outbox.Promise("deed/1", at(0)))
		require.ErrorIs(l, l.Mark(l.Context(), in, json.RawMessage(`{"tried":true}`)), outbox.ErrGone)
		again, owed := l.owed("deed/1")
		require.True(l, owed)
		require.Empty(l, again.Note)
	}},
	{"Mark is ErrGone for what was dropped meanwhile, and owes it to nobody", func(l *life) {
		l.promise(outbox.Promise("deed/1", at(0)))
		in := l.claim("deed/1", 0)
		l.promise(outbox.Forget("deed/1"))
		require.ErrorIs(l, l.Mark(l.Context(), in, json.RawMessage(`{}`)), outbox.ErrGone)
		_, owed := l.owed("deed/1")
		require.False(l, owed)
	}},
	{"Receipt is false where nothing was left outside, and what was left last where something was", func(l *life) {
		require.Nil(l, l.receipt("card/1"))
		for i, id := range []string{"1.1", "2.2"} {
			l.promise(outbox.Promise("card/1", at(0)))
			l.finish(l.claim("card/1", time.Duration(i)), outbox.DoneWith(outbox.Receipt{Place: "C0SEATS", ID: id, Digest: "d" + id}))
		}
		l.crash()
		require.Equal(l, &outbox.Receipt{Key: "card/1", Place: "C0SEATS", ID: "2.2", Digest: "d2.2", At: at(time.Minute)}, l.receipt("card/1"))
		require.Nil(l, l.receipt("card/"))
	}},
}

// due are the keys of a kind that are due so long after the beginning, and when the next one wakes.
func (l *life) ready(now time.Duration, next time.Time, want ...string) {
	l.Helper()
	kinds, wakes, err := l.Ready(l.Context(), at(now))
	l.must(err)
	require.ElementsMatch(l, want, kinds)
	require.Equal(l, next, wakes)
}

func (l *life) due(kind string, now time.Duration, limit int) (keys []string, next time.Time) {
	l.Helper()
	list, next, err := l.Due(l.Context(), kind, at(now), limit)
	l.must(err)
	for _, in := range list {
		keys = append(keys, in.Key)
	}
	return keys, next
}
