package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// child is one life of a program.
type child struct {
	*program
	cmd   *exec.Cmd
	began time.Time
	over  chan struct{}
	said  *tail
}

// tail keeps the end of what a program says.
type tail struct {
	mu   sync.Mutex
	last []byte
}

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, p...)
	t.last = bytes.Clone(t.last[max(len(t.last)-4096, 0):])
	return len(p), nil
}

func (t *tail) String() string { t.mu.Lock(); defer t.mu.Unlock(); return string(t.last) }

// begin starts a program in a town, on what a folder has, behind another program where one is named.
func (p *program) begin(ctx context.Context, t *town, dir string, behind ...string) (*child, error) {
	args, env, err := p.run(t, dir)
	if err != nil {
		return nil, err
	}
	line := append(append(append([]string{}, behind...), p.command...), args...)
	c := &child{program: p, over: make(chan struct{}), said: &tail{}}
	c.cmd = exec.CommandContext(ctx, line[0], line[1:]...)
	c.cmd.Env = append(env, "HOME="+dir, "PATH="+os.Getenv("PATH"))
	c.cmd.Stdout, c.cmd.Stderr = c.said, c.said
	c.cmd.Cancel = func() error { return signalled(c.cmd, syscall.SIGKILL) }
	grouped(c.cmd)
	c.began = time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("begin %s: %w", p.name, err)
	}
	go func() {
		_ = c.cmd.Wait() // how it ended is seen by who waits
		close(c.over)
	}()
	return c, nil
}

// hears waits until it has a connection to Slack.
func (c *child) hears(t *town) error {
	return c.until(time.Minute, "it is connected", func() bool { return t.slack.Connections() > 0 })
}

// until waits for something, and for no program that has ended.
func (c *child) until(most time.Duration, what string, ok func() bool) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(most); !ok(); {
		select {
		case <-tick.C:
			if time.Now().After(end) {
				return fmt.Errorf("waited %v in vain until %s: %s", most, what, c.said)
			}
		case <-c.over:
			return fmt.Errorf("it ended before %s: %s", what, c.said)
		}
	}
	return nil
}

// kill ends it as a power cut for it alone.
func (c *child) kill() {
	_ = signalled(c.cmd, syscall.SIGKILL) // it may have ended
	<-c.over
}

// stop ends it as an operator does.
func (c *child) stop() error {
	if err := signalled(c.cmd, syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", c.name, err)
	}
	select {
	case <-c.over:
	case <-time.After(20 * time.Second):
		c.kill()
	}
	return nil
}

// rests waits while nobody asks anything of it.
func (c *child) rests(d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-c.over:
		return fmt.Errorf("%s ended: %s", c.name, c.said)
	}
}

// live runs a program in a town, on a folder that is empty or filled, ends it, and then looks at what it left there.
func (b *bench) live(ctx context.Context, p *program, t *town, filled int, do func(c *child, dir string) error, then ...func(dir string) error) error {
	dir, err := os.MkdirTemp(b.temp, p.name+"-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // it lies among what is temporary
	if filled > 0 {
		if err := p.fill(ctx, dir, filled); err != nil {
			return err
		}
	}
	c, err := p.begin(ctx, t, dir)
	if err != nil {
		return err
	}
	defer c.kill()
	if err := c.hears(t); err != nil {
		return err
	}
	if err := do(c, dir); err != nil {
		return err
	}
	if err := c.stop(); err != nil {
		return err
	}
	for _, look := range then {
		if err := look(dir); err != nil {
			return err
		}
	}
	return nil
}
