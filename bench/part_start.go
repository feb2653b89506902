package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/sim/slacksim"
)

// begun is how a start went: how long until the first durable ack, in milliseconds, and how many megabytes were read until then.
type begun struct{ ms, mb float64 }

// startPart starts each on a file with many requests that wait, of which the system has nothing in memory.
func startPart(ctx context.Context, b *bench) (m measured, err error) {
	many, most := b.waiting, b.limit
	some, err := b.starts(ctx, many)
	if err != nil {
		return m, err
	}
	killed, err := b.starts(ctx, most)
	if err != nil {
		return m, err
	}
	took := func(s begun) float64 { return s.ms }
	first := figure.Row{Key: "start", What: fmt.Sprintf("exec to first durable ack, %s requests waiting", figure.Short(float64(many))), Goal: "≤ 0.1 of Bolt, with 100k", Cells: cells(b, some, took, "%.0f ms")}
	if q, ok := first.Ratio(usher, rival); ok && many >= 100_000 { // with fewer it says nothing of the goal
		first = first.Judge(fmt.Sprintf("%.2f of Bolt", q), q <= 0.1, usher, rival)
	}
	again := figure.Row{Key: "restart", What: fmt.Sprintf("SIGKILL to first ack, %s requests waiting", figure.Short(float64(most))), Goal: "≤ 1 s, with 1M", Cells: cells(b, killed, took, "%.0f ms")}
	read := figure.Row{Key: "read", What: "read from the disk until then", Goal: "≤ 4 MB, with 1M", Cells: cells(b, killed, func(s begun) float64 { return s.mb }, "%.1f MB")}
	if most >= 1_000_000 {
		again = again.Judge(again.Cells[usher].Text, again.Cells[usher].Value <= 1000, usher)
		read = read.Judge(read.Cells[usher].Text, read.Cells[usher].Value <= 4, usher)
	}
	m.rows = []figure.Row{first, again, read}
	return m, nil
}

// starts fills a folder for each program, and starts it there again and again, each life ended by SIGKILL.
func (b *bench) starts(ctx context.Context, n int) (map[string][]begun, error) {
	dirs := map[string]string{}
	for _, p := range b.programs {
		if p.missing != "" {
			continue
		}
		dir, err := os.MkdirTemp(b.temp, p.name+"-")
		if err != nil {
			return nil, fmt.Errorf("make a folder: %w", err)
		}
		defer func() { _ = os.RemoveAll(dir) }() // it lies among what is temporary
		began := time.Now()
		if err := p.fill(ctx, dir, n); err != nil {
			return nil, err
		}
		if there, err := p.count(ctx, dir); err != nil || there != n {
			return nil, fmt.Errorf("%s has %d requests of %d: %w", p.name, there, n, err)
		}
		dirs[p.name] = dir
		b.say("  %-5s has %d requests after %v", p.name, n, time.Since(began).Round(time.Second))
	}
	return each(ctx, b, func(p *program) (begun, error) {
		s, err := b.starting(ctx, p, dirs[p.name])
		if err == nil {
			b.say("  %-5s first ack after %.0f ms, %.1f MB read", p.name, s.ms, s.mb)
		}
		return s, err
	})
}

// starting starts a program in a folder, and asks as soon as it hears.
func (b *bench) starting(ctx context.Context, p *program, dir string) (s begun, err error) {
	t, err := newTown(askers, slacksim.Options{Seed: uint64(time.Now().UnixNano())})
	if err != nil {
		return s, err
	}
	defer t.close()
	t.next.Store(time.Now().UnixNano() / 1e6 % 1e9) // nobody has asked for these before
	files, err := filepath.Glob(filepath.Join(dir, "*.db*"))
	if err != nil {
		return s, fmt.Errorf("look for its files: %w", err)
	}
	for _, file := range files {
		if err := forget(file); err != nil {
			return s, err
		}
	}
	c, err := p.begin(ctx, t, dir)
	if err != nil {
		return s, err
	}
	defer c.kill()
	if err := c.hears(t); err != nil {
		return s, err
	}
	o := t.ask().Wait()
	s.ms = float64(time.Since(c.began)) / float64(time.Millisecond)
	if !numbered.Match(o.Payload) {
		return s, fmt.Errorf("the first command was not kept: %s %s", o.Error, o.Payload)
	}
	read, err := c.read()
	s.mb = read / megabyte
	for p.rests != nil && err == nil && !p.rests(dir) { // what it has read until then is told above
		select {
		case <-ctx.Done():
			return s, ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return s, err
}
