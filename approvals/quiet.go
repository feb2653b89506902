package approvals

import "time"

// Quiet is a time of the day in which people are sent nothing but outcomes and what can't wait, each by their own clock:
// from one time after midnight until another, over midnight where the second is the earlier. Its zero value is never.
type Quiet struct{ From, To time.Duration }

// Until is when somebody's quiet hours end; false: they are not in them. A zone that nobody knows counts as UTC.
func (q Quiet) Until(now time.Time, zone string) (end time.Time, quiet bool) {
	local := now.In(placeOf(zone))
	// By the hands of their clock, and not by what has passed since midnight: a night in which the clocks change ends when
	// theirs says so.
	clock := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	day := local.Day()
	switch over := q.To < q.From; {
	case q.From == q.To, !over && (clock < q.From || clock >= q.To), over && clock < q.From && clock >= q.To:
		return end, false
	case over && clock >= q.From:
		day++
	}
	end = time.Date(local.Year(), local.Month(), day, int(q.To.Hours()), int(q.To.Minutes())%60, 0, 0, local.Location())
	return end, end.After(now) // where their clocks skip the end, it is past
}

// placeOf is a time zone by its name; one that nobody knows counts as UTC.
func placeOf(zone string) *time.Location {
	place, err := time.LoadLocation(zone) // "" is UTC
	if err != nil {
		return time.UTC
	}
	return place
}

// Today is somebody's day by their own calendar, as 2026-11-28, and when their next one begins.
func Today(now time.Time, zone string) (day string, next time.Time) {
	local := now.In(placeOf(zone))
	next = time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, local.Location())
	for day = local.Format(time.DateOnly); next.Format(time.DateOnly) == day; { // a midnight that their clocks skip
		next = next.Add(time.Hour)
	}
	return day, next
}
