package commandline

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/terminal"
)

// TestAReviewAtTheCommandLine: how it stands, and its report as a file that only who wrote it can read, in the format that its name
// says; a file that is there stays.
func TestAReviewAtTheCommandLine(t *testing.T) {
	s := openStanding(t, 1)
	n := s.ask(t, "lee@globex.example")
	require.NoError(t, s.db.Revise(t.Context(), func(tx reviews.Tx) error {
		return tx.KeepReview(reviews.Review{Number: 3, App: "seranking", Called: "SE Ranking", By: "U0BOB", State: reviews.Open, Began: time.Now(), Due: time.Now().Add(time.Hour), Lines: []reviews.Line{
			{Email: "jane@acme.example", Name: "=Jane", Holds: "client seat", Reviewer: "U0BOB", Answer: reviews.Keep, Reason: "she runs\nthe audit"},
			{Email: "lee@globex.example", Reviewer: "U0BOB", Answer: reviews.Take, Removal: n},
			{Email: "kim@globex.example", Reviewer: "U0BOB", Answer: reviews.Take, Wrong: approvals.Sayf("Nobody can take that away.")},
			{Email: "sam@globex.example", Reviewer: "U0BOB"}}})
	}))
	a := s.usher(t, "review", "#3")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "Review #3 of SE Ranking: open. 4 accounts: 1 to keep, 2 to take away, 1 without an answer.\n")
	require.Regexp(t, `=Jane <jane@acme.example> +client seat +\S+ +keep +she runs.the audit +-\n`, a.Out)
	require.Regexp(t, `lee@globex.example +- +\S+ +take away +- +#1 pending\n`, a.Out)
	require.Regexp(t, `kim@globex.example .* Nobody can take that away.\n`, a.Out)
	require.Contains(t, s.usher(t, "review", "3", "--json").Out, `"audit_head": {`)

	for _, name := range []string{"report.csv", "report.XLSX"} {
		path := filepath.Join(t.TempDir(), name)
		a = s.usher(t, "review", "3", "--out", path)
		require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		again := s.usher(t, "review", "3", "--out", path)
		require.Equal(t, terminal.ExitFailed, again.Code)
		require.Contains(t, again.Errors, "file exists")
	}
	for _, row := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"3", "--out", "report.pdf"}, terminal.ExitWrong, "expected a file that ends in .csv or .xlsx"},
		{[]string{"three"}, terminal.ExitWrong, "is no review's number"},
		{[]string{"9"}, terminal.ExitFailed, "I don't have a review #9."},
	} {
		a := s.usher(t, append([]string{"review"}, row.args...)...)
		require.Equal(t, row.code, a.Code, a.Errors)
		require.Contains(t, a.Errors, row.says)
	}
}
