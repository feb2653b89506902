package process

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// demoProcess is a demo as somebody starts it, with its bot in a process beside it, driven as its page drives it.
type demoProcess struct {
	t         *testing.T
	cmd       *exec.Cmd
	over      chan struct{}
	out, errs *world.LockedBuffer
	address   string
}

// startDemo starts one and waits until it says where it is.
func startDemo(t *testing.T, args ...string) *demoProcess {
	t.Helper()
	d := beginDemo(t, args...)
	require.True(t, world.Waited(world.Patience, func() bool {
		d.address = regexp.MustCompile(`http://\S+`).FindString(d.out.String())
		return d.address != "" || d.ended()
	}))
	require.NotEmpty(t, d.address, "%s%s", d.out, d.errs)
	return d
}

// beginDemo starts one and waits for nothing.
func beginDemo(t *testing.T, args ...string) *demoProcess {
	t.Helper()
	d := &demoProcess{t: t, over: make(chan struct{}), out: &world.LockedBuffer{}, errs: &world.LockedBuffer{}}
	d.cmd = exec.Command(filepath.Join(buildPrograms(t), "usher"), append([]string{"demo"}, args...)...)
	scratch := t.TempDir()
	d.cmd.Env, d.cmd.Stdout, d.cmd.Stderr = []string{"HOME=" + scratch, "TMPDIR=" + scratch}, d.out, d.errs
	d.cmd.WaitDelay = 10 * time.Second // a bot that outlived it would hold these
	require.NoError(t, d.cmd.Start())
	go func() {
		_ = d.cmd.Wait() // its code tells
		close(d.over)
	}()
	t.Cleanup(func() {
		d.kill()
		if t.Failed() {
			t.Logf("the demo said:\n%s%s", d.out, d.errs)
		}
	})
	return d
}

func (d *demoProcess) ended() bool {
	select {
	case <-d.over:
		return true
	default:
		return false
	}
}

// kill ends the demo's process alone, as a power cut for it.
func (d *demoProcess) kill() {
	_ = d.cmd.Process.Kill() // it may have ended
	<-d.over
}

// stop asks it to end, and says with which code it did.
func (d *demoProcess) stop() int {
	d.t.Helper()
	require.NoError(d.t, d.cmd.Process.Signal(syscall.SIGTERM))
	return d.code()
}

// code waits for its end.
func (d *demoProcess) code() int {
	d.t.Helper()
	select {
	case <-d.over:
	case <-time.After(world.Patience):
		d.t.Fatal("it did not end")
	}
	return d.cmd.ProcessState.ExitCode()
}

// bots are the processes that it has begun and that live.
func (d *demoProcess) bots() (all []int) {
	d.t.Helper()
	if runtime.GOOS != "linux" {
		d.t.Skip("only Linux says whose child a process is")
	}
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", d.cmd.Process.Pid))
	require.NoError(d.t, err)
	for _, list := range lists {
		raw, _ := os.ReadFile(list) // a thread that has gone had none
		for _, word := range strings.Fields(string(raw)) {
			pid, err := strconv.Atoi(word)
			require.NoError(d.t, err)
			all = append(all, pid)
		}
	}
	return all
}

// gone reports whether a process has ended, even where nobody has asked yet what of.
func gone(pid int) bool {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(raw), ") Z ")
}

// one waits until there's exactly one that isn't another, and says which.
func (d *demoProcess) one(not int) (pid int) {
	d.t.Helper()
	require.True(d.t, world.Waited(world.Patience, func() bool {
		all := d.bots()
		if len(all) != 1 || all[0] == not {
			return false
		}
		pid = all[0]
		return true
	}), "one bot beside the demo")
	return pid
}

// messages are those of a channel as one person sees them, each as its blocks.
func (d *demoProcess) messages(who, channel string) (list []world.DemoMessage) {
	d.t.Helper()
	return world.DemoMessages(d.t, d.address, who, channel)
}

// card waits until exactly one message about something stands in the approvals channel.
func (d *demoProcess) card(about string) (found world.DemoMessage) {
	d.t.Helper()
	require.True(d.t, world.Waited(world.Patience, func() bool {
		n := 0
		for _, m := range d.messages("U0BOB", "C0APPROVE") {
			if strings.Contains(string(m.Blocks), about) {
				found = m
				n++
			}
		}
		require.LessOrEqual(d.t, n, 1, "cards about %s", about)
		return n == 1
	}), "a card about %s", about)
	return found
}

// act does something as somebody on the page, and says whether the page took it.
func (d *demoProcess) act(deed string, in obj) bool {
	d.t.Helper()
	raw, err := json.Marshal(in)
	require.NoError(d.t, err)
	response, err := http.Post(d.address+"/page/"+deed, "application/json", bytes.NewReader(raw))
	require.NoError(d.t, err)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(d.t, err)
	require.NoError(d.t, response.Body.Close())
	return response.StatusCode == http.StatusOK
}

// asks has Alice ask for a seat, again until there's a card: a bot that is being started hears nothing.
func (d *demoProcess) asks(name string) {
	d.t.Helper()
	text := "/access create " + name + "@acme.example " + name + " because they start"
	require.True(d.t, world.Waited(world.Patience, func() bool {
		for _, m := range d.messages("U0BOB", "C0APPROVE") {
			if strings.Contains(string(m.Blocks), name+"@acme.example") {
				return true
			}
		}
		d.act("type", obj{"as": "U0ALICE", "channel": "C0GENERAL", "text": text})
		return false
	}))
}

// presses presses a button of a card, and reports whether there was one.
func (d *demoProcess) presses(who string, card world.DemoMessage, label string) bool {
	d.t.Helper()
	in := pressOf(card, label)
	if in == nil {
		return false
	}
	in["as"] = who
	return d.act("click", in)
}

// pressOf is what names a button of a card; nil: it has none with that label.
func pressOf(card world.DemoMessage, label string) obj {
	var blocks []struct {
		BlockID  string `json:"block_id"`
		Elements []struct {
			ActionID string `json:"action_id"`
			Text     any    `json:"text"`
		}
	}
	if json.Unmarshal(card.Blocks, &blocks) != nil {
		return nil
	}
	for _, b := range blocks {
		for _, e := range b.Elements {
			if text, ok := e.Text.(map[string]any); ok && text["text"] == label {
				return obj{"channel": "C0APPROVE", "ts": card.TS, "block_id": b.BlockID, "action_id": e.ActionID}
			}
		}
	}
	return nil
}

// approved has Bob say yes, again while his yes isn't counted, until the card says that it's done.
func (d *demoProcess) approved(name string) {
	d.t.Helper()
	require.True(d.t, world.Waited(world.Patience, func() bool {
		card := d.card(name + "@acme.example")
		if strings.Contains(string(card.Blocks), "the account is there") {
			return true
		}
		d.presses("U0BOB", card, "Approve")
		return false
	}), "the account of %s", name)
}

// TestTheDemosBotIsAProcessOfItsOwn: killed, it's started again and goes on; killed with the demo it holds nobody up who starts another
// on the same folder; told to end, both end in order.
func TestTheDemosBotIsAProcessOfItsOwn(t *testing.T) {
	t.Parallel() // it mostly waits
	data := filepath.Join(t.TempDir(), "data")
	first := startDemo(t, "--addr", "127.0.0.1:0", "--data", data)
	first.asks("jane")
	bot := first.one(0)
	require.NoError(t, syscall.Kill(bot, syscall.SIGKILL))
	again := first.one(bot)
	first.approved("jane")
	first.asks("joe")
	first.card("joe@acme.example")
	first.kill()

	second := startDemo(t, "--addr", "127.0.0.1:0", "--data", data)
	require.True(t, gone(again), "it has ended with its demo")
	second.approved("joe")
	require.Len(t, second.messages("U0BOB", "C0APPROVE"), 1, "what was settled isn't shown again")
	bot = second.one(0)
	require.Equal(t, terminal.ExitDone, second.stop())
	require.True(t, gone(bot))
	require.Contains(t, second.errs.String(), `"msg"`, "the bot's log is the demo's")
	for line := range strings.Lines(second.errs.String()) {
		require.True(t, json.Valid([]byte(line)), line)
	}
}

// TestDemosInEachOthersWay: another takes another port and says so; one that can't begin says why in a sentence, and those that run notice
// nothing.
func TestDemosInEachOthersWay(t *testing.T) {
	t.Parallel() // it mostly waits
	data := filepath.Join(t.TempDir(), "data")
	first := startDemo(t, "--data", data)
	second := startDemo(t)
	require.NotEqual(t, first.address, second.address)
	require.Contains(t, second.out.String(), "Port 3000 is taken, perhaps by another demo, so this one is at the next that's free.\n")

	for what, args := range map[string][]string{
		"is another demo running? --addr takes another port": {"--addr", strings.TrimPrefix(first.address, "http://")},
		"another process has":                                {"--addr", "127.0.0.1:0", "--data", data},
	} {
		third := beginDemo(t, args...)
		require.Equal(t, terminal.ExitFailed, third.code())
		require.Empty(t, third.out.String())
		said := strings.TrimSpace(third.errs.String())
		last := said[strings.LastIndex(said, "\n")+1:]
		require.True(t, strings.HasPrefix(last, "usher: "), said)
		require.Contains(t, last, what)
		require.Equal(t, 1, strings.Count(said, "usher: "), said)
	}
	second.asks("jane")
	first.asks("joe")
}

// TestTheDemoIsNoOtherSites: neither under another site's name nor for a page of its.
func TestTheDemoIsNoOtherSites(t *testing.T) {
	t.Parallel() // it mostly waits
	d := startDemo(t, "--addr", "127.0.0.1:0")
	for _, row := range []struct {
		method, path, host, origin string
		code                       int
	}{
		{"GET", "/", "", "", http.StatusOK},
		{"GET", "/page/state?as=U0ALICE", "", d.address, http.StatusOK},
		{"GET", "/", "evil.example", "", http.StatusForbidden},
		{"GET", "/page/state?as=U0ALICE", "127.0.0.1.evil.example", "", http.StatusForbidden},
		{"GET", "/page/state?as=U0ALICE", "", "https://evil.example", http.StatusForbidden},
		{"GET", "/page/events", "", "null", http.StatusForbidden},
		{"POST", "/page/type", "", "https://evil.example", http.StatusForbidden},
		{"POST", "/api/auth.test?token=xoxb-slacksim", "", "https://evil.example", http.StatusForbidden},
		{"POST", "/api/auth.test?token=xoxb-slacksim", "", "", http.StatusOK},
	} {
		r, err := http.NewRequestWithContext(t.Context(), row.method, d.address+row.path, strings.NewReader("{}"))
		require.NoError(t, err)
		r.Host = row.host
		if row.origin != "" {
			r.Header.Set("Origin", row.origin)
		}
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, row.code, response.StatusCode, row)
	}
}
