package conform

import (
	"fmt"

	"github.com/stretchr/testify/require"
)

// historyRules are those of history.Memory.
var historyRules = []rule{
	{"KeepDay keeps days in their order, each with its figures and accounts, in the next life too", func(l *life) {
		require.Empty(l, l.days("acme", ""))
		require.Empty(l, l.accounts("acme", "2026-11-01"))
		require.True(l, l.keepDay("acme", "", "2026-11-01"))
		require.True(l, l.keepDay("acme", "2026-11-01", "2026-11-03"))
		require.True(l, l.keepDay("acme-2", "", "2026-10-01"))
		l.must(l.KeepSnapshot(l.Context(), "acme", []byte("a report that is called as the app is")))
		for range 2 {
			require.Equal(l, []string{"2026-11-01 figures of acme", "2026-11-03 figures of acme"}, l.days("acme", ""))
			require.Equal(l, []string{"2026-11-03 figures of acme"}, l.days("acme", "2026-11-02"))
			require.Equal(l, []string{"2026-10-01 figures of acme-2"}, l.days("acme-2", ""))
			require.Empty(l, l.days("acm", ""))
			require.Equal(l, "accounts of acme on 2026-11-03", l.accounts("acme", "2026-11-03"))
			require.Empty(l, l.accounts("acme", "2026-11-02"))
			require.Equal(l, []string{"acme", "acme-2"}, l.remembered())
			l.crash()
		}
	}},
	{"KeepDay keeps nothing where its day isn't behind the last one, or that is another one by now, and says so", func(l *life) {
		require.False(l, l.keepDay("acme", "2026-10-31", "2026-11-01"), "there is no last one")
		require.True(l, l.keepDay("acme", "", "2026-11-02"))
		require.False(l, l.keepDay("acme", "", "2026-11-03"), "there is one by now")
		require.False(l, l.keepDay("acme", "2026-11-02", "2026-11-02"), "it is kept")
		require.False(l, l.keepDay("acme", "2026-11-02", "2026-11-01"), "it lies before it")
		for range 2 {
			require.Equal(l, []string{"2026-11-02 figures of acme"}, l.days("acme", ""))
			require.Empty(l, l.accounts("acme", "2026-11-03"))
			l.crash()
		}
	}},
	{"ForgetDays forgets the days of one app between two, with their accounts, in the next life too", func(l *life) {
		last := ""
		for _, day := range []string{"2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"} {
			require.True(l, l.keepDay("acme", last, day))
			last = day
		}
		require.True(l, l.keepDay("other", "", "2026-11-02"))
		l.must(l.ForgetDays(l.Context(), "acme", "", "2026-11-02"))
		l.must(l.ForgetDays(l.Context(), "acme", "2026-11-04", ""))
		for range 2 {
			require.Equal(l, []string{"2026-11-02 figures of acme", "2026-11-03 figures of acme"}, l.days("acme", ""))
			require.Equal(l, []string{"2026-11-02 figures of other"}, l.days("other", ""))
			require.Empty(l, l.accounts("acme", "2026-11-01")+l.accounts("acme", "2026-11-04"))
			require.NotEmpty(l, l.accounts("acme", "2026-11-02"))
			l.crash()
		}
		l.must(l.ForgetDays(l.Context(), "acme", "", ""))
		require.Equal(l, []string{"other"}, l.remembered())
		require.True(l, l.keepDay("acme", "", "2026-11-01"), "it begins anew")
	}},
}

// keepDay keeps a day of an app, whose figures and accounts say which.
func (l *life) keepDay(app, last, day string) bool {
	l.Helper()
	kept, err := l.KeepDay(l.Context(), app, last, day, []byte("figures of "+app), fmt.Appendf(nil, "accounts of %s on %s", app, day))
	l.must(err)
	return kept
}

// days are those that are kept of an app, with their figures.
func (l *life) days(app, from string) (out []string) {
	l.Helper()
	l.must(l.HistoryDays(l.Context(), app, from, func(day string, figures []byte) { out = append(out, day+" "+string(figures)) }))
	return out
}

func (l *life) accounts(app, day string) string {
	l.Helper()
	raw, err := l.HistoryAccounts(l.Context(), app, day)
	l.must(err)
	return string(raw)
}

func (l *life) remembered() []string {
	l.Helper()
	apps, err := l.HistoryApps(l.Context())
	l.must(err)
	return apps
}
