package store

import (
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// OpenStates are the states of requests that are not terminal.
var OpenStates = []approvals.State{approvals.Pending, approvals.Approved, approvals.Running, approvals.InDoubt, approvals.Ending}

// Gauges is how much there is of what an operator watches. Reading it walks what is open and what is
// owed, never all there ever was.
type Gauges struct {
	// Open counts the requests that are not terminal, by state; every such state is named.
	Open map[approvals.State]int
	// Asked is the number of the last request.
	Asked int64
	// Owed is what the outbox holds, by kind of intent.
	Owed map[string]Owed
}

// Owed is the promises of one kind.
type Owed struct {
	Count int
	// Oldest is when the one that is due first fell or falls due; what is owed at once, when it was promised.
	Oldest time.Time
	// Failing is how many of them were tried often and are owed still.
	Failing int
	// Held is how many somebody carries out, or did when they died: each is under a claim, with a lease where several keep them.
	Held int
}

// TriedOften is how many tries in vain make what is owed count as failing: at the pace of messages, a quarter of an hour.
const TriedOften = 9

// With is o with one promise more.
func (o Owed) With(in outbox.Intent) Owed {
	since := in.Due
	if outbox.IsAtOnce(since) {
		since = in.Since
	}
	if o.Count++; o.Count == 1 || since.Before(o.Oldest) {
		o.Oldest = since
	}
	if in.Tries >= TriedOften {
		o.Failing++
	}
	if !in.Claimed.IsZero() {
		o.Held++
	}
	return o
}
