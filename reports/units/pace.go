package units

import "time"

const (
	// paceOver is how far back the use is looked at: two weekends, and no habit that is past.
	paceOver = 14 * 24 * time.Hour
	// knownAfter is how much must have been seen before anything is foretold, and kindAfter how much of a kind of day
	// before it is told from the other.
	knownAfter = 24 * time.Hour
	kindAfter  = 12 * time.Hour
	// foretold is how far ahead it is looked.
	foretold = 365 * 24 * time.Hour
)

// Pace is how many units are used a day, on working days and on weekends. Days are UTC's.
type Pace struct {
	Known            bool
	Weekday, Weekend float64
}

// usage is what was seen of one kind of day.
type usage struct {
	used float64
	seen time.Duration
}

func (u usage) daily() float64 { return u.used / (float64(u.seen) / float64(24*time.Hour)) }

// paceOf is what the readings show. What was used between two of them is spread evenly over the time between; where the
// number rose, nothing is known of what was used meanwhile, and that time does not count.
func paceOf(list []Sample) Pace {
	if len(list) == 0 {
		return Pace{}
	}
	from := list[len(list)-1].At.Add(-paceOver)
	var kinds [2]usage
	for i, s := range list[1:] {
		if before := list[i]; !before.At.Before(from) && s.Left <= before.Left {
			spread(&kinds, before, s)
		}
	}
	week, end := kinds[0], kinds[1]
	switch {
	case week.seen+end.seen < knownAfter:
		return Pace{}
	case end.seen < kindAfter:
		end = week
	case week.seen < kindAfter:
		week = end
	}
	return Pace{Known: true, Weekday: week.daily(), Weekend: end.daily()}
}

// spread shares out what was used between two readings among the kinds of day that lie between them.
func spread(kinds *[2]usage, a, b Sample) {
	used, long := float64(a.Left-b.Left), b.At.Sub(a.At)
	for at := a.At; at.Before(b.At); {
		until := dayAfter(at)
		if until.After(b.At) {
			until = b.At
		}
		k := &kinds[kindOf(at)]
		k.used += used * float64(until.Sub(at)) / float64(long)
		k.seen += until.Sub(at)
		at = until
	}
}

// kindOf is 1 for a weekend's day and 0 for another.
func kindOf(at time.Time) int {
	if day := at.UTC().Weekday(); day == time.Saturday || day == time.Sunday {
		return 1
	}
	return 0
}

// dayAfter is when the day after begins.
func dayAfter(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour) }

// Out is when a number comes to nothing at this pace; zero where that is not known, or not within a year.
func (p Pace) Out(s Sample) time.Time {
	if !p.Known {
		return time.Time{}
	}
	left := float64(s.Left)
	for at, end := s.At, s.At.Add(foretold); at.Before(end); at = dayAfter(at) {
		daily := [2]float64{p.Weekday, p.Weekend}[kindOf(at)]
		part := float64(dayAfter(at).Sub(at)) / float64(24*time.Hour)
		if left <= daily*part && daily > 0 || left == 0 {
			if left == 0 {
				return at
			}
			return at.Add(time.Duration(left / daily * float64(24*time.Hour)))
		}
		left -= daily * part
	}
	return time.Time{}
}
