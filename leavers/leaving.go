package leavers

import (
	"bytes"
	"encoding/json"
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
	// Day is the day it was said for, where they are, "" at once; Due is when that begins, and Eve who hears of it the day before.
	Day   string               `json:"day,omitempty"`
	Due   time.Time            `json:"due,omitzero"`
	Eve   []approvals.PersonID `json:"eve,omitempty"`
	State State                `json:"state"`
	// Rounds is how often it was found out what is to be asked about, and Asked how often that was asked; Items are what it was.
	Rounds int    `json:"rounds,omitempty"`
	Asked  int    `json:"asked,omitempty"`
	Items  []Item `json:"items,omitempty"`
	// Anew says that what they hold is found out once more: they were deactivated after it was said and asked.
	Anew bool `json:"anew,omitempty"`
	// Unread are the apps of which it isn't known yet what they hold, and the directories of which not under which addresses.
	Unread []string `json:"unread,omitempty"`
	// Manager is theirs, "" where nobody is known to be, and Told are all who are told of it.
	Manager approvals.PersonID   `json:"manager,omitempty"`
	Told    []approvals.PersonID `json:"told,omitempty"`
	// Back is when they were seen active again, after something was asked, and Withdrawn that what nobody had decided by then
	// was taken back.
	Back      time.Time `json:"back,omitzero"`
	Withdrawn bool      `json:"withdrawn,omitempty"`
	// Asking are the keys of the messages that ask whether something is gone.
	Asking []string `json:"asking,omitempty"`
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
	l.Eve, l.Asking = slices.Clone(l.Eve), slices.Clone(l.Asking)
	return l
}

// alike reports whether two are the same where they are kept.
func (l Leaving) alike(o Leaving) bool {
	one, err := json.Marshal(l)
	other, err2 := json.Marshal(o)
	return err == nil && err2 == nil && bytes.Equal(one, other)
}

// Key names to the Desk of requests what is asked of a leaving, each round of it: asked under it again, the same is found.
func (l Leaving) Key(round int) string {
	return fmt.Sprintf("leaving/%d/%s/%d", l.Number, l.Nonce, round)
}

// Since is since when they are gone, or were said to be.
func (l Leaving) Since() time.Time {
	if l.Off.IsZero() {
		return l.Heard
	}
	return l.Off
}

// Requests are those that ask for something of theirs to be taken back.
func (l Leaving) Requests() (numbers []int64) {
	for _, i := range l.Items {
		if i.Request != 0 && !slices.Contains(numbers, i.Request) {
			numbers = append(numbers, i.Request)
		}
	}
	return numbers
}
