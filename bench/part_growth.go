package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/usherbot/usher/bench/figure"
)

// repeats is over how many of each it is counted, and walked up to how many requests what goes through all of them is.
const repeats, walked = 32, 100_000

// grown is what each took where there were so many requests: the first three are a request asked, approved and carried out.
type grown struct {
	n                           int
	ask, click, deed            spent
	askPages, clickPages        float64 // for one commit
	mine, home, who, all, sweep spent   // all and sweep for one account
}

// growthPart has the same done in files with ever more requests that are over.
func growthPart(ctx context.Context, b *bench) (m measured, err error) {
	var sizes []int
	for n := 100; n <= b.limit && (n <= 1000 || !b.quick); n *= 10 {
		sizes = append(sizes, n)
	}
	all, err := b.grow(ctx, sizes)
	if errors.Is(err, errElsewhere) {
		return absentRows(growthRows(sizes), err.Error()), nil
	}
	if err != nil {
		return m, err
	}
	return measured{growthFigures(sizes, all), []figure.Picture{growthPages(all), growthAllocs(all)}}, nil
}

// growthRows are the rows, without figures.
func growthRows(sizes []int) []figure.Row {
	to := fmt.Sprintf("%s → %s requests: ", figure.Short(float64(sizes[0])), figure.Short(float64(sizes[len(sizes)-1])))
	row := func(key, what, goal string) figure.Row { return figure.Row{Key: key, What: to + what, Goal: goal} }
	return []figure.Row{row("growask", "pages a commit, asked", "≤ +4"), row("growclick", "pages a commit, approved", "≤ +4"),
		row("growaskallocs", "allocations of one asked", "≤ 1.25 times"), row("growclickallocs", "allocations of one approved", "≤ 1.25 times"),
		row("growaskbytes", "bytes allocated for one asked", "≤ 1.25 times"), row("growclickbytes", "bytes allocated for one approved", "≤ 1.25 times"),
		row("growdeed", "allocations of noting one carried out", "≤ 1.25 times"), row("growmine", "allocations of `/access status`", "flat"), row("growhome", "allocations of a Home", "flat"), row("growwho", "allocations of `/access who`", "flat"),
		row("growregister", "allocations of `/access who app=`, an account", "flat"), row("growsweep", "allocations of a sweep, an account", "flat")}
}

// growthFigures says of each what it was in the smallest file and in the largest. What is to be flat may grow as a request may.
func growthFigures(sizes []int, all []grown) []figure.Row {
	rows, a, z := growthRows(sizes), all[0], all[len(all)-1]
	w := z // what goes through all
	for _, g := range all {
		if g.n <= walked {
			w = g
		}
	}
	for i, of := range [][2]float64{{a.askPages, z.askPages}, {a.clickPages, z.clickPages}} {
		rows[i].Cells = own(figure.Of(of[1]-of[0], "%+.1f (%.1f → %.1f)", of[0], of[1]))
		rows[i] = rows[i].Judge(fmt.Sprintf("%+.1f", of[1]-of[0]), of[1]-of[0] <= 4, usher)
	}
	for i, of := range [][2]float64{{a.ask.allocs, z.ask.allocs}, {a.click.allocs, z.click.allocs}, {a.ask.bytes, z.ask.bytes}, {a.click.bytes, z.click.bytes},
		{a.deed.allocs, z.deed.allocs}, {a.mine.allocs, z.mine.allocs}, {a.home.allocs, z.home.allocs}, {a.who.allocs, w.who.allocs}, {a.all.allocs, w.all.allocs}, {a.sweep.allocs, w.sweep.allocs}} {
		times := of[1] / of[0]
		rows[i+2].Cells = own(figure.Of(times, "%.2f times (%.0f → %.0f)", of[0], of[1]))
		rows[i+2] = rows[i+2].Judge(fmt.Sprintf("%.2f times", times), times <= 1.25, usher)
	}
	return rows
}

// grow counts in a file of each size.
func (b *bench) grow(ctx context.Context, sizes []int) (all []grown, err error) {
	for _, n := range sizes {
		began := time.Now()
		g, err := b.grownTo(ctx, n)
		if err != nil {
			return nil, err
		}
		b.say("  %7d requests: pages a commit %.1f and %.1f, allocations %.0f, %.0f and %.0f, status %.0f, Home %.0f, who %.0f, an account of the app %.1f, of a sweep %.1f (%v)", n, g.askPages, g.clickPages,
			g.ask.allocs, g.click.allocs, g.deed.allocs, g.mine.allocs, g.home.allocs, g.who.allocs, g.all.allocs, g.sweep.allocs, time.Since(began).Round(time.Second))
		all = append(all, g)
	}
	return all, nil
}

func (b *bench) grownTo(ctx context.Context, n int) (g grown, err error) {
	dir, err := os.MkdirTemp(b.temp, "growth-")
	if err != nil {
		return g, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // it lies among what is temporary
	h, err := loaded(ctx, dir, n)
	if err != nil {
		return g, err
	}
	g, err = newHousehold(h).counted(ctx, n)
	return g, errors.Join(err, h.Close())
}

// counted does each so many times.
func (h *household) counted(ctx context.Context, n int) (g grown, err error) {
	if err := h.asks(ctx, &g); err != nil { // the pages of a file that was made anew are full
		return g, err
	}
	if err := h.asks(ctx, &g); err != nil {
		return g, err
	}
	times := func(k int, do func() error) (s spent) {
		if err != nil {
			return s
		}
		if err = do(); err == nil { // the first one learns things
			s, err = spend(func() error { return again(k, func(int) error { return do() }) })
		}
		return s.each(k)
	}
	g.n = n
	g.mine = times(repeats, func() error { return h.types(ctx, person(3), "status") })
	g.home = times(repeats, func() error { return h.home(ctx, person(3)) })
	if n <= walked {
		g.sweep = times(1, func() error { return h.sweep(ctx) }).each(h.n)
		g.all = times(1, func() error { return h.types(ctx, "U0ADMIN", "who app=seranking") }).each(h.n)
		g.who = times(1, func() error { return h.types(ctx, person(3), "who") })
	}
	return g, err
}

// again does something k times, until it fails.
func again(k int, do func(i int) error) error {
	for i := range k {
		if err := do(i); err != nil {
			return err
		}
	}
	return nil
}

// asks has some asked, approved and carried out, and counts.
func (h *household) asks(ctx context.Context, g *grown) (err error) {
	from, numbers := h.n, make([]int64, repeats)
	step := func(do func(i int) error) (s spent, pages float64) {
		if err != nil {
			return s, 0
		}
		before := h.commits.Load()
		s, err = spend(func() error { return again(repeats, do) })
		return s.each(repeats), s.pages / float64(h.commits.Load()-before)
	}
	g.ask, g.askPages = step(func(i int) error {
		r, err := h.ask(ctx, from+i)
		numbers[i] = r.Number
		return err
	})
	g.click, g.clickPages = step(func(i int) error { return h.vote(ctx, numbers[i], true) })
	g.deed, _ = step(func(i int) error { _, err := h.carry(ctx, numbers[i]); return err })
	return err
}

func growthPages(all []grown) figure.Picture {
	pic := figure.Picture{File: "growth-pages", Title: "Pages a commit", X: "requests there are", Y: "pages", LogX: true}
	pic.All = []figure.Curve{curveOf("asked", all, func(g grown) float64 { return g.askPages }), curveOf("approved", all, func(g grown) float64 { return g.clickPages })}
	return pic
}

func growthAllocs(all []grown) figure.Picture {
	pic := figure.Picture{File: "growth-allocations", Title: "Allocations", X: "requests there are", Y: "allocations", LogX: true, LogY: true}
	pic.All = []figure.Curve{curveOf("asked", all, func(g grown) float64 { return g.ask.allocs }), curveOf("approved", all, func(g grown) float64 { return g.click.allocs }),
		curveOf("status", all, func(g grown) float64 { return g.mine.allocs }), curveOf("Home", all, func(g grown) float64 { return g.home.allocs }), curveOf("who", all, func(g grown) float64 { return g.who.allocs })}
	return pic
}

// curveOf is a value at each size at which it was counted.
func curveOf(name string, all []grown, value func(grown) float64) figure.Curve {
	c := figure.Curve{Name: name}
	for _, g := range all {
		if v := value(g); v > 0 {
			c.At = append(c.At, [2]float64{float64(g.n), v})
		}
	}
	return c
}
