package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// TestADigestInWordsSaysHowManyMore: however much is wrong, its words end no list in the middle, say how many more there are, and keep what
// follows.
func TestADigestInWordsSaysHowManyMore(t *testing.T) {
	for _, n := range []int{3, 90, 150, 250, 1000} {
		r := fullReport()
		r.Apps[0].Blocked, r.Apps[0].BlockedCount = someBlocked(n), n
		m := Report(r, nil)
		held(t, m)
		named := strings.Count(m.Text, "• blocked_")
		if more := n - named; more > 0 {
			require.Contains(t, m.Text, fmt.Sprintf("• blocked_%03d@acme.example\nand %d more: /access accounts blocked\n", named-1, more))
			require.GreaterOrEqual(t, named, 10)
		}
		require.NotContains(t, m.Text, "…")
		for _, follows := range []string{"Waiting for a decision", "#12 · ", "What came of requests", "500 USD a month", "Report weekly-seats", "Audit log up to 412:" + strings.Repeat("9f3c", 8)} {
			require.Contains(t, m.Text, follows, "%d", n)
		}
	}
	for state, report := range map[string]func() reports.Report{"enormous": enormousReport, "partly unknown": partlyReport} {
		m := Report(report(), nil)
		require.NotContains(t, m.Text[len(m.Text)-10:], "…", state)
		require.Contains(t, m.Text, "Audit log up to 412:", state)
	}
}

// TestTheLongerListIsSaidShorter: of two lists that are too long together, and only as much as it must be.
func TestTheLongerListIsSaidShorter(t *testing.T) {
	list := func(n int, of string) (lines []approvals.Text) {
		for i := range n {
			lines = append(lines, say("• %v %v", of, fmt.Sprintf("%04d", i)))
		}
		return lines
	}
	m := on(func(p *page) {
		p.section(say("first"))
		p.list(p.left, list(300, "an account that is blocked"), func(left int) approvals.Text { return say("and %v more of these", left) })
		other := newPage()
		other.list(other.left, list(20, "a request"), func(left int) approvals.Text { return say("and %v more of those", left) })
		p.place(other)
		p.section(say("last"))
	})
	require.LessOrEqual(t, size(m.Text), maxFallback)
	require.Greater(t, size(m.Text), maxFallback-100, "no more is left out than must be")
	require.Equal(t, 20, strings.Count(m.Text, "a request"))
	require.NotContains(t, m.Text, "more of those")
	named := strings.Count(m.Text, "an account that is blocked")
	require.Contains(t, m.Text, fmt.Sprintf("blocked %04d\nand %d more of these\n• a request 0000\n", named-1, 300-named))
	require.True(t, strings.HasSuffix(m.Text, "a request 0019\nlast"))
}
