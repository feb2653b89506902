package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestQuietHours are everybody's own, over midnight, in any season, and in the nights in which the clocks change.
func TestQuietHours(t *testing.T) {
	night, noonish := Quiet{20 * time.Hour, 8 * time.Hour}, Quiet{12 * time.Hour, 13*time.Hour + 30*time.Minute}
	early := Quiet{22 * time.Hour, 2*time.Hour + 30*time.Minute}
	for name, row := range map[string]struct {
		q         Quiet
		now, zone string
		until     string // "": not quiet
	}{
		"in the evening":                {night, "2026-11-28T21:00:00Z", "UTC", "2026-11-29T08:00:00Z"},
		"after midnight":                {night, "2026-11-28T01:00:00Z", "UTC", "2026-11-28T08:00:00Z"},
		"as they begin":                 {night, "2026-11-28T20:00:00Z", "UTC", "2026-11-29T08:00:00Z"},
		"just before":                   {night, "2026-11-28T19:59:59Z", "UTC", ""},
		"as they end":                   {night, "2026-11-28T08:00:00Z", "UTC", ""},
		"the last second":               {night, "2026-11-28T07:59:59Z", "UTC", "2026-11-28T08:00:00Z"},
		"in New York it's day":          {night, "2026-11-28T21:00:00Z", "America/New_York", ""},
		"in Sydney it's day":            {night, "2026-11-28T23:00:00Z", "Australia/Sydney", ""},
		"in Kathmandu it's night":       {night, "2026-11-28T16:00:00Z", "Asia/Kathmandu", "2026-11-29T02:15:00Z"},
		"in summer":                     {night, "2026-07-01T06:59:00Z", "Europe/London", "2026-07-01T07:00:00Z"},
		"at noon":                       {noonish, "2026-11-28T13:29:00Z", "UTC", "2026-11-28T13:30:00Z"},
		"before noon":                   {noonish, "2026-11-28T11:59:00Z", "UTC", ""},
		"the last day of a year":        {night, "2026-12-31T22:00:00Z", "UTC", "2027-01-01T08:00:00Z"},
		"the night that is shorter":     {night, "2026-03-28T21:00:00Z", "Europe/Berlin", "2026-03-29T06:00:00Z"},
		"the night that is longer":      {night, "2026-10-24T20:00:00Z", "Europe/Berlin", "2026-10-25T07:00:00Z"},
		"an hour that comes twice, 1st": {early, "2026-10-25T00:15:00Z", "Europe/Berlin", "2026-10-25T01:30:00Z"},
		"an hour that comes twice, 2nd": {early, "2026-10-25T01:15:00Z", "Europe/Berlin", "2026-10-25T01:30:00Z"},
		"no zone is known":              {night, "2026-11-28T21:00:00Z", "", "2026-11-29T08:00:00Z"},
		"nobody knows the zone":         {night, "2026-11-28T21:00:00Z", "Moon/Tranquility", "2026-11-29T08:00:00Z"},
		"never":                         {Quiet{}, "2026-11-28T00:00:00Z", "UTC", ""},
	} {
		t.Run(name, func(t *testing.T) {
			now, err := time.Parse(time.RFC3339, row.now)
			require.NoError(t, err)
			until, quiet := row.q.Until(now, row.zone)
			require.Equal(t, row.until != "", quiet)
			if quiet {
				require.Equal(t, row.until, until.UTC().Format(time.RFC3339))
			}
		})
	}
}

// TestTodayIsTheirOwn: a day is a person's own, begins where their clocks are, and ends where those skip midnight.
func TestTodayIsTheirOwn(t *testing.T) {
	for name, row := range map[string]struct{ now, zone, day, next string }{
		"in UTC":                     {"2026-11-28T21:00:00Z", "UTC", "2026-11-28", "2026-11-29T00:00:00Z"},
		"its last second":            {"2026-11-28T23:59:59Z", "UTC", "2026-11-28", "2026-11-29T00:00:00Z"},
		"its first":                  {"2026-11-29T00:00:00Z", "UTC", "2026-11-29", "2026-11-30T00:00:00Z"},
		"in Sydney it's tomorrow":    {"2026-11-28T21:00:00Z", "Australia/Sydney", "2026-11-29", "2026-11-29T13:00:00Z"},
		"in New York it's yesterday": {"2026-11-28T02:00:00Z", "America/New_York", "2026-11-27", "2026-11-28T05:00:00Z"},
		"of twenty-three hours":      {"2026-03-29T00:30:00Z", "Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00Z"},
		"of twenty-five hours":       {"2026-10-25T00:30:00Z", "Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00Z"},
		"before a skipped midnight":  {"2026-09-05T20:00:00Z", "America/Santiago", "2026-09-05", "2026-09-06T04:00:00Z"},
		"at the end of a year":       {"2026-12-31T23:30:00Z", "UTC", "2026-12-31", "2027-01-01T00:00:00Z"},
		"no zone is known":           {"2026-11-28T21:00:00Z", "", "2026-11-28", "2026-11-29T00:00:00Z"},
		"nobody knows the zone":      {"2026-11-28T21:00:00Z", "Moon/Tranquility", "2026-11-28", "2026-11-29T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			now, err := time.Parse(time.RFC3339, row.now)
			require.NoError(t, err)
			day, next := Today(now, row.zone)
			require.Equal(t, row.day, day)
			require.Equal(t, row.next, next.UTC().Format(time.RFC3339))
		})
	}
}
