package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/bench/figure"
)

// paper is all that was measured, by part; what isn't measured anew stays as it was.
type paper struct {
	dir   string
	Parts map[string]sheet `json:"parts"`
}

// sheet is what one part came to.
type sheet struct {
	Rows     []figure.Row     `json:"rows"`
	Pictures []figure.Picture `json:"pictures,omitempty"`
	Stamp    string           `json:"stamp"`
}

// stamp says when a part was measured, how often, and how much the machine had to do by its own reckoning.
func stamp(at time.Time, rounds int) string {
	return fmt.Sprintf("%s, rounds: %d%s", at.UTC().Format("2006-01-02 15:04 UTC"), rounds, in("/proc/loadavg", `^(\S+)`, ", load %s"))
}

func (p *paper) file() string { return filepath.Join(p.dir, "performance", "figures.json") }

// openPaper reads what was measured before.
func openPaper(dir string) (*paper, error) {
	p := &paper{dir: dir, Parts: map[string]sheet{}}
	raw, err := os.ReadFile(p.file())
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the figures: %w", err)
	}
	if err := json.Unmarshal(raw, p); err != nil {
		return nil, fmt.Errorf("read the figures in %s: %w", p.file(), err)
	}
	return p, nil
}

func (p *paper) take(name string, m measured, stamp string) {
	p.Parts[name] = sheet{m.rows, m.pictures, stamp}
}

// write keeps the figures, and writes the page and its pictures of them.
func (p *paper) write(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Dir(p.file()), 0o755); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	raw, err := json.MarshalIndent(p, "", "\t")
	if err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	files := map[string]string{p.file(): string(raw) + "\n", filepath.Join(p.dir, "performance.md"): p.page(machine(ctx))}
	for _, s := range p.Parts {
		for _, pic := range s.Pictures {
			files[filepath.Join(p.dir, "performance", pic.File+".svg")] = pic.SVG()
		}
	}
	for path, text := range files {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
	}
	return nil
}

// head and reasons are what people have written: what is measured, and why a goal isn't met.
//
//go:embed head.md
var head string

//go:embed reasons.md
var reasons string

// page is docs/performance.md.
func (p *paper) page(machine string) string {
	var rows []figure.Row
	var pictures, stamps []string
	for _, name := range names(parts()) {
		s, known := p.Parts[name]
		if !known {
			continue
		}
		rows = append(rows, s.Rows...)
		stamps = append(stamps, name+" "+s.Stamp)
		for _, pic := range s.Pictures {
			pictures = append(pictures, fmt.Sprintf("![%s](performance/%s.svg)", pic.Title, pic.File))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n## The machine\n\n%s\n\nMeasured: %s.\n\n## The table\n\n%s", head, machine, strings.Join(stamps, " · "), figure.Table(programNames, programTitles, rows))
	if why := whyNot(rows, reasons); why != "" {
		fmt.Fprintf(&b, "\n## What isn't reached, and why\n\n%s", why)
	}
	if len(pictures) > 0 {
		fmt.Fprintf(&b, "\n## Curves\n\n%s\n", strings.Join(pictures, "\n\n"))
	}
	return b.String()
}

// whyNot says of each goal that isn't met by how much, and the reason that stands under its key.
func whyNot(rows []figure.Row, reasons string) string {
	why := sections(reasons)
	var b strings.Builder
	for _, r := range rows {
		if r.Met != "no" {
			continue
		}
		text := why[r.Key]
		if text == "" {
			text = "Not yet looked into."
		}
		fmt.Fprintf(&b, "- **%s**: %s, where the goal is %s. %s\n", r.What, r.Share, r.Goal, text)
	}
	return b.String()
}

// sections are the texts under the headings of a file, by heading, each as one line.
func sections(text string) map[string]string {
	all := map[string]string{}
	for part := range slices.Values(strings.Split("\n"+text, "\n## ")[1:]) {
		key, body, _ := strings.Cut(part, "\n")
		all[strings.TrimSpace(key)] = strings.Join(strings.Fields(body), " ")
	}
	return all
}
