package leavers

import (
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// State is where a leaving stands.
type State string

// The states of a leaving.
const (
	// Scheduled: it was said for a day that is still to come.
	Scheduled State = "scheduled"
	// Held: too many left at once, and an admin is asked whether they really did.
	Held State = "held"
	// Gathering: what they hold is being found out.
	Gathering State = "gathering"
	// Open: what they held is asked about, or being taken back.
	Open State = "open"
	// CalledOff: they stay, or are back before anything was taken. Closed: nothing of it is left to do.
	CalledOff State = "called off"
	Closed    State = "closed"
)

// Over reports whether nothing more happens to a leaving in this state.
func (s State) Over() bool { return s == CalledOff || s == Closed }

// Leaving is that somebody leaves. It is stored as JSON: fields may be added, never renamed.
type Leaving struct {
	Number int64 `json:"number"`
	// Nonce tells it from every other of its number, in whatever database or life.
	Nonce  string             `json:"nonce,omitempty"`
	Person approvals.PersonID `json:"person"`
	Name   string             `json:"name,omitempty"`
	// Addresses are all that are known to be theirs, once they were gathered.
	Addresses []string `json:"addresses,omitempty"`
	// By is who said it, Surface where; "usher": Slack has shown them deactivated.
	By      approvals.Actor `json:"by"`
	Surface string          `json:"surface,omitempty"`
	// Heard is when that was, and Off since when Slack has shown them deactivated; zero: it doesn't.
	Heard time.Time `json:"heard"`
	Off   time.Time `json:"off,omitzero"`
	// Day is the day it was said for, where they are; "": at once.
	Day   string `json:"day,omitempty"`
	State State  `json:"state"`
	// Rounds is how often what they hold was asked about, and Items what that was.
	Rounds int    `json:"rounds,omitempty"`
	Items  []Item `json:"items,omitempty"`
	// Unread are the apps of which it isn't known yet what they hold, by their names.
	Unread []string `json:"unread,omitempty"`
	// Manager is theirs, "" where nobody is known to be, and Told are all who are told of it.
	Manager approvals.PersonID   `json:"manager,omitempty"`
	Told    []approvals.PersonID `json:"told,omitempty"`
	// Ended is when it was closed or called off, by whom and why.
	Ended   time.Time       `json:"ended,omitzero"`
	EndedBy approvals.Actor `json:"ended_by,omitempty"`
	Why     string          `json:"why,omitempty"`
}

// Said reports whether somebody said it, and not Slack alone.
func (l Leaving) Said() bool { return l.By != approvals.Usher }

// clone copies what a change may alter.
func (l Leaving) clone() Leaving {
	l.Items, l.Addresses, l.Unread, l.Told = slices.Clone(l.Items), slices.Clone(l.Addresses), slices.Clone(l.Unread), slices.Clone(l.Told)
	return l
}

// Key names a leaving to what is asked about it: asked under it again, the same is found.
func (l Leaving) Key() string { return fmt.Sprintf("leaving/%d/%s", l.Number, l.Nonce) }

// Item is one thing that somebody held when they left.
type Item struct {
	App   string `json:"app"`
	Email string `json:"email"`
	// What is it in words.
	What string `json:"what,omitempty"`
	// Request asks that it be taken back; 0: nothing could be asked, for the reason in Why, and Owner sees to it by name.
	Request int64              `json:"request,omitempty"`
	Why     string             `json:"why,omitempty"`
	Owner   approvals.PersonID `json:"owner,omitempty"`
}

// same reports whether two are the same thing.
func (i Item) same(o Item) bool { return i.App == o.App && approvals.SameEmail(i.Email, o.Email) }
