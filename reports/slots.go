package reports

import (
	"errors"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

// SlotLayout is how a slot is named: the local date and time, without a zone.
const SlotLayout = "2006-01-02T15:04"

// ErrNever is returned for a schedule that is well formed and names no day that exists, as the 30th of February.
var ErrNever = errors.New("schedule never comes")

// lookBack is how far back Latest looks, a short stretch first: the slots of a busy schedule are many.
var lookBack = []time.Duration{2 * time.Hour, 49 * time.Hour}

// leapYearsAhead is a moment with a leap day inside the five years over which the parser looks ahead.
var leapYearsAhead = time.Date(2023, time.March, 1, 0, 0, 0, 0, time.UTC)

// Schedule is a cron specification read on the wall clock of a zone. Slots are found on the wall as
// if it had no zone, and only then given a moment: the first at which the wall shows the slot's time
// or a later one. So a slot that the wall leaps over falls due right after the leap, and one that the
// wall shows twice falls due the first time. Slots that share a moment are one, under the last name.
type Schedule struct {
	spec string
	cron *cron.SpecSchedule
	zone *time.Location
}

var _ Slots = Schedule{}

// ParseSchedule reads five cron fields and an IANA zone ("" is UTC). Its errors say what is wrong with
// which of the two: a Misread is one of them, ErrNever another.
func ParseSchedule(spec, tz string) (Schedule, error) {
	zone, err := time.LoadLocation(tz)
	if err != nil || tz == "Local" {
		return Schedule{}, fmt.Errorf("read time zone %q: expected a zone of the IANA list, such as Europe/London", tz)
	}
	fields, err := readCron(spec)
	if err != nil {
		return Schedule{}, fmt.Errorf("read schedule %q: %w", spec, err)
	}
	fields.Location = time.UTC
	if fields.Next(leapYearsAhead).IsZero() {
		return Schedule{}, fmt.Errorf("read schedule %q: %w", spec, ErrNever)
	}
	return Schedule{spec: spec, cron: fields, zone: zone}, nil
}

// String is the specification and its zone; two schedules that differ have different ones.
func (s Schedule) String() string { return s.spec + " " + s.zone.String() }

// Next is the first slot that falls due after a moment; ok is false where none does within five years.
func (s Schedule) Next(after time.Time) (slot string, at time.Time, ok bool) {
	// The slot that the wall shows now is due already; in the second pass of a repeated hour so are
	// some that it has yet to show again.
	for wall := s.cron.Next(s.wall(after)); !wall.IsZero(); wall = s.cron.Next(wall) {
		if at := s.moment(wall); at.After(after) {
			return s.last(wall, at).Format(SlotLayout), at, true
		}
	}
	return "", time.Time{}, false
}

// last is the last wall time that shares a slot's moment.
func (s Schedule) last(wall, at time.Time) time.Time {
	for {
		next := s.cron.Next(wall)
		if next.IsZero() || !s.moment(next).Equal(at) {
			return wall
		}
		wall = next
	}
}

// Latest is the last slot that fell due at a moment or before; ok is false where none did in the two
// days up to it.
func (s Schedule) Latest(notAfter time.Time) (slot string, at time.Time, ok bool) {
	for _, back := range lookBack {
		from := s.wall(notAfter).Add(-back)
		for wall := s.cron.Next(from); !wall.IsZero(); wall = s.cron.Next(wall) {
			due := s.moment(wall)
			if due.After(notAfter) {
				break
			}
			slot, at, ok = wall.Format(SlotLayout), due, true
		}
		if ok {
			return slot, at, true
		}
	}
	return "", time.Time{}, false
}

// At is the moment at which a slot falls due; ok is false for what is no slot of this schedule.
func (s Schedule) At(slot string) (at time.Time, ok bool) {
	wall, err := time.Parse(SlotLayout, slot)
	if err != nil || !s.cron.Next(wall.Add(-time.Second)).Equal(wall) {
		return time.Time{}, false
	}
	return s.moment(wall), true
}

// fallsDue reports whether one of the slots falls due after one moment and until another; of nil none does.
func fallsDue(s Slots, after, until time.Time) bool {
	if s == nil {
		return false
	}
	_, at, ok := s.Next(after)
	return ok && !at.After(until)
}

// wall is what the clock on the wall shows at a moment, written as if it were UTC.
func (s Schedule) wall(at time.Time) time.Time {
	_, offset := at.In(s.zone).Zone()
	return at.UTC().Add(time.Duration(offset) * time.Second)
}

// moment is the first at which the wall shows a time or a later one. It walks over the stretches
// of constant offset that may hold it; no zone is 15 hours ahead.
func (s Schedule) moment(wall time.Time) time.Time {
	for from := wall.Add(-15 * time.Hour); ; {
		_, offset := from.In(s.zone).Zone()
		_, end := from.In(s.zone).ZoneBounds()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if at.Before(from) {
			at = from
		}
		if end.IsZero() || at.Before(end) {
			return at.UTC()
		}
		from = end
	}
}
