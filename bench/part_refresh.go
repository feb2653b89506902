package main

import (
	"context"
	"fmt"
	"time"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/sim/slacksim"
)

// refreshPart recycles the connections of each program while a thousand commands a second come, as Slack does every few hours.
func refreshPart(ctx context.Context, b *bench) (m measured, err error) {
	all, err := each(ctx, b, func(p *program) (l *load, err error) {
		t, err := newTown(askers, slacksim.Options{})
		if err != nil {
			return nil, err
		}
		defer t.close()
		err = b.live(ctx, p, t, 0, func(c *child, _ string) error {
			// It happens to programs that have long been up, and have all the connections they keep.
			if err := c.rests(b.long(5 * time.Second)); err != nil {
				return err
			}
			l = t.recycled(ctx, 1000, b.long(30*time.Second))
			return nil
		}, kept(ctx, p, func() int { return l.kept }))
		if err == nil {
			b.say("  %-5s kept %d, busy %d, failed %d %v", p.name, l.kept, l.busy, l.failed, l.errors)
		}
		return l, err
	})
	if err != nil {
		return m, err
	}
	deaf := figure.Row{Key: "refresh", What: "recycled every two seconds at 1,000 a second: nobody heard it", Goal: "0",
		Cells: cells(b, all, func(l *load) float64 { return float64(l.errors["dispatch_failed"]) }, "%.0f")}
	late := figure.Row{Key: "refreshlate", What: "the same: not acknowledged within 3 s", Cells: cells(b, all, func(l *load) float64 { return float64(l.errors["operation_timeout"]) }, "%.0f")}
	m.rows = []figure.Row{deaf.Judge(fmt.Sprintf("%.0f", deaf.Cells[usher].Value), deaf.Cells[usher].Value == 0, usher), late}
	more, err := b.deafRows(ctx)
	m.rows = append(m.rows, more...)
	return m, err
}

// recycled offers a load while the oldest connection is recycled every two seconds.
func (t *town) recycled(ctx context.Context, rate int, long time.Duration) *load {
	over := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(2 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				t.slack.Refresh()
			case <-over:
				return
			}
		}
	}()
	l := t.offer(ctx, rate, 0, long)
	close(over)
	<-done
	return l
}
