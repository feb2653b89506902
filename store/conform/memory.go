package conform

import (
	"context"

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
