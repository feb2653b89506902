package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// seededBug is a mistake that bots like this one have made, and the promise that tells of it.
type seededBug struct {
	name string
	// put builds the mistake in between the rooms.
	put func(*surroundings)
	// caughtBy is the probe (TestPromises/NAME) that must find it.
	caughtBy string
}

var seededBugs = []seededBug{
	{"the vendor is asked before the intent is durable", unmarked, "crashes while creating"},
	{"an ask is acknowledged before it is stored", ackedBeforeAsking, "crashes while creating"},
	{"a vote is acknowledged before it is stored", ackedBeforeVoting, "crashes while deleting"},
	{"a failed commit is taken for a success", commitErrorIgnored, "failing commits"},
	{"a redelivered envelope is taken for a new one", noDedupe, "a redelivered envelope"},
	{"a lost write is repeated blindly", blindRetry, "a lost answer of a vendor"},
	{"a deed is not looked for after a crash", neverLooks, "crashes while creating"},
	{"a post is repeated without looking", blindPost, "a lost answer of Slack"},
	{"a post is repeated after a crash", blindPost, "crashes around a report"},
	{"receipts are forgotten", noReceipts, "an ordinary day"},
	{"a card is not brought up to date", frozenCard, "an ordinary day"},
	{"a terminal state is changed", terminalChanged, "late clicks"},
	{"a transaction is open around a post", viewAroundPost, "a slow post"},
	{"an error is taken for a no", errorIsNo, "an error is not a no"},
	{"an error is taken for a yes", errorIsYes, "an error is not a no"},
	{"one socket only", oneSocket, "refreshes under load"},
	{"no HTTP timeout", noTimeout, "a connection that hangs"},
	{"an unbounded queue", unboundedQueue, "more than can be done"},
	{"plain cron across daylight saving", plainCron, "daylight saving"},
	{"timers are kept in memory", timersInMemory, "crashes until expiry"},
	{"the requester may decide", requesterDecides, "deciding one's own request"},
	{"the outcome is told before it is known", toldTooEarly, "crashes while deleting"},
}

// TestSeededBugs switches each bug on and demands that its promise finds it.
func TestSeededBugs(t *testing.T) {
	require.GreaterOrEqual(t, len(seededBugs), 15)
	for _, b := range seededBugs {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			found := probes[b.caughtBy](t, b.put)
			require.NotEmpty(t, found, "TestPromises/%s did not notice", b.caughtBy)
			t.Logf("caught by TestPromises/%s: %.300s", b.caughtBy, found[0])
		})
	}
}
