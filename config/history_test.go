package config

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestForHowLongDaysAreRemembered: two years where nobody says.
func TestForHowLongDaysAreRemembered(t *testing.T) {
	for line, want := range map[string]time.Duration{"": 2 * 365 * day, "history: 2y": 2 * 365 * day, "history: 10y": 3650 * day, "history: 31d": 31 * day, "history: 2160h": 90 * day} {
		cfg, problems := Parse("usher.yml", []byte(leastConfig+"\n"+line+"\n"))
		require.Empty(t, problems, line)
		require.Equal(t, want, cfg.History, line)
	}
}

// TestForHowLongClosedRequestsAreKept: for ever where nobody says.
func TestForHowLongClosedRequestsAreKept(t *testing.T) {
	for line, want := range map[string]time.Duration{"": 0, "keep: 2y": 2 * 365 * day, "keep: 90d": 90 * day, "keep: 50y": 50 * 365 * day, "keep: 1d12h": -1, "keep: 89d": -1, "keep: 51y": -1, "keep: 2": -1, "keep: y": -1, "keep: -2y": -1} {
		cfg, problems := Parse("usher.yml", []byte(leastConfig+"\n"+line+"\n"))
		if want < 0 {
			require.Len(t, problems, 1, line)
			require.Contains(t, fmt.Sprint(problems[0]), "how long to keep closed requests: years such as 2y, or a duration such as 180d")
			continue
		}
		require.Empty(t, problems, line)
		require.Equal(t, want, cfg.Keep, line)
	}
}
