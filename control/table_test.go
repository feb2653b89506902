package control

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSpansOfTime(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Minute: "less than a minute", 30 * time.Second: "less than a minute", 12*time.Minute + time.Second: "12 min",
		2 * time.Hour: "2 h", 2*time.Hour + 5*time.Minute: "2 h 5 min", 24 * time.Hour: "1 d", 166 * time.Hour: "6 d 22 h"} {
		require.Equal(t, want, span(d))
	}
}
