// Package bugs is mistakes that bots like this one have made, each built in between two rooms (app.Between) or into the
// surroundings, so that no room needs a switch for it.
//
// test/crash demands of each that the promise it breaks tells of it, in words that no other mistake calls forth;
// test/simulation lets a company live with it until a law finds it. What a promise cannot notice it does not hold.
package bugs

import "github.com/usherbot/usher/app"

// Bug is a mistake that bots like this one have made, and the promise that tells of it.
type Bug struct {
	Name string
	// Put builds the mistake in between the rooms.
	Put func(*app.Surroundings)
	// CaughtBy is the probe (TestPromises/NAME) that must find it, Says a regular expression for what it must say: what is
	// sent side by side is spoilt in no fixed order, and the first of it is told of.
	CaughtBy string
	Says     string
}

// All are the mistakes, each with the promise that it breaks.
var All = []Bug{
	{"the vendor is asked before the intent is durable", unmarked, "crashes while creating", "the vendor is asked without a mark on disk"},
	{"an ask is acknowledged before it is stored", ackedBeforeAsking, "crashes while creating", "the asking was acknowledged, and is not there"},
	{"a vote is acknowledged before it is stored", ackedBeforeVoting, "crashes while deleting", "the approval was acknowledged, and is not there"},
	{"a failed commit is taken for a success", commitErrorIgnored, "failing commits", "the asking was acknowledged, and is not there"},
	{"a redelivered envelope is taken for a new one", noDedupe, "a redelivered envelope", "one envelope made two requests"},
	{"a lost write is repeated blindly", blindRetry, "a lost answer of a vendor", "the vendor was asked again for what it had done; crashes on the way: 0"},
	{"a deed is not looked for after a crash", neverLooks, "crashes while creating", "jane@acme.example already has an account"},
	{"a post is repeated without looking", blindPost, "a lost answer of Slack", "cards of one request|messages to (the approver|who asked)"},
	{"a post is repeated after a crash", blindPost, "crashes around a report", "digests of one slot|files in the thread of a digest"},
	{"an answer with a wrong id is believed", wrongIDBelieved, "an answer with a wrong id", "messages to who asked"},
	{"receipts are forgotten", noReceipts, "an ordinary day", "request 1: its card is neither owed nor posted"},
	{"a card is not brought up to date", frozenCard, "an ordinary day", "the card shows what is so"},
	{"a card's text is brought up to date and its blocks are not", staleBlocks, "an ordinary day", "what the blocks of the card show"},
	{"a terminal state is changed", terminalChanged, "late clicks", `request 1 is "denied", the audit log's last word is "done"`},
	{"a transaction is open around a post", viewAroundPost, "a slow post", "a read transaction is open around a post"},
	{"an error is taken for a no", errorIsNo, "an error is not a no", "not knowing is told as such"},
	{"an error is taken for a yes", errorIsYes, "an error is not a no", "sentences to who could not be looked up"},
	{"one socket only", oneSocket, "refreshes under load", "dispatch_failed"},
	{"no HTTP timeout", noTimeout, "a connection that hangs", "still waiting for an answer that does not come"},
	{"an unbounded queue", unboundedQueue, "more than can be done", "of 2000 commands"},
	{"plain cron across daylight saving", plainCron, "daylight saving", "days of the digests"},
	{"timers are kept in memory", timersInMemory, "crashes until expiry", "the request is open past its time"},
	{"the requester may decide", requesterDecides, "deciding one's own request", "who asked has decided"},
	{"a button names only a number", numberOnly, "data that is lost", "Approve on the card of a database that is lost has acted on another request"},
	{"the outcome is told before it is known", toldTooEarly, "crashes while deleting", "the request is called done, and the vendor did nothing"},
}
