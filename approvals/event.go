package approvals

import "time"

// Event is something that happened to a request.
type Event interface{ what() string }

// The events.
type (
	// Opened: the request was asked.
	Opened struct{}
	// Voted: somebody said yes or no; Facts is what is known about everybody who voted.
	Voted struct {
		Vote  Vote
		Facts Facts
	}
	// Rejudged: votes that were given count otherwise than they did, so that another step is decided now; Facts is
	// what is known about everybody who voted.
	Rejudged struct{ Facts Facts }
	// Escalated: a step, counted from 0, was undecided for as long as its policy says, and others may decide it too.
	Escalated struct{ Step int }
	// Reminded: a person or user group that it waits for is reminded, by the message of a key.
	Reminded struct{ Who, Key string }
	// Nudged: somebody has those whom it waits for reminded.
	Nudged struct{ By Actor }
	// Followed: somebody wants to hear when it is over.
	Followed struct{ By Actor }
	// Stood: somebody named has gone away or come back; Away is what the request keeps of it now.
	Stood struct{ Away []Absence }
	// Noticed: people whom the request concerns have left, or are back; Left are all who are gone.
	Noticed struct{ Left []PersonID }
	// Pinned: it was found whom the request is for, which wasn't known when it was asked; Person "": nobody whom Slack shows.
	// Ahead says that nobody is deciding about it just now: what can't be decided at all is refused then.
	Pinned struct {
		Person PersonID
		Ahead  bool
	}
	// Overridden: somebody at the machine decided past the policy, and said why.
	Overridden struct {
		By     Actor
		Yes    bool
		Reason string
		// Unread, Edition, News and InLine are as in Vote.
		Unread  bool
		Edition int
		News    int
		InLine  bool
	}
	// Queued: it was approved while no seat was left, and waits for one.
	Queued struct {
		Ticket int64
		Place  int
	}
	// Offered: a seat is kept for it, and somebody is asked whether it is still wanted.
	Offered struct{}
	// Served: a seat is kept for it, and it is carried out; By is who said so, and Usher where it goes by itself.
	Served struct{ By Actor }
	// Counted: how many seats are left is otherwise than its card says, in a way that matters.
	Counted struct{ Seats SeatCount }
	// Learned: what stands against it has changed at the vendor since its card was drawn.
	Learned struct{ Look Look }
	// TurnCame: its turn in its bundle has come; Account is the account that another item has made for it, of what sort, and
	// "" where that wasn't seen.
	TurnCame struct{ Account, Sort string }
	// Fell: another item of its bundle was decided against, by whom and why, and it goes with that.
	Fell struct {
		With   int64
		To     State
		By     Actor
		Reason string
	}
	// Dropped: the item of its bundle that makes its account failed. Revived: that was done after all.
	Dropped struct{ With int64 }
	Revived struct{}
	// CanceledBy: the requester took the request back.
	CanceledBy struct{ By Actor }
	// TimeUp: the time for deciding is over. What Usher asks and doesn't let go is asked of To as well then.
	TimeUp struct{ To []string }
	// Seen: the vendor was read about a request that waits. Change is what it was found to mean; Seats is
	// zero where they were not counted.
	Seen struct {
		Change Change
		Seats  SeatCount
		Look   Look
		// Whose says that Slack said meanwhile whose the address is, which wasn't known: Change bears it.
		Whose bool
		// Edition is that of the request for which it was read.
		Edition int
	}
	// Unread: the vendor could not be read about it, since then.
	Unread struct{ Since time.Time }
	// Settled: it is known now which policy rules the request, and until when it can be decided; that hung on what the
	// vendor says.
	Settled struct {
		Rule    Rule
		Expires time.Time
	}
	// ByPolicy: its policy decides by itself. Reason is why not, of a no.
	ByPolicy struct {
		Yes    bool
		Reason string
	}
	// Begun: the deed begins; written before the vendor is asked for anything but to read.
	Begun struct{}
	// Happened: the deed was seen done.
	Happened struct{ Outcome Outcome }
	// Refused: the deed was seen not done and will not be tried again by itself.
	Refused struct{ Outcome Outcome }
	// Lost: the answer was lost and looking did not help.
	Lost struct{ Doubt Doubt }
	// Resumed: a doubt was settled by seeing that it had not happened; the deed goes on.
	Resumed struct{}
	// AdminSays: an admin settled a doubt.
	AdminSays struct {
		By       Actor
		Happened bool
	}
	// RetriedBy: an admin starts a failed deed again.
	RetriedBy struct{ By Actor }
	// TooLate: the time in which a failed deed, or one in doubt, may be tried again is over.
	TooLate struct{}
)

func (Opened) what() string { return "asked" }
func (e Voted) what() string {
	if e.Vote.Yes {
		return "voted yes"
	}
	return "voted no"
}
func (Rejudged) what() string  { return "judged anew" }
func (Escalated) what() string { return "escalated" }
func (Reminded) what() string  { return "reminded" }
func (Nudged) what() string    { return "nudged" }
func (Followed) what() string  { return "followed" }
func (Stood) what() string     { return "moved by an absence" }
func (Noticed) what() string   { return "looked up who has left" }
func (e Pinned) what() string {
	if e.Person == "" {
		return "found nobody in Slack whom it is for"
	}
	return "found whom it is for"
}
func (e Overridden) what() string {
	if e.Yes {
		return "approved past the policy"
	}
	return "denied past the policy"
}
func (Queued) what() string     { return "put in line for a seat" }
func (Offered) what() string    { return "a seat is kept for it" }
func (Served) what() string     { return "got a seat from the line" }
func (Counted) what() string    { return "seats counted" }
func (Learned) what() string    { return "changed at the vendor" }
func (CanceledBy) what() string { return "canceled" }
func (TimeUp) what() string     { return "expired" }
func (Seen) what() string       { return "read at the vendor" }
func (Unread) what() string     { return "could not be read at the vendor" }
func (Settled) what() string    { return "policy found" }
func (e ByPolicy) what() string {
	if e.Yes {
		return "approved by policy"
	}
	return "refused by policy"
}
func (TurnCame) what() string { return "its turn in the bundle" }
func (Fell) what() string     { return "fell with its bundle" }
func (Dropped) what() string  { return "not tried, for what it needs failed" }
func (Revived) what() string  { return "to be tried after all" }
func (Begun) what() string    { return "deed begun" }
func (Happened) what() string { return "deed seen done" }
func (Refused) what() string  { return "deed failed" }
func (Lost) what() string     { return "deed in doubt" }
func (Resumed) what() string  { return "deed seen not done" }
func (e AdminSays) what() string {
	if e.Happened {
		return "admin says it happened"
	}
	return "admin says it did not happen"
}
func (RetriedBy) what() string { return "deed started again" }
func (TooLate) what() string   { return "too late to try again" }
