package conform

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
)

// faults has, for each rule, what a store may get wrong that the rule must notice.
var faults = map[string][]fault{
	// approvals.Book
	"what Update said was kept is there in the next life":             {"forgets everything when it is killed"},
	"a request is read as it was put":                                 {"forgets why somebody asked"},
	"what fn refuses is returned as it is, and nothing of it is kept": {"keeps what was refused", "gives refusals words of its own"},
	"a refusal spares the others of its crowd":                        {"keeps what was refused"},
	"transactions are as if they ran one after another":               {"runs transactions side by side"},
	"a number nobody has is ErrNoRequest":                             {"takes a request that is not there for an empty one"},
	"a key finds its request, wherever that stands by then, and one that nobody used is ErrNoRequest": {
		"finds the request of a key only while it waits", "takes one key for another that begins so"},
	"ErrUnknownOutcome after what was kept: whoever reads then sees it, and asking again makes no second": {
		"says no where nobody knows", "shows nothing of what was kept when the commit failed"},
	"ErrUnknownOutcome after what was not kept: whoever reads then sees nothing of it, and asking again makes it": {
		"says no where nobody knows", "goes on with what was not kept"},
	"ErrBusy: nothing was kept, and there is room again":                        {"keeps what it says it is too busy for"},
	"any other error, as to a caller who has stopped waiting: nothing was kept": {"keeps what somebody asked who has stopped waiting"},
	"once Update has returned, its fn isn't running, and won't run again":       {"lets its caller go while it is at it"},

	// approvals.Book.Requests
	"what was given for a time is listed among what is not over, until it is": {"takes what is to end for over"},
	"its zero value lists all that are not over":                              {"lists what is over where nobody asked for it", "lists the oldest first", "lists more than it is asked for"},
	"All lists terminal ones as well":                                         {"leaves out what is over where it was asked for"},
	"State lists those of one state, of a terminal one too": {
		"lists a terminal state only with All"},
	"Of lists what one person asked, and nobody else whose id begins so":                                               {"takes one person for another whose id begins so"},
	"For lists what is for one person, whoever asked, and nobody else whose id begins so":                              {"takes one person for another whose id begins so"},
	"About lists what was carried out or begun about an address, however it's written, and of no other that begins so": {"lists what waits about an address", "minds how an address is written"},
	"Of and State together list what both do":                                                                          {"minds no state where it is asked for a person's"},
	"each page goes on under the last, whatever is listed":                                                             {"begins a page with the last of the page before"},
	"a request is listed as it stands, and only there":                                                                 {"keeps a request as it was first"},

	// approvals.Tx
	"what was removed is Removed, in the next life too, is listed nowhere, and its key leads nowhere": {"forgets that there was a request", "finds the key of what was removed"},
	"a number whose request was removed isn't given again, were it the last":                          {"gives the number of what was removed again"},
	"what is removed takes along the receipts under its keys, and no others":                          {"keeps the receipts of what was removed", "takes one key for another that begins so"},
	"Owed knows what is promised under some keys, and nothing whose key only begins so":               {"owes nothing", "takes one key for another that begins so"},
	"a removing that is refused removes nothing":                                                      {"keeps what was refused"},
	"From lists a number and higher ones, the oldest first":                                           {"lists the newest first from a number on", "lists lower numbers too"},

	"Request is ErrNoRequest for a number nobody has": {"takes a request that is not there for an empty one"},
	"it reads what it has itself written":             {"does not read what it has itself written"},
	"numbers start at 1 and leave no gap, whatever was refused and whoever was killed": {
		"counts from zero", "uses up the number of a request that was refused", "uses up a number that nobody used"},
	"numbers leave no gap in a crowd either":                            {"runs transactions side by side"},
	"Keyed is 0 for a key nobody used":                                  {"takes one key for another that begins so"},
	"a key is remembered for two months, however much is asked in them": {"forgets a key after a month"},
	"Put replaces what stood under the number":                          {"keeps a request as it was first"},
	"Waiting counts the pending requests of one person": {
		"counts among what waits what is being done", "takes one person for another whose id begins so"},
	"Latest counts the requests of one person from the newest, in whatever state": {
		"counts the latest from the oldest", "counts only what is open among the latest", "takes one person for another whose id begins so"},
	"OpenFor lists what is not over about an address, however it is written, oldest first": {"minds how an address is written",
		"takes one app for another", "counts what is over among what is open about an address", "lists the newest first in a transaction"},
	"each entry of the log follows the last, in the order of the transactions": {"chains what it logs to the beginning", "keeps what was refused", "runs transactions side by side"},
	"Absences are those that were kept last, in their order, in the next life too, and what is refused changes none": {
		"keeps who is away for good", "sorts who is away", "keeps what was refused", "forgets everything when it is killed", "does not read what it has itself written"},
	"OpenIn lists what is not terminal about one app, and nothing of one that begins so": {
		"takes one app for another that begins so", "lists what is over of an app", "does not read what it has itself written"},
	"DoneIn lists what was done about one app, and what is over of that, oldest first": {
		"forgets what is over of an app", "does not read what it has itself written"},
	"Stock is what was kept last of an app, in the next life too, and what is refused changes none": {
		"keeps one app's seats for all", "keeps an app's seats for good", "keeps what was refused", "forgets everything when it is killed"},
	"Turn is who was kept last of an app, in the next life too, and what is refused changes none": {
		"keeps one app's turn for all", "keeps an app's turn for good", "keeps what was refused", "forgets everything when it is killed"},
	"Change makes and drops a promise together with the state": {"drops nothing"},

	// outbox.Box
	"Due lists what is due by now, earliest first":                                                       {"lists what is due in the order of the keys", "lists what sleeps", "lists what is due only after its moment"},
	"Due knows a kind from one that begins like it":                                                      {"takes one kind for another that begins so"},
	"Due lists no more than it is asked for, and says what sleeps, not what it cut off":                  {"lists more due than it is asked for", "says of what it cut off that it sleeps"},
	"Due says when the next of the kind wakes; zero where nothing sleeps":                                {"does not say what sleeps"},
	"Ready names each kind once of which something is due, and of those that sleep when the first wakes": {"is ready for what sleeps", "names a kind as often as it is ready", "does not say when the first of all wakes"},
	"Ready names what is owed at once, whatever the clock says, and doesn't wait for it":                 {"is not ready for what is owed at once"},
	"Due lists what is claimed like everything else":                                                     {"does not list what is claimed"},
	"what is owed at once minds no clock: by its turn, and before what has a time":                       {"lets what is owed at once wait for its clock"},
	"Claim returns the promise as it was before, and the next life hears of the claim": {
		"returns a promise as it is after the claim", "keeps no claim", "raises the revision with a claim", "forgets everything when it is killed"},
	"Claim is ErrGone for what nobody promised, and for what sleeps":                              {"lets claim what nobody promised", "lets claim what sleeps"},
	"Mark keeps a note for whoever claims next, in the next life too":                             {"keeps no note", "keeps the first note", "forgets everything when it is killed"},
	"Mark is ErrGone for what was promised anew meanwhile, and keeps no note":                     {"keeps a note with what was promised anew"},
	"Mark is ErrGone for what was dropped meanwhile, and owes it to nobody":                       {"owes again what was dropped, for its note"},
	"what Implies says yes to, the next life finds implied, and says so until something is noted": {"implies what the next life doesn't find"},
	"Implies says no once something was noted, and nothing is implied any more":                   {"implies what is noted"},
	"Implies says no, or fails as Mark does, of what isn't claimed as it was any more":            {"asks nobody what a claim implies"},
	"Receipt is false where nothing was left outside, and what was left last where something was": {"has a receipt of everything", "keeps no receipt"},
	"an error of a Box means that nobody knows: the caller asks again, and it is once":            {"says that it is gone where nobody knows", "keeps half of it when the commit fails", "keeps no claim"},

	// outbox.Box.Finish
	"Done: it is owed no more, and leaves nothing":                       {"owes what is done", "has a receipt of everything"},
	"DoneWith: it is owed no more, and its receipt stands under its key": {"owes what is done", "leaves the key to the receipt", "forgets everything when it is killed"},
	"RetryAt: it sleeps until then, counts the try, says why, and nothing is in the dark": {
		"does not let it sleep", "leaves the claim of what is finished", "forgets the note of what is tried again"},
	"RetryAt counts each try": {"counts one try"},
	"RetryWith: the same, and what it did all the same has its receipt": {"keeps no receipt of what is tried again"},
	"DoneUntil: it is owed again then, as if nobody had tried, and its receipt stands": {"owes at once what is done until later",
		"remembers the tries of what was done", "drops the receipt where there is no new one", "forgets everything when it is killed"},
	"promised anew meanwhile: it stays owed when it was to be, without the claim, and the receipt is kept": {
		"minds no revision at the end", "leaves the claim of what is finished", "keeps no receipt"},
	"promised anew meanwhile, and to be tried again: it sleeps until then all the same, unless it was to be later": {"delivers at once what was promised anew"},
	"dropped meanwhile: only the receipt is kept":                                                                  {"owes again what was dropped meanwhile", "keeps no receipt of what was dropped"},
	"dropped and promised meanwhile: that is another promise, which the old result does not end":                   {"minds no revision at the end", "numbers revisions by the key"},

	// outbox.Hold
	"each claim has a higher number than the last, whoever has put it off, dropped it or promised it anew": {"numbers claims by the key"},
	"under a claim everything is kept while it stands, also of what was promised anew meanwhile":           {"takes what was promised anew for another's"},
	"under a claim that somebody else has taken over nothing is kept, and it is ErrTaken": {
		"asks nobody whose a claim is", "asks nobody whose a claim is that was put off", "asks at the end alone whose a claim is"},
	"under a claim of what nobody owes any more nothing is kept, and it is ErrGone":              {"keeps under a claim what nobody owes"},
	"a transaction that drops its own promise ends the claim, and what follows is asked nothing": {"asks whose a claim is that it has ended itself"},
	"where nobody knows whether that was kept, asking again is kept too":                         {"asks whose a claim is that it has ended itself"},
	"what somebody finishes who has lost their claim isn't kept, and the receipt of whoever took over stays": {
		"lets everybody finish", "overwrites the receipt of who took over", "asks at the end alone whose a claim is"},

	// outbox.Box of several
	"what one has claimed another neither lists nor takes until its lease is over, whatever the other's clock says": {
		"lets everybody claim what is claimed", "lists what another has claimed"},
	"who was paused past their lease, and lost it, writes nothing and calls nobody, also once nobody holds it": {
		"asks nobody whose a claim is", "asks nobody whose a claim is that was put off", "says of every claim that it stands", "lets everybody finish"},
	"a note begins the lease anew, and so does asking whether it stands": {"lets a note be made without a lease"},
	"what one promised, put off or dropped another finds so":             {"holds for good what it has put off"},

	// outbox.Box.Promise
	"what was promised is there in the next life, and what was dropped is not": {"forgets everything when it is killed", "drops nothing"},
	"promised again it is brought forward and never put off, and raised in revision": {
		"brings nothing forward", "puts off what is promised again", "leaves the revision as it was"},
	"promised again it keeps when it was made, who claimed it, how often it was tried and what was noted": {"forgets the claim of what is promised again"},
	"what is owed at once is owed since it first was":                                                     {"forgets since when it is owed"},
	"what is promised once is not promised again while it is owed, nor once it left a receipt": {"promises once more what is owed",
		"promises once more what left a receipt", "promises nothing that left a receipt"},
	"what follows others is promised where one of them is owed or left a receipt, and else not": {"promises what follows nothing",
		"knows only what left a receipt", "knows only what is owed"},
	"Known lists what is owed or left a receipt and begins so, each once and in order": {"knows only what left a receipt", "knows only what is owed"},
	"what nobody promised is dropped as well as anything":                              {"drops what begins so", "refuses to drop what nobody promised"},
	"several changes are made in their order":                                          {"makes the last change first"},
	"many may promise at once, and nothing is lost":                                    {"runs transactions side by side"},

	// leavers.Book
	"Roster, Active and Leaving are what was kept last, together with the audit entry and the promises, in the next life too": {
		"takes one leaving for another whose number begins so", "keeps a leaving as it was first", "forgets everything when it is killed", "does not read what it has itself written"},
	"what Alter refuses is returned as it is, and nothing of it is kept": {"keeps what was refused", "gives refusals words of its own"},

	// joiners.Book
	"Rolls and Coming are what was kept last, together with the audit entry and the promises, in the next life too": {
		"takes one coming for another whose number begins so", "keeps a coming as it was first", "forgets everything when it is killed", "does not read what it has itself written"},
	"what Admit refuses is returned as it is, and nothing of it is kept": {"keeps what was refused", "gives refusals words of its own"},

	// history.Memory
	"KeepDay keeps days in their order, each with its figures and accounts, in the next life too": {
		"forgets everything when it is killed", "takes the days of one app for those of another that begins so", "minds no day from which on others are wanted"},
	"KeepDay keeps nothing where its day isn't behind the last one, or that is another one by now, and says so": {
		"keeps a day though another one was kept meanwhile", "keeps days out of their order"},
	"ForgetDays forgets the days of one app between two, with their accounts, in the next life too": {
		"forgets the days of every app", "forgets days and not their accounts", "forgets everything when it is killed"},

	// register.Book
	"Register is what was kept last of an app, together with the audit entry that says so, in the next life too": {
		"keeps one register for all", "keeps a register for good", "forgets everything when it is killed", "does not read what it has itself written"},
	"what Record refuses is returned as it is, and nothing of it is kept": {"keeps what was refused", "gives refusals words of its own"},

	// reviews.Book
	"Review is what was kept last under its number, and Reviews which there are, together with the audit entry and the promise, in the next life too": {
		"keeps a review for good", "forgets everything when it is killed", "does not read what it has itself written"},
	"what Revise refuses is returned as it is, and nothing of it is kept": {"keeps what was refused", "gives refusals words of its own"},

	// census.Shelf
	"Piece is what was shelved last under a name and nil where nothing is, and Pieces the names that begin so in their order, in the next life too": {
		"has something where nothing was kept", "keeps the first of what is to be kept last", "takes one name for another that begins so", "lists pieces backwards", "forgets everything when it is killed"},
	"what Shelve is to drop is not there any more, nor in the next life, and what it never had is no error": {
		"keeps what is to be dropped", "drops what begins so too", "forgets everything when it is killed"},
	"a piece and a report of one name are two things, and its bytes are the caller's": {"takes a report for a piece", "keeps bytes that are not its own"},

	// reports.Memory
	"Snapshot is nil where nothing was kept of a report, and what was kept last where something was, in the next life too": {
		"has something where nothing was kept", "keeps the first of what is to be kept last", "takes one name for another that begins so"},
	"Learned is nil where nothing is kept under a name, and what was learned last where something is, in the next life too": {
		"has something where nothing was kept", "keeps the first of what is to be kept last", "takes one name for another that begins so"},
	"a report and a lesson of one name are two things": {"takes a report for a lesson"},
	"bytes are the caller's, before and after":         {"keeps bytes that are not its own"},
	"what is replaced where it still stands is kept, and else what stands there stays, in the next life too": {
		"replaces what it was not asked to replace"},
	"of many who replace the same one does, and each of the others hears that it was too late": {"looks before it replaces, and not while it does"},
	"Head is zero while the log is empty, and its end in each life":                            {"counts what it logs and chains nothing", "forgets everything when it is killed"},

	// store.Operated
	"Life is the name that was offered first, in each life": {"takes the name that was offered last"},
	"Closed is nil while whoever runs may decide, and once everything has moved it's why nobody may: to who reads, and to who opens it to decide": {
		"is closed from the beginning", "tells nobody who reads that it's closed", "lets people decide where everything has moved"},
	"Rewrite puts each thing in the place of what it was, with all by which it is found and with what also does, in the next life too": {
		"rewrites no receipts", "rewrites and does nothing else", "forgets everything when it is killed"},
	"Rewrite leaves what doesn't stand any more as it was, and doesn't count it": {"rewrites what has changed meanwhile", "counts what it didn't rewrite"},
	"what Rewrite's also refuses is returned as it is, and nothing is rewritten": {"keeps what was refused", "gives refusals words of its own"},
	"Scrub leaves everything as it is, in the next life too":                     {"scrubs what is needed"},
	"Gauges name every state that isn't terminal and count what is in it, and how many were ever asked": {
		"names no state that nothing is in", "counts what was lent as open", "counts what is open as asked", "forgets everything when it is killed"},
	"Gauges count what is owed by its kind, with the time of what is due first, or since when what is owed at once is": {
		"tells when the last is due", "takes what is owed at once for old", "owes what is done"},
	"what was tried often and is owed still is failing":                                    {"takes what failed once for failing", "counts one try"},
	"what somebody has claimed is held until they say what came of it, whoever claimed it": {"takes what was tried for what is under way"},
	"LastReceipt is the last by its key that left something outside, from one key on and before another": {
		"minds no beginning", "takes what left nothing outside for the last"},
	"Intents lists what is owed whose key begins so, in the order of the keys": {"lists what is owed in the order of its time", "lists all that is owed"},
	"Absences are, outside a transaction too, those that were kept last":       {"tells nobody outside who is away", "forgets everything when it is killed"},
	"AuditLines are the lines as they were sealed, from a number on, until fn has an error, which is returned": {
		"tells the log from its beginning", "minds nobody who has read enough", "chains what it logs to the beginning", "forgets everything when it is killed"},
	"VerifyLog finds nothing wrong with a log that was written through the store, also where it was verified before": {
		"finds something wrong with a log that was verified before", "chains what it logs to the beginning"},
	"Check finds nothing wrong with what was written through the store": {"finds something wrong with what is in order"},
}

// TestEveryRuleNoticesWhatBreaksIt: a rule that no fault can break would hold of anything.
func TestEveryRuleNoticesWhatBreaksIt(t *testing.T) {
	rules, seeded := 0, map[fault]bool{}
	for _, c := range chapters() {
		for _, r := range c.rules {
			rules++
			require.NotEmpty(t, faults[r.says], "%s: no fault is known that breaks %q", c.of, r.says)
			for _, f := range faults[r.says] {
				seeded[f] = true
				require.NotEmpty(t, told(t, r, sloppyPlace(f)), "%s: a store that %s passes for one of which %q holds", c.of, f, r.says)
			}
		}
	}
	require.Len(t, faults, rules, "two rules are called the same, or a fault is seeded for none")
	t.Logf("%d rules, %d faults", rules, len(seeded))
}

// TestAStoreInMemoryIsOne: what keeps every rule passes, also where it takes the liberties that the contract leaves it.
func TestAStoreInMemoryIsOne(t *testing.T) {
	Store(t, func(testing.TB) Place { return sloppyPlace("") })
	t.Run("runs each transaction twice", func(t *testing.T) {
		Store(t, func(testing.TB) Place {
			p := sloppyPlace("")
			once := p.Open
			p.Open = func(name string) store.Store { return twice{once(name)} }
			return p
		})
	})
	t.Run("always has room, and fails in no such way that nobody knows", func(t *testing.T) {
		Store(t, func(testing.TB) Place { return Place{Open: sloppyPlace("").Open} })
	})
}

// twice is a store that runs each transaction a first time for nothing.
type twice struct{ store.Store }

func (s twice) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	if ctx.Err() == nil {
		_ = s.Store.Update(ctx, func(tx approvals.Tx) error { _ = fn(tx); return errRefused })
	}
	return s.Store.Update(ctx, fn)
}

// hearing is a test that notes that it failed, in place of failing.
type hearing struct {
	testing.TB
	said []string
}

// Errorf notes why.
func (h *hearing) Errorf(format string, args ...any) {
	h.said = append(h.said, fmt.Sprintf(format, args...))
}

// FailNow ends the rule, which runs in a goroutine of its own.
func (h *hearing) FailNow() { runtime.Goexit() }

// told is what a rule says of a store; "" where it holds.
func told(t *testing.T, r rule, p Place) string {
	h := &hearing{TB: t}
	over := make(chan struct{})
	go func() {
		defer close(over)
		defer func() {
			if gone := recover(); gone != nil {
				h.Errorf("it panicked: %v", gone)
			}
		}()
		r.holds(begin(h, p))
	}()
	<-over
	return strings.Join(h.said, "\n")
}
