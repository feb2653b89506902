package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/policy"
)

// conditions are policies that look at a request closely, one after the other, until the last takes whatever is left.
const conditions = `  - {name: none-outside, when: {for: external}, refuse: "Ask the agency's own admin."}
  - {name: small, actions: [create], when: {requester_in: [S0STAFF], cost_under: 50, seats_left_over: 2}, approve: auto}
  - {name: removals, actions: [delete], steps: [{approvers: [U0BOB, S0LEADS], need: 2}, {approvers: [owners]}]}
`

// policyPart decides requests that are over anew, under the policies as they are and under others.
func policyPart(ctx context.Context, b *bench) (m measured, err error) {
	n := min(100_000, b.waiting)
	s, err := b.replayed(ctx, n)
	if errors.Is(err, errElsewhere) {
		return absentRows(policyRows(n), err.Error()), nil
	}
	if err != nil {
		return m, err
	}
	one := s.each(n)
	b.say("  %d requests replayed in %v of processor, %.0f allocations and %.0f bytes a request", n, s.cpu.Round(time.Millisecond), one.allocs, one.bytes)
	m.rows = policyRows(n)
	m.rows[0].Cells = own(figure.Of(s.cpu.Seconds(), "%.1f s"))
	if n == 100_000 { // fewer say nothing of the goal
		m.rows[0] = m.rows[0].Judge(m.rows[0].Cells[usher].Text, s.cpu <= 5*time.Second, usher)
	}
	m.rows[1].Cells = own(figure.Of(one.allocs, "%.0f"))
	m.rows[2].Cells = own(figure.Of(one.bytes/1024, "%.1f kB"))
	return m, nil
}

func policyRows(n int) []figure.Row {
	return []figure.Row{{Key: "replay", What: figure.Short(float64(n)) + " requests replayed under other policies, processor time", Goal: "≤ 5 s, of 100k"},
		{Key: "replayallocs", What: "the same: allocations a request"}, {Key: "replaybytes", What: "the same: bytes allocated a request"}}
}

// own are the cells of a row that is about Usher alone.
func own(c figure.Cell) map[string]figure.Cell {
	return map[string]figure.Cell{usher: c, rival: {Text: "–"}, plain: {Text: "–"}}
}

// replayed is what usher policy replay takes for so many.
func (b *bench) replayed(ctx context.Context, n int) (s spent, err error) {
	dir, err := os.MkdirTemp(b.temp, "policy-")
	if err != nil {
		return s, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // it lies among what is temporary
	h, err := loaded(ctx, dir, n)
	if err == nil {
		err = h.Close()
	}
	if err != nil {
		return s, err
	}
	is := strings.Replace(fmt.Sprintf(settings, "http://127.0.0.1"), "dialect: unified\n", "dialect: unified\n    owners: [U0DAVE]\n    seats: 1000\n    price: {amount: 20, currency: USD}\n", 1)
	to := strings.Replace(is, "policies:\n", "policies:\n"+conditions, 1)
	files := []string{filepath.Join(dir, "is.yml"), filepath.Join(dir, "to.yml")}
	for i, text := range []string{is, to} {
		if err := os.WriteFile(files[i], []byte(text), 0o600); err != nil {
			return s, fmt.Errorf("write settings: %w", err)
		}
	}
	return spend(func() error {
		var out bytes.Buffer
		err := policy.Replay(ctx, policy.Past{Old: files[0], New: files[1], Data: control.Folder{Dir: h.dir}, Now: time.Now()}, &out)
		if out.Len() > 0 { // what would be asked differently is listed, and then told as an error
			return nil
		}
		return err
	})
}
