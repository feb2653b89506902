package conform

import (
	"encoding/json"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
)

// besideRules are those of several stores over one place, each of another program that runs at the same time.
var besideRules = []rule{
	{"what one has claimed another neither lists nor takes until its lease is over, whatever the other's clock says", func(l *life) {
		other := l.beside()
		l.promise(outbox.Promise("deed/1", at(0)))
		in := l.claim("deed/1", 0)
		ahead := at(100 * time.Hour)
		_, err := other.Claim(l.Context(), "deed/1", ahead)
		require.ErrorIs(l, err, outbox.ErrGone)
		list, _, err := other.Due(l.Context(), "deed", ahead, 10)
		l.must(err)
		require.Empty(l, list, "it is under way elsewhere")
		keys, _ := l.due("deed", 0, 10)
		require.Equal(l, []string{"deed/1"}, keys)
		l.must(l.Stands(l.Context(), in))
		l.must(l.Mark(l.Context(), in, json.RawMessage(`{"tried":true}`)))

		l.place.Lapse()
		list, _, err = other.Due(l.Context(), "deed", at(0), 10)
		l.must(err)
		require.Len(l, list, 1)
		took, err := other.Claim(l.Context(), "deed/1", at(time.Second))
		l.must(err)
		require.Equal(l, at(0), took.Claimed, "it hears of the claim that may have been followed by the act")
		require.JSONEq(l, `{"tried":true}`, string(took.Note))
		require.Greater(l, took.Token, in.Token)
		_, err = l.Claim(l.Context(), "deed/1", ahead)
		require.ErrorIs(l, err, outbox.ErrGone)
	}},
	{"who was paused past their lease, and lost it, writes nothing and calls nobody, also once nobody holds it", func(l *life) {
		other := l.beside()
		held, in := l.holds("deed/1")
		l.place.Lapse()
		took, err := other.Claim(l.Context(), "deed/1", at(0))
		l.must(err)
		for range 2 {
			l.refuses(held, in, outbox.ErrTaken)
			require.ErrorIs(l, l.Stands(l.Context(), in), outbox.ErrTaken)
			require.ErrorIs(l, l.Finish(l.Context(), in, outbox.DoneWith(outbox.Receipt{ID: "of the first"}), at(0)), outbox.ErrTaken)
			_ = other.Finish(l.Context(), took, outbox.RetryAt(at(0), "429"), at(0))
		}
		last, err := other.Claim(l.Context(), "deed/1", at(0))
		l.must(err)
		l.must(other.Finish(l.Context(), last, outbox.DoneWith(outbox.Receipt{ID: "of the second"}), at(0)))
		require.ErrorIs(l, l.Finish(l.Context(), in, outbox.DoneWith(outbox.Receipt{ID: "of the first"}), at(0)), outbox.ErrTaken)
		require.ErrorIs(l, l.Stands(l.Context(), in), outbox.ErrGone)
		require.Equal(l, "of the second", l.receipt("deed/1").ID)
	}},
	{"a note begins the lease anew, and so does asking whether it stands", func(l *life) {
		other := l.beside()
		_, in := l.holds("deed/1")
		for _, anew := range []func() error{
			func() error { return l.Mark(l.Context(), in, json.RawMessage(`{}`)) },
			func() error { return l.Stands(l.Context(), in) },
		} {
			l.place.Lapse()
			l.must(anew())
			_, err := other.Claim(l.Context(), "deed/1", at(0))
			require.ErrorIs(l, err, outbox.ErrGone)
		}
	}},
	{"what one promised, put off or dropped another finds so", func(l *life) {
		other := l.beside()
		l.promise(outbox.Promise("deed/1", at(0)))
		in, err := other.Claim(l.Context(), "deed/1", at(0))
		l.must(err)
		l.must(other.Finish(l.Context(), in, outbox.RetryWith(at(time.Hour), "429", outbox.Receipt{ID: "1.1"}), at(0)))
		left, owed := l.owed("deed/1")
		require.True(l, owed)
		require.Equal(l, at(time.Hour), left.Due)
		require.Equal(l, "1.1", l.receipt("deed/1").ID)
		l.claim("deed/1", time.Hour)
		l.must(other.Promise(l.Context(), outbox.Forget("deed/1")))
		_, owed = l.owed("deed/1")
		require.False(l, owed)
	}},
}

// beside is another store over the same place.
func (l *life) beside() store.Store {
	if l.place.Beside == nil {
		l.Skip("this engine has one program at a time")
	}
	return l.place.Beside()
}
