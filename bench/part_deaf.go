package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/sim/slacksim"
)

// deafness is how long a program took to notice that a connection is half-open, and to be there again once Slack hands out connections
// again that didn't answer before, and the longest it heard nothing while its connections were recycled every two seconds; in seconds.
type deafness struct{ ghost, hung, recycled float64 }

// longest is how long anything is waited for; what takes longer counts as never.
const longest = 2 * time.Minute

// deafRows measures all three for each program.
func (b *bench) deafRows(ctx context.Context) ([]figure.Row, error) {
	all, err := each(ctx, b, func(p *program) (d deafness, err error) {
		for _, one := range []struct {
			into *float64
			of   func(t *town, c *child) (time.Duration, error)
		}{{&d.ghost, halfOpen}, {&d.hung, hungOpen}, {&d.recycled, func(t *town, _ *child) (time.Duration, error) { return t.silence(ctx, b.long(30*time.Second)), nil }}} {
			took, err := b.deaf(ctx, p, one.of)
			if err != nil {
				return d, err
			}
			*one.into = took.Seconds()
		}
		b.say("  %-5s half-open noticed after %.1f s, a hung open left after %.1f s, deaf for %.1f s at most while recycled", p.name, d.ghost, d.hung, d.recycled)
		return d, nil
	})
	if err != nil {
		return nil, err
	}
	row := func(key, what string, most float64, of func(deafness) float64) figure.Row {
		r := figure.Row{Key: key, What: what, Goal: fmt.Sprintf("≤ %.0f s", most), Cells: cells(b, all, of, "%.1f s")}
		for name, c := range r.Cells {
			if c.Value >= longest.Seconds() {
				r.Cells[name] = figure.Cell{Text: "never", Value: c.Value}
			}
		}
		return r.Judge(r.Cells[usher].Text, r.Cells[usher].Value <= most, usher)
	}
	return []figure.Row{row("halfopen", "a half-open connection: until there is another", 15, func(d deafness) float64 { return d.ghost }),
		row("hungopen", "`apps.connections.open` hung, and answers again: until there is a connection", 15, func(d deafness) float64 { return d.hung }),
		row("deaf", "recycled every two seconds: the longest that nobody heard", 3, func(d deafness) float64 { return d.recycled })}, nil
}

// deaf runs a program in a town for one of these.
func (b *bench) deaf(ctx context.Context, p *program, of func(t *town, c *child) (time.Duration, error)) (took time.Duration, err error) {
	t, err := newTown(askers, slacksim.Options{})
	if err != nil {
		return 0, err
	}
	defer t.close()
	err = b.live(ctx, p, t, 0, func(c *child, _ string) error {
		if d := t.ask().Wait(); !d.Acked { // it is up
			return fmt.Errorf("the first command: %s", d.Error)
		}
		took, err = of(t, c)
		return err
	})
	return took, err
}

// halfOpen makes a connection half-open. Slack goes on counting it, so one more says that the program has noticed.
func halfOpen(t *town, c *child) (time.Duration, error) {
	settled(t)
	before, began := t.slack.Connections(), time.Now()
	t.slack.Ghost()
	return waited(c, began, func() bool { return t.slack.Connections() > before })
}

// waited is how long it took until something is so, the longest that is waited for where it never was.
func waited(c *child, began time.Time, ok func() bool) (time.Duration, error) {
	err := c.until(longest, "it is so", ok)
	took := time.Since(began)
	if err != nil && took >= longest {
		return longest, nil
	}
	return took, err
}

// settled waits until a program has all the connections that it opens at its start.
func settled(t *town) {
	for had, since := t.slack.Connections(), time.Now(); time.Since(since) < 3*time.Second; {
		time.Sleep(10 * time.Millisecond)
		if now := t.slack.Connections(); now != had {
			had, since = now, time.Now()
		}
	}
}

// hungOpen cuts all connections while Slack accepts the call for a new one and never answers, for twenty-three seconds.
func hungOpen(t *town, c *child) (time.Duration, error) {
	settled(t)
	t.slack.Plan(slacksim.Fault{Method: "apps.connections.open", Kind: slacksim.Hang, Times: 1 << 20})
	t.slack.DropAll()
	time.Sleep(23 * time.Second)
	if n := t.slack.Connections(); n > 0 {
		return 0, fmt.Errorf("it has %d connections though none was handed out", n)
	}
	t.slack.ClearFaults()
	return waited(c, time.Now(), func() bool { return t.slack.Connections() > 0 })
}

// silence is the longest for which no command was heard, of twenty a second, while the oldest connection is recycled every two seconds.
func (t *town) silence(ctx context.Context, long time.Duration) time.Duration {
	const every = 50 * time.Millisecond
	heard := make(chan time.Time, 1+int(long/every)*2)
	var all sync.WaitGroup
	began := time.Now()
	tick, recycle := time.NewTicker(every), time.NewTicker(2*time.Second)
	defer tick.Stop()
	defer recycle.Stop()
	for ctx.Err() == nil && time.Since(began) < long {
		select {
		case <-recycle.C:
			t.slack.Refresh()
		case at := <-tick.C:
			d := t.ask()
			all.Go(func() {
				if d.Wait().Acked {
					heard <- at
				}
			})
		}
	}
	all.Wait()
	close(heard)
	times := []time.Time{began, began.Add(long)}
	for at := range heard {
		times = append(times, at)
	}
	slices.SortFunc(times, time.Time.Compare)
	most := time.Duration(0)
	for i, at := range times[1:] {
		most = max(most, at.Sub(times[i])-every)
	}
	return most
}
