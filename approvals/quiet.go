package approvals

import "time"

// Quiet is a time of the day in which people are sent nothing but outcomes and what can't wait, each by their own clock:
// from one time after midnight until another, over midnight where the second is the earlier. Its zero value is never.
type Quiet struct{ From, To time.Duration }

// Until is when somebody's quiet hours end; false: they are not in them. A zone that nobody knows counts as UTC.
func (q Quiet) Until(now time.Time, zone string) (end time.Time, quiet bool) {
	place, err := time.LoadLocation(zone) // "" is UTC
	if err != nil {
		place = time.UTC
	}
	local := now.In(place)
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
	end = time.Date(local.Year(), local.Month(), day, int(q.To.Hours()), int(q.To.Minutes())%60, 0, 0, place)
	return end, end.After(now) // where their clocks skip the end, it is past
}
