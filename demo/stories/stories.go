// Package stories is what one can live through in the demo, told as data: who does what where, what they see then, and how one
// checks it. Whoever plays them needs to know nothing of Usher but what people see: `usher demo --tour` acts them by itself
// (demo/tour), and the page can point at the next thing to press.
//
// A story begins where the demo stands after its start or after any other story, and names no request by its number. It ends
// with what it has promised done, each thing once (Deeds), and with nothing left that would disturb the next one.
//
// A step is one deed and what is seen then. The deed is done by somebody of the workspace (Type, Press with Pick or Fill, Hands)
// or happens beside it (World). What is seen is a Sight: a message with certain words in front of somebody's eyes, or what stands
// in the vendor's own books.
//
// This room imports nothing of ours, and nothing here is done.
package stories

import (
	"fmt"
	"strings"
	"time"
)

// Story is something that one can live through in the demo.
type Story struct {
	Name  string `json:"name"`  // one word, by which it's chosen
	Title string `json:"title"` // what it's about, in a line
	Why   string `json:"why"`   // what it shows, in a sentence
	// Begins is what must be so before it begins: it can't be told again without.
	Begins []Sight `json:"begins,omitempty"`
	Steps  []Step  `json:"steps"`
	// Left is what it ends with that is still to be done, and by whom, in a sentence.
	Left string `json:"left,omitempty"`
	// Task are words of the message that says whose a task by hand is, which is Doer's from then on; none: there is no such task.
	Task  []string `json:"task,omitempty"`
	Deeds []Deed   `json:"deeds"` // what must have come of it, each once
}

// Deed is what a story ends with.
type Deed struct {
	// Op is what the vendor is asked for, "create" or "delete"; "by hand": a task that people carry out.
	Op string `json:"op"`
	// Of are the accounts of which exactly one is meant, by their e-mail.
	Of []string `json:"of"`
}

// Doer is who does a step of a task by hand, and Either what they are called until it's known who that is: whose turn it is depends on
// what was done before.
const (
	Doer   = "doer"
	Either = "Bob or Carol"
)

// ByHand is the Op of what people carry out.
const ByHand = "by hand"

// Step is one deed, and what is seen then.
type Step struct {
	As  string `json:"as,omitempty"`  // who does it, by user id, or Doer; empty: it happens beside the workspace
	In  string `json:"in,omitempty"`  // the channel, by its id; empty: their own conversation with Usher
	Say string `json:"say"`           // what it is, in a sentence
	You string `json:"you,omitempty"` // the same to whoever does it, before they're told what to type or press

	Type  string            `json:"type,omitempty"`  // what they type
	Press string            `json:"press,omitempty"` // the label of the button they press, or the block of the menu they choose from
	Pick  string            `json:"pick,omitempty"`  // what they choose in it
	On    []string          `json:"on,omitempty"`    // words of the message that has it
	Fill  map[string]string `json:"fill,omitempty"`  // the form that opens then, by its labels
	Hands int               `json:"hands,omitempty"` // so many who have come press it at the same moment, by turns on each message that has it
	World World             `json:"world,omitempty"` // what happens instead
	Whom  string            `json:"whom,omitempty"`  // to whom, by user id

	Sees []Sight `json:"sees"`
}

// World is what happens beside what people type and press.
type World string

// What can happen.
const (
	Deactivate World = "deactivate" // an admin deactivates somebody
	Stall      World = "stall"      // the vendor does the next thing it's asked for, and keeps the answer to itself for a while
	Kill       World = "kill"       // the bot is killed this instant, and begun again
	Monday     World = "monday"     // it's the next Monday, 09:00, by every clock
	Fill       World = "fill"       // the vendor's seats are taken but for one
	Empty      World = "empty"      // those seats are free again
	Gather     World = "gather"     // Hands people come who may say yes
	Dismiss    World = "dismiss"    // they may no more
)

// Sight is what somebody sees, or what stands in the vendor's books.
type Sight struct {
	Say string `json:"say"` // what is seen, in words

	As    string   `json:"as,omitempty"`    // whose eyes; empty: whoever did the step
	In    string   `json:"in,omitempty"`    // the channel; empty: their own conversation with Usher
	Alone bool     `json:"alone,omitempty"` // nobody else sees it
	Holds []string `json:"holds,omitempty"` // words of one message
	Has   string   `json:"has,omitempty"`   // a button that it has
	Lacks string   `json:"lacks,omitempty"` // a button that it doesn't have
	Times int      `json:"times,omitempty"` // at least so many people have such a message of their own; 0: the one who looks

	Here    string   `json:"here,omitempty"`    // they're in the workspace and haven't left, by user id
	Account string   `json:"account,omitempty"` // it's in the vendor's list, by its e-mail
	Gone    string   `json:"gone,omitempty"`    // it isn't
	OneOf   []string `json:"oneOf,omitempty"`   // exactly one of these is
}

// The people and places of the demo.
const (
	alice, bob, carol, erin     = "U0ALICE", "U0BOB", "U0ADMIN", "U0ERIN"
	general, approvals, reports = "C0GENERAL", "C0APPROVE", "C0REPORTS"
)

// Scene is what the stories have to fit into.
type Scene struct {
	Now time.Time // says which days they speak of
	// Taken reports whether somebody of that address is known here already, who can't be asked for again; nil: nobody is.
	Taken func(email string) bool
	// Told is how often a story was begun here before.
	Told map[string]int
}

// All are the stories, in the order in which they are told.
func All(s Scene) []Story {
	return []Story{ask(s), away(s), seat(s), crash(s), hand(s), leaver(), digest()}
}

// somebody is the first of these people who isn't known here, as what one types and as an address; after them comes one who has a number.
func (s Scene) somebody(domain string, names ...string) (email, name string) {
	for i := 0; ; i++ {
		first, last, _ := strings.Cut(names[i%len(names)], " ")
		if again := i / len(names); again > 0 {
			first = fmt.Sprint(first, again+1)
		}
		email = strings.ToLower(first) + "@" + domain
		if s.Taken == nil || !s.Taken(email) {
			return email, first + " " + last
		}
	}
}
