package register

import (
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// Outsider is an account of somebody outside that a request gave: it is nobody's in the directory, and carries who asked for it. Once a
// quarter it is asked whether it is still needed. It is stored as JSON.
type Outsider struct {
	Email   string             `json:"email"`
	As      string             `json:"as,omitempty"`
	Request int64              `json:"request"`
	By      approvals.PersonID `json:"by,omitempty"`
	// Given is when they got it, and Since when it was said last that it is needed: at first by asking for it.
	Given time.Time `json:"given"`
	Since time.Time `json:"since"`
	// Asked is since when it is asked whether it still is; zero: it isn't. Whom that was asked last, on Day, and for the how-manieth
	// time, Round says.
	Asked time.Time            `json:"asked,omitzero"`
	Whom  []approvals.PersonID `json:"whom,omitempty"`
	Day   string               `json:"day,omitempty"`
	Round int                  `json:"round,omitempty"`
	// Said is who said last that it is.
	Said *Said `json:"said,omitempty"`
}

// Said is that somebody said so.
type Said struct {
	By approvals.Actor `json:"by"`
	At time.Time       `json:"at"`
}

const (
	// neededFor is how long nobody is asked after it was given or said to be needed, and answerWithin how long whoever is asked has
	// before they are reminded, and again before the app's owners are asked.
	neededFor    = 90 * 24 * time.Hour
	answerWithin = 14 * 24 * time.Hour
	// The rounds of asking.
	roundFirst, roundReminder, roundOwners = 1, 2, 3
)

// due is which round of asking is due; 0: none.
func (o Outsider) due(now time.Time) int {
	asked := now.Sub(o.Asked)
	switch {
	case o.Asked.IsZero() && now.Sub(o.Since) >= neededFor, !o.Asked.IsZero() && asked >= neededFor:
		return roundFirst
	case o.Asked.IsZero():
		return 0
	case o.Round == roundFirst && asked >= answerWithin:
		return roundReminder
	case o.Round == roundReminder && asked >= 2*answerWithin:
		return roundOwners
	}
	return 0
}

// asks is an outsider about whom somebody is asked now.
func (o Outsider) asks(round int, whom []approvals.PersonID, day string, now time.Time) Outsider {
	if round == roundFirst {
		o.Asked = now.UTC()
	}
	o.Round, o.Whom, o.Day, o.Said = round, whom, day, nil
	return o
}

// asOutsider is what tells an account of an outsider from every other.
type asOutsider struct {
	request int64
	email   string
}

func (o Outsider) as() asOutsider { return asOutsider{o.Request, approvals.FoldEmail(o.Email)} }

// outside are the accounts of outsiders that a list has and requests gave for good, with what was asked about them before.
func (k Kept) outside(c comparing) (out []Outsider) {
	known, before := map[string]bool{}, map[asOutsider]Outsider{}
	for _, w := range k.Outside {
		before[w.as()] = w
	}
	for _, m := range c.seen.Members {
		key := approvals.FoldEmail(m.Email)
		e, held := c.held[key]
		gone := c.taken[key].At.After(e.Since)
		if !held || known[key] || gone || !e.Seat || !e.Until.IsZero() || m.Status == list.Off || c.who(m.Email).ID != "" {
			continue
		}
		known[key] = true
		o := Outsider{Email: m.Email, As: e.Role, Request: e.Request, By: e.Requester, Given: e.Since, Since: e.Since}
		if was, there := before[o.as()]; there {
			o.Since, o.Asked, o.Whom, o.Day, o.Round, o.Said = was.Since, was.Asked, was.Whom, was.Day, was.Round, was.Said
		}
		out = append(out, o)
	}
	return out
}
