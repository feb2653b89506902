package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/bench/figure"
)

// part is one thing that is measured.
type part struct {
	name    string
	measure func(ctx context.Context, b *bench) (measured, error)
}

// measured is what came of a part.
type measured struct {
	rows     []figure.Row
	pictures []figure.Picture
}

// parts are all there are, in the order of the table.
func parts() []part {
	return []part{
		{"ack", ackPart}, {"life", lifePart}, {"commits", commitsPart}, {"memory", memoryPart}, {"start", startPart}, {"refresh", refreshPart}, {"growth", growthPart}, {"file", filePart}, {"digest", digestPart}, {"postgres", postgresPart}, {"policy", policyPart}, {"binary", binaryPart},
	}
}

func names(all []part) (list []string) {
	for _, p := range all {
		list = append(list, p.name)
	}
	return list
}

// chosen are the parts that are asked for, all where none is.
func chosen(all []part, only string) (some []part, err error) {
	if only == "" {
		return all, nil
	}
	for _, name := range strings.Split(only, ",") {
		i := slices.Index(names(all), name)
		if i < 0 {
			return nil, fmt.Errorf("there is no part %q; there are %s", name, strings.Join(names(all), ", "))
		}
		some = append(some, all[i])
	}
	return some, nil
}

// bench is one run.
type bench struct {
	out      io.Writer
	quick    bool
	rounds   int
	waiting  int
	limit    int
	node     string
	docs     string
	page     bool
	parts    []part
	temp     string
	programs []*program
}

// run measures what is asked for, and writes it down after each part, so that an end half-way leaves what was measured.
func (b *bench) run(ctx context.Context) (err error) {
	if b.page {
		p, err := openPaper(b.docs)
		if err != nil {
			return err
		}
		return p.write(ctx)
	}
	if b.temp, err = os.MkdirTemp("", "usher-bench-"); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(b.temp) }() // it lies among what is temporary
	if b.programs, err = b.build(ctx); err != nil {
		return err
	}
	p, err := openPaper(b.docs)
	if err != nil {
		return err
	}
	for _, one := range b.parts {
		began := time.Now()
		b.say("%s …", one.name)
		m, err := one.measure(ctx, b)
		if err != nil {
			return fmt.Errorf("measure %s: %w", one.name, err)
		}
		p.take(one.name, m, stamp(began, b.rounds))
		b.say("%s: %v\n%s", one.name, time.Since(began).Round(time.Second), figure.Table(programNames, programTitles, m.rows))
		if !b.quick {
			if err := p.write(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) say(format string, args ...any) { _, _ = fmt.Fprintf(b.out, format+"\n", args...) } // whoever listens has gone

// long is a time that is measured for, a fifth of it where it is to be quick.
func (b *bench) long(d time.Duration) time.Duration {
	if b.quick {
		return d / 5
	}
	return d
}

// each runs every program that is there in turn, so many rounds, and keeps what came of it by its name.
func each[T any](ctx context.Context, b *bench, do func(p *program) (T, error)) (map[string][]T, error) {
	all := map[string][]T{}
	for round := range b.rounds {
		for i := range b.programs {
			p := b.programs[(i+round)%len(b.programs)]
			if p.missing != "" {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			one, err := do(p)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			all[p.name] = append(all[p.name], one)
		}
	}
	return all, nil
}

// cells are the medians of a value for each program; one that isn't there says why.
func cells[T any](b *bench, all map[string][]T, value func(T) float64, format string) map[string]figure.Cell {
	out := map[string]figure.Cell{}
	for _, p := range b.programs {
		if p.missing != "" {
			out[p.name] = figure.Absent(p.missing)
			continue
		}
		var values []float64
		for _, one := range all[p.name] {
			values = append(values, value(one))
		}
		out[p.name] = figure.Of(figure.Median(values), format)
	}
	return out
}
