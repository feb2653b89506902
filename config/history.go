package config

import (
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/reports/history"
)

const (
	expectHistory = "how long to remember what each app was like: years such as 2y, or a duration such as 90d"
	expectKeep    = "how long to keep closed requests: years such as 2y, or a duration such as 180d"
	year          = 365 * day
	// A digest shows twelve weeks, and a month is forgotten as one.
	shortestHistory, longestHistory = 31 * day, 10 * year
	// A report looks back for a month or two, a redelivered envelope for two, and who is asked again wants to see what was.
	shortestKeep, longestKeep = 90 * day, 50 * year
)

// history reads for how long days are remembered.
func (v value) history() time.Duration {
	return v.years(expectHistory, history.DefaultKept, shortestHistory, longestHistory, "from 31d to 10y")
}

// keep reads for how long closed requests are kept; 0: for ever.
func (v value) keep() time.Duration {
	return v.years(expectKeep, 0, shortestKeep, longestKeep, "from 90d to 50y")
}

// years reads a time in whole years, or as any duration, within what is said.
func (v value) years(expected string, otherwise, shortest, longest time.Duration, within string) time.Duration {
	s, given := v.Text(expected)
	if !given {
		return otherwise
	}
	d, err := ParseDuration(s)
	if n, years := strings.CutSuffix(s, "y"); years {
		var count uint64
		if count, err = strconv.ParseUint(n, 10, 8); err == nil {
			d = time.Duration(count) * year
		}
	}
	if err != nil || d < shortest || d > longest {
		v.Bad(expected + ", " + within)
		return otherwise
	}
	return d
}
