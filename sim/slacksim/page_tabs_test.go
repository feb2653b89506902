package slacksim_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAHundredTabs of other browsers are open at once, and half of them go away in the middle: each that stays hears that something was said,
// and sees it.
func TestAHundredTabs(t *testing.T) {
	w := newPageWorld(t)
	var stay []*bufio.Scanner
	var leave []context.CancelFunc
	for i := range 100 {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ask, err := http.NewRequestWithContext(ctx, http.MethodGet, w.http.URL+"/page/events", nil)
		require.NoError(t, err)
		response, err := w.http.Client().Do(ask)
		require.NoError(t, err)
		defer response.Body.Close()
		lines := bufio.NewScanner(response.Body)
		require.Equal(t, `data: {"rev":1}`, said(lines))
		if i%2 == 0 {
			stay = append(stay, lines)
		} else {
			leave = append(leave, cancel)
		}
	}
	for _, cancel := range leave {
		cancel()
	}
	w.api("chat.postMessage", map[string]any{"channel": "C0GENERAL", "text": "everybody hears this"})
	var all sync.WaitGroup
	seen := make([]bool, len(stay))
	for i, lines := range stay {
		all.Go(func() {
			if said(lines) != `data: {"rev":2}` {
				return
			}
			response, err := w.http.Client().Get(w.http.URL + "/page/state?as=U0ALICE")
			if err != nil {
				return
			}
			defer response.Body.Close()
			for body := bufio.NewScanner(response.Body); body.Scan(); {
				seen[i] = seen[i] || strings.Contains(body.Text(), "everybody hears this")
			}
		})
	}
	all.Wait()
	require.NotContains(t, seen, false)
}

// said is the next line of a stream; "": it has ended.
func said(lines *bufio.Scanner) string {
	for lines.Scan() {
		if lines.Text() != "" {
			return lines.Text()
		}
	}
	return ""
}
