package main

import (
	"context"
	"fmt"
	"time"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/sim/slacksim"
)

const megabyte = 1 << 20

// sizes are what a program has resident, in megabytes: at rest, the most at 1,000 a second, and the most at 4,000.
type sizes struct {
	idle, own, busy, busyOwn, flood, floodOwn float64
	flooded                                   *load
}

// memoryPart is what each needs: at rest, under load, and in four times as much.
func memoryPart(ctx context.Context, b *bench) (m measured, err error) {
	all, err := each(ctx, b, func(p *program) (s sizes, err error) {
		if err = b.resident(ctx, p, &s); err == nil {
			s.flooded, s.flood, s.floodOwn, err = b.most(ctx, p, 4000)
		}
		if err == nil {
			_, s.busy, s.busyOwn, err = b.most(ctx, p, 1000)
		}
		if err == nil {
			b.say("  %-5s idle %.1f MB (%.1f its own), 1,000/s %.1f MB (%.1f), 4,000/s %.1f MB (%.1f): reached %.0f/s, kept %d, busy %d, failed %v", p.name, s.idle, s.own, s.busy, s.busyOwn, s.flood, s.floodOwn, s.flooded.reached, s.flooded.kept, s.flooded.busy, s.flooded.errors)
		}
		return s, err
	})
	if err != nil {
		return m, err
	}
	row := func(key, what string, most float64, of func(sizes) float64) figure.Row {
		r := figure.Row{Key: key, What: what, Goal: fmt.Sprintf("≤ %.0f MB", most), Cells: cells(b, all, of, "%.1f MB")}
		return r.Judge(r.Cells[usher].Text, r.Cells[usher].Value <= most, usher)
	}
	unheard := figure.Row{Key: "flooded", What: "of 4,000 a second: not acknowledged", Goal: "0", Cells: cells(b, all, func(s sizes) float64 { return float64(s.flooded.failed) }, "%.0f")}
	m.rows = []figure.Row{
		row("idle", "memory at rest", 24, func(s sizes) float64 { return s.idle }),
		row("busy", "the most at 1,000 a second", 36, func(s sizes) float64 { return s.busy }),
		{Key: "busyown", What: "of it, when the load ended, neither of the program's file nor of the database's", Cells: cells(b, all, func(s sizes) float64 { return s.busyOwn }, "%.1f MB")},
		row("flood", "the most at 4,000 a second", 64, func(s sizes) float64 { return s.flood }),
		{Key: "floodown", What: "of it, when the load ended, neither of the program's file nor of the database's", Cells: cells(b, all, func(s sizes) float64 { return s.floodOwn }, "%.1f MB")},
		{Key: "floodkept", What: "of 4,000 a second: kept each second", Cells: cells(b, all, func(s sizes) float64 { return float64(s.flooded.kept) / b.long(flooding).Seconds() }, "%.0f")},
		{Key: "floodbusy", What: "of 4,000 a second: told “busy”", Cells: cells(b, all, func(s sizes) float64 { return float64(s.flooded.busy) }, "%.0f")},
		unheard.Judge(unheard.Cells[usher].Text, unheard.Cells[usher].Value == 0, usher),
	}
	return m, nil
}

// resident looks at a program at rest.
func (b *bench) resident(ctx context.Context, p *program, s *sizes) error {
	t, err := newTown(askers, slacksim.Options{})
	if err != nil {
		return err
	}
	defer t.close()
	return b.live(ctx, p, t, 0, func(c *child, _ string) error {
		if err := c.rests(b.long(15 * time.Second)); err != nil {
			return err
		}
		now, own, _, err := c.memory()
		s.idle, s.own = now/megabyte, own/megabyte
		return err
	})
}

// flooding is for how long.
const flooding = 20 * time.Second

// most is the most that a program had resident under so many commands a second, what of it was its own at the end, and what came of them.
func (b *bench) most(ctx context.Context, p *program, rate int) (l *load, mb, own float64, err error) {
	t, err := newTown(askers, slacksim.Options{})
	if err != nil {
		return nil, 0, 0, err
	}
	defer t.close()
	err = b.live(ctx, p, t, 0, func(c *child, _ string) error {
		l = t.offer(ctx, rate, 0, b.long(flooding))
		_, anon, most, err := c.memory()
		mb, own = most/megabyte, anon/megabyte
		return err
	}, kept(ctx, p, func() int { return l.kept }))
	return l, mb, own, err
}
