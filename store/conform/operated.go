package conform

import (
	"errors"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/cargo"
)

// operatedRules are those of store.Operated. Backup and Close are each engine's own to show.
var operatedRules = []rule{
	{"Life is the name that was offered first, in each life", func(l *life) {
		for range 2 {
			is, err := l.Life(l.Context())
			l.must(err)
			require.Equal(l, store.Life{ID: "first"}, is)
			l.crash()
		}
	}},
	{"Closed is nil while whoever runs may decide, and once everything has moved it's why nobody may: to who reads, and to who opens it to decide", func(l *life) {
		is, err := l.Closed(l.Context())
		l.must(err)
		require.Nil(l, is)
		if l.place.Shut == nil {
			return
		}
		n := l.asked("key", "jane@acme.example")
		mark := cargo.Closed{Move: "a-move", Moved: true, From: "here", To: "there", At: at(0), By: approvals.Actor(alice)}
		reads, refused := l.place.Shut(mark)
		is, err = reads.Closed(l.Context())
		l.must(err)
		require.NotNil(l, is)
		require.Equal(l, mark, *is)
		var closed *cargo.Closed
		require.ErrorAs(l, refused, &closed)
		require.Equal(l, mark, *closed)
		_, err = reads.Request(l.Context(), n)
		l.must(err)
	}},
	{"Gauges name every state that isn't terminal and count what is in it, and how many were ever asked", func(l *life) {
		require.Equal(l, open(nil), l.gauges().Open)
		require.Zero(l, l.gauges().Asked)
		lent := request(3, alice, "c@acme.example", approvals.Done)
		lent.EndsAt = at(time.Hour)
		l.has(request(1, alice, "a@acme.example", approvals.Pending), request(2, alice, "b@acme.example", approvals.Pending), lent,
			request(4, alice, "d@acme.example", approvals.InDoubt), request(5, alice, "e@acme.example", approvals.Denied))
		l.crash()
		require.Equal(l, open(map[approvals.State]int{approvals.Pending: 2, approvals.InDoubt: 1}), l.gauges().Open)
		require.EqualValues(l, 5, l.gauges().Asked)
	}},
	{"Gauges count what is owed by its kind, with the time of what is due first, or since when what is owed at once is", func(l *life) {
		l.promise(outbox.Promise("card/1", at(2*time.Hour)), outbox.Promise("card/2", at(time.Hour)), outbox.Promise("cards/1", at(0)),
			outbox.AtOnce("home/1", 1, at(time.Minute)), outbox.AtOnce("home/2", 2, at(-time.Minute)))
		l.finish(l.claim("cards/1", 0), outbox.DoneWith(outbox.Receipt{ID: "1.1"}))
		require.Equal(l, map[string]store.Owed{"card": {Count: 2, Oldest: at(time.Hour)}, "home": {Count: 2, Oldest: at(-time.Minute)}}, l.gauges().Owed)
	}},
	{"what was tried often and is owed still is failing", func(l *life) {
		l.promise(outbox.Promise("deed/1", at(0)), outbox.Promise("deed/2", at(0)))
		for range store.TriedOften {
			require.Zero(l, l.gauges().Owed["deed"].Failing)
			l.finish(l.claim("deed/1", 0), outbox.RetryAt(at(0), "429"))
		}
		require.Equal(l, 1, l.gauges().Owed["deed"].Failing)
	}},
	{"what somebody has claimed is held until they say what came of it, whoever claimed it", func(l *life) {
		l.promise(outbox.Promise("deed/1", at(0)), outbox.Promise("deed/2", at(0)))
		require.Zero(l, l.gauges().Owed["deed"].Held)
		in := l.claim("deed/1", 0)
		require.Equal(l, 1, l.gauges().Owed["deed"].Held)
		l.crash()
		require.Equal(l, 1, l.gauges().Owed["deed"].Held)
		l.finish(in, outbox.RetryAt(at(0), "429"))
		require.Zero(l, l.gauges().Owed["deed"].Held)
		require.Equal(l, 2, l.gauges().Owed["deed"].Count)
	}},
	{"LastReceipt is the last by its key that left something outside, from one key on and before another", func(l *life) {
		left := func(key, id string) {
			l.promise(outbox.Promise(key, at(0)))
			l.finish(l.claim(key, 0), outbox.DoneWith(outbox.Receipt{ID: id}))
		}
		left("report/a/1", "1")
		left("report/a/2", "2")
		for n := range 50 { // more than anybody reads at once
			left(fmt.Sprintf("report/a/3-%02d", n), "")
		}
		left("report/a/now", "3")
		left("report/b/4", "4")
		last := func(first, end string) string {
			r, ok, err := l.LastReceipt(l.Context(), first, end)
			l.must(err)
			require.Equal(l, r.ID != "", ok)
			return r.ID
		}
		require.Equal(l, "2", last("report/a/", "report/a/now"))
		require.Equal(l, "4", last("report/b/", "report/b/now"))
		require.Empty(l, last("report/0/", "report/0/now"))
		require.Empty(l, last("report/a/3", "report/a/now"))
	}},
	{"Intents lists what is owed whose key begins so, in the order of the keys", func(l *life) {
		l.promise(outbox.Promise("deed/2", at(0)), outbox.Promise("deed/10", at(time.Hour)), outbox.Promise("deeds/1", at(0)), outbox.Promise("card/1", at(0)))
		list, err := l.Intents(l.Context(), "deed/")
		l.must(err)
		require.Len(l, list, 2)
		require.Equal(l, "deed/10 deed/2", list[0].Key+" "+list[1].Key)
	}},
	{"Absences are, outside a transaction too, those that were kept last", func(l *life) {
		away := []approvals.Absence{{Person: "U0BOB", Deputy: "U0CAROL", Since: at(0), Until: at(time.Hour)}}
		l.do(func(tx approvals.Tx) error { return tx.KeepAbsences(away) })
		l.crash()
		all, err := l.Absences(l.Context())
		l.must(err)
		require.Equal(l, away, all)
	}},
	{"AuditLines are the lines as they were sealed, from a number on, until fn has an error, which is returned", func(l *life) {
		l.logged(3)
		l.crash()
		var chain approvals.Chain
		l.must(l.AuditLines(l.Context(), 1, func(seq int64, line []byte) error {
			e, err := chain.Next(line)
			require.Equal(l, seq, e.Seq)
			return err
		}))
		require.Equal(l, l.head(), chain.Head())
		enough := errors.New("enough")
		var seen []int64
		err := l.AuditLines(l.Context(), 2, func(seq int64, _ []byte) error {
			seen = append(seen, seq)
			return enough
		})
		require.ErrorIs(l, err, enough)
		require.Equal(l, []int64{2}, seen)
	}},
	{"VerifyLog finds nothing wrong with a log that was written through the store, also where it was verified before", func(l *life) {
		l.must(l.VerifyLog(l.Context()))
		for range 3 {
			l.logged(300)
			l.must(l.VerifyLog(l.Context()))
			l.crash()
		}
	}},
	{"Check finds nothing wrong with what was written through the store", func(l *life) {
		l.asked("key", "jane@acme.example")
		l.logged(2)
		l.must(l.Check(l.Context()))
	}},
}

// open counts requests by state, of which each that isn't terminal is named.
func open(count map[approvals.State]int) map[approvals.State]int {
	out := map[approvals.State]int{approvals.Pending: 0, approvals.Approved: 0, approvals.Running: 0, approvals.InDoubt: 0, approvals.Ending: 0}
	for state, n := range count {
		out[state] = n
	}
	return out
}

// gauges is what an operator sees.
func (l *life) gauges() store.Gauges {
	l.Helper()
	g, err := l.Gauges(l.Context())
	l.must(err)
	return g
}

// logged appends entries to the log.
func (l *life) logged(n int) {
	l.Helper()
	l.do(func(tx approvals.Tx) (err error) {
		for i := range n {
			err = errors.Join(err, tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: fmt.Sprint("entry ", i)}))
		}
		return err
	})
}
