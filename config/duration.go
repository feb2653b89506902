package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// ParseDuration reads a positive duration: Go's ("90m", "1h30m") with whole days before it ("7d", "1d12h").
// A day is 24 hours, whatever the clocks do.
func ParseDuration(s string) (time.Duration, error) {
	rest, days := s, time.Duration(0)
	if count, after, ok := strings.Cut(s, "d"); ok {
		n, err := strconv.ParseUint(count, 10, 16)
		if err != nil || n > uint64(math.MaxInt64/day) {
			return 0, fmt.Errorf("%q is no duration", s)
		}
		days, rest = time.Duration(n)*day, after
	}
	var d time.Duration
	if rest != "" || days == 0 && s != "0d" {
		var err error
		if d, err = time.ParseDuration(rest); err != nil || strings.ContainsAny(rest, "+-") {
			return 0, fmt.Errorf("%q is no duration", s)
		}
	}
	if d += days; d <= 0 {
		return 0, errors.New("it must be more than nothing")
	}
	return d, nil
}
