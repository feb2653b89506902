package check

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
)

// TestCheckShowsWhenReportsCome: five times, on the zone's own clock, over a new year and a change of clocks.
func TestCheckShowsWhenReportsCome(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	cfg := &config.Config{Reports: []config.ReportConfig{
		{Name: "monthly", Schedule: "30 8 1 * *", Timezone: newYork, Channel: "C0REPORTS"},
		{Name: "weekend", Schedule: "0 9 * * SAT-SUN", Timezone: time.UTC, Channel: "C0REPORTS"},
	}}
	var table Table
	table.reports(cfg, time.Date(2026, time.October, 30, 12, 0, 0, 0, time.UTC))
	require.Equal(t, "next: Sun 1 Nov 2026 08:30, Tue 1 Dec 08:30, Fri 1 Jan 2027 08:30, Mon 1 Feb 08:30, Mon 1 Mar 08:30, in America/New_York", table[0].Found)
	require.Equal(t, "next: Sat 31 Oct 2026 09:00, Sun 1 Nov 09:00, Sat 7 Nov 09:00, Sun 8 Nov 09:00, Sat 14 Nov 09:00, in UTC", table[1].Found)
	require.Len(t, table[0].Times, 5)
	require.Equal(t, "2026-11-01T08:30:00-05:00", table[0].Times[0].Format(time.RFC3339))
}
