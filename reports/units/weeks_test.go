package units

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// monday is when the fake weeks begin.
var monday = time.Date(2027, time.January, 4, 0, 0, 0, 0, time.UTC)

// account is units that are used at one pace on working days and at another on weekends, hour by hour.
type account struct {
	now      time.Time
	left     float64
	weekday  float64
	weekend  float64
	record   Record
	settings Settings
	said     []string
}

// lives passes hours, and reads on every sixth. dark is whether there is no number to read.
func (a *account) lives(d time.Duration, dark bool) {
	for end := a.now.Add(d); a.now.Before(end); a.now = a.now.Add(time.Hour) {
		if a.now.Hour()%6 == 0 {
			in := Reading{At: a.now, Left: int64(a.left)}
			if dark {
				in = Reading{At: a.now, Why: approvals.Sayf("it answered with a web page")}
			}
			a.takes(in)
		}
		daily := a.weekday
		if day := a.now.Weekday(); day == time.Saturday || day == time.Sunday {
			daily = a.weekend
		}
		a.left = max(a.left-daily/24, 0)
	}
}

func (a *account) takes(in Reading) {
	a.record = a.record.Take(in, in.At.Format(slotLayout), a.settings)
	for _, o := range a.record.Owed {
		a.said = append(a.said, in.At.Format("Mon 2 Jan 15h")+": "+o.Key[0])
	}
}

func working(left float64) *account {
	return &account{now: monday, left: left, weekday: 10_000, weekend: 1_000,
		settings: Settings{WarnAt: []Limit{{Percent: 20}, {Percent: 5}}, WarnDays: 14}}
}

const week = 7 * 24 * time.Hour

// TestFakeWeeksWarnExactlyWhereTheyShould: 52,000 units go in a week, of 302,000; so a fifth is left after 241,600, a
// twentieth after 286,900, and nothing after five weeks and 4.2 days.
func TestFakeWeeksWarnExactlyWhereTheyShould(t *testing.T) {
	a := working(302_000)
	a.lives(6*week, false)
	require.Equal(t, []string{
		// Nothing is left on Fri 12 Feb at 04:48.
		"Fri 29 Jan 06h: days",
		// 4 weeks are 208,000, and 33,600 more are 3.36 days.
		"Thu 4 Feb 12h: 20%",
		// 5 weeks are 260,000, and 26,900 more are 2.69 days.
		"Wed 10 Feb 18h: 5%",
	}, a.said)
	require.Zero(t, a.record.Balance().Left)
	require.Equal(t, a.now.Add(-6*time.Hour), a.record.Balance().Read)
}

func TestToppedUpItIsWarnedOfAnew(t *testing.T) {
	a := working(300_000)
	a.settings.WarnDays = 0
	a.lives(4*week+4*24*time.Hour, false)
	require.Equal(t, []string{"Thu 4 Feb 06h: 20%"}, a.said)
	a.left += 200_000 // 52,000 were left: of 252,000 a fifth is 50,400
	a.lives(4*week, false)
	require.Equal(t, []string{
		"Thu 4 Feb 06h: 20%",
		// topped up on Fri 5 Feb: 12,000 until Monday, three weeks of 52,000, and 33,600 of the next
		"Thu 4 Mar 12h: 20%",
	}, a.said)
	require.Equal(t, time.Date(2027, time.February, 5, 0, 0, 0, 0, time.UTC), a.record.Added)
}

// TestWhatIsNotKnownWarnsOfNoNumber, and takes nothing back: the number was 55,000 before and 45,000 after.
func TestWhatIsNotKnownWarnsOfNoNumber(t *testing.T) {
	a := working(300_000)
	a.settings.WarnDays = 0
	a.lives(4*week+3*24*time.Hour, false)
	require.Empty(t, a.said)
	a.lives(18*time.Hour, true)
	require.Empty(t, a.said, "nothing is known of what is left")
	require.False(t, a.record.Blind.IsZero())
	require.EqualValues(t, 64_500, a.record.Balance().Left, "what was read last stays what is known")
	a.lives(12*time.Hour, false)
	require.Equal(t, []string{"Thu 4 Feb 18h: 20%"}, a.said)
	require.True(t, a.record.Blind.IsZero())
	a.lives(6*time.Hour, true)
	a.lives(24*time.Hour, false)
	require.Len(t, a.said, 1, "and it is not said anew")
}

func TestThatItCannotBeReadIsSaidOnceAndAnewAfterANumber(t *testing.T) {
	a := working(5_000_000)
	a.lives(12*time.Hour, false)
	a.lives(72*time.Hour, true)
	a.lives(24*time.Hour, false)
	a.lives(48*time.Hour, true)
	require.Equal(t, []string{"Tue 5 Jan 12h: unread", "Sat 9 Jan 12h: unread"}, a.said)
	a = working(0)
	a.lives(48*time.Hour, true)
	require.Equal(t, []string{"Tue 5 Jan 00h: unread"}, a.said)
	require.False(t, a.record.Balance().Known(), "and never a number")
}

func TestATremblingNumberIsWarnedOfOnce(t *testing.T) {
	a := &account{now: monday, settings: Settings{WarnAt: []Limit{{Percent: 20}, {Units: 5_000}}}}
	for _, left := range []int64{100_000, 20_001, 20_000, 20_001, 19_999, 20_500, 19_000, 24_000, 19_000, 5_000, 5_001, 4_999, 5_900, 5_000, 6_249, 5_000} {
		a.takes(Reading{At: a.now, Left: left})
		a.now = a.now.Add(6 * time.Hour)
	}
	require.Equal(t, []string{"Mon 4 Jan 12h: 20%", "Wed 6 Jan 06h: 5000"}, a.said)
	a.takes(Reading{At: a.now, Left: 6_250})
	a.now = a.now.Add(6 * time.Hour)
	a.takes(Reading{At: a.now, Left: 5_000})
	require.Equal(t, "Fri 8 Jan 06h: 5000", a.said[2], "a quarter above it is armed again")
	require.Len(t, a.said, 3)
}

func TestAFallThroughSeveralLimitsIsOneMessage(t *testing.T) {
	a := working(1_000_000)
	a.lives(48*time.Hour, false)
	a.left = 10_000
	a.lives(6*time.Hour, false)
	require.Equal(t, []string{"Wed 6 Jan 00h: 5%"}, a.said)
	w := a.record.Owed
	a.lives(12*time.Hour, false)
	require.Len(t, a.said, 1)
	require.Empty(t, a.record.Owed, "what was said is owed no more")
	require.Equal(t, "5%", w[0].Warning.Limit)
	require.Equal(t, 14, w[0].Warning.Days, "it says both")
	require.EqualValues(t, 10_000, w[0].Warning.Balance.Left)
}

func TestNothingBoughtYetIsSaidOnce(t *testing.T) {
	a := working(0)
	a.lives(96*time.Hour, false)
	require.Equal(t, []string{"Mon 4 Jan 00h: 5%"}, a.said)
	require.True(t, a.record.Balance().Known())
	a.left = 100_000
	a.lives(12*time.Hour, false)
	require.Len(t, a.said, 1)
}

func TestSeveralSmallAdditionsAreOne(t *testing.T) {
	var r Record
	s := Settings{WarnAt: []Limit{{Percent: 20}}}
	at := monday
	for _, left := range []int64{1000, 150, 170, 190, 210} {
		r = r.Take(Reading{At: at, Left: left}, at.Format(slotLayout), s)
		at = at.Add(6 * time.Hour)
	}
	require.EqualValues(t, 210, r.Balance().Full, "each of them was smaller than a twentieth")
	require.EqualValues(t, 42, r.Alarms["20%"].Below)
	require.True(t, r.Alarms["20%"].Rung.IsZero(), "and armed again")
}
