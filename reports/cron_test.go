package reports

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/robfig/cron/v3"
	"github.com/stretchr/testify/require"
)

// TestCronNamesWhatItDoesNotTake: each thing that crontab(5) lacks or that is written wrongly is named, with what
// to write instead.
func TestCronNamesWhatItDoesNotTake(t *testing.T) {
	for spec, says := range map[string]string{
		"":                     `it's empty; write five fields: minute, hour, day of the month, month and weekday`,
		"0":                    `it has only one field; write all five: minute, hour, day of the month, month and weekday`,
		"0 9 * *":              `it has only 4 fields; write all five: minute, hour, day of the month, month and weekday`,
		"0 0 9 * * MON":        `it has 6 fields, and the first looks like seconds; write "0 9 * * MON"`,
		"0 9 * * MON 2027":     `it has 6 fields, and the last looks like a year; write "0 9 * * MON"`,
		"0 0 9 ? * MON *":      `it has 7 fields, and the first looks like seconds and the last looks like a year; write "0 9 ? * MON"`,
		"0 9 * * MON, WED":     `it has 6 fields, and there are spaces inside a list, a range or a step; write "0 9 * * MON,WED"`,
		"0 9 * * MON - FRI":    `it has 7 fields, and there are spaces inside a list, a range or a step; write "0 9 * * MON-FRI"`,
		"at nine every monday": `it has only 4 fields; write all five: minute, hour, day of the month, month and weekday`,
		"1 2 3 4 5 6 7 8":      `it has 8 fields; write five, without seconds or years: minute, hour, day of the month, month and weekday`,
		"@weekly":              `words such as @weekly aren't taken; write "0 0 * * SUN"`,
		"@Daily":               `words such as @Daily aren't taken; write "0 0 * * *"`,
		"@every 1h":            `@every isn't a time on the clock; write five fields, such as "0 * * * *" for every hour`,
		"@reboot":              `@reboot isn't a time on the clock; write five fields, such as "0 * * * *" for every hour`,
		"TZ=UTC 9 * * MON":     `the time zone doesn't go here; write it under timezone, and here only the five fields: minute, hour, day of the month, month and weekday`,
		"0 9 L * *":            `"L" counts from the end of the month, which five fields can't say; write 28, which every month has, or 1 for the first of the next`,
		"0 9 L-3 * *":          `"L-3" counts from the end of the month, which five fields can't say; write 28, which every month has, or 1 for the first of the next`,
		"0 9 LW * *":           `"LW" counts from the end of the month, which five fields can't say; write 28, which every month has, or 1 for the first of the next`,
		"0 9 15W * *":          `"15W" means the workday nearest to a day, which five fields can't say; write 15 for the day itself, or MON-FRI as the weekday`,
		"0 9 W * *":            `"W" means a workday, which a day of the month can't say; write a number, or MON-FRI as the weekday`,
		"0 9 * * MON#1":        `"MON#1" picks one Monday of the month, which five fields can't say; write MON for every one of them, or a day of the month such as 1`,
		"0 9 * * 5#3":          `"5#3" picks one Friday of the month, which five fields can't say; write FRI for every one of them, or a day of the month such as 1`,
		"0 9 * * #":            `"#" picks one Monday of the month, which five fields can't say; write MON for every one of them, or a day of the month such as 1`,
		"0 9 * * 5L":           `"5L" means the last Friday of the month, which five fields can't say; write FRI for every one of them`,
		"0 9 * * 7L":           `"7L" means the last Sunday of the month, which five fields can't say; write SUN for every one of them`,
		"0 9 * * L":            `L isn't taken as a weekday; write SAT`,
		"H 9 * * *":            `"H" leaves it to the program to pick a minute; write which: 0 to 59`,
		"61 9 * * *":           `"61" isn't a minute; write 0 to 59`,
		"0x10 9 * * *":         `"0x10" isn't a minute; write 0 to 59`,
		"+5 9 * * *":           `"+5" isn't a minute; write 0 to 59`,
		"-5 9 * * *":           `"-5" isn't a minute; write 0 to 59`,
		"5- 9 * * *":           `"5-" isn't a minute; write 0 to 59`,
		"0 24 * * *":           `24 isn't an hour; write 0 for midnight`,
		"0 25 * * *":           `"25" isn't an hour; write 0 to 23`,
		"0 09:30 * * *":        `"09:30" is a time of day; write its minute and its hour as the first two fields: 30 9`,
		"0 9 0 * *":            `"0" isn't a day of the month; write 1 to 31`,
		"0 9 * 13 *":           `"13" isn't a month; write 1 to 12, or JAN to DEC`,
		"0 9 * Sept *":         `"Sept" isn't how a month is written here; write SEP`,
		"0 9 * * 8":            `"8" isn't a weekday; write SUN to SAT, or 0 to 7 (0 and 7 are both Sunday)`,
		"0 9 * * Monday":       `"Monday" isn't how a weekday is written here; write MON`,
		"0 9 * * Mon-Friday":   `"Mon-Friday" isn't how a weekday is written here; write MON-FRI`,
		"0 9 * * Montag":       `"Montag" isn't how a weekday is written here; write MON`,
		"0 9 * * Lundi":        `"Lundi" isn't a weekday; write SUN to SAT, or 0 to 7 (0 and 7 are both Sunday)`,
		"0 9 * * MON,":         `the weekday has a comma with nothing beside it; leave it out`,
		"0 22-2 * * *":         `"22-2" runs backwards; write 22-23,0-2`,
		"0 22-3/2 * * *":       `"22-3/2" runs backwards; write 22,0,2`,
		"0 9 * NOV-FEB *":      `"NOV-FEB" runs backwards; write NOV-DEC,JAN-FEB`,
		"0 9 28-3 * *":         `"28-3" runs backwards; write 28-31,1-3`,
		"*/0 9 * * *":          `"*/0" needs a number after the /, 1 or more; write */5 for every fifth minute`,
		"*/ 9 * * *":           `"*/" needs a number after the /, 1 or more; write */5 for every fifth minute`,
	} {
		_, err := ParseSchedule(spec, "")
		said, ok := errors.AsType[Misread](err)
		require.True(t, ok, "%q: %v", spec, err)
		require.Equal(t, says, string(said), "%q", spec)
	}
}

// TestCronTakesTheWeekAsACircle: 7 is Sunday, and a range may run over the week's end.
func TestCronTakesTheWeekAsACircle(t *testing.T) {
	for weekdays, days := range map[string][]int{
		"7": {0}, "0": {0}, "SUN": {0}, "sun": {0}, "MON-SUN": {0, 1, 2, 3, 4, 5, 6}, "1-7": {0, 1, 2, 3, 4, 5, 6}, "0-7": {0, 1, 2, 3, 4, 5, 6},
		"FRI-MON": {0, 1, 5, 6}, "5-1": {0, 1, 5, 6}, "FRI-7": {0, 5, 6}, "7-2": {0, 1, 2}, "SAT-SUN": {0, 6}, "3/9999999999999999": {3}, "6,7": {0, 6}, "MON-SUN/2": {0, 1, 3, 5},
		"MON-MON": {1}, "7-7": {0}, "7/2": {0, 2, 4, 6}, "5/2": {5},
	} {
		got, err := readCron("0 9 * * " + weekdays)
		require.NoError(t, err, weekdays)
		want := uint64(0)
		for _, d := range days {
			want |= 1 << d
		}
		require.Equal(t, want, got.Dow, weekdays)
	}
	sundays, at := firings(t, schedule(t, "0 9 * * 7", "Europe/London"), 2026)
	require.Len(t, sundays, 52)
	require.Equal(t, "Sunday", at[0].Weekday().String())
}

// TestCronTakesWhatItTook: whatever was taken before means the same still.
func TestCronTakesWhatItTook(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 11))
	pieces := [5][]string{
		{"*", "?", "0", "59", "05", "*/15", "10-20", "10-20/3", "5/7", "1,2,30-40", "*/1", "*/90", "59/9223372036854775807", "60", "5-1"},
		{"*", "9", "23", "9-17", "*/2", "0-23", "8,12,16", "24"},
		{"*", "?", "1", "1-7", "31", "*/2", "15,30", "1-31", "5/10", "0"},
		{"*", "1", "JAN", "jan-mar", "*/3", "2,FEB", "12", "13"},
		{"*", "?", "0", "MON", "mon-fri", "1-5", "*/2", "SUN,SAT", "0-6", "5/2", "TUE-THU/2", "*,MON"},
	}
	same := 0
	for range 5000 {
		var fields []string
		for _, p := range pieces {
			fields = append(fields, p[chance.IntN(len(p))])
		}
		spec := strings.Join(fields, " ")
		was, err := cron.ParseStandard("TZ=UTC " + spec)
		if err != nil {
			_, err := readCron(spec)
			require.Error(t, err, spec)
			continue
		}
		now, err := readCron(spec)
		require.NoError(t, err, spec)
		now.Location = was.(*cron.SpecSchedule).Location
		require.Equal(t, was, now, spec)
		same++
	}
	require.Greater(t, same, 1000)
}

// TestCronWarnsOfWhatIsHardlyMeant: what five fields say and people rarely mean by them.
func TestCronWarnsOfWhatIsHardlyMeant(t *testing.T) {
	for spec, says := range map[string]string{
		"0 9 * * MON":     "",
		"0 9 1 * *":       "",
		"0 9 ? * MON":     "",
		"*/15 */6 * * *":  "",
		"0 9 */1 * MON":   "", // a * still
		"0 9 */2 * *":     "",
		"* 9 * * MON":     "the minute * means 60 times an hour; write 0 for once, on the hour",
		"0-59 9 * * MON":  "the minute 0-59 means 60 times an hour; write 0 for once, on the hour",
		"*/45 * * * *":    "the minute */45 starts over at 0 each hour, so it isn't every 45 minutes; list those you want, such as 0,45",
		"*/90 * * * *":    "the minute */90 starts over at 0 each hour, so it isn't every 90 minutes; list those you want, such as 0",
		"0 */5 * * *":     "the hour */5 starts over at 0 each day, so it isn't every 5 hours; list those you want, such as 0,5,10",
		"0 8 1-7 * 1":     "with both a day of the month (1-7) and a weekday (1) it posts when either fits: about 10 posts a month. Write * for one of the two to go by the other",
		"0 8 13 * FRI":    "with both a day of the month (13) and a weekday (FRI) it posts when either fits: about 5 posts a month. Write * for one of the two to go by the other",
		"0 8 1 1 MON":     "with both a day of the month (1) and a weekday (MON) it posts when either fits: about 5 posts a month. Write * for one of the two to go by the other",
		"0 8 1 * MON-SUN": "with both a day of the month (1) and a weekday (MON-SUN) it posts when either fits: about 30 posts a month. Write * for one of the two to go by the other",
		"0 8 */2 * MON": "with both a day of the month (*/2) and a weekday (MON) it posts when either fits: about 18 posts a month. " +
			"crontab(5) would want both, because */2 begins with a *. Write * for one of the two to go by the other",
		"0 8 1 * */2": "with both a day of the month (1) and a weekday (*/2) it posts when either fits: about 18 posts a month. " +
			"crontab(5) would want both, because */2 begins with a *. Write * for one of the two to go by the other",
	} {
		require.Equal(t, says, strings.Join(schedule(t, spec, "").Doubts(), "\n"), spec)
	}
	require.Len(t, schedule(t, "* 9 1 * 1", "").Doubts(), 2)
}

func TestNextTimes(t *testing.T) {
	times := schedule(t, "0 9 * * FRI-MON", "Europe/London").NextTimes(moment(t, "2026-10-23T12:00:00Z"), 5)
	require.Equal(t, "[2026-10-24 09:00:00 +0100 BST 2026-10-25 09:00:00 +0000 GMT 2026-10-26 09:00:00 +0000 GMT 2026-10-30 09:00:00 +0000 GMT 2026-10-31 09:00:00 +0000 GMT]", fmt.Sprint(times))
	require.Empty(t, schedule(t, "0 9 29 2 *", "UTC").NextTimes(moment(t, "2096-03-01T00:00:00Z"), 5), "2100 is no leap year")
}

// FuzzReadCron: whatever is written, there is a schedule or a sentence of one line.
func FuzzReadCron(f *testing.F) {
	for _, spec := range []string{"0 9 * * MON", "0 9 L * *", "0 0 9 ? * MON#1 2027", "@every 1h", "*/0,- 1-/2 H 7-1 #"} {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		s, err := ParseSchedule(spec, "")
		if err == nil {
			_ = s.Doubts()
			return
		}
		if said, ok := errors.AsType[Misread](err); ok {
			require.NotContains(t, string(said), "\n")
			require.NotEmpty(t, string(said))
			return
		}
		require.ErrorIs(t, err, ErrNever)
	})
}
