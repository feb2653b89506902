package view

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestWhatDoesNotCountIsSaidBesideWhatDoes: nobody reads that nothing was approved below what was.
func TestWhatDoesNotCountIsSaidBesideWhatDoes(t *testing.T) {
	gone := approvals.Refuse(approvals.NoSeat, "The last free seat went to #1, so nothing was approved.")
	gone.Among = approvals.Sayf("The last free seat went to #1. Approve #2 anyway, and it's first in line?")
	m, says := CountsAll([]approvals.Cast{{Ballot: approvals.Ballot{Request: approvals.Request{Number: 1}}},
		{Ballot: approvals.Ballot{Request: approvals.Request{Number: 2}}, Err: gone}})
	require.True(t, says)
	require.Contains(t, m.Text, "Your answer counts for #1.")
	require.Contains(t, m.Text, "Approve #2 anyway, and it's first in line?")
	require.NotContains(t, m.Text, "nothing was approved")
}
