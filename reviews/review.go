package reviews

import (
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
)

// State is how far a review is.
type State string

// The states.
const (
	Gathering  State = "gathering"  // who has what is being read
	Refused    State = "refused"    // it couldn't be, so nobody was asked
	Open       State = "open"       // its reviewers answer
	Late       State = "late"       // its time is over, and the rest is for the app's owners and the admins to answer
	Closed     State = "closed"     // everything was answered
	Unanswered State = "unanswered" // it is over, and something was not
)

// Answer is what somebody says of a line; "": nothing yet.
type Answer string

// The answers.
const (
	Keep Answer = "keep"
	Take Answer = "take away"
)

// Why says by what right a line is somebody's to answer.
type Why string

// The rights.
const (
	AsManager Why = "manager"
	AsAsker   Why = "who asked for it"
	AsOwner   Why = "owner"
	AsAdmin   Why = "admin"
	// AsNobody says that there is nobody who could: all who might would answer about their own.
	AsNobody Why = "nobody"
)

// Name names a review beyond doubt on a button, which outlives the database it was drawn for.
type Name struct {
	Number int64  `json:"n"`
	Nonce  string `json:"x"`
}

// Review is one question put to many. It is stored as JSON: fields may be added, never renamed.
type Review struct {
	Number int64  `json:"number"`
	Nonce  string `json:"nonce"`
	// Origin names the command that began it, so that a redelivery begins no other.
	Origin string `json:"origin,omitempty"`
	// App is the app's short name, and Called its name then.
	App    string             `json:"app"`
	Called string             `json:"called"`
	By     approvals.PersonID `json:"by"`
	State  State              `json:"state"`
	Began  time.Time          `json:"began"`
	Due    time.Time          `json:"due"`
	// Read is as of when it is known who has what, and how; Gone counts those who have nothing any more by that.
	Read register.Verified `json:"read,omitzero"`
	Gone int               `json:"gone,omitempty"`
	// Wrong is why it was refused.
	Wrong approvals.Text `json:"wrong,omitempty"`
	Lines []Line         `json:"lines,omitempty"`
	// Owners are who owned the app at the end; they get the report.
	Owners []approvals.PersonID `json:"owners,omitempty"`
	// Heirs answer what nobody had answered by the end, until Closes; Over is when it was over for good.
	Heirs  []approvals.PersonID `json:"heirs,omitempty"`
	Closes time.Time            `json:"closes,omitzero"`
	Over   time.Time            `json:"over,omitzero"`
}

// Line is what one person has, and what was said of it.
type Line struct {
	Email  string             `json:"email"`
	Person approvals.PersonID `json:"person,omitempty"`
	Name   string             `json:"name,omitempty"`
	Holds  string             `json:"holds,omitempty"`
	// Since is when it was given, by Request, which Asked asked for and Allowed said yes to; Until is when it ends by itself.
	Since    time.Time          `json:"since,omitzero"`
	Request  int64              `json:"request,omitempty"`
	Asked    approvals.PersonID `json:"asked,omitempty"`
	Allowed  []approvals.Actor  `json:"allowed,omitempty"`
	Until    time.Time          `json:"until,omitzero"`
	Cost     string             `json:"cost,omitempty"`
	Verified register.Verified  `json:"verified,omitzero"`
	// Odds is what speaks against keeping it.
	Odds []approvals.Text `json:"odds,omitempty"`
	// Reviewer answers it, for the reason in Why, and Moved is whose it was before.
	Reviewer approvals.PersonID `json:"reviewer,omitempty"`
	Why      Why                `json:"why"`
	Moved    []Move             `json:"moved,omitempty"`
	Answer   Answer             `json:"answer,omitempty"`
	Reason   string             `json:"reason,omitempty"`
	By       approvals.PersonID `json:"by,omitempty"`
	At       time.Time          `json:"at,omitzero"`
	// Round counts how often it was answered, and Late says that it was not by the end.
	Round int  `json:"round,omitempty"`
	Late  bool `json:"late,omitempty"`
	// Removal is the request to take it away, which Others says somebody else had made; Wrong is why it couldn't be asked for.
	// Withdrawn are those that were taken back because the answer was changed.
	Removal   int64          `json:"removal,omitempty"`
	Others    bool           `json:"others,omitempty"`
	Wrong     approvals.Text `json:"wrong,omitempty"`
	Withdrawn []int64        `json:"withdrawn,omitempty"`
}

// Move is that a line was handed on, because whoever had it couldn't answer any more.
type Move struct {
	From approvals.PersonID `json:"from"`
	At   time.Time          `json:"at"`
}

// Name is what the review's buttons and forms bear.
func (r Review) Name() Name { return Name{r.Number, r.Nonce} }

// Live reports whether it can still be answered, or will be.
func (r Review) Live() bool { return r.State == Gathering || r.State == Open || r.State == Late }

// Ends is when the present time for answering is over.
func (r Review) Ends() time.Time {
	if r.State == Late {
		return r.Closes
	}
	return r.Due
}

// Left counts the lines that nobody has answered.
func (r Review) Left() (n int) {
	for _, l := range r.Lines {
		if l.Answer == "" {
			n++
		}
	}
	return n
}

// Answered counts the lines that were answered so.
func (r Review) Answered(a Answer) (n int) {
	for _, l := range r.Lines {
		if l.Answer == a {
			n++
		}
	}
	return n
}

// Reviewers are all whose lines there are, each once, in the order of the lines.
func (r Review) Reviewers() (all []approvals.PersonID) {
	for _, l := range r.Lines {
		if l.Reviewer != "" && !slices.Contains(all, l.Reviewer) {
			all = append(all, l.Reviewer)
		}
	}
	return all
}

// Of are the lines that somebody may answer now, by their places: their own ones while it is open, and after its end what
// nobody had answered.
func (r Review) Of(who approvals.PersonID) (places []int) {
	for i, l := range r.Lines {
		if r.isFor(l, who) {
			places = append(places, i)
		}
	}
	return places
}

func (r Review) isFor(l Line, who approvals.PersonID) bool {
	switch {
	case who == "" || l.Person == who:
		return false
	case r.State == Open:
		return l.Reviewer == who
	case r.State == Late:
		return l.Late && slices.Contains(r.Heirs, who)
	}
	return false
}

// Waits are the lines that wait for somebody's answer, by their places.
func (r Review) Waits(who approvals.PersonID) []int {
	return slices.DeleteFunc(r.Of(who), func(i int) bool { return r.Lines[i].Answer != "" })
}

// Usual are those of them that nothing speaks against keeping.
func (r Review) Usual(who approvals.PersonID) []int {
	return slices.DeleteFunc(r.Waits(who), func(i int) bool { return len(r.Lines[i].Odds) > 0 })
}

// Called is how people read whose line it is.
func (l Line) Called() string {
	if l.Name == "" || l.Name == l.Email {
		return l.Email
	}
	return l.Name + " · " + l.Email
}

// Short is the name of whose line it is, or the address.
func (l Line) Short() string {
	if l.Name == "" {
		return l.Email
	}
	return l.Name
}

// own reports whether a line is somebody's own.
func (l Line) own(p approvals.Person) bool {
	return l.Person != "" && l.Person == p.ID || p.Email != "" && approvals.SameEmail(l.Email, p.Email)
}

// clone is a review whose lines are its own.
func (r Review) clone() Review {
	r.Lines = slices.Clone(r.Lines)
	return r
}
