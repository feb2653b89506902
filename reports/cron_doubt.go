package reports

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"time"
)

// Doubts is what a schedule says that is allowed and hardly ever meant, each with what to write instead.
func (s Schedule) Doubts() []string {
	fields := strings.Fields(s.spec)
	if len(fields) != len(cronFields) {
		return nil // the zero Schedule
	}
	var out []string
	if bits.OnesCount64(s.cron.Minute&^starred) == 60 {
		out = append(out, fmt.Sprintf("the minute %s means 60 times an hour; write 0 for once, on the hour", fields[0]))
	}
	for i, f := range cronFields[:2] {
		if n, ok := cronNumber(strings.TrimPrefix(fields[i], "*/")); ok && strings.HasPrefix(fields[i], "*/") && (f.high+1)%n != 0 {
			out = append(out, fmt.Sprintf("the %s %s starts over at 0 each %s, so it isn't every %d %ss; list those you want, such as %s",
				f.name, fields[i], [...]string{"hour", "day"}[i], n, f.name, f.upTo(n)))
		}
	}
	if s.either() {
		out = append(out, s.eitherDay(fields[2], fields[4]))
	}
	return out
}

// upTo is the first values that are so far apart, as a list.
func (f cronField) upTo(step int) string {
	list := "0"
	for v := step; v <= min(f.high, 2*step); v += step {
		list += fmt.Sprintf(",%d", v)
	}
	return list
}

// either reports whether days are named in both ways, so that one of them is enough.
func (s Schedule) either() bool { return s.cron.Dom&starred == 0 && s.cron.Dow&starred == 0 }

func (s Schedule) eitherDay(day, weekday string) string {
	say := fmt.Sprintf("with both a day of the month (%s) and a weekday (%s) it posts when either fits: %s a month. ", day, weekday, s.aMonth())
	for _, field := range []string{day, weekday} {
		if strings.HasPrefix(field, "*") {
			say += fmt.Sprintf("crontab(5) would want both, because %s begins with a *. ", field)
			break
		}
	}
	return say + "Write * for one of the two to go by the other"
}

// aMonth is how many slots a month has on average, of the months that are named: over a leap cycle, whose
// weekdays come out nearly even.
func (s Schedule) aMonth() string {
	days, months := 0, 0
	for day := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2028; day = day.AddDate(0, 0, 1) {
		if s.cron.Month&(1<<day.Month()) == 0 {
			continue
		}
		if day.Day() == 1 {
			months++
		}
		if s.cron.Dom&(1<<day.Day()) != 0 || s.cron.Dow&(1<<day.Weekday()) != 0 {
			days++
		}
	}
	daily := bits.OnesCount64(s.cron.Minute&^starred) * bits.OnesCount64(s.cron.Hour&^starred)
	n := int(math.Round(float64(days*daily) / float64(months)))
	if n == 1 {
		return "about one post"
	}
	return fmt.Sprintf("about %d posts", n)
}

// Crowded reports whether two slots may be less apart than Floor, so that some are left out.
func (s Schedule) Crowded() bool {
	_, at, ok := s.Next(time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC))
	for i := 0; ok && i < 100; i++ {
		var next time.Time
		if _, next, ok = s.Next(at); ok && next.Sub(at) < Floor {
			return true
		}
		at = next
	}
	return false
}

// NextTimes is when the next few slots fall due, in the schedule's zone.
func (s Schedule) NextTimes(after time.Time, count int) []time.Time {
	var out []time.Time
	for len(out) < count {
		_, at, ok := s.Next(after)
		if !ok {
			break
		}
		out, after = append(out, at.In(s.zone)), at
	}
	return out
}
