package conform

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// promiseRules are those of outbox.Box.Promise, and of what a Change means.
var promiseRules = []rule{
	{"what was promised is there in the next life, and what was dropped is not", func(l *life) {
		l.promise(outbox.Promise("card/1", at(time.Minute)), outbox.Promise("card/2", at(0)), outbox.AtOnce("card/3", 3, at(0)))
		l.promise(outbox.Forget("card/2"))
		l.crash()
		in, owed := l.owed("card/1")
		require.True(l, owed)
		require.Equal(l, "card/1", in.Key)
		require.Equal(l, at(time.Minute), in.Due)
		require.Equal(l, at(time.Minute), in.Made)
		require.Positive(l, in.Rev)
		_, owed = l.owed("card/2")
		require.False(l, owed)
		in, _ = l.owed("card/3")
		require.True(l, outbox.IsAtOnce(in.Due))
		require.Equal(l, at(0), in.Since)
	}},
	{"promised again it is brought forward and never put off, and raised in revision", func(l *life) {
		l.promise(outbox.Promise("card/1", at(time.Hour)))
		first, _ := l.owed("card/1")
		l.promise(outbox.Promise("card/1", at(time.Minute)))
		second, _ := l.owed("card/1")
		require.Equal(l, at(time.Minute), second.Due)
		require.Greater(l, second.Rev, first.Rev)
		l.promise(outbox.Promise("card/1", at(2*time.Hour)))
		third, _ := l.owed("card/1")
		require.Equal(l, at(time.Minute), third.Due)
		require.Greater(l, third.Rev, second.Rev)
		keys, _ := l.due("card", 3*time.Hour, 10)
		require.Equal(l, []string{"card/1"}, keys, "it is owed once")
	}},
	{"promised again it keeps when it was made, who claimed it, how often it was tried and what was noted", func(l *life) {
		l.finish(l.noted("deed/1"), outbox.RetryAt(at(0), "429"))
		l.claim("deed/1", time.Second)
		l.promise(outbox.Promise("deed/1", at(time.Minute)))
		again, _ := l.owed("deed/1")
		require.Equal(l, at(0), again.Made)
		require.Equal(l, at(time.Second), again.Claimed)
		require.Equal(l, 1, again.Tries)
		require.JSONEq(l, `{"tried":true}`, string(again.Note))
	}},
	{"what is owed at once is owed since it first was", func(l *life) {
		l.promise(outbox.Promise("card/1", at(time.Hour)))
		l.promise(outbox.AtOnce("card/1", 1, at(time.Minute)))
		l.promise(outbox.AtOnce("card/1", 1, at(2*time.Minute)))
		in, _ := l.owed("card/1")
		require.Equal(l, at(time.Minute), in.Since)
		l.finish(l.claim("card/1", time.Hour), outbox.RetryAt(at(2*time.Hour), "429"))
		l.promise(outbox.AtOnce("card/1", 1, at(3*time.Minute)))
		in, _ = l.owed("card/1")
		require.True(l, outbox.IsAtOnce(in.Due), "brought forward out of its sleep")
		require.Equal(l, at(3*time.Minute), in.Since)
	}},
	{"what is promised once is not promised again while it is owed, nor once it left a receipt", func(l *life) {
		const key = "tell/1/requester/done"
		l.promise(outbox.PromiseOnce(key, at(0)))
		in := l.claim(key, 0)
		l.promise(outbox.PromiseOnce(key, at(-time.Hour)))
		same, _ := l.owed(key)
		require.Equal(l, in.Rev, same.Rev)
		require.Equal(l, at(0), same.Due)
		l.finish(in, outbox.DoneWith(outbox.Receipt{ID: "1.1"}))
		l.crash()
		l.promise(outbox.PromiseOnce(key, at(0)))
		_, owed := l.owed(key)
		require.False(l, owed)
		l.promise(outbox.Promise(key, at(0)))
		_, owed = l.owed(key)
		require.True(l, owed, "what is not only once is promised in spite of its receipt")
	}},
	{"what follows others is promised where one of them is owed or left a receipt, and else not", func(l *life) {
		const follows = "homes/1"
		l.promise(outbox.AtOnce(follows, 1, at(0)).OnlyWhere("home/"), outbox.Promise("homely/1", at(0)))
		_, owed := l.owed(follows)
		require.False(l, owed, "there is nobody to follow")
		l.promise(outbox.Promise("home/U0ALICE", at(0)))
		l.promise(outbox.AtOnce(follows, 1, at(0)).OnlyWhere("home/"))
		_, owed = l.owed(follows)
		require.True(l, owed, "one is owed")
		l.promise(outbox.Forget(follows))
		l.finish(l.claim("home/U0ALICE", 0), outbox.DoneWith(outbox.Receipt{ID: "h1"}))
		l.crash()
		l.promise(outbox.AtOnce(follows, 1, at(0)).OnlyWhere("home/"))
		_, owed = l.owed(follows)
		require.True(l, owed, "one left a receipt")
	}},
	{"Known lists what is owed or left a receipt and begins so, each once and in order", func(l *life) {
		l.promise(outbox.Promise("home/U0BOB", at(0)), outbox.Promise("home/U0ALICE", at(0)), outbox.Promise("homes/1", at(0)))
		l.finish(l.claim("home/U0ALICE", 0), outbox.DoneWith(outbox.Receipt{ID: "h1"}))
		l.finish(l.claim("home/U0BOB", 0), outbox.DoneUntil(at(time.Hour), &outbox.Receipt{ID: "h2"}))
		l.promise(outbox.Promise("home/U0CAROL", at(time.Hour)))
		l.crash()
		keys, err := l.Known(l.Context(), "home/")
		l.must(err)
		require.Equal(l, []string{"home/U0ALICE", "home/U0BOB", "home/U0CAROL"}, keys)
	}},
	{"what nobody promised is dropped as well as anything", func(l *life) {
		l.promise(outbox.Promise("card/1", at(0)))
		l.promise(outbox.Forget("card/2"), outbox.Forget("card/"))
		_, owed := l.owed("card/1")
		require.True(l, owed)
	}},
	{"several changes are made in their order", func(l *life) {
		l.promise(outbox.Promise("card/1", at(0)), outbox.Forget("card/1"), outbox.Promise("card/2", at(0)),
			outbox.Forget("card/2"), outbox.Promise("card/2", at(time.Minute)))
		_, owed := l.owed("card/1")
		require.False(l, owed)
		in, owed := l.owed("card/2")
		require.True(l, owed)
		require.Equal(l, at(time.Minute), in.Due)
	}},
	{"many may promise at once, and nothing is lost", func(l *life) {
		for _, err := range crowd(40, func(i int) error {
			return l.Promise(l.Context(), outbox.AtOnce("card/1", 1, at(0)), outbox.Promise("deed/"+string(rune('A'+i)), at(0)))
		}) {
			l.must(err)
		}
		cards, _ := l.due("card", 0, 100)
		require.Len(l, cards, 1)
		deeds, _ := l.due("deed", 0, 100)
		require.Len(l, deeds, 40)
	}},
}
