package units

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// slotLayout is how slots are named, on the clock of UTC, so that they stand in order.
const slotLayout = "2006-01-02T15:04"

// Record is all that is remembered of one app. It is stored as JSON: fields may be added, never renamed.
type Record struct {
	// Slot is the slot that was read for last.
	Slot    string   `json:"slot"`
	Samples []Sample `json:"samples,omitempty"`
	// Added is when it was last seen that units were added; zero: never.
	Added time.Time `json:"added,omitzero"`
	// Blind is since when there has been no number, and Why why there was none the last time.
	Blind time.Time      `json:"blind,omitzero"`
	Why   approvals.Text `json:"why,omitempty"`
	// Alarms are by what they warn of.
	Alarms map[string]Alarm `json:"alarms,omitempty"`
	// Owed is what the last reading gave cause to say. It is promised after it is kept, so that a crash between the two
	// promises it at the next start.
	Owed []Owed `json:"owed,omitempty"`

	// line is how it stood in the store when it was read.
	line []byte
}

// Owed is a warning, and the occasion it is owed on: of what, and from which arming.
type Owed struct {
	Key     [2]string         `json:"key"`
	Warning approvals.Warning `json:"warning"`
}

// asOf leaves of a record what can be so at a moment: what lies ahead was written under a clock that has been set back since.
func (r Record) asOf(now time.Time) Record {
	r.Samples = slices.DeleteFunc(slices.Clone(r.Samples), func(s Sample) bool { return s.At.After(now) })
	if r.Slot > now.UTC().Format(slotLayout) {
		r.Slot = ""
	}
	return r
}

// Take is the record after one more reading, for a slot. It is pure, and changes nothing of r.
func (r Record) Take(in Reading, slot string, s Settings, notices ...Notice) Record {
	r.Slot, r.Owed = slot, nil
	r.Samples, r.Alarms = slices.Clone(r.Samples), maps.Clone(r.Alarms)
	if r.Alarms == nil {
		r.Alarms = map[string]Alarm{}
	}
	if in.Known() {
		r.number(Sample{At: in.At.UTC(), Left: in.Left}, s)
	} else {
		r.nothing(in)
	}
	for _, n := range notices {
		r.notice(n, in.At)
	}
	for i := range r.Owed {
		r.Owed[i].Warning.At, r.Owed[i].Warning.Balance = in.At.UTC(), r.Balance()
	}
	return r
}

// number takes in a number. One message says all that it gives cause for.
func (r *Record) number(now Sample, s Settings) {
	r.Blind, r.Why = time.Time{}, nil
	if a, ok := r.Alarms[alarmUnread]; ok {
		r.Alarms[alarmUnread] = r.rearm(a)
	}
	added := r.adds(now.Left)
	if added {
		r.Added = now.At
	}
	r.Samples = thinned(append(r.Samples, now), now.At)
	limit, days := r.limits(s, now, added), r.days(s, now)
	var w approvals.Warning
	if days {
		w.Days = s.WarnDays
	}
	switch {
	case limit != nil:
		w.Limit = limit.String()
		r.ring(w.Limit, w)
	case days && (now.Left > 0 || len(s.WarnAt) == 0): // that nothing is left the limits say
		r.ring(alarmDays, w)
	}
}

// nothing takes in that there was no number. What was read before stays what it was, and grows old.
func (r *Record) nothing(in Reading) {
	if r.Blind.IsZero() {
		r.Blind = in.At.UTC()
	}
	r.Why = in.Why
	r.Samples = thinned(r.Samples, in.At)
	a := r.alarm(alarmUnread)
	if a.Rung.IsZero() && in.At.Sub(r.Blind) >= unreadFor {
		a.Rung = in.At.UTC()
		r.ring(alarmUnread, approvals.Warning{Unread: true})
	}
	r.Alarms[alarmUnread] = a
}

func (r *Record) notice(n Notice, now time.Time) {
	a := r.alarm(n.Name)
	if a.Rung.IsZero() && !now.Before(n.From) {
		a.Rung = now.UTC()
		r.ring(n.Name, approvals.Warning{Say: n.Say})
	}
	r.Alarms[n.Name] = a
}

// Balance is what people are shown.
func (r Record) Balance() approvals.Balance {
	b := approvals.Balance{Blind: r.Blind, Why: r.Why}
	last, ok := r.last()
	if !ok {
		return b
	}
	pace := paceOf(r.Samples)
	b.Read, b.Left, b.Full, b.Pace, b.Out = last.At, last.Left, r.full(), pace.Known, pace.Out(last)
	return b
}

// lately are the readings that are kept, but for those that are too old though nothing has been read since.
func (r Record) lately(now time.Time) (out []approvals.Level) {
	for _, s := range r.Samples {
		if now.Sub(s.At) <= keptFor {
			out = append(out, approvals.Level{At: s.At, Left: s.Left})
		}
	}
	return out
}

// decode reads what was kept; nil is an app of which nothing was.
func decode(raw []byte) (r Record, err error) {
	if len(raw) == 0 {
		return r, nil
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return Record{}, fmt.Errorf("decode record of units: %w", err)
	}
	return r, nil
}
