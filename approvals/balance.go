package approvals

import (
	"fmt"
	"time"
)

// KindWarning is the kind of intent that says once that what an app's calls are paid from runs low.
const KindWarning = "warning"

// WarningKey is the key of one warning about an app, from one arming of it: "warning/ID/20%/2026-11-23T06:00". It is
// armed again by what makes it possible that it holds anew, and is then another occasion.
func WarningKey(app, name, armed string) string {
	return fmt.Sprintf("%s/%s/%s/%s", KindWarning, app, name, armed)
}

// Balance is what is known of the units that an app's calls are paid from. It is stored as JSON: fields may be added, never
// renamed. Unknown is never zero: Left means something only where Read says when.
type Balance struct {
	// Read is when Left was read last; zero: it never was.
	Read time.Time `json:"read,omitzero"`
	Left int64     `json:"left,omitempty"`
	// Full is how many there were at most since units were last added.
	Full int64 `json:"full,omitempty"`
	// Pace says that the use is known; Out is then when nothing will be left at this pace, zero: not within a year.
	Pace bool      `json:"pace,omitempty"`
	Out  time.Time `json:"out,omitzero"`
	// Blind is since when it can't be read, and Why why; zero: the last reading was one.
	Blind time.Time `json:"blind,omitzero"`
	Why   Text      `json:"why,omitempty"`
	// Note is what else whoever looks after it should know.
	Note Text `json:"note,omitempty"`
	// Lately is what was left over the last weeks, the oldest first. It's of whoever remembers the readings, who lets go of them when
	// their vendor says, and is kept nowhere else.
	Lately []Level `json:"-"`
}

// Level is how many units were left at one time.
type Level struct {
	At   time.Time
	Left int64
}

// Known reports whether it was ever read.
func (b Balance) Known() bool { return !b.Read.IsZero() }

// Percent is how much of Full is left, rounded down; ok is false where that means nothing.
func (b Balance) Percent() (percent int, ok bool) {
	if !b.Known() || b.Full <= 0 {
		return 0, false
	}
	return int(float64(min(b.Left, b.Full)) / float64(b.Full) * 100), true
}

// Warning is one message about an app's units, and the body of its intent. It is stored as JSON: fields may be added,
// never renamed.
type Warning struct {
	App string `json:"app"`
	// Name is what the app is called, and Owners who looks after it, as configured.
	Name   string   `json:"name"`
	Owners []string `json:"owners,omitempty"`
	// At is when there was cause for it, and Balance what was known then.
	At      time.Time `json:"at"`
	Balance Balance   `json:"balance"`
	// Limit is what of the units it is at or below: "20%", or a number of units; Days is within how many days nothing will be
	// left; Unread that it could not be read for long; Say what else there is to say. What does not apply is empty.
	Limit  string `json:"limit,omitempty"`
	Days   int    `json:"days,omitempty"`
	Unread bool   `json:"unread,omitempty"`
	Say    Text   `json:"say,omitempty"`
}
