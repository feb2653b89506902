package conform

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// memoryRules are those of reports.Memory, and of Lessons, which are kept in the same way.
var memoryRules = []rule{
	{"Snapshot is nil where nothing was kept of a report, and what was kept last where something was, in the next life too", func(l *life) {
		remembered(l, l.Snapshot, l.KeepSnapshot)
	}},
	{"Learned is nil where nothing is kept under a name, and what was learned last where something is, in the next life too", func(l *life) {
		remembered(l, l.Learned, l.Learn)
	}},
	{"a report and a lesson of one name are two things", func(l *life) {
		l.must(l.KeepSnapshot(l.Context(), "weekly", []byte("report")))
		l.must(l.Learn(l.Context(), "weekly", []byte("lesson")))
		report, err := l.Snapshot(l.Context(), "weekly")
		l.must(err)
		lesson, err := l.Learned(l.Context(), "weekly")
		l.must(err)
		require.Equal(l, "report lesson", string(report)+" "+string(lesson))
	}},
	{"bytes are the caller's, before and after", func(l *life) {
		raw := []byte("as it was")
		l.must(l.KeepSnapshot(l.Context(), "weekly", raw))
		copy(raw, "spoiled!!")
		got, err := l.Snapshot(l.Context(), "weekly")
		l.must(err)
		require.Equal(l, "as it was", string(got))
		copy(got, "spoiled!!")
		got, err = l.Snapshot(l.Context(), "weekly")
		l.must(err)
		require.Equal(l, "as it was", string(got))
	}},
	{"what is replaced where it still stands is kept, and else what stands there stays, in the next life too", func(l *life) {
		replaced(l, l.Snapshot, l.AmendSnapshot)
		replaced(l, l.Learned, l.Relearn)
	}},
	{"of many who replace the same one does, and each of the others hears that it was too late", func(l *life) {
		for round := range 3 {
			was, err := l.Learned(l.Context(), "messages/U0BOB")
			l.must(err)
			var kept atomic.Int64
			for _, err := range crowd(12, func(i int) error {
				ok, err := l.Relearn(l.Context(), "messages/U0BOB", was, fmt.Appendf(nil, "%d of round %d", i, round))
				if ok {
					kept.Add(1)
				}
				return err
			}) {
				l.must(err)
			}
			require.EqualValues(l, 1, kept.Load())
		}
	}},
	{"Head is zero while the log is empty, and its end in each life", func(l *life) {
		require.Zero(l, l.head())
		_, want, err := approvals.Seal(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "one"}, approvals.Head{}, nil)
		l.must(err)
		l.do(func(tx approvals.Tx) error {
			return tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "one"})
		})
		require.Equal(l, want, l.head())
		l.crash()
		require.Equal(l, want, l.head())
	}},
}

// replaced holds what is kept in place of what stands under a name.
func replaced(l *life, get func(context.Context, string) ([]byte, error), amend func(ctx context.Context, name string, was, raw []byte) (bool, error)) {
	l.Helper()
	try := func(was, raw, is string, want bool) {
		var before []byte
		if was != "" {
			before = []byte(was)
		}
		kept, err := amend(l.Context(), "weekly", before, []byte(raw))
		l.must(err)
		require.Equal(l, want, kept)
		got, err := get(l.Context(), "weekly")
		l.must(err)
		require.Equal(l, is, string(got))
	}
	try("0", "1", "", false)
	try("", "1", "1", true)
	try("", "2", "1", false)
	try("0", "2", "1", false)
	l.crash()
	try("1", "2", "2", true)
	try("1", "3", "2", false)
	l.crash()
	try("2", "2", "2", true)
}

// remembered holds what is kept under names: each its own, the last one of each, in every life.
func remembered(l *life, get func(context.Context, string) ([]byte, error), keep func(context.Context, string, []byte) error) {
	l.Helper()
	is := func(name, want string) {
		raw, err := get(l.Context(), name)
		l.must(err)
		if want == "" {
			require.Nil(l, raw, name)
			return
		}
		require.Equal(l, want, string(raw), name)
	}
	is("weekly", "")
	l.must(keep(l.Context(), "weekly", []byte("1")))
	l.must(keep(l.Context(), "monthly", []byte("m")))
	l.must(keep(l.Context(), "weekly", []byte("2")))
	is("weekly", "2")
	is("week", "")
	l.crash()
	is("weekly", "2")
	is("monthly", "m")
}
