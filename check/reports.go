package check

import (
	"strings"
	"time"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/reports"
)

// nextTimes is how many of a report's times `usher check` shows.
const nextTimes = 5

// reports tells when each report comes next, in its own zone: what is on paper five fields is then a date.
func (t *Table) reports(cfg *config.Config, now time.Time) {
	for _, r := range cfg.Reports {
		schedule, err := reports.ParseSchedule(r.Schedule, r.Timezone.String())
		if err != nil {
			t.fail("report "+r.Name, err.Error(), "correct its schedule in the configuration")
			continue
		}
		next := schedule.NextTimes(now, nextTimes)
		t.ok("report "+r.Name, "next: %s, in %s", timesInWords(next), r.Timezone)
		(*t)[len(*t)-1].Times = next
	}
}

// timesInWords is "Mon 30 Nov 2026 09:00, Mon 7 Dec 09:00": the year only where it is another than before.
func timesInWords(times []time.Time) string {
	words := make([]string, len(times))
	year := 0
	for i, at := range times {
		layout := "Mon 2 Jan 15:04"
		if at.Year() != year {
			layout, year = "Mon 2 Jan 2006 15:04", at.Year()
		}
		words[i] = at.Format(layout)
	}
	return strings.Join(words, ", ")
}
