package main

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// small is a bench that goes through little.
func small(t *testing.T, n int) *bench {
	return &bench{out: io.Discard, quick: true, rounds: 1, waiting: n, limit: n, temp: t.TempDir()}
}

// TestThePolicyPart goes through it: what it counts is there, and of few requests nothing is said of the goal.
func TestThePolicyPart(t *testing.T) {
	m, err := policyPart(t.Context(), small(t, 300))
	require.NoError(t, err)
	require.Len(t, m.rows, 3)
	require.Empty(t, m.rows[0].Met)
	require.Positive(t, m.rows[1].Cells[usher].Value)
}

// TestWhatDoesntGrow: ten times as many requests, and what somebody does costs what it did, in allocations and in pages; but for what is
// known to go through all of them.
func TestWhatDoesntGrow(t *testing.T) {
	m, err := growthPart(t.Context(), small(t, 1000))
	require.NoError(t, err)
	require.Len(t, m.rows, 12)
	for _, r := range m.rows {
		if r.Key != "growwho" {
			require.Equal(t, "yes", r.Met, "%s: %s", r.What, r.Cells[usher].Text)
		}
	}
}

// TestTheFilePart goes through it: what is old is gone, and the rest is there.
func TestTheFilePart(t *testing.T) {
	f, err := small(t, 200).filed(t.Context(), 200)
	require.NoError(t, err)
	require.Equal(t, 20, f.kept)
	require.Positive(t, f.purged)
	require.Positive(t, f.fresh)
}

// TestTheDigestPart goes through it.
func TestTheDigestPart(t *testing.T) {
	d, err := small(t, 1000).digested(t.Context(), 1000)
	require.NoError(t, err)
	require.Positive(t, d.each.allocs)
	require.Positive(t, d.kept)
}
