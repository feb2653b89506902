package config

import (
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
