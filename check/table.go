package check

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/usherbot/usher/terminal"
)

// Status is how a row of `usher check` came out.
type Status string

// The statuses. A warning is something that works and is hardly meant.
const (
	statusOK      Status = "ok"
	statusWarning Status = "warning"
	StatusFailed  Status = "failed"
)

// Row is one thing that was looked at.
type Row struct {
	Status Status
	// Thing is what was looked at: "scope chat:write".
	Thing string
	// Found is what was seen, in a few words.
	Found string
	// Do is what to do about it; only a row that is ok has none.
	Do string
	// Times are when a report comes next; of other rows none.
	Times []time.Time
}

// Table is the answer of `usher check`.
type Table []Row

func (t *Table) ok(thing, format string, args ...any) {
	*t = append(*t, Row{Status: statusOK, Thing: thing, Found: fmt.Sprintf(format, args...)})
}

func (t *Table) warn(thing, found, do string) {
	*t = append(*t, Row{Status: statusWarning, Thing: thing, Found: found, Do: do})
}

func (t *Table) fail(thing, found, do string) {
	*t = append(*t, Row{Status: StatusFailed, Thing: thing, Found: found, Do: do})
}

// count is how many rows came out so.
func (t Table) count(s Status) (n int) {
	for _, r := range t {
		if r.Status == s {
			n++
		}
	}
	return n
}

// The widths of the table's columns. Ids and names of usual length keep it within 96 characters.
const (
	statusWidth = 9
	thingWidth  = 28
	noteWidth   = 58
)

// Write prints the table: a status word, the thing, and what was found; what to do stands below it.
func (t Table) Write(w io.Writer) error {
	var b strings.Builder
	for _, r := range t {
		left := pad(string(r.Status), statusWidth) + pad(r.Thing, thingWidth)
		notes := wrap(r.Found, noteWidth)
		if r.Do != "" {
			for i, line := range wrap(r.Do, noteWidth-2) {
				notes = append(notes, [...]string{"→ ", "  "}[min(i, 1)]+line)
			}
		}
		for i, line := range notes {
			if i > 0 || utf8.RuneCountInString(r.Thing) >= thingWidth && i == 0 {
				if i == 0 {
					b.WriteString(strings.TrimRight(left, " ") + "\n")
				}
				left = strings.Repeat(" ", statusWidth+thingWidth)
			}
			b.WriteString(strings.TrimRight(left+line, " ") + "\n")
		}
	}
	fmt.Fprintf(&b, "\n%d ok, %s, %d failed\n", t.count(statusOK), terminal.Plural(t.count(statusWarning), "warning", "warnings"), t.count(StatusFailed))
	_, err := io.WriteString(w, b.String())
	return err
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0))
}

// wrap breaks text between words so that no line is longer than width, but for longer words. There
// is always one line.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
