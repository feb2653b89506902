package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/sim/slacksim"
)

func TestChosen(t *testing.T) {
	all, err := chosen(parts(), "")
	require.NoError(t, err)
	require.Equal(t, names(parts()), names(all))
	some, err := chosen(parts(), "life,ack")
	require.NoError(t, err)
	require.Equal(t, []string{"life", "ack"}, names(some))
	_, err = chosen(parts(), "ack,speed")
	require.ErrorContains(t, err, `there is no part "speed"`)
}

func TestFlags(t *testing.T) {
	b, err := read([]string{"-quick", "-only", "start"})
	require.NoError(t, err)
	require.True(t, b.quick)
	require.Equal(t, 1, b.rounds)
	require.Equal(t, []string{"start"}, names(b.parts))
}

func TestWhatAnAckSaid(t *testing.T) {
	l := &load{errors: map[string]int{}}
	l.took(slacksim.Outcome{Acked: true, Payload: json.RawMessage(`{"text":"Request *#12* sent"}`), After: 3e6}, true)
	l.took(slacksim.Outcome{Acked: true, Payload: json.RawMessage(`{"text":"I'm busy"}`), After: 1e6}, true)
	l.took(slacksim.Outcome{Error: "operation_timeout"}, true)
	l.took(slacksim.Outcome{Acked: true, Payload: json.RawMessage(`{"text":"#13"}`), After: 9e6}, false)
	require.Equal(t, []int{2, 1, 1}, []int{l.kept, l.busy, l.failed})
	require.Equal(t, []float64{3, 1}, l.acks, "those that warm it up don't count")
	require.Equal(t, map[string]int{"operation_timeout": 1}, l.errors)
	require.Equal(t, 3.0, l.p(99))
}

func TestCallsAreCountedOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calls")
	require.NoError(t, os.WriteFile(path, []byte(strings.Join([]string{
		`12 pwrite64(7, "x"..., 4096, 8192) = 4096`, `12 fdatasync(7 <unfinished ...>`, `13 pwrite64(8, "y", 1, 0) = 1`, `12 <... fdatasync resumed>) = 0`, `12 fsync(3) = 0`, `12 +++ exited with 0 +++`,
	}, "\n")), 0o600))
	w, err := calls(path)
	require.NoError(t, err)
	require.Equal(t, written{syncs: 2, writes: 2}, w)
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	b := &bench{rounds: 2, programs: []*program{{name: usher}, {name: rival, missing: "there is no Node 22.13 or later here"}, {name: plain}}}
	var order []string
	all, err := each(context.Background(), b, func(p *program) (float64, error) { order = append(order, p.name); return float64(len(order)), nil })
	require.NoError(t, err)
	require.Equal(t, []string{usher, plain, plain, usher}, order, "the second round begins with another")
	got := cells(b, all, func(v float64) float64 { return v }, "%.0f")
	require.Equal(t, figure.Absent("there is no Node 22.13 or later here"), got[rival])
	require.Equal(t, "1", got[usher].Text)
	text := figure.Table(programNames, programTitles, absentRows(commitRows(nil), "there is no strace here to count system calls").rows)
	require.Contains(t, text, "Usher: there is no strace here to count system calls")
	require.NotRegexp(t, `\| \d`, text, "no number where nothing was counted")
}

func TestThePageSaysWhatIsntReached(t *testing.T) {
	dir := t.TempDir()
	p, err := openPaper(dir)
	require.NoError(t, err)
	met := figure.Row{Key: "a", What: "one thing", Goal: "≤ 1", Cells: map[string]figure.Cell{usher: figure.Of(1, "%.0f")}, Share: "1", Met: "yes"}
	missed := figure.Row{Key: "b", What: "another", Goal: "≤ 2", Cells: map[string]figure.Cell{usher: figure.Of(3, "%.0f")}, Share: "3", Met: "no"}
	p.take("ack", measured{rows: []figure.Row{met, missed}, pictures: []figure.Picture{{File: "curve", Title: "A curve"}}}, "2026-11-30, rounds: 3")
	require.NoError(t, p.write(context.Background()))
	again, err := openPaper(dir)
	require.NoError(t, err)
	require.Equal(t, p.Parts, again.Parts, "the next run goes on from it")
	page, err := os.ReadFile(filepath.Join(dir, "performance.md"))
	require.NoError(t, err)
	require.Contains(t, string(page), "- **another**: 3, where the goal is ≤ 2.")
	require.NotContains(t, string(page), "- **one thing**")
	require.Contains(t, string(page), "![A curve](performance/curve.svg)")
	require.FileExists(t, filepath.Join(dir, "performance", "curve.svg"))
	require.Equal(t, map[string]string{"b": "because of the disk", "c": "so"}, sections("## b\nbecause\nof the disk\n\n## c\nso\n"))
}

// TestEveryReasonIsForARow: a reason whose row was renamed would be lost without a word.
func TestEveryReasonIsForARow(t *testing.T) {
	p, err := openPaper("../docs")
	require.NoError(t, err)
	known := map[string]bool{}
	for _, s := range p.Parts {
		for _, r := range s.Rows {
			known[r.Key] = true
		}
	}
	for key, why := range sections(reasons) {
		require.True(t, known[key], "%s", key)
		require.NotEmpty(t, why)
	}
}

// TestThePageIsOfItsFigures: nobody has written a number into it by hand.
func TestThePageIsOfItsFigures(t *testing.T) {
	p, err := openPaper("../docs")
	require.NoError(t, err)
	page, err := os.ReadFile("../docs/performance.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(page), "## The machine\n\n")
	require.True(t, found)
	machine, _, _ := strings.Cut(rest, "\n\nMeasured: ")
	require.Equal(t, p.page(machine), string(page))
}
