package conform

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
)

// holdRules are those of transactions under a claim, and of what a claim is known by.
var holdRules = []rule{
	{"each claim has a higher number than the last, whoever has put it off, dropped it or promised it anew", func(l *life) {
		var last int64
		for _, between := range []func(outbox.Intent){
			func(in outbox.Intent) { l.finish(in, outbox.RetryAt(at(0), "429")) },
			func(outbox.Intent) { l.promise(outbox.Promise("deed/1", at(0))) },
			func(outbox.Intent) { l.promise(outbox.Forget("deed/1")) },
			func(outbox.Intent) { l.crash() },
			func(outbox.Intent) {},
		} {
			l.promise(outbox.Promise("deed/1", at(0)))
			in := l.claim("deed/1", 0)
			require.Greater(l, in.Token, last)
			left, _ := l.owed("deed/1")
			require.Equal(l, in.Token, left.Token, "what is claimed bears it")
			last = in.Token
			between(in)
		}
	}},
	{"under a claim everything is kept while it stands, also of what was promised anew meanwhile", func(l *life) {
		held, _ := l.holds("deed/1")
		l.promise(outbox.Promise("deed/1", at(0)))
		for what, write := range l.writes() {
			require.NoError(l, write(held), what)
		}
		l.crash()
		require.Equal(l, len(l.writes()), l.written())
	}},
	{"under a claim that somebody else has taken over nothing is kept, and it is ErrTaken", func(l *life) {
		held, in := l.holds("deed/1")
		took := l.claim("deed/1", 0)
		l.refuses(held, in, outbox.ErrTaken)
		l.finish(took, outbox.RetryAt(at(0), "429"))
		l.refuses(held, in, outbox.ErrTaken)
		require.NoError(l, l.writes()["Update"](l.Context()), "a person holds nothing")
	}},
	{"under a claim of what nobody owes any more nothing is kept, and it is ErrGone", func(l *life) {
		held, in := l.holds("deed/1")
		l.promise(outbox.Forget("deed/1"))
		l.refuses(held, in, outbox.ErrGone)
		require.NoError(l, held.Err(), "dropped, it isn't somebody else's")
	}},
	{"a transaction that drops its own promise ends the claim, and what follows is asked nothing", func(l *life) {
		held, _ := l.holds("deed/1")
		require.NoError(l, l.drops(held))
		for what, write := range l.writes() {
			require.NoError(l, write(held), what)
		}
	}},
	{"where nobody knows whether that was kept, asking again is kept too", func(l *life) {
		broken(l)
		for _, kept := range []bool{true, false} {
			held, _ := l.holds("deed/1")
			l.place.Break(kept)
			require.ErrorIs(l, l.drops(held), approvals.ErrUnknownOutcome)
			require.NoError(l, l.drops(held))
			_, owed := l.owed("deed/1")
			require.False(l, owed)
		}
	}},
	{"what somebody finishes who has lost their claim isn't kept, and the receipt of whoever took over stays", func(l *life) {
		lost := outbox.DoneWith(outbox.Receipt{ID: "of the first"})
		held, in := l.holds("card/1")
		took := l.claim("card/1", 0)
		for range 2 {
			require.ErrorIs(l, l.Mark(l.Context(), in, json.RawMessage(`{}`)), outbox.ErrTaken)
			require.ErrorIs(l, l.Finish(l.Context(), in, lost, at(0)), outbox.ErrTaken)
			require.Nil(l, l.receipt("card/1"))
			l.finish(took, outbox.RetryAt(at(0), "429")) // and once nobody holds it
		}
		l.finish(l.claim("card/1", 0), outbox.DoneWith(outbox.Receipt{ID: "of the second"}))
		require.ErrorIs(l, l.Finish(context.WithoutCancel(held), in, lost, at(0)), outbox.ErrTaken)
		l.promise(outbox.Promise("card/1", at(0)))
		require.ErrorIs(l, l.Finish(l.Context(), in, lost, at(0)), outbox.ErrTaken)
		require.Equal(l, "of the second", l.receipt("card/1").ID)
	}},
}

// holds promises something, claims it, and is the context of whoever does.
func (l *life) holds(key string) (context.Context, outbox.Intent) {
	l.Helper()
	l.promise(outbox.Promise(key, at(0)))
	in := l.claim(key, 0)
	held, _ := outbox.Under(l.Context(), in, l.Store)
	return held, in
}

// drops drops the promise of deed/1 together with an entry in the log.
func (l *life) drops(ctx context.Context) error {
	return l.Update(ctx, func(tx approvals.Tx) error {
		return errors.Join(tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "done"}), tx.Change(outbox.Forget("deed/1")))
	})
}

// refuses holds that nothing is kept under a claim, of whatever kind.
func (l *life) refuses(held context.Context, in outbox.Intent, want error) {
	l.Helper()
	before := l.written()
	for what, write := range l.writes() {
		mine, _ := outbox.Under(context.WithoutCancel(held), in, l.Store)
		err := write(mine)
		require.ErrorIs(l, err, want, what)
		require.Equal(l, errors.Is(want, outbox.ErrTaken), mine.Err() != nil, "it ends with the claim, that nobody is called any more")
	}
	require.ErrorIs(l, l.Mark(l.Context(), in, json.RawMessage(`{}`)), want)
	require.Equal(l, before, l.written())
}

// writes are a transaction of each kind that somebody may ask for who carries something out.
func (l *life) writes() map[string]func(context.Context) error {
	entry := approvals.Entry{At: at(0), Actor: approvals.Usher, What: "kept"}
	return map[string]func(context.Context) error{
		"Update": func(ctx context.Context) error {
			return l.Update(ctx, func(tx approvals.Tx) error { return tx.KeepTurn("seranking", bob) })
		},
		"Promise": func(ctx context.Context) error { return l.Promise(ctx, outbox.Promise("card/9", at(time.Hour))) },
		"Record": func(ctx context.Context) error {
			return l.Record(ctx, func(tx register.Tx) error { return tx.KeepRegister("semrush", register.Kept{File: "list.csv"}) })
		},
		"Alter": func(ctx context.Context) error {
			return l.Alter(ctx, func(tx leavers.Tx) error { return tx.KeepRoster(leavers.Roster{Last: 1}) })
		},
		"Admit": func(ctx context.Context) error {
			return l.Admit(ctx, func(tx joiners.Tx) error { return tx.KeepRolls(joiners.Rolls{Last: 1}) })
		},
		"Revise": func(ctx context.Context) error {
			return l.Revise(ctx, func(tx reviews.Tx) error { return errors.Join(tx.KeepReviews(reviews.Index{Last: 1}), tx.Audit(entry)) })
		},
		"Learn":        func(ctx context.Context) error { return l.Learn(ctx, "lesson", []byte("{}")) },
		"KeepSnapshot": func(ctx context.Context) error { return l.KeepSnapshot(ctx, "weekly", []byte("{}")) },
		"Shelve":       func(ctx context.Context) error { return l.Shelve(ctx, map[string][]byte{"a/1": []byte("{}")}, nil) },
		"KeepDay": func(ctx context.Context) error {
			_, err := l.KeepDay(ctx, "acme", "", "2026-11-01", []byte("{}"), nil)
			return err
		},
	}
}

// written is how many of these were kept.
func (l *life) written() (n int) {
	l.Helper()
	count := func(is bool, err error) {
		l.must(err)
		if is {
			n++
		}
	}
	var turn approvals.PersonID
	l.do(func(tx approvals.Tx) (err error) {
		turn, err = tx.Turn("seranking")
		return err
	})
	count(turn != "", nil)
	keys, err := l.Known(l.Context(), "card/9")
	count(len(keys) > 0, err)
	k, err := l.Register(l.Context(), "semrush")
	count(k.File != "", err)
	roster, err := l.Roster(l.Context())
	count(roster.Last > 0, err)
	rolls, err := l.Rolls(l.Context())
	count(rolls.Last > 0, err)
	index, err := l.Reviews(l.Context())
	count(index.Last > 0, err)
	lesson, err := l.Learned(l.Context(), "lesson")
	count(lesson != nil, err)
	shown, err := l.Snapshot(l.Context(), "weekly")
	count(shown != nil, err)
	piece, err := l.Piece(l.Context(), "a/1")
	count(piece != nil, err)
	count(len(l.days("acme", "")) > 0, nil)
	return n
}
