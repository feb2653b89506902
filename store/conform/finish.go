package conform

import (
	"encoding/json"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// finishRules are those of outbox.Box.Finish.
var finishRules = []rule{
	{"Done: it is owed no more, and leaves nothing", func(l *life) {
		l.finish(l.noted("deed/1"), outbox.Done())
		l.crash()
		_, owed := l.owed("deed/1")
		require.False(l, owed)
		require.Nil(l, l.receipt("deed/1"))
	}},
	{"DoneWith: it is owed no more, and its receipt stands under its key", func(l *life) {
		l.finish(l.noted("card/1"), outbox.DoneWith(outbox.Receipt{Key: "another", Place: "C0SEATS", ID: "1.1"}))
		l.crash()
		_, owed := l.owed("card/1")
		require.False(l, owed)
		require.Equal(l, &outbox.Receipt{Key: "card/1", Place: "C0SEATS", ID: "1.1", At: at(time.Minute)}, l.receipt("card/1"))
		require.Nil(l, l.receipt("another"))
	}},
	{"RetryAt: it sleeps until then, counts the try, says why, and nothing is in the dark", func(l *life) {
		l.finish(l.noted("deed/1"), outbox.RetryAt(at(time.Hour), "429"))
		l.crash()
		_, err := l.Claim(l.Context(), "deed/1", at(time.Hour-time.Second))
		require.ErrorIs(l, err, outbox.ErrGone)
		again := l.claim("deed/1", time.Hour)
		require.Equal(l, 1, again.Tries)
		require.Equal(l, "429", again.Why)
		require.Zero(l, again.Claimed)
		require.JSONEq(l, `{"tried":true}`, string(again.Note), "what was noted is still so")
		require.Nil(l, l.receipt("deed/1"))
	}},
	{"RetryAt counts each try", func(l *life) {
		l.promise(outbox.Promise("deed/1", at(0)))
		for n := range 3 {
			in := l.claim("deed/1", time.Hour)
			require.Equal(l, n, in.Tries)
			l.finish(in, outbox.RetryAt(at(time.Minute), "429"))
		}
	}},
	{"RetryWith: the same, and what it did all the same has its receipt", func(l *life) {
		l.finish(l.noted("card/1"), outbox.RetryWith(at(time.Hour), "half of it", outbox.Receipt{ID: "1.1"}))
		again, owed := l.owed("card/1")
		require.True(l, owed)
		require.Equal(l, at(time.Hour), again.Due)
		require.Equal(l, "1.1", l.receipt("card/1").ID)
	}},
	{"DoneUntil: it is owed again then, as if nobody had tried, and its receipt stands", func(l *life) {
		l.finish(l.noted("card/1"), outbox.RetryAt(at(0), "429"))
		l.finish(l.claim("card/1", 0), outbox.DoneUntil(at(time.Hour), &outbox.Receipt{ID: "1.1"}))
		l.crash()
		again, owed := l.owed("card/1")
		require.True(l, owed)
		require.Equal(l, at(time.Hour), again.Due)
		require.Zero(l, again.Claimed)
		require.Zero(l, again.Tries)
		require.Empty(l, again.Note)
		require.Empty(l, again.Why)
		l.finish(l.claim("card/1", time.Hour), outbox.DoneUntil(at(2*time.Hour), nil))
		require.Equal(l, "1.1", l.receipt("card/1").ID, "nil leaves the receipt that was there")
	}},
	{"promised anew meanwhile: it stays owed when it was to be, without the claim, and the receipt is kept", func(l *life) {
		for _, result := range []outbox.Result{outbox.DoneWith(outbox.Receipt{ID: "1.1"}), outbox.DoneUntil(at(time.Hour), &outbox.Receipt{ID: "1.1"})} {
			in := l.noted("card/1")
			l.promise(outbox.Promise("card/1", at(time.Second)))
			l.finish(in, result)
			left, owed := l.owed("card/1")
			require.True(l, owed)
			require.Equal(l, at(0), left.Due)
			require.Zero(l, left.Claimed)
			require.Equal(l, "1.1", l.receipt("card/1").ID)
			l.promise(outbox.Forget("card/1"))
		}
	}},
	{"promised anew meanwhile, and to be tried again: it sleeps until then all the same, unless it was to be later", func(l *life) {
		in := l.noted("card/1")
		l.promise(outbox.Promise("card/1", at(time.Second)))
		l.finish(in, outbox.RetryAt(at(time.Hour), "429"))
		left, owed := l.owed("card/1")
		require.True(l, owed)
		require.Equal(l, at(time.Hour), left.Due)
		require.Equal(l, 1, left.Tries)
	}},
	{"dropped meanwhile: only the receipt is kept", func(l *life) {
		for key, result := range map[string]outbox.Result{
			"card/1": outbox.DoneWith(outbox.Receipt{ID: "1.1"}),
			"card/2": outbox.RetryWith(at(0), "429", outbox.Receipt{ID: "1.1"}),
			"card/3": outbox.DoneUntil(at(time.Hour), &outbox.Receipt{ID: "1.1"}),
		} {
			in := l.noted(key)
			l.promise(outbox.Forget(key))
			l.finish(in, result)
			_, owed := l.owed(key)
			require.False(l, owed, key)
			require.NotNil(l, l.receipt(key), key)
		}
	}},
	{"dropped and promised meanwhile: that is another promise, which the old result does not end", func(l *life) {
		old := l.noted("deed/1")
		l.promise(outbox.Forget("deed/1"), outbox.Promise("deed/1", at(0)))
		fresh, _ := l.owed("deed/1")
		require.Empty(l, fresh.Note)
		require.Zero(l, fresh.Claimed)
		require.NotEqual(l, old.Rev, fresh.Rev)
		l.finish(old, outbox.Done())
		_, owed := l.owed("deed/1")
		require.True(l, owed)
	}},
}

// noted promises something, claims it and notes an attempt.
func (l *life) noted(key string) outbox.Intent {
	l.Helper()
	l.promise(outbox.Promise(key, at(0)))
	in := l.claim(key, 0)
	l.must(l.Mark(l.Context(), in, json.RawMessage(`{"tried":true}`)))
	return in
}
