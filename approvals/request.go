package approvals

import (
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/catalog"
)

// State is where a request stands. The names are the ones people read everywhere.
type State string

// The states of a request.
const (
	Pending  State = "pending"
	Approved State = "approved"
	Running  State = "running"
	Done     State = "done"
	Failed   State = "failed"
	InDoubt  State = "in doubt"
	Denied   State = "denied"
	Expired  State = "expired"
	Canceled State = "canceled"
	// Of what was given for a time: it is over and to be taken back, and it was seen gone.
	Ending State = "ending"
	Ended  State = "ended"
)

// Terminal reports whether nothing more happens to a request in this state by itself. A failed
// request is over for its requester, though an admin may start the deed again; what was given for a time is done, and
// ends all the same (Request.Live).
func (s State) Terminal() bool {
	return slices.Contains([]State{Done, Failed, Denied, Expired, Canceled, Ended}, s)
}

// Action is what a request asks for: the key of an action of its app's entry in the catalog.
type Action = catalog.Verb

// App is the app a request is about, as it was configured when it was asked.
type App struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Owners are the people and groups for whom the word owners stands in policies, as configured now; Price is what
	// a seat of it costs.
	Owners []string `json:"-"`
	Price  Price    `json:"-"`
	// Entry is what can be asked of it, as it is configured now; nil: it is not configured any more.
	Entry *catalog.Entry `json:"-"`
	// Of an app that a person carries out, Due is how long a task may take (0: DefaultDue), and Confirms says that a second
	// person confirms what was taken away.
	Due      time.Duration `json:"-"`
	Confirms bool          `json:"-"`
	// Pool are the limits that its account shares out, as configured now, in that order.
	Pool []Limit `json:"-"`
}

// Change is what a request asks: its subject, and values of the fields that its action has in the catalog.
type Change struct {
	Email string `json:"email"`
	// Person is whom it is for, where it is somebody in Slack; Account is the vendor's id of the account
	// that was meant when it was asked, and "" where none was known. Of an account that exists, Sort is of what sort
	// it was then, and Values say what resources were called: the deed holds all of it against what is there.
	Person    PersonID       `json:"person,omitempty"`
	Account   string         `json:"account,omitempty"`
	FirstName string         `json:"first_name,omitempty"`
	LastName  string         `json:"last_name,omitempty"`
	Sort      string         `json:"sort,omitempty"`
	Values    catalog.Values `json:"values,omitempty"`
}

// Vote is what one person said about one step of one request. It is a fact about (request, step, person): a
// second vote by the same person changes nothing.
type Vote struct {
	By      Actor     `json:"by"`
	Yes     bool      `json:"yes"`
	At      time.Time `json:"at"`
	Surface string    `json:"surface"`
	Reason  string    `json:"reason,omitempty"`
	// Step is the step of the policy that it decides, counted from 0: the one that its voter was shown.
	Step int `json:"step,omitempty"`
	// For is in whose place it was given, who was away until Until; "": in their own.
	For   PersonID  `json:"for,omitempty"`
	Until time.Time `json:"until,omitzero"`
	// Edition is how often the request had been edited when its voter was shown it. A yes to what is asked no more is never kept.
	Edition int `json:"edition,omitempty"`
	// Unread says that the card they pressed, or what they were shown at the machine, did not say yet what a yes would do. Such a yes is never kept
	// once that is known: they have not seen it.
	Unread bool `json:"-"`
	// News is Request.News as the card they pressed showed it, and InLine says that it showed that a yes puts the request in line.
	News   int  `json:"-"`
	InLine bool `json:"-"`
}

// Actor is who did something: a person in Slack (their id), somebody at the machine ("os:NAME"), or
// Usher itself ("usher").
type Actor string

// Usher is the actor of what happens by itself: timers and deeds.
const Usher Actor = "usher"

// OSUser is the actor for a person at the machine's own command line.
func OSUser(name string) Actor { return Actor("os:" + name) }

// IsOS reports whether the actor sat at the machine, and by which account name.
func (a Actor) IsOS() (name string, ok bool) { return strings.CutPrefix(string(a), "os:") }

// atMachine reports whether the actor sat at the machine.
func (a Actor) atMachine() bool { _, ok := a.IsOS(); return ok }

// Person is the Slack id of an actor in Slack, or "".
func (a Actor) Person() PersonID {
	if _, os := a.IsOS(); os || a == Usher {
		return ""
	}
	return PersonID(a)
}

// Text names the actor: a mention, "root (at the command line)", or "Usher".
func (a Actor) Text() Text {
	if name, ok := a.IsOS(); ok {
		return Sayf("%v (at the command line)", name)
	}
	if a == Usher {
		return Sayf("Usher")
	}
	return Sayf("%v", PersonID(a))
}

// Outcome is what came of the deed, in words for people and numbers for auditors.
type Outcome struct {
	At time.Time `json:"at"`
	// Text says what happened and what to do next; it ends with a full stop.
	Text Text `json:"text"`
	// AccountID is the vendor's id of the account concerned; "" when there is none.
	AccountID string `json:"account_id,omitempty"`
	// Before and After are what was read back around the deed, for the audit.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	// Said is set when an admin, not a read-back, told what happened.
	Said Actor `json:"said,omitempty"`
	// Had is what of it was there before; nil: that is not known.
	Had *Had `json:"had,omitempty"`
	// Tried is set on a failure after which the change may be so all the same: the vendor was asked, and
	// did not surely refuse.
	Tried bool `json:"tried,omitempty"`
}

// Doubt is what is known about a deed whose outcome cannot be seen.
type Doubt struct {
	Since time.Time `json:"since"`
	Tried Text      `json:"tried"`
	Seen  Text      `json:"seen"`
	Looks int       `json:"looks"`
	// Account is the vendor's id of the account that it was asked about; "" where none was known.
	Account string `json:"account,omitempty"`
	// Had is what of it was there before it was asked; nil: that is not known.
	Had *Had `json:"had,omitempty"`
}

// SeatCount is how many seats were in use when the request was asked; Of is 0 when the number
// bought is not known, Used is -1 when the vendor could not be read.
type SeatCount struct {
	Used int       `json:"used"`
	Of   int       `json:"of,omitempty"`
	At   time.Time `json:"at"`
	// Held are those that others were promised and do not have yet, Line how many wait for one before it, and Others are
	// undecided requests beside it that ask for one.
	Held   int `json:"held,omitempty"`
	Line   int `json:"line,omitempty"`
	Others int `json:"others,omitempty"`
}

// Origin is where a request came from.
type Origin struct {
	// Key is what makes a redelivery find the request open: the envelope's trigger id.
	Key string `json:"key,omitempty"`
	// Team is the Slack workspace.
	Team    string `json:"team,omitempty"`
	Channel string `json:"channel,omitempty"`
	Surface string `json:"surface"`
}

// Request is somebody's wish for a seat, from the asking to what came of it. It is stored as JSON:
// fields may be added, never renamed or retyped.
type Request struct {
	Number int64 `json:"number"`
	// Nonce tells this request from every other of its number, in whatever database or life; "" in requests
	// that were kept before there was one.
	Nonce  string `json:"nonce,omitempty"`
	Origin Origin `json:"origin"`
	// Requester is who asked; "": Usher by itself, because of Occasion.
	Requester PersonID `json:"requester"`
	App       App      `json:"app"`
	Action    Action   `json:"action"`
	Change    Change   `json:"change"`
	Reason    string   `json:"reason,omitempty"`
	Rule      Rule     `json:"rule"`
	// Found is what was found out so that its policy could be chosen; nil in requests that were kept before there was any.
	Found   *Known    `json:"found,omitempty"`
	Seats   SeatCount `json:"seats"`
	Asked   time.Time `json:"asked"`
	Expires time.Time `json:"expires"`
	// Manager is whom the word manager stands for in it, as it was found when it was asked; nil: no policy said it.
	Manager *Managed `json:"manager,omitempty"`
	// Said is how it was put; nil in requests that were kept before that was.
	Said *Said `json:"said,omitempty"`
	// Look is what was read at the vendor while it waits; nil where there was nothing to read.
	Look *Look `json:"look,omitempty"`
	// Unpinned says that it isn't known yet whose the address is: Slack wasn't asked, or could not tell. It is asked again.
	Unpinned bool `json:"unpinned,omitempty"`
	// Same is another open request that asks for the same, when this one was asked; 0: none was known.
	Same int64 `json:"same,omitempty"`
	// Together is with which others it was asked in one go; nil: by itself.
	Together *Together `json:"together,omitempty"`
	// Of an item of a bundle, Needs is the place, counted from 1, of the item that makes the account it is about; 0: none.
	// Turn is when its turn came, and Fell the item with which it ended, or whose failing keeps it from being tried; 0: none.
	Needs int       `json:"needs,omitempty"`
	Turn  time.Time `json:"turn,omitzero"`
	Fell  int64     `json:"fell,omitempty"`
	// Occasion is why Usher asks it by itself; nil: somebody asked. Withdrawn is why Usher took it back; nil: it didn't.
	Occasion  *Occasion `json:"occasion,omitempty"`
	Withdrawn Text      `json:"withdrawn,omitempty"`

	State State  `json:"state"`
	Votes []Vote `json:"votes,omitempty"`
	// Tally is what the votes came to when the last of them was judged; nil where nobody voted, and in
	// requests that were kept before there was one.
	Tally *Tally `json:"tally,omitempty"`
	// Decided is when State left pending, by whatever route.
	Decided time.Time `json:"decided,omitzero"`
	// DecidedBy is who made the last vote, canceled, or let it expire.
	DecidedBy Actor `json:"decided_by,omitempty"`
	// Refusal is the reason a denial gave.
	Refusal string `json:"refusal,omitempty"`
	// Attempt counts the deeds begun: 1 for the first, one more for each retry by an admin.
	Attempt int       `json:"attempt,omitempty"`
	Started time.Time `json:"started,omitzero"`
	// Tried says that an attempt before the present one may have been carried out: it ended in doubt, or
	// its Outcome was Tried. Made is the account that such an attempt has made, of which not all was done.
	Tried bool   `json:"tried,omitempty"`
	Made  string `json:"made,omitempty"`
	// AgainBy is the admin who began the present attempt; "" for the first.
	AgainBy Actor    `json:"again_by,omitempty"`
	Outcome *Outcome `json:"outcome,omitempty"`
	Doubt   *Doubt   `json:"doubt,omitempty"`
	// SeenNot is when a doubt about the present attempt settled itself: it was seen that it had not
	// happened, and the vendor was asked once more.
	SeenNot time.Time `json:"seen_not,omitzero"`
	// Lapsed says that the end of trying again has passed (Until) while the deed was failed or in doubt.
	Lapsed bool `json:"lapsed,omitempty"`
	// Began is when the present step began; zero where that is when it was asked, and in what was kept before there were
	// several. Raised are the steps that were escalated.
	Began  time.Time `json:"began,omitzero"`
	Raised []Raise   `json:"raised,omitempty"`
	// Questions are what those who may decide asked the requester, in order, each with its answer.
	Questions []Question `json:"questions,omitempty"`
	// Edits are what those who may decide changed in it, in order.
	Edits []Edit `json:"edits,omitempty"`
	// Followers are others who hear once when it is over.
	Followers []PersonID `json:"followers,omitempty"`
	// Talk is what was said in the thread of its card while it waited, in order.
	Talk []Remark `json:"talk,omitempty"`
	// Reminders is who was reminded of it.
	Reminders Reminders `json:"reminders,omitzero"`
	// Away are those named in it who are away, and the deputies of before.
	Away []Absence `json:"away,omitempty"`
	// Gone are those named in it, people and user groups, who could not decide any more when they were last looked up.
	Gone []string `json:"gone,omitempty"`
	// Override is the reason given where a decision was taken past the policy.
	Override string `json:"override,omitempty"`
	// Line is its place in the line for a seat, of one that was approved while none was left.
	Line *Line `json:"line,omitempty"`
	// News counts how often what its card says has changed since it was asked in a way that matters to a yes.
	News int `json:"news,omitempty"`
	// Left are those of the people concerned who had left the workspace when they were last looked up.
	Left []PersonID `json:"left,omitempty"`
	// Escalated is set once the admins have a card of their own for this request.
	Escalated bool `json:"escalated,omitempty"`

	// Task is what a person does to carry it out, once it is approved; nil: a program does.
	Task *Task `json:"task,omitempty"`
	// Of what a person gives for a time, Removal is the task that takes it away, until that takes the place of Task; then Gave
	// is the one by which it was given.
	Removal *Task `json:"removal,omitempty"`
	Gave    *Task `json:"gave,omitempty"`
	// Term is for how long it is asked; nil: for good. Once it is done, EndsAt is when it ends, WarnsAt when that is said
	// before, and Round counts the ends it has had.
	Term    *Term     `json:"term,omitempty"`
	EndsAt  time.Time `json:"ends_at,omitzero"`
	WarnsAt time.Time `json:"warns_at,omitzero"`
	Round   int       `json:"round,omitempty"`
	// Had is what was there before the first try that may have changed anything; nil: that is not known.
	Had *Had `json:"had,omitempty"`
	// Passed are resources that later requests give for longer, and Taken those that this one has from earlier ones.
	Passed []Passed `json:"passed,omitempty"`
	Taken  []string `json:"taken,omitempty"`
	// End is the taking back of it; nil: not begun.
	End *End `json:"end,omitempty"`
	// Extends is what it asks to have for longer; nil: it asks for something itself. Longer are the requests that ask to have
	// this one's for longer, in order.
	Extends *Extension `json:"extends,omitempty"`
	Longer  []Longer   `json:"longer,omitempty"`

	// Shared is what requests gave before to whoever's account it takes away by hand; nil where nobody looked.
	Shared []Shared `json:"-"`
	// Pool is how the limits of the app's pool that it is about are spread at this moment; nil where nobody looked.
	Pool []Spread `json:"-"`
}

// VoteOf is the vote of an actor, if there is one.
func (r Request) VoteOf(a Actor) (Vote, bool) {
	for _, v := range r.Votes {
		if v.By == a {
			return v, true
		}
	}
	return Vote{}, false
}

// clone copies what Step may alter, so that the caller's request stays as it was.
func (r Request) clone() Request {
	r.Votes, r.Left, r.Raised, r.Questions = slices.Clone(r.Votes), slices.Clone(r.Left), slices.Clone(r.Raised), slices.Clone(r.Questions)
	r.Reminders.Of = slices.Clone(r.Reminders.Of)
	r.Away, r.Gone, r.Edits, r.Talk = slices.Clone(r.Away), slices.Clone(r.Gone), slices.Clone(r.Edits), slices.Clone(r.Talk)
	r.Task, r.Removal, r.Occasion = r.Task.clone(), r.Removal.clone(), r.Occasion.clone()
	if r.Tally != nil {
		t := *r.Tally
		t.Counted, t.SetAside, t.Steps = slices.Clone(t.Counted), slices.Clone(t.SetAside), slices.Clone(t.Steps)
		r.Tally = &t
	}
	r.Passed, r.Taken, r.Longer = slices.Clone(r.Passed), slices.Clone(r.Taken), slices.Clone(r.Longer)
	if r.End != nil {
		e := *r.End
		r.End = &e
	}
	if r.Look != nil {
		l := *r.Look
		r.Look = &l
	}
	if r.Line != nil {
		l := *r.Line
		r.Line = &l
	}
	if r.Outcome != nil {
		o := *r.Outcome
		r.Outcome = &o
	}
	if r.Doubt != nil {
		d := *r.Doubt
		r.Doubt = &d
	}
	return r
}
