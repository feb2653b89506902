package units

import (
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Reading is one answer of a Meter: a number that the vendor wrote, or why it is not known.
type Reading struct {
	At   time.Time
	Left int64
	// Why is why the number is not known; nil: it is.
	Why approvals.Text
	// Soon says that what stood in the way may be over in a minute.
	Soon bool
}

// Known reports whether there is a number.
func (r Reading) Known() bool { return r.Why == nil }

// Sample is one number that was read. It is stored: fields may be added, never renamed.
type Sample struct {
	At   time.Time `json:"at"`
	Left int64     `json:"left"`
}

// How much is remembered. A vendor may allow its numbers to be kept for a month and no longer, so no number outlives it.
const (
	keptFor   = 30 * 24 * time.Hour
	fineFor   = 24 * time.Hour   // readings younger than this stand this close:
	fine      = 15 * time.Minute // and all others this close:
	coarse    = 6 * time.Hour
	mostKept  = 500
	addedFrom = 20 // units were added where it rose by a twentieth of the highest: smaller rises are corrections
)

// high is the highest of the readings since units were last added, and low the lowest.
func (r Record) high() (high int64) {
	for _, s := range r.sinceAdded() {
		high = max(high, s.Left)
	}
	return high
}

func (r Record) low() int64 {
	list := r.sinceAdded()
	low := list[0].Left
	for _, s := range list {
		low = min(low, s.Left)
	}
	return low
}

func (r Record) sinceAdded() []Sample {
	i := 0
	for i < len(r.Samples)-1 && r.Samples[i].At.Before(r.Added) {
		i++
	}
	return r.Samples[i:]
}

// adds reports whether a number shows that units were added since the readings before it.
func (r Record) adds(left int64) bool {
	if len(r.Samples) == 0 {
		return false
	}
	return left-r.low() >= max(r.high()/addedFrom, 1)
}

// last is the number that was read last.
func (r Record) last() (Sample, bool) {
	if len(r.Samples) == 0 {
		return Sample{}, false
	}
	return r.Samples[len(r.Samples)-1], true
}

// thinned leaves of the readings what is young enough and says something. One in between goes where its neighbours stand
// close together and the number fell through it: where it rose, both ends of the rise stay.
func thinned(list []Sample, now time.Time) []Sample {
	list = slices.DeleteFunc(slices.Clone(list), func(s Sample) bool { return now.Sub(s.At) > keptFor })
	var out []Sample
	for i, s := range list {
		if i > 0 && i < len(list)-1 && between(out[len(out)-1], s, list[i+1], now) {
			continue
		}
		out = append(out, s)
	}
	return out[max(len(out)-mostKept, 0):]
}

func between(before, s, after Sample, now time.Time) bool {
	apart := coarse
	if now.Sub(s.At) < fineFor {
		apart = fine
	}
	return before.At.Truncate(apart).Equal(s.At.Truncate(apart)) && before.Left >= s.Left && s.Left >= after.Left
}
