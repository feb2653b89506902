package main

import (
	"cmp"
	"context"
	"debug/elf"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/usherbot/usher/bench/figure"
)

// binaryPart is how large the program is, stripped, and what in it is whose.
func binaryPart(ctx context.Context, b *bench) (m measured, err error) {
	const pkg = "github.com/usherbot/usher"
	bare, whole := filepath.Join(b.temp, "bare"), filepath.Join(b.temp, "whole")
	for out, flags := range map[string]string{bare: "-s -w", whole: ""} {
		if said, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags="+flags, "-o", out, pkg).CombinedOutput(); err != nil {
			return m, fmt.Errorf("build %s: %w: %s", pkg, err, said)
		}
	}
	info, err := os.Stat(bare)
	if err != nil {
		return m, fmt.Errorf("look at what was built: %w", err)
	}
	symbols, err := exec.CommandContext(ctx, "go", "tool", "nm", "-size", whole).Output()
	if err != nil {
		return m, fmt.Errorf("list its symbols: %w", err)
	}
	only := func(key, what string, bytes float64, goal string) figure.Row {
		r := figure.Row{Key: key, What: what, Goal: goal, Cells: map[string]figure.Cell{usher: figure.Of(bytes/megabyte, "%.1f MB")}}
		for _, name := range []string{rival, plain} {
			r.Cells[name] = figure.Cell{Text: "–"}
		}
		return r
	}
	m.rows = append(m.rows, only("binary", "the program, stripped", float64(info.Size()), ""))
	sizes := sizesOf(string(symbols), reserved(whole))
	rest := float64(info.Size())
	for _, size := range sizes {
		rest -= size
	}
	m.rows = append(m.rows, only("binary tables", "of it: the linker's tables of functions and their lines", rest, ""))
	largest := slices.SortedFunc(maps.Keys(sizes), func(a, b string) int { return cmp.Compare(sizes[b], sizes[a]) })
	for _, name := range largest[:min(8, len(largest))] {
		r := only("binary "+name, "of it: `"+name+"`", sizes[name], "")
		if strings.Contains(name, ".") && name != pkg {
			r.Goal = "≤ 5 MB a dependency"
			r = r.Judge(r.Cells[usher].Text, sizes[name] <= 5*megabyte, usher)
		}
		m.rows = append(m.rows, r)
	}
	return m, nil
}

// span is where something lies in memory, from one address to another.
type span struct{ from, to uint64 }

// reserved are the parts of a program's memory of which its file has nothing, which nm lists as data all the same. Of a file that isn't ELF
// none are known.
func reserved(path string) (spans []span) {
	f, err := elf.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }() // it was only read
	for _, s := range f.Sections {
		if s.Type == elf.SHT_NOBITS {
			spans = append(spans, span{s.Addr, s.Addr + s.Size})
		}
	}
	return spans
}

// sizesOf sums up what symbols take, by the module they are of: ADDRESS SIZE TYPE NAME a line. What is only reserved, not in the file, isn't
// counted.
func sizesOf(symbols string, reserved []span) map[string]float64 {
	all := map[string]float64{}
	for line := range strings.Lines(symbols) {
		f := strings.Fields(line)
		if len(f) < 4 || strings.EqualFold(f[2], "b") || f[2] == "U" {
			continue
		}
		at, _ := strconv.ParseUint(f[0], 16, 64)
		if slices.ContainsFunc(reserved, func(s span) bool { return s.from <= at && at < s.to }) {
			continue
		}
		if size, err := strconv.ParseFloat(f[1], 64); err == nil {
			all[moduleOf(f[3])] += size
		}
	}
	return all
}

// moduleOf is whose a symbol is: the first parts of its path where it begins with a host, or the standard library.
func moduleOf(symbol string) string {
	symbol = strings.TrimPrefix(strings.TrimPrefix(symbol, "type:"), "go:itab.")
	symbol = strings.TrimLeft(symbol, ".*[]")
	host, _, found := strings.Cut(symbol, "/")
	if !found || !strings.Contains(host, ".") || strings.ContainsAny(host, " (:") {
		return "Go and its library"
	}
	parts := strings.SplitN(symbol, "/", 4)
	most := 3
	if host != "github.com" {
		most = 2
	}
	last := parts[min(len(parts), most)-1]
	last, _, _ = strings.Cut(last, ".(")
	if len(parts) <= most {
		last, _, _ = strings.Cut(last, ".")
	}
	return strings.Join(append(slices.Clone(parts[:min(len(parts), most)-1]), last), "/")
}
