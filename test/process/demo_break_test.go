package process

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// breaks presses one of the buttons that break the demo, or jump; "": it was taken, or what was said instead.
func (d *demoProcess) breaks(what string) (refused string) {
	d.t.Helper()
	response, err := http.Post(d.address+"/break/"+what, "application/json", strings.NewReader("{}"))
	require.NoError(d.t, err)
	raw, err := io.ReadAll(response.Body)
	require.NoError(d.t, err)
	require.NoError(d.t, response.Body.Close())
	var said struct{ Error string }
	require.NoError(d.t, json.Unmarshal(raw, &said), "%s", raw)
	require.Equal(d.t, response.StatusCode == http.StatusOK, said.Error == "", "%s", raw)
	return said.Error
}

// demoSays is JSON from the demo, once there is an answer: a bot that is being started can't be asked.
func demoSays[T any](d *demoProcess, path string) (out T) {
	d.t.Helper()
	require.True(d.t, world.Waited(world.Patience, func() bool {
		response, err := http.Get(d.address + path)
		require.NoError(d.t, err)
		return world.DecodeControl(response, &out) == nil
	}), path)
	return out
}

// counts waits until the count is as it has to be after so many approvals, each carried out once.
func (d *demoProcess) counts(promised int) {
	d.t.Helper()
	var c demo.Count
	require.True(d.t, world.Waited(world.Patience, func() bool {
		c = demoSays[demo.Count](d, "/break/count")
		require.Zero(d.t, c.Doubled, c.Wrong)
		return c.Promised == promised && c.Done == promised
	}), "%+v", &c)
	require.Zero(d.t, c.Lost, c.Wrong)
	require.Empty(d.t, c.Wrong)
	require.True(d.t, c.Whole, c.Audit)
	require.Equal(d.t, promised, c.Effects)
	require.GreaterOrEqual(d.t, c.Yeses, 1)
}

// TestKilledInTheMiddleOfApprovals: ten requests are approved, and each time the bot is killed as soon as the yes is on its way.
func TestKilledInTheMiddleOfApprovals(t *testing.T) {
	t.Parallel() // it mostly waits
	d := startDemo(t, "--addr", "127.0.0.1:0")
	const times = 10
	for i := range times {
		name := fmt.Sprintf("jane%c", 'a'+i)
		d.asks(name)
		card := d.card(name + "@acme.example")
		pressed := make(chan bool)
		go func() {
			raw, ok := pressing(card, "Approve", "U0BOB")
			if response, err := http.Post(d.address+"/page/click", "application/json", bytes.NewReader(raw)); err == nil {
				ok = ok && response.Body.Close() == nil
			}
			pressed <- ok
		}()
		require.True(t, world.Waited(world.Patience, func() bool { return d.breaks("kill") == "" }))
		require.True(t, <-pressed)
		d.approved(name)
	}
	d.counts(times)
	state := demoSays[demo.Break](d, "/break/state")
	require.Equal(t, times, state.Killed)
	require.Equal(t, terminal.ExitDone, d.stop())
}

// pressing is what the page sends when somebody presses a button of a card.
func pressing(card world.DemoMessage, label, who string) (raw []byte, ok bool) {
	in := pressOf(card, label)
	if in == nil {
		return nil, false
	}
	in["as"] = who
	raw, err := json.Marshal(in)
	return raw, err == nil
}

// TestBrokenByHand: each way to break it from the page, and what is asked for meanwhile is done once it's mended.
func TestBrokenByHand(t *testing.T) {
	t.Parallel() // it mostly waits
	d := startDemo(t, "--addr", "127.0.0.1:0")
	require.Contains(t, d.breaks("everything"), "no way")
	require.Contains(t, d.breaks("jump/end"), "Nobody has been given anything for a time yet")
	n := 0
	for _, way := range []string{"cut", "vendor-before", "vendor-after"} {
		name := "joe" + string(rune('a'+n))
		n++
		if way == "cut" {
			require.Empty(t, d.breaks(way))
		}
		d.asks(name)
		d.card(name + "@acme.example")
		if way != "cut" {
			require.Empty(t, d.breaks(way))
		}
		d.approved(name)
		d.counts(n)
	}
	d.asks("ann")
	require.Empty(t, d.breaks("vendor-down"))
	require.True(t, world.Waited(world.Patience, func() bool { // pressed until it counts
		d.presses("U0BOB", d.card("ann@acme.example"), "Approve")
		return demoSays[demo.Count](d, "/break/count").Promised == n+1
	}))
	c := demoSays[demo.Count](d, "/break/count")
	require.Equal(t, n, c.Done)
	require.Zero(t, c.Lost, c.Wrong)
	require.Empty(t, d.breaks("mend"))
	d.counts(n + 1)
}

// TestADiskThatIsFullInTheDemo: nothing is taken in while there's no room, also by a bot that is killed meanwhile, and all is well once
// there is.
func TestADiskThatIsFullInTheDemo(t *testing.T) {
	t.Parallel() // it mostly waits
	d := startDemo(t, "--addr", "127.0.0.1:0")
	d.asks("jane")
	card := d.card("jane@acme.example")
	if said := d.breaks("disk"); strings.Contains(said, "Only Linux") {
		t.Skip(said)
	}
	require.True(t, demoSays[demo.Break](d, "/break/state").Full)
	d.presses("U0BOB", card, "Approve")
	require.Contains(t, string(d.card("jane@acme.example").Blocks), "Approve", "nothing has come of it")
	response, err := http.Get(d.address + "/break/count")
	require.NoError(t, err)
	require.ErrorContains(t, world.DecodeControl(response, &demo.Count{}), "The bot's disk is full")
	bot := d.one(0)
	require.NoError(t, syscall.Kill(bot, syscall.SIGKILL))
	require.True(t, world.Waited(world.Patience, func() bool { return demoSays[demo.Break](d, "/break/state").Lived > 1 }), "another life, which ends soon for want of room")
	require.Empty(t, d.breaks("mend"))
	d.approved("jane")
	d.counts(1)
}

// TestTravelInTheDemo: the digest of Monday, what was given for a time and ends, and a change of clocks.
func TestTravelInTheDemo(t *testing.T) {
	t.Parallel() // it mostly waits
	d := startDemo(t, "--addr", "127.0.0.1:0")
	d.act("type", obj{"as": "U0ALICE", "channel": "C0GENERAL", "text": "/access create jane@acme.example Jane for=3d because she audits"})
	d.approved("jane")
	at := func() time.Time { return demoSays[demo.Break](d, "/break/state").Now }
	before := at()
	require.Empty(t, d.breaks("jump/end"))
	require.WithinDuration(t, before.Add(72*time.Hour), at(), time.Hour)
	require.True(t, world.Waited(world.Patience, func() bool {
		return strings.Contains(string(d.card("jane@acme.example").Blocks), "ended")
	}))
	london, err := time.LoadLocation("Europe/London")
	require.NoError(t, err)
	for i, to := range []string{"monday", "clocks"} {
		require.Empty(t, d.breaks("jump/"+to))
		local := at().In(london)
		require.Equal(t, "Mon 09:0", local.Format("Mon 15:04")[:8])
		require.True(t, world.Waited(world.Patience, func() bool { return len(d.messages("U0ADMIN", "C0REPORTS")) == i+1 }), "the digest of %s", to)
	}
	require.NotEqual(t, before.In(london).Format("MST"), at().In(london).Format("MST"))
	require.Empty(t, d.breaks("jump/week"))
	d.asks("joe")
	d.approved("joe")
	c := demoSays[demo.Count](d, "/break/count")
	require.Zero(t, c.Doubled+c.Lost, c.Wrong)
}
