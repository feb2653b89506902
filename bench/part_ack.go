package main

import (
	"context"
	"fmt"
	"time"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/sim/slacksim"
)

// askers are as many people as ask under load: each has a few requests that wait, as in a company.
const askers = 2000

// ackPart is how long a command waits until it is durable and acknowledged.
func ackPart(ctx context.Context, b *bench) (m measured, err error) {
	slow, err := b.loaded(ctx, 100)
	if err != nil {
		return m, err
	}
	fast, err := b.loaded(ctx, 1000)
	if err != nil {
		return m, err
	}
	p99 := func(l *load) float64 { return l.p(99) }
	low := figure.Row{Key: "ack100", What: "durable ack, 100 a second, p99", Goal: "≤ 1.3 of the plain loop", Cells: cells(b, slow, p99, "%.2f ms")}
	if q, ok := low.Ratio(usher, plain); ok {
		low = low.Judge(fmt.Sprintf("%.2f of the plain loop", q), q <= 1.3, usher, plain)
	}
	high := figure.Row{Key: "ack1000", What: "durable ack, 1,000 a second, p99", Goal: "≤ 0.2 of Bolt", Cells: cells(b, fast, p99, "%.2f ms")}
	if q, ok := high.Ratio(usher, rival); ok {
		high = high.Judge(fmt.Sprintf("%.2f of Bolt", q), q <= 0.2, usher, rival)
	}
	m.rows = []figure.Row{
		{Key: "ack100p50", What: "durable ack, 100 a second, p50", Cells: cells(b, slow, func(l *load) float64 { return l.p(50) }, "%.2f ms")}, low,
		{Key: "ack1000p50", What: "durable ack, 1,000 a second, p50", Cells: cells(b, fast, func(l *load) float64 { return l.p(50) }, "%.2f ms")}, high,
		{Key: "ack1000lost", What: "of 1,000 a second: said “busy”, or not acknowledged", Cells: cells(b, fast, func(l *load) float64 { return float64(l.busy + l.failed) }, "%.0f")},
	}
	m.pictures = []figure.Picture{tails("ack-100", "Durable ack, 100 a second", slow), tails("ack-1000", "Durable ack, 1,000 a second", fast)}
	return m, nil
}

// loaded runs each program under so many commands a second, and holds what it kept to what it says.
func (b *bench) loaded(ctx context.Context, rate int) (map[string][]*load, error) {
	return each(ctx, b, func(p *program) (l *load, err error) {
		t, err := newTown(askers, slacksim.Options{})
		if err != nil {
			return nil, err
		}
		defer t.close()
		err = b.live(ctx, p, t, 0, func(_ *child, _ string) error {
			l = t.offer(ctx, rate, b.long(5*time.Second), b.long(20*time.Second))
			return nil
		}, kept(ctx, p, func() int { return l.kept }))
		if err == nil {
			b.say("  %-5s %d/s: reached %.0f/s, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, kept %d, busy %d, failed %d %v", p.name, rate, l.reached, l.p(50), l.p(99), l.p(99.9), l.kept, l.busy, l.failed, l.errors)
		}
		return l, err
	})
}

// kept holds what a program has kept, once it has ended, to how many it said it kept.
func kept(ctx context.Context, p *program, said func() int) func(dir string) error {
	return func(dir string) error {
		n, err := p.count(ctx, dir)
		if err == nil && n < said() {
			err = fmt.Errorf("it said %d times that a request was kept, and there are %d", said(), n)
		}
		return err
	}
}

// tails draws what so many of a hundred acks took at most.
func tails(file, title string, all map[string][]*load) figure.Picture {
	pic := figure.Picture{File: file, Title: title, X: "percent of all acks", Y: "ms", LogY: true}
	for _, name := range programNames {
		c := figure.Curve{Name: programTitles[name]}
		for percent := 1.0; percent <= 100; percent++ {
			var rounds []float64
			for _, l := range all[name] {
				rounds = append(rounds, l.p(percent))
			}
			if len(rounds) > 0 {
				c.At = append(c.At, [2]float64{percent, figure.Median(rounds)})
			}
		}
		if len(c.At) > 0 {
			pic.All = append(pic.All, c)
		}
	}
	return pic
}
