package conform

import (
	"bytes"
	"errors"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/cargo"
)

// rewriteRules are those of rewriting what is kept.
var rewriteRules = []rule{
	{"Rewrite puts each thing in the place of what it was, with all by which it is found and with what also does, in the next life too", func(l *life) {
		l.rewritable()
		all := l.renamed("jane@acme.example", "forgotten-7f3c")
		require.Len(l, all, 5)
		before := l.head().Seq
		done, err := l.Rewrite(l.Context(), all, func(tx approvals.Tx, done int) error {
			require.Equal(l, 5, done)
			return tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "rewritten"})
		})
		l.must(err)
		require.Equal(l, 5, done)
		l.crash()
		require.Empty(l, l.renamed("jane@acme.example", "forgotten-7f3c"), "nothing of it is left")
		require.Equal(l, before+1, l.head().Seq)
		r, err := l.Request(l.Context(), 1)
		l.must(err)
		require.Equal(l, "forgotten-7f3c", r.Change.Email)
		l.do(func(tx approvals.Tx) error {
			now, err := tx.OpenFor("seranking", "forgotten-7f3c")
			was, other := tx.OpenFor("seranking", "jane@acme.example")
			require.Len(l, now, 1)
			require.Empty(l, was)
			return errors.Join(err, other)
		})
		require.Equal(l, "for forgotten-7f3c", l.receipt("card/9").Place)
		in := l.claim("tell/9", 0)
		require.JSONEq(l, `{"to":"forgotten-7f3c"}`, string(in.Body))
		l.must(l.Check(l.Context()))
	}},
	{"Rewrite leaves what doesn't stand any more as it was, and doesn't count it", func(l *life) {
		l.rewritable()
		all := l.renamed("jane@acme.example", "forgotten-7f3c")
		l.must(l.KeepSnapshot(l.Context(), "weekly", []byte("newer, of jane@acme.example")))
		l.must(l.Learn(l.Context(), "seranking", nil))
		done, err := l.Rewrite(l.Context(), all, nil)
		l.must(err)
		require.Equal(l, 3, done)
		raw, err := l.Snapshot(l.Context(), "weekly")
		l.must(err)
		require.Equal(l, "newer, of jane@acme.example", string(raw))
		raw, err = l.Learned(l.Context(), "seranking")
		l.must(err)
		require.Empty(l, raw)
	}},
	{"what Rewrite's also refuses is returned as it is, and nothing is rewritten", func(l *life) {
		l.rewritable()
		all := l.renamed("jane@acme.example", "forgotten-7f3c")
		_, err := l.Rewrite(l.Context(), all, func(approvals.Tx, int) error { return errRefused })
		require.Equal(l, errRefused, err)
		require.Equal(l, all, l.renamed("jane@acme.example", "forgotten-7f3c"))
	}},
	{"Scrub leaves everything as it is, in the next life too", func(l *life) {
		l.rewritable()
		was := l.everything()
		l.must(l.Scrub(l.Context()))
		require.Equal(l, was, l.everything())
		l.crash()
		require.Equal(l, was, l.everything())
		l.must(l.Check(l.Context()))
	}},
}

// rewritable keeps something about an address of each kind that can be rewritten.
func (l *life) rewritable() {
	l.Helper()
	l.has(request(1, alice, "jane@acme.example", approvals.Pending))
	c := outbox.Promise("tell/9", at(0))
	c.Put.Body = []byte(`{"to":"jane@acme.example"}`)
	l.promise(c, outbox.Promise("card/9", at(0)))
	l.finish(l.claim("card/9", 0), outbox.DoneWith(outbox.Receipt{Place: "for jane@acme.example", ID: "1.1"}))
	l.must(l.KeepSnapshot(l.Context(), "weekly", []byte("of jane@acme.example \x00\xff")))
	l.must(l.Learn(l.Context(), "seranking", []byte(`{"of":"jane@acme.example"}`)))
}

// everything is all there is, but for what a store counts for itself.
func (l *life) everything() (all []cargo.Item) {
	l.Helper()
	l.must(l.Unload(l.Context(), func(i cargo.Item) error {
		i.Line = bytes.Clone(i.Line)
		all = append(all, i)
		return nil
	}))
	return all
}

// renamed is everything that can be rewritten and has a word in it, with another in its place.
func (l *life) renamed(was, is string) (all []cargo.Rewritten) {
	l.Helper()
	for _, i := range l.everything() {
		if cargo.Rewritable(i.Kind) && bytes.Contains(i.Line, []byte(was)) {
			all = append(all, cargo.Rewritten{Was: i, Line: bytes.ReplaceAll(i.Line, []byte(was), []byte(is))})
		}
	}
	return all
}
