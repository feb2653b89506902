package reports

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func schedule(t *testing.T, spec, tz string) Schedule {
	t.Helper()
	s, err := ParseSchedule(spec, tz)
	require.NoError(t, err)
	return s
}

func moment(t *testing.T, rfc string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, rfc)
	require.NoError(t, err)
	return at
}

// firings lists every slot that falls due in one local year.
func firings(t *testing.T, s Schedule, year int) (slots []string, at []time.Time) {
	t.Helper()
	end := time.Date(year+1, time.January, 1, 0, 0, 0, 0, s.zone)
	after := time.Date(year, time.January, 1, 0, 0, 0, 0, s.zone).Add(-time.Nanosecond)
	for {
		slot, due, ok := s.Next(after)
		require.True(t, ok)
		require.True(t, due.After(after), "time goes on")
		if !due.Before(end) {
			return slots, at
		}
		slots, at, after = append(slots, slot), append(at, due), due
	}
}

func TestADailySlotComesOnceADayWhateverTheClocksDo(t *testing.T) {
	for _, c := range []struct{ spec, tz string }{
		{"0 2 * * *", "America/New_York"}, // 02:00 does not exist on one day of the year
		{"0 1 * * *", "America/New_York"}, // 01:00 comes twice on one day of the year
		{"30 1 * * *", "America/New_York"},
		{"0 9 * * *", "Australia/Lord_Howe"}, // clocks change by half an hour
		{"45 1 * * *", "Australia/Lord_Howe"},
		{"15 2 * * *", "Australia/Lord_Howe"},
		{"0 0 * * *", "America/Asuncion"}, // midnight itself was leapt over
	} {
		for _, year := range []int{2023, 2025, 2026, 2027} {
			s := schedule(t, c.spec, c.tz)
			slots, at := firings(t, s, year)
			require.Len(t, slots, 365, "%s %d", s, year)
			days := map[string]bool{}
			for i, slot := range slots {
				days[slot[:10]] = true
				due, ok := s.At(slot)
				require.True(t, ok)
				require.Equal(t, at[i], due)
				latest, _, ok := s.Latest(due)
				require.True(t, ok)
				require.Equal(t, slot, latest)
				before, _, _ := s.Latest(due.Add(-time.Nanosecond))
				require.NotEqual(t, slot, before)
			}
			require.Len(t, days, 365)
		}
	}
}

func TestSlotsInGapsAndRepeatedHours(t *testing.T) {
	for name, c := range map[string]struct{ spec, tz, after, slot, at string }{
		"in the gap it comes right after it":           {"30 2 * * *", "America/New_York", "2026-03-08T01:00:00-05:00", "2026-03-08T02:30", "2026-03-08T03:00:00-04:00"},
		"in the repeated hour it comes the first time": {"30 1 * * *", "America/New_York", "2026-11-01T00:00:00-04:00", "2026-11-01T01:30", "2026-11-01T01:30:00-04:00"},
		"and not the second time":                      {"30 1 * * *", "America/New_York", "2026-11-01T01:30:00-04:00", "2026-11-02T01:30", "2026-11-02T01:30:00-05:00"},
		"nor to whoever starts in between":             {"30 1 * * *", "America/New_York", "2026-11-01T01:10:00-05:00", "2026-11-02T01:30", "2026-11-02T01:30:00-05:00"},
		"slots of one moment are one":                  {"*/30 * * * *", "America/New_York", "2026-03-08T01:30:00-05:00", "2026-03-08T03:00", "2026-03-08T03:00:00-04:00"},
		"and the next is another":                      {"*/30 * * * *", "America/New_York", "2026-03-08T03:00:00-04:00", "2026-03-08T03:30", "2026-03-08T03:30:00-04:00"},
		"a day that was skipped comes right after it":  {"0 9 30 12 *", "Pacific/Apia", "2011-12-29T12:00:00-10:00", "2011-12-30T09:00", "2011-12-31T00:00:00+14:00"},
		"a Monday in London in winter":                 {"0 9 * * MON", "Europe/London", "2026-11-22T12:00:00Z", "2026-11-23T09:00", "2026-11-23T09:00:00Z"},
		"a Monday in London in summer":                 {"0 9 * * MON", "Europe/London", "2026-06-05T12:00:00Z", "2026-06-08T09:00", "2026-06-08T08:00:00Z"},
		"the moment itself is not after itself":        {"0 9 * * MON", "Europe/London", "2026-11-23T09:00:00Z", "2026-11-30T09:00", "2026-11-30T09:00:00Z"},
		"a leap day":                                   {"0 9 29 2 *", "UTC", "2026-01-01T00:00:00Z", "2028-02-29T09:00", "2028-02-29T09:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			slot, at, ok := schedule(t, c.spec, c.tz).Next(moment(t, c.after))
			require.True(t, ok)
			require.Equal(t, c.slot, slot)
			require.Equal(t, moment(t, c.at).UTC(), at)
		})
	}
}

func TestAWeekHasOneMonday(t *testing.T) {
	slots, at := firings(t, schedule(t, "0 9 * * MON", "Europe/London"), 2026)
	require.Len(t, slots, 52)
	for _, due := range at {
		local := due.In(schedule(t, "0 0 * * *", "Europe/London").zone)
		require.Equal(t, time.Monday, local.Weekday())
		require.Equal(t, "09:00", local.Format("15:04"))
	}
}

func TestLatestLooksBackTwoDays(t *testing.T) {
	s := schedule(t, "0 9 * * MON", "UTC")
	slot, at, ok := s.Latest(moment(t, "2026-11-24T10:00:00Z"))
	require.True(t, ok)
	require.Equal(t, "2026-11-23T09:00", slot)
	require.Equal(t, moment(t, "2026-11-23T09:00:00Z"), at)
	_, _, ok = s.Latest(moment(t, "2026-11-26T09:00:00Z"))
	require.False(t, ok)
}

func TestSchedulesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ spec, tz, says string }{
		{"", "UTC", "empty"},
		{"0 9 * *", "UTC", "only 4 fields"},
		{"TZ=Asia/Tokyo 0 9 * * *", "UTC", "under timezone"},
		{"0 9 30 2 *", "UTC", "never comes"},
		{"0 9 * * *", "Mars/Olympus", "IANA"},
		{"0 9 * * *", "Local", "IANA"},
	} {
		_, err := ParseSchedule(c.spec, c.tz)
		require.ErrorContains(t, err, c.says, "%q in %q", c.spec, c.tz)
	}
	_, err := ParseSchedule("0 9 31 4 *", "")
	require.ErrorIs(t, err, ErrNever)
}

func TestOnlyItsOwnSlotsAreSlots(t *testing.T) {
	s := schedule(t, "0 9 * * MON", "Europe/London")
	for slot, want := range map[string]bool{
		"2026-11-23T09:00": true, "2026-11-24T09:00": false, "2026-11-23T09:01": false,
		"2026-11-23": false, "now": false, "": false, "2026-11-23T09:00:00": false,
	} {
		_, ok := s.At(slot)
		require.Equal(t, want, ok, slot)
	}
}

func TestKeysComeApartAsTheyWereMade(t *testing.T) {
	at, ok := parseKey(SlotKey("weekly-seats", "2026-11-23T09:00"))
	require.True(t, ok)
	require.Equal(t, address{report: "weekly-seats", slot: "2026-11-23T09:00"}, at)
	at, ok = parseKey(ReaderKey("weekly-seats", "2026-11-23T09:00", "U0BOB"))
	require.True(t, ok)
	require.Equal(t, address{report: "weekly-seats", slot: "2026-11-23T09:00", reader: "U0BOB"}, at)
	for _, key := range []string{"13.37.abc", "with/slashes/in", string(make([]byte, 5000))} {
		at, ok = parseKey(ManualKey("now", key))
		require.True(t, ok)
		require.Equal(t, address{report: "now", manual: true}, at)
		require.Less(t, len(ManualKey("now", key)), 200)
	}
	for _, key := range []string{"", "report", "report/x", "report//2026-11-23T09:00", "report/x/now", "report/x/now/", "report/x/y/z/w", "report/x/y/", "card/1/2"} {
		_, ok = parseKey(key)
		require.False(t, ok, key)
	}
}
