package talks

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// slack does to the connections what Slack does on a bad day: once, or every so often until "slack stops".
func (k *talk) slack(f []string) {
	k.T.Helper()
	n := k.N.Slack
	does := map[string]func(){
		"recycles": func() { n.DisconnectAll("warning"); n.RefreshAll() },
		"cuts":     func() { n.DropAll() },
		"on":       func() { n.SocketMode(true) },
		"off":      func() { n.SocketMode(false) },
	}
	if f[0] == "stops" {
		require.NotNil(k.T, k.troubling, "%s: it does nothing", k.line)
		close(k.troubling)
		k.troubling = nil
		return
	}
	if f[0] == "loses" {
		n.LoseAcks(1)
		return
	}
	if slices.Contains([]string{"fails", "delays", "is", "empties", "joins", "disbands", "kicks", "archives", "moves", "hires", "field", "drops", "names"}, f[0]) {
		k.answers(f)
		return
	}
	do := does[f[0]]
	require.NotNil(k.T, do, "%s: Slack does no such thing", k.line)
	if len(f) == 1 {
		do()
		k.Pass(10 * time.Second)
		return
	}
	every, err := config.ParseDuration(f[2])
	require.NoError(k.T, err, k.line)
	stop := make(chan struct{})
	k.troubling = stop
	go func() {
		for tick := time.NewTicker(every); ; {
			select {
			case <-tick.C:
				do()
			case <-stop:
				tick.Stop()
				return
			}
		}
	}()
	k.Pass(every / 4) // out of step with whatever people do
}

// asksBack holds what a button asks before it is pressed.
func (k *talk) asksBack(m slacksim.Message, label, line string) {
	k.T.Helper()
	require.Contains(k.T, world.Buttons(m), label, k.line)
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			e, _ := e.(map[string]any)
			if text, _ := e["text"].(map[string]any); text["text"] != label {
				continue
			}
			confirm, asks := e["confirm"].(map[string]any)
			require.Equal(k.T, !strings.Contains(line, " asks nothing "), asks, k.line)
			words, _ := confirm["text"].(map[string]any)
			k.holds(fmt.Sprint(words["text"]), line)
		}
	}
}

// setsStatus is somebody setting what stands beside their name: an emoji, words, and for how long.
func (k *talk) setsStatus(id string, what []string) {
	k.T.Helper()
	var until time.Time
	if len(what) == 3 {
		d, err := config.ParseDuration(what[2])
		require.NoError(k.T, err, k.line)
		until = time.Now().Add(d)
	}
	k.N.Slack.SetStatus(id, what[0], what[1], until)
}
