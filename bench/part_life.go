package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/sim/slacksim"
)

// lifePart is what a life of a request costs the processors: one begins each second, which is as fast as cards may go up in one channel.
func lifePart(ctx context.Context, b *bench) (m measured, err error) {
	all, err := each(ctx, b, func(p *program) (float64, error) { return b.lifeCost(ctx, p, int(b.long(40*time.Second).Seconds())) })
	if err != nil {
		return m, err
	}
	cost := figure.Row{Key: "life", What: "processor time a request, from asking to told", Goal: "≤ 1/5 of Bolt, ≤ 1/2 of the plain loop", Cells: cells(b, all, func(ms float64) float64 { return ms }, "%.1f ms")}
	byBolt, ok := cost.Ratio(usher, rival)
	byPlain, floor := cost.Ratio(usher, plain)
	if ok && floor {
		cost = cost.Judge(fmt.Sprintf("%.2f of Bolt, %.2f of the plain loop", byBolt, byPlain), byBolt <= 0.2 && byPlain <= 0.5, usher, rival, plain)
	}
	rate := figure.Row{Key: "lifes", What: "requests a second of processor", Cells: cells(b, all, func(ms float64) float64 { return 1000 / ms }, "%.0f")}
	m.rows = []figure.Row{cost, rate}
	return m, nil
}

// lifeCost is how many milliseconds of processor one life takes, after two that warm up.
func (b *bench) lifeCost(ctx context.Context, p *program, n int) (ms float64, err error) {
	t, err := newTown(askers, slacksim.Options{})
	if err != nil {
		return 0, err
	}
	defer t.close()
	err = b.live(ctx, p, t, 0, func(c *child, _ string) error {
		for range 2 {
			if err := t.lives(c, 0); err != nil {
				return err
			}
		}
		before, err := c.cpu()
		if err != nil {
			return err
		}
		if err := t.livesEach(ctx, c, n, time.Second); err != nil {
			return err
		}
		after, err := c.cpu()
		ms = float64((after - before).Microseconds()) / 1000 / float64(n)
		return err
	})
	if err == nil {
		b.say("  %-5s %.2f ms of processor a request; against it: %s", p.name, ms, t.against())
	}
	return ms, err
}

// livesEach begins a life each so often, and waits for the last word of all.
func (t *town) livesEach(ctx context.Context, c *child, n int, every time.Duration) error {
	var all errgroup.Group
	tick := time.NewTicker(every)
	defer tick.Stop()
	for range n {
		all.Go(func() error { return t.lives(c, 500*time.Millisecond) })
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return all.Wait()
}
