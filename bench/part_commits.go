package main

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/sim/slacksim"
)

// written is what a request had the system do.
type written struct {
	syncs, writes float64
	took          time.Duration // beside thought, the quickest of those that were counted
}

// thought is how long a lead looks at a card whose calls are counted.
const thought = time.Second

// none is more than anything that is counted.
func none() written { return written{syncs: math.Inf(1), writes: math.Inf(1), took: time.Hour} }

// least is the fewer of each.
func (w written) least(of written) written {
	return written{min(w.syncs, of.syncs), min(w.writes, of.writes), min(w.took, of.took)}
}

// commitsPart counts what a life of a request has the disk do, under strace.
func commitsPart(ctx context.Context, b *bench) (m measured, err error) {
	if _, err := exec.LookPath("strace"); err != nil {
		return absentRows(commitRows(nil), "there is no strace here to count system calls"), nil
	}
	once := *b
	once.rounds = 1 // counts are the same each time
	all, err := each(ctx, &once, func(p *program) (written, error) {
		w, _, err := b.traced(ctx, p, int(b.long(15*time.Second).Seconds()))
		return w, err
	})
	if err != nil {
		return m, err
	}
	syncs := cells(b, all, func(w written) float64 { return w.syncs }, "%.1f")
	writes := cells(b, all, func(w written) float64 { return w.writes }, "%.1f")
	m.rows = commitRows([]map[string]figure.Cell{syncs, writes})
	own := all[usher][0]
	m.rows[0] = m.rows[0].Judge(fmt.Sprintf("%.1f", own.syncs), own.syncs <= 8, usher)
	m.rows[1] = m.rows[1].Judge(fmt.Sprintf("%.1f", own.writes), own.writes <= 40, usher)
	return m, nil
}

func commitRows(all []map[string]figure.Cell) []figure.Row {
	rows := []figure.Row{{Key: "syncs", What: "fdatasync a request, from asking to told", Goal: "≤ 8"}, {Key: "writes", What: "pwrite a request", Goal: "≤ 40"}}
	for i, c := range all {
		rows[i].Cells = c
	}
	return rows
}

// absentRows are rows without any number.
func absentRows(rows []figure.Row, why string) measured {
	for i := range rows {
		rows[i].Cells = map[string]figure.Cell{}
		for _, name := range programNames {
			rows[i].Cells[name] = figure.Absent(why)
		}
	}
	return measured{rows: rows}
}

// traced takes requests through their lives one after the other, so that none shares a commit with another's: w is what
// one took, with what the program does by itself meanwhile, and quiet what the one took beside which it did least.
func (b *bench) traced(ctx context.Context, p *program, n int) (w, quiet written, err error) {
	t, err := newTown(askers, slacksim.Options{})
	if err != nil {
		return w, quiet, err
	}
	defer t.close()
	dir, err := os.MkdirTemp(b.temp, "trace-")
	if err != nil {
		return w, quiet, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // it lies among what is temporary
	seen := filepath.Join(dir, "calls")
	c, err := p.begin(ctx, t, dir, "strace", "-f", "-qq", "-e", "trace=fdatasync,fsync,pwrite64,pwritev", "-e", "signal=none", "-o", seen)
	if err != nil {
		return w, quiet, err
	}
	defer c.kill()
	if err := c.hears(t); err != nil {
		return w, quiet, err
	}
	var before, last written
	quiet = none()
	for i := range n + 2 {
		began := time.Now()
		if err := t.lives(c, thought); err != nil {
			return w, quiet, err
		}
		took := time.Since(began) - thought
		time.Sleep(2 * time.Second) // until it has written what it keeps of that
		now, err := calls(seen)
		if err != nil {
			return w, quiet, err
		}
		if i == 1 { // two have warmed it up
			before = now
		} else if i > 1 {
			quiet = quiet.least(written{now.syncs - last.syncs, now.writes - last.writes, took})
		}
		last = now
	}
	w = written{syncs: (last.syncs - before.syncs) / float64(n), writes: (last.writes - before.writes) / float64(n)}
	b.say("  %-5s %.1f fdatasync, %.1f pwrite; at least %.0f and %.0f", p.name, w.syncs, w.writes, quiet.syncs, quiet.writes)
	return w, quiet, err
}

// calls counts what strace has written down so far.
func calls(path string) (w written, err error) {
	f, err := os.Open(path)
	if err != nil {
		return w, fmt.Errorf("read what strace saw: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		w = w.with(lines.Text())
	}
	return w, lines.Err()
}

// with counts one line; a call that was interrupted has a second one, which is resumed.
func (w written) with(line string) written {
	switch {
	case strings.Contains(line, "resumed>"):
	case strings.Contains(line, "fdatasync("), strings.Contains(line, "fsync("):
		w.syncs++
	case strings.Contains(line, "pwrite64("), strings.Contains(line, "pwritev("):
		w.writes++
	}
	return w
}
