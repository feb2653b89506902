package units

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Limit is what a number is warned of at or below: a part of the highest since units were last added, or so many units.
type Limit struct {
	Percent int // 1 to 99; 0: Units counts
	Units   int64
}

// String is "20%", or "50000".
func (l Limit) String() string {
	if l.Percent > 0 {
		return fmt.Sprintf("%d%%", l.Percent)
	}
	return fmt.Sprint(l.Units)
}

// of is the limit in units. Multiplied last, a number of any size does not overflow.
func (l Limit) of(full int64) int64 {
	if l.Percent == 0 {
		return l.Units
	}
	return full/100*int64(l.Percent) + full%100*int64(l.Percent)/100
}

// clear is from how many units on it may ring anew: a quarter above where it rings, and halfway to the top where that is less.
func (l Limit) clear(below int64) int64 {
	margin := below / 4
	if l.Percent > 0 {
		margin = min(margin, below/int64(l.Percent)*int64(100-l.Percent)/2)
	}
	return below + max(margin, 1)
}

// Alarm is one thing that is warned of. It rings once, and no more until it is armed again. It is stored: fields may be added,
// never renamed.
type Alarm struct {
	// Armed is the slot at which it was armed last; it names the occasion.
	Armed string `json:"armed"`
	// Below is where a limit rings, in units. It outlives the readings it was reckoned from.
	Below int64 `json:"below,omitempty"`
	// Rung is when it rang since; zero: it has not.
	Rung time.Time `json:"rung,omitzero"`
}

// What is warned of beside limits.
const (
	alarmDays   = "days"
	alarmUnread = "unread"
)

// unreadFor is how long a number can't be read before somebody is told.
const unreadFor = 24 * time.Hour

// Settings are what is warned of.
type Settings struct {
	WarnAt []Limit
	// WarnDays is within how many days nothing may be left without a warning; 0: that is not warned of.
	WarnDays int
}

// Notice is something to say once from a moment on, whatever the number.
type Notice struct {
	Name string
	From time.Time
	Say  approvals.Text
}

// alarm is the alarm of a name, armed now if there was none.
func (r *Record) alarm(name string) Alarm {
	if a, ok := r.Alarms[name]; ok {
		return a
	}
	return Alarm{Armed: r.Slot}
}

// rearm makes an alarm that rang ready again.
func (r *Record) rearm(a Alarm) Alarm {
	if !a.Rung.IsZero() {
		a.Armed, a.Rung = r.Slot, time.Time{}
	}
	return a
}

// limits rings the limits at or below which the number is, and arms those it is well clear of. Of several that ring at once
// the lowest is said: it says the others.
func (r *Record) limits(s Settings, now Sample, added bool) (said *Limit) {
	if added { // of what is not warned of any more it says nothing either how many there were
		for name, a := range r.Alarms {
			a.Below = 0
			r.Alarms[name] = a
		}
	}
	for _, l := range s.WarnAt {
		a := r.alarm(l.String())
		if full := l.of(r.high()); added || full > a.Below || l.Percent == 0 {
			a.Below = full
		}
		if now.Left >= l.clear(a.Below) {
			a = r.rearm(a)
		}
		if a.Rung.IsZero() && now.Left <= a.Below {
			a.Rung = now.At
			if said == nil || a.Below <= r.alarm(said.String()).Below {
				said = &l
			}
		}
		r.Alarms[l.String()] = a
	}
	return said
}

// full is how many there were at most since units were last added, as far as the readings that are kept, or what is warned at,
// still say.
func (r Record) full() int64 {
	full := r.high()
	for name, a := range r.Alarms {
		if part, ok := strings.CutSuffix(name, "%"); ok {
			if percent, err := strconv.ParseInt(part, 10, 64); err == nil && percent > 0 {
				full = max(full, a.Below/percent*100+a.Below%percent*100/percent)
			}
		}
	}
	return full
}

// days rings where nothing will be left within some days, and arms again a quarter beyond. What is not foretold changes nothing.
func (r *Record) days(s Settings, now Sample) (rings bool) {
	pace := paceOf(r.Samples)
	if s.WarnDays == 0 || !pace.Known {
		return false
	}
	a, within := r.alarm(alarmDays), time.Duration(s.WarnDays)*24*time.Hour
	out := pace.Out(now)
	if out.IsZero() || out.Sub(now.At) > within+within/4 {
		a = r.rearm(a)
	} else if out.Sub(now.At) <= within && a.Rung.IsZero() {
		a.Rung, rings = now.At, true
	}
	r.Alarms[alarmDays] = a
	return rings
}

// ring is what there is to say on an occasion of an alarm.
func (r *Record) ring(name string, w approvals.Warning) {
	r.Owed = append(r.Owed, Owed{Key: [2]string{name, r.alarm(name).Armed}, Warning: w})
}
