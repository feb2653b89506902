package terminal

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestProgressIsToldInOneLineOrInFew: what counts is written over, and a log gets a line now and then; what is over soon says nothing.
func TestProgressIsToldInOneLineOrInFew(t *testing.T) {
	told := func(counts bool, last time.Duration) string {
		var b strings.Builder
		var n atomic.Int64
		end := Progress{To: &b, Counts: counts}.Tell(func() string { return fmt.Sprintf("copied %d", n.Add(1)) })
		<-time.After(last)
		end()
		return b.String()
	}
	synctest.Test(t, func(t *testing.T) {
		require.Empty(t, told(false, 9*time.Second))
		require.Equal(t, "copied 1\ncopied 2\n", told(false, 29*time.Second))
		require.Equal(t, "\rcopied 1\x1b[K\rcopied 2\x1b[K\r\x1b[K", told(true, 500*time.Millisecond))
		Progress{}.Tell(func() string { t.Error("nobody is told"); return "" })()
	})
}
