package history

import (
	"context"
	"iter"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Trend is an app over some weeks, the oldest first.
type Trend struct {
	// From is the first moment that is remembered at all; zero: nothing is.
	From   time.Time
	Points []Point
}

// Point is an app at one time.
type Point struct {
	At time.Time
	// Known is false for a gap: the app wasn't read then, and the figures mean nothing.
	Known                       bool
	Used, Bought, Blocked, Idle int
	// Price is what a seat cost a month then; its zero value is not known.
	Price approvals.Price
}

// Since is from when on something is known to be so. Before says that it began at some time before At: it was so already when that was
// first looked at, or couldn't be for days. After is when it was last seen not to be so; zero: never.
type Since struct {
	At     time.Time
	Before bool
	After  time.Time
}

// Day is an app as one reading of the past showed it. All can be ranged over several times.
type Day struct {
	At            time.Time
	Bought, Count int
	All           iter.Seq2[approvals.Seat, error]
}

// DayOf is an app as it was just read.
func DayOf(all approvals.Accounts) Day {
	return Day{At: all.At, Bought: all.Bought, Count: all.Count, All: all.All}
}

// Weeks is over how many weeks a trend is drawn.
const Weeks = 12

const week = 7 * 24 * time.Hour

// Latest is an app as it was last seen in the last two months; not known: it wasn't.
func (k *Keeper) Latest(ctx context.Context, app string) (Point, error) {
	days, err := k.days(ctx, app, dayOf(k.Now().Add(-twoMonths)))
	if err != nil || len(days) == 0 {
		return Point{}, err
	}
	return days[len(days)-1].point(), nil
}

// Trend is an app over so many weeks until now: of each the last day that is known. A week without one is a gap.
func (k *Keeper) Trend(ctx context.Context, app string, weeks int, now time.Time) (t Trend, err error) {
	days, err := k.days(ctx, app, "")
	if err != nil {
		return t, err
	}
	for i := range weeks {
		t.Points = append(t.Points, Point{At: now.Add(-week * time.Duration(weeks-1-i)).UTC()})
	}
	for _, d := range days {
		if t.From.IsZero() {
			t.From = d.At
		}
		ago := now.Sub(d.At)
		if i := weeks - 1 - int(ago/week); ago >= 0 && i >= 0 {
			t.Points[i] = d.point()
		}
	}
	return t, nil
}

// With is a trend that ends with what was read just now.
func (t Trend) With(p Point) Trend {
	if len(t.Points) == 0 {
		return t
	}
	t.Points = append(append([]Point(nil), t.Points[:len(t.Points)-1]...), p)
	return t
}

// Ends are the first and the last of the points that are known; false: there aren't two.
func (t Trend) Ends() (first, last Point, ok bool) {
	known := 0
	for _, p := range t.Points {
		if !p.Known {
			continue
		}
		if last = p; known == 0 {
			first = p
		}
		known++
	}
	return first, last, known > 1
}

// Gaps are the weeks that couldn't be read though days before them are remembered, by when they ended.
func (t Trend) Gaps() (out []time.Time) {
	for _, p := range t.Points {
		if !p.Known && !t.From.IsZero() && p.At.After(t.From) {
			out = append(out, p.At)
		}
	}
	return out
}

// nearly is how far two readings may be apart and still say on which day something began.
const nearly = 36 * time.Hour

// Say is since when, for a sentence: "since 3 Sep", "since before 3 Sep", or between when and when where it wasn't looked for days.
func (s Since) Say() approvals.Text {
	const date = "2 Jan 2006"
	switch {
	case s.At.IsZero():
		return approvals.Sayf("since when isn't known")
	case s.Before && s.After.IsZero():
		return approvals.Sayf("since before %v", s.At.UTC().Format(date))
	case s.Before:
		return approvals.Sayf("since some time between %v and %v", s.After.UTC().Format(date), s.At.UTC().Format(date))
	}
	return approvals.Sayf("since %v", s.At.UTC().Format(date))
}

// Last is the last point that is known; false: none is.
func (t Trend) Last() (last Point, ok bool) {
	for _, p := range t.Points {
		if p.Known {
			last, ok = p, true
		}
	}
	return last, ok
}
