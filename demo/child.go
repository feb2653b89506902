package demo

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
)

// The demo and its bot are two processes with two pipes between them. Down the first goes the Birth, and later perhaps the word to end in
// order; when it breaks off, the demo is gone, and the bot with it, at once: what it leaves is what a crash leaves. Up the second comes
// what there is to report.

// stopWord asks a bot to end in order.
const stopWord = "stop\n"

// bequest is a Birth as it goes down the pipe, which nobody else reads.
type bequest struct {
	Birth
	Database string `json:"database,omitempty"`
}

// report is what a bot has to say to its demo: that it is ready, or why it isn't.
type report struct {
	Ready  bool   `json:"ready,omitempty"`
	Failed string `json:"failed,omitempty"`
	Code   int    `json:"code,omitempty"`
}

// Child is the life of a bot as a process of its own, with in and out to the demo that has begun it. What it fails of is the demo's to say.
func Child(ctx context.Context, in io.Reader, out io.Writer, log *slog.Logger, own []config.AppConfig) error {
	heedless()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	from := bufio.NewReader(in)
	first, err := from.ReadBytes('\n')
	var said bequest
	if err := errors.Join(err, json.Unmarshal(first, &said)); err != nil {
		return fmt.Errorf("read what the demo says (it's `usher demo` that starts this): %w", err)
	}
	b := said.Birth
	b.Database = apiclient.Secret(said.Database)
	go func() {
		if said, _ := from.ReadString('\n'); said != stopWord {
			os.Exit(terminal.ExitFailed) // nobody is there who could be told
		}
		stop()
		_, _ = io.Copy(io.Discard, from) // it ends as above
		os.Exit(terminal.ExitFailed)
	}()
	up := json.NewEncoder(out)
	err = b.live(ctx, own, log, func() { _ = up.Encode(report{Ready: true}) }) // a demo that doesn't hear it is gone
	if err == nil || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	code := terminal.ExitFailed
	if e, ok := errors.AsType[*terminal.Error](err); ok {
		code = e.Code
	}
	return up.Encode(report{Failed: err.Error(), Code: code})
}

// Program begins lives as processes: its path and what it takes, and where the bot's log goes.
type Program struct {
	Path string
	Args []string
	Log  io.Writer
}

// Begin begins one. It ends when this process does, however that ends.
func (p Program) Begin(b Birth) (Life, error) {
	raw, err := json.Marshal(bequest{b, b.Database.Reveal()})
	if err != nil {
		return nil, fmt.Errorf("write down what the bot begins with: %w", err)
	}
	c := &child{cmd: exec.Command(p.Path, p.Args...), ready: make(chan struct{}), over: make(chan struct{})}
	c.cmd.Stderr, c.cmd.SysProcAttr = p.Log, tied()
	if c.down, err = c.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("make a pipe to the bot: %w", err)
	}
	up, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe from the bot: %w", err)
	}
	began := make(chan error)
	go c.run(up, began)
	if err := <-began; err != nil {
		return nil, fmt.Errorf("start the bot: %w", err)
	}
	c.say(string(raw) + "\n")
	return c, nil
}

// child is a life in a process of its own.
type child struct {
	cmd         *exec.Cmd
	ready, over chan struct{}
	err         error // once over is closed

	mu   sync.Mutex // guards the pipe
	down io.WriteCloser
}

// run is its whole life. Where a process is tied to its parent it is so to the thread that has begun it, which therefore stays.
func (c *child) run(up io.Reader, began chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := c.cmd.Start()
	began <- err
	if err != nil {
		return
	}
	defer close(c.over)
	var last report
	for from := json.NewDecoder(up); ; {
		var r report
		if from.Decode(&r) != nil {
			break // it has ended, or will
		}
		if r.Ready {
			close(c.ready)
		} else {
			last = r
		}
	}
	err = c.cmd.Wait()
	c.err = c.outcome(last, err)
}

// outcome is what it ended of.
func (c *child) outcome(last report, ended error) error {
	switch {
	case last.Code == terminal.ExitFailed:
		return errors.New(last.Failed)
	case last.Code != 0:
		return &terminal.Error{Code: last.Code, Lines: strings.Split(last.Failed, "\n")}
	case ended != nil:
		return fmt.Errorf("the bot's process ended: %w", ended)
	}
	return nil
}

func (c *child) Ready() <-chan struct{} { return c.ready }
func (c *child) Over() <-chan struct{}  { return c.over }
func (c *child) Err() error             { return c.err }
func (c *child) Process() int           { return c.cmd.Process.Pid }
func (c *child) Stop()                  { c.say(stopWord) }
func (c *child) Kill()                  { _ = c.cmd.Process.Kill() } // it may have ended already

// say sends a word down. A bot that has ended needs none.
func (c *child) say(word string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = io.WriteString(c.down, word)
}
