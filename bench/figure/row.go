package figure

import (
	"fmt"
	"strings"
)

// Cell is what one program did: a number as people read it, or why there is none.
type Cell struct {
	Text string `json:"text,omitempty"`
	// Value is what ratios are made of.
	Value float64 `json:"value,omitempty"`
	// Why says why nothing was measured; "": something was.
	Why string `json:"why,omitempty"`
}

// Of is a measured value, written by a format for it.
func Of(value float64, format string, more ...any) Cell {
	return Cell{Text: fmt.Sprintf(format, append([]any{value}, more...)...), Value: value}
}

// Absent is a cell without a number, and why it has none.
func Absent(why string) Cell { return Cell{Why: why} }

// Row is a line of the table.
type Row struct {
	// Key names it for whoever explains it, and Part is what measures it.
	Key  string `json:"key"`
	Part string `json:"part"`
	What string `json:"what"`
	Goal string `json:"goal,omitempty"`
	// Cells are those of each program, by its name.
	Cells map[string]Cell `json:"cells"`
	// Share is what the goal is held to, in words; Met is yes, no, or "" where that can't be said.
	Share string `json:"share,omitempty"`
	Met   string `json:"met,omitempty"`
}

// Judge holds a row to its goal: ok is asked only where every program that it names was measured.
func (r Row) Judge(share string, ok bool, programs ...string) Row {
	for _, name := range programs {
		if c, known := r.Cells[name]; !known || c.Why != "" {
			return r
		}
	}
	r.Share, r.Met = share, map[bool]string{true: "yes", false: "no"}[ok]
	return r
}

// Ratio is one program's value over another's; ok is false where either has none.
func (r Row) Ratio(over, under string) (q float64, ok bool) {
	a, b := r.Cells[over], r.Cells[under]
	if a.Why != "" || b.Why != "" || b.Value == 0 {
		return 0, false
	}
	return a.Value / b.Value, true
}

// Table is rows as Markdown, with a column for each program. What was left out is said below it, once each.
func Table(programs []string, titles map[string]string, rows []Row) string {
	var b strings.Builder
	b.WriteString("| | " + strings.Join(named(programs, titles), " | ") + " | goal | reached | |\n|---|" + strings.Repeat("---|", len(programs)+3) + "\n")
	var left []string
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s |", r.What)
		for _, name := range programs {
			c := r.Cells[name]
			if note := titles[name] + ": " + c.Why; c.Why != "" && !strings.Contains(strings.Join(left, "\n"), note) {
				left = append(left, note)
			}
			fmt.Fprintf(&b, " %s |", c.shown())
		}
		fmt.Fprintf(&b, " %s | %s | %s |\n", r.Goal, r.Share, map[string]string{"yes": "✓", "no": "**no**"}[r.Met])
	}
	if len(left) > 0 {
		b.WriteString("\nLeft out. " + strings.Join(left, ". ") + ".\n")
	}
	return b.String()
}

// shown is what the table has of it.
func (c Cell) shown() string {
	if c.Why != "" {
		return "left out"
	}
	return c.Text
}

func named(programs []string, titles map[string]string) (all []string) {
	for _, p := range programs {
		all = append(all, titles[p])
	}
	return all
}
