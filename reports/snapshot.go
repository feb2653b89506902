package reports

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Snapshot is what is remembered of a report between two slots. It is stored as JSON: fields may be
// added, never renamed or retyped.
type Snapshot struct {
	// Since is when this schedule was first seen. Slots from before it were never promised to anybody.
	Since time.Time `json:"since"`
	// Schedule is the specification and zone that Since speaks of; "" after the report was taken out.
	Schedule string `json:"schedule"`
	// Slot is the slot posted last; "" while none was.
	Slot string `json:"slot,omitempty"`
	// At is when that was made; zero in what was kept before this was.
	At time.Time `json:"at,omitzero"`
	// Unread are the readers of whom the admins were told that none is there any more.
	Unread string `json:"unread,omitempty"`
	// Apps is what was read of each app for the slot posted last, by app id. An app that could not be
	// read then keeps what was read of it before.
	Apps map[string]AppSnapshot `json:"apps,omitempty"`
	// Told is what its sections told; of one that was kept before this was, or that it didn't show, nothing.
	Told Told `json:"told,omitempty"`

	// line is how it stood in the store when it was read.
	line []byte
}

// AppSnapshot is one app's accounts as one slot showed them.
type AppSnapshot struct {
	At   time.Time `json:"at"`
	Slot string    `json:"slot"`
	// Bought is how many seats there might be; 0: not known.
	Bought int `json:"bought,omitempty"`
	// Accounts are by the vendor's account id: an address can change, an id does not.
	Accounts map[string]Account `json:"accounts"`
	// Walk is the census in which the accounts are, Count of them, where they are too many to be held; 0: they are in Accounts.
	Walk  int64 `json:"walk,omitempty"`
	Count int   `json:"count,omitempty"`
}

// census gives the accounts of a snapshot; of those that are in a census of their own, kept is it. What it saw has addresses, and
// who was blocked, and nothing else.
func (s AppSnapshot) census(app approvals.App, kept Census) Census {
	if s.Walk != 0 {
		kept.At, kept.Bought = s.At, s.Bought
		return kept
	}
	return Census{App: app, At: s.At, Bought: s.Bought, Count: len(s.Accounts), All: func(yield func(approvals.Seat, error) bool) {
		for id, was := range s.Accounts {
			if !yield(approvals.Seat{ID: id, Email: was.Email, Blocked: was.Blocked, Holds: 1}, nil) {
				return
			}
		}
	}}
}

// Account is what a later report compares.
type Account struct {
	Email   string `json:"email"`
	Blocked bool   `json:"blocked,omitempty"`
}

// decodeSnapshot reads what was kept; nil is a report of which nothing was.
func decodeSnapshot(raw []byte) (s Snapshot, err error) {
	if raw == nil {
		return s, nil
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return Snapshot{}, fmt.Errorf("decode snapshot: %w", err)
	}
	return s, nil
}

// after is the snapshot once a slot has been posted with what was read.
func (s Snapshot) after(slot string, f Facts) (Snapshot, error) {
	apps := map[string]AppSnapshot{}
	for _, a := range f.Apps {
		old, known := s.Apps[a.App.ID]
		switch {
		case a.Unreadable == nil && a.Census.Walked():
			app, err := appSnapshot(slot, a.Census)
			if err != nil {
				return s, err
			}
			apps[a.App.ID] = app
		case known:
			apps[a.App.ID] = old
		}
	}
	s.Slot, s.At, s.Apps = slot, f.At.UTC(), apps
	return s, nil
}

// made is when the slot posted last was made, as far as that is known; zero: there was none.
func (s Snapshot) made() time.Time {
	at := s.At
	for _, a := range s.Apps {
		if at.IsZero() || s.At.IsZero() && a.At.After(at) {
			at = a.At
		}
	}
	return at
}

func appSnapshot(slot string, c Census) (AppSnapshot, error) {
	if c.Walk != 0 && c.Count > mostNamed {
		return AppSnapshot{At: c.At.UTC(), Slot: slot, Bought: c.Bought, Walk: c.Walk, Count: c.Count}, nil
	}
	accounts := make(map[string]Account, c.Count)
	err := c.Each(func(seat approvals.Seat) { accounts[seat.ID] = Account{Email: label(seat), Blocked: seat.Blocked} })
	return AppSnapshot{At: c.At.UTC(), Slot: slot, Bought: c.Bought, Accounts: accounts}, err
}

// label is the address an account is known by, or its number where the vendor shows none.
func label(s approvals.Seat) string {
	if s.Email != "" {
		return s.Email
	}
	return "account " + s.ID
}
