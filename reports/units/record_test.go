package units

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestNoNumberIsKeptLongerThanAMonth: and however often it is read, they are not many.
func TestNoNumberIsKeptLongerThanAMonth(t *testing.T) {
	a := working(9_000_000)
	a.settings.WarnAt = append(a.settings.WarnAt, Limit{Units: 1000})
	for range 33 * 24 * 12 {
		a.takes(Reading{At: a.now, Left: int64(a.left)})
		a.now, a.left = a.now.Add(5*time.Minute), a.left-7
	}
	require.Less(t, len(a.record.Samples), 300)
	require.LessOrEqual(t, a.now.Sub(a.record.Samples[0].At), keptFor+coarse)
	require.Greater(t, a.now.Sub(a.record.Samples[0].At), keptFor-coarse)
	raw, err := json.Marshal(a.record)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "9000000", "the highest is forgotten too")
	require.EqualValues(t, 1_800_000, a.record.Alarms["20%"].Below, "what it is warned at is not")
	require.EqualValues(t, 9_000_000, a.record.Balance().Full, "so it is still told of what it is a part")
	for range 45 {
		a.takes(Reading{At: a.now, Why: approvals.Sayf("no")})
		a.now = a.now.Add(24 * time.Hour)
	}
	require.Empty(t, a.record.Samples, "nor is a number kept because there is no newer one")
	require.False(t, a.record.Balance().Known())
	back, err := decode(raw)
	require.NoError(t, err)
	require.NotEmpty(t, back.Samples)
}

func TestManyRisesStayFew(t *testing.T) {
	a := working(0)
	for i := range 3000 {
		a.takes(Reading{At: a.now, Left: int64(1_000_000 + i%2)})
		a.now = a.now.Add(time.Minute)
	}
	require.Len(t, a.record.Samples, mostKept)
}

func TestThePaceTellsWeekendsFromWorkingDays(t *testing.T) {
	a := working(900_000)
	a.lives(18*time.Hour, false)
	require.False(t, a.record.Balance().Pace, "not yet")
	a.lives(2*week, false)
	p := paceOf(a.record.Samples)
	require.InDelta(t, 10_000, p.Weekday, 5)
	require.InDelta(t, 1_000, p.Weekend, 5)
	out := p.Out(Sample{At: time.Date(2027, 1, 15, 0, 0, 0, 0, time.UTC), Left: 17_000}) // a Friday
	require.WithinDuration(t, time.Date(2027, 1, 18, 12, 0, 0, 0, time.UTC), out, time.Minute, "10,000 on Friday, 2,000 on the weekend, half a Monday")
}

func TestWhatWasAddedIsNoUse(t *testing.T) {
	a := working(100_000)
	a.lives(week, false)
	a.left += 500_000
	a.lives(week, false)
	p := paceOf(a.record.Samples)
	require.InDelta(t, 10_000, p.Weekday, 5)
}

func TestNothingUsedRunsOutNever(t *testing.T) {
	a := &account{now: monday, left: 1000, settings: Settings{WarnDays: 14}}
	a.lives(week, false)
	b := a.record.Balance()
	require.True(t, b.Pace)
	require.Zero(t, b.Out)
	require.Empty(t, a.said)
	require.Zero(t, Pace{Known: true, Weekday: 1}.Out(Sample{At: monday, Left: 100_000}), "further than a year is not foretold")
}

func TestAWarningOfDaysIsArmedAgainWellBeyondThem(t *testing.T) {
	a := &account{now: monday, left: 20_000, weekday: 1000, weekend: 1000, settings: Settings{WarnDays: 14}}
	a.lives(6*24*time.Hour+time.Hour, false)
	require.Equal(t, []string{"Sun 10 Jan 00h: days"}, a.said)
	a.left += 2000 // 16 days: not clear of it
	a.lives(4*24*time.Hour, false)
	require.Len(t, a.said, 1)
	a.left += 8000
	a.lives(8*24*time.Hour, false)
	require.Len(t, a.said, 2)
}

func TestANoticeIsSaidOnceFromItsMoment(t *testing.T) {
	n := Notice{Name: "end", From: monday.Add(time.Hour), Say: approvals.Sayf("it ends")}
	var r Record
	said := 0
	for i := range 8 {
		at := monday.Add(time.Duration(i) * 30 * time.Minute)
		in := Reading{At: at, Left: 5}
		if i%2 == 0 {
			in = Reading{At: at, Why: approvals.Sayf("no")}
		}
		r = r.Take(in, at.Format(slotLayout), Settings{}, n)
		said += len(r.Owed)
		require.Equal(t, i == 2, len(r.Owed) == 1)
	}
	require.Equal(t, 1, said)
}

func TestLimitsBearAnyNumber(t *testing.T) {
	require.EqualValues(t, 200, Limit{Percent: 20}.of(1000))
	require.EqualValues(t, 1, Limit{Percent: 99}.of(2))
	require.Greater(t, Limit{Percent: 99}.of(math.MaxInt64), int64(math.MaxInt64/2))
	require.EqualValues(t, 95, Limit{Percent: 90}.clear(90))
	require.EqualValues(t, 1, Limit{Percent: 5}.clear(0))
	b := approvals.Balance{Read: monday, Left: math.MaxInt64, Full: math.MaxInt64}
	p, ok := b.Percent()
	require.True(t, ok)
	require.Equal(t, 100, p)
	_, ok = approvals.Balance{}.Percent()
	require.False(t, ok)
}

func TestAClockThatWasSetBackHidesNothing(t *testing.T) {
	r := Record{}.Take(Reading{At: monday.Add(week), Left: 5}, monday.Add(week).Format(slotLayout), Settings{})
	back := r.asOf(monday)
	require.Empty(t, back.Slot)
	require.Empty(t, back.Samples)
	require.Equal(t, r, r.asOf(monday.Add(week)))
}

func TestARecordThatIsDamagedBeginsAnew(t *testing.T) {
	_, err := decode([]byte("{"))
	require.Error(t, err)
	r, err := decode(nil)
	require.NoError(t, err)
	require.Zero(t, r)
}
