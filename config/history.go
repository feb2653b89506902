package config

import (
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/reports/history"
)

const (
	expectHistory = "how long to remember what each app was like: years such as 2y, or a duration such as 90d"
	year          = 365 * day
	// A digest shows twelve weeks, and a month is forgotten as one.
	shortestHistory, longestHistory = 31 * day, 10 * year
)

// history reads for how long days are remembered.
func (v value) history() time.Duration {
	s, given := v.Text(expectHistory)
	if !given {
		return history.DefaultKept
	}
	d, err := ParseDuration(s)
	if n, years := strings.CutSuffix(s, "y"); years {
		var count uint64
		if count, err = strconv.ParseUint(n, 10, 8); err == nil {
			d = time.Duration(count) * year
		}
	}
	if err != nil || d < shortestHistory || d > longestHistory {
		v.Bad(expectHistory + ", from 31d to 10y")
		return history.DefaultKept
	}
	return d
}
