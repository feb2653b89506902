package process

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// TestAHundredTabs: each hears of what happens, and none keeps the demo from going on or from ending in order.
func TestAHundredTabs(t *testing.T) {
	t.Parallel() // it mostly waits
	d := startDemo(t, "--addr", "127.0.0.1:0")
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	const tabs = 100
	heard := make(chan int, 10_000)
	for i := range tabs {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.address+"/page/events", nil)
		require.NoError(t, err)
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		go func() {
			defer response.Body.Close()
			for lines := bufio.NewScanner(response.Body); lines.Scan(); {
				if strings.HasPrefix(lines.Text(), "data:") {
					heard <- i
				}
			}
		}()
	}
	listens(t, heard, tabs) // each hears at once how it stands
	for len(heard) > 0 {
		<-heard
	}
	d.asks("jane")
	listens(t, heard, tabs)
	d.approved("jane")
	require.Equal(t, terminal.ExitDone, d.stop())
}

// listens waits until each of so many has heard something.
func listens(t *testing.T, heard <-chan int, all int) {
	t.Helper()
	have, late := map[int]bool{}, time.After(world.Patience)
	for len(have) < all {
		select {
		case i := <-heard:
			have[i] = true
		case <-late:
			t.Fatalf("%d of %d have heard", len(have), all)
		}
	}
}
