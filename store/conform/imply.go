package conform

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// impliedRules are those of outbox.Box.Implies. A store may always say no; what it says yes to, it must show.
var impliedRules = []rule{
	{"what Implies says yes to, the next life finds implied, and says so until something is noted", func(l *life) {
		for i, after := range []time.Duration{0, outbox.Fresh - 1, outbox.Fresh, time.Hour, -time.Second} {
			key, anew := fmt.Sprintf("tell/%d", i), fmt.Sprintf("tell/%d/anew", i)
			l.promise(outbox.AtOnce(key, 0, at(0)), outbox.AtOnce(anew, 0, at(0)))
			l.imply(l.claim(key, after), after, func() {})
			l.imply(l.claim(anew, after), after, func() { l.promise(outbox.AtOnce(anew, 0, at(after))) })
		}
	}},
	{"Implies says no once something was noted, and nothing is implied any more", func(l *life) {
		l.promise(outbox.AtOnce("tell/1", 0, at(0)))
		in := l.claim("tell/1", 0)
		l.must(l.Mark(l.Context(), in, json.RawMessage(`{"tried":true}`)))
		implied, err := l.Implies(l.Context(), in, at(0))
		l.must(err)
		require.False(l, implied)
		l.crash()
		require.Zero(l, l.claim("tell/1", time.Minute).Implied)
	}},
	{"Implies says no, or fails as Mark does, of what isn't claimed as it was any more", func(l *life) {
		l.promise(outbox.AtOnce("tell/1", 0, at(0)), outbox.AtOnce("tell/2", 0, at(0)), outbox.AtOnce("tell/3", 0, at(0)))
		anew, dropped, taken := l.claim("tell/1", 0), l.claim("tell/2", 0), l.claim("tell/3", 0)
		l.promise(outbox.AtOnce("tell/1", 0, at(0)), outbox.Forget("tell/2"))
		l.claim("tell/3", time.Hour)
		for in, want := range map[*outbox.Intent]error{&anew: outbox.ErrGone, &dropped: outbox.ErrGone, &taken: outbox.ErrTaken} {
			if implied, err := l.Implies(l.Context(), *in, at(0)); err == nil {
				require.False(l, implied)
			} else {
				require.ErrorIs(l, err, want)
			}
		}
	}},
}

// imply holds a store to what it says of a claim, whatever happens then: with a yes the moment that the next life finds, and the one after, is that of the act or
// lies less than outbox.Fresh before it.
func (l *life) imply(in outbox.Intent, after time.Duration, then func()) {
	l.Helper()
	implied, err := l.Implies(l.Context(), in, at(after))
	l.must(err)
	if !implied {
		return
	}
	then()
	for i := range 2 {
		l.crash()
		again := l.claim(in.Key, after+time.Duration(i+1)*time.Hour)
		require.False(l, again.Claimed.IsZero())
		since := at(after).Sub(again.Implied)
		require.True(l, since >= 0 && since < outbox.Fresh, "it may have begun %v after what the next life finds", since)
	}
}
