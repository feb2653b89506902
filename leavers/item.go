package leavers

import (
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/register"
)

// Item is one thing that somebody held when they left. What is asked about it is kept before it is asked, so that whoever asks again
// after a crash asks the same.
type Item struct {
	App   string `json:"app"`
	Email string `json:"email"`
	// What is it in words.
	What string `json:"what,omitempty"`
	// Action and Change are what is asked, and Round with which of the leaving's cards; Request is the one that asks it.
	Action  approvals.Action `json:"action,omitempty"`
	Change  approvals.Change `json:"change,omitzero"`
	Round   int              `json:"round,omitempty"`
	Request int64            `json:"request,omitempty"`
	// Owner sees to it by name, because nothing can be asked, for the reason in Why.
	Owner approvals.PersonID `json:"owner,omitempty"`
	Why   string             `json:"why,omitempty"`
	// Gone is how it was seen that it is gone, and Left that somebody left it where it is; nil: neither.
	Gone *Gone `json:"gone,omitempty"`
	Left *Left `json:"left,omitempty"`
	// Deed is since when it should be gone, SaidBy who says that it is, beside whoever took it away, and Again when it was asked
	// after last, because nobody has seen it gone.
	Deed   time.Time       `json:"deed,omitzero"`
	SaidBy approvals.Actor `json:"said_by,omitempty"`
	Again  time.Time       `json:"again,omitzero"`
	// shown is when it was seen to be there: what was gone and is seen later is there again.
	shown time.Time
}

// Gone is that something was seen gone, and how.
type Gone struct {
	How register.How      `json:"how"`
	At  time.Time         `json:"at"`
	By  []approvals.Actor `json:"by,omitempty"`
}

// Left is that something stays where it is, who said so and why.
type Left struct {
	By  approvals.Actor `json:"by"`
	At  time.Time       `json:"at"`
	Why string          `json:"why,omitempty"`
}

// Owned are the places of what nothing asks about, so that somebody sees to it by name.
func (l Leaving) Owned() (places []int) {
	for n, i := range l.Items {
		if !i.Settled() && i.Request == 0 && i.Why != "" {
			places = append(places, n)
		}
	}
	return places
}

// Settled reports whether nothing is left to do about it.
func (i Item) Settled() bool { return i.Gone != nil || i.Left != nil }

// equal reports whether nothing of it has changed.
func (i Item) equal(o Item) bool {
	left := i.Left == o.Left || i.Left != nil && o.Left != nil && *i.Left == *o.Left
	return i.Request == o.Request && i.Why == o.Why && i.Owner == o.Owner && i.SaidBy == o.SaidBy && i.Deed.Equal(o.Deed) && i.Again.Equal(o.Again) &&
		(i.Gone == nil) == (o.Gone == nil) && left
}

// same reports whether two are the same thing.
func (i Item) same(o Item) bool {
	if i.App != o.App || i.Action != o.Action || !approvals.SameEmail(i.Email, o.Email) || len(i.Change.Values) != len(o.Change.Values) {
		return false
	}
	for n, v := range i.Change.Values {
		if o := o.Change.Values[n]; v.Key != o.Key || !catalog.SameItems(v.Items, o.Items) {
			return false
		}
	}
	return true
}

// Owned says of what can't be asked whose it is to see to.
func (i Item) Owned(app approvals.App) approvals.Text {
	who := approvals.Sayf("an admin")
	if i.Owner != "" {
		who = approvals.Sayf("%v", i.Owner)
	}
	return approvals.Sayf("%v in %v isn't asked about here (%v), so %v sees to it.", i.Email, app.Name, strings.TrimSuffix(i.Why, "."), who)
}
