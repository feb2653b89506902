package paper

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/usherbot/usher/sheet"
)

// ErrFormat is returned for the name of a file whose ending names no format.
var ErrFormat = errors.New("expected a file that ends in .html, .txt, .csv, .xlsx or .json")

// formats are the endings that there are.
var formats = []string{".html", ".txt", ".csv", ".xlsx", ".json"}

// Fits reports whether a file's name says a format, as ErrFormat would have it.
func Fits(name string) error {
	if !slices.Contains(formats, ending(name)) {
		return ErrFormat
	}
	return nil
}

func ending(name string) string { return strings.ToLower(path.Ext(name)) }

// Write writes a paper in the format that the ending of a file's name says.
func Write(to io.Writer, name string, p Paper) error {
	switch ending(name) {
	case ".html":
		return writeHTML(to, p)
	case ".txt":
		return writeText(to, p)
	case ".json":
		return writeJSON(to, p)
	case ".csv":
		return sheet.WriteCSV(to, p.tables(true)...)
	case ".xlsx":
		return sheet.WriteXLSX(to, p.tables(false)...)
	}
	return fmt.Errorf("write %s: %w", name, ErrFormat)
}

// tables are the parts of a paper as a spreadsheet has them, the summary first and the accounts last. led rows begin with the section
// that they are of, for a file that has them all one after another, where a part without rows has no table: its head says no section.
func (p Paper) tables(led bool) []sheet.Stream {
	out := []sheet.Stream{streamed("summary", "Summary", []Column{{"what", "What"}, {"value", "Value"}}, p.summary(), led)}
	for _, part := range p.Parts {
		rows := part.Rows
		if part.More > 0 {
			rows = append(slices.Clone(rows), []string{fmt.Sprintf("and %d more", part.More)})
		}
		if len(rows) > 0 || !led && len(part.Columns) > 0 {
			out = append(out, streamed(part.key(), part.Title, part.Columns, rows, led))
		}
	}
	if len(p.Lists) > 0 {
		out = append(out, sheet.Stream{Name: "All accounts", Numbers: numeric(accountColumns(), led), Rows: func(yield func([]string, error) bool) {
			if !yield(headed(accountColumns(), led), nil) {
				return
			}
			p.accounts(func(row []string, err error) bool {
				if err == nil && led {
					row = append([]string{"accounts"}, row...)
				}
				return yield(row, err)
			})
		}})
	}
	return out
}

// key tells a part from every other of its paper.
func (p Part) key() string {
	if p.Title == "Trend" {
		return "trend"
	}
	return string(p.Section)
}

// accounts are those of all lists.
func (p Paper) accounts(yield func([]string, error) bool) {
	for _, l := range p.Lists {
		for row, err := range l.rows {
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func streamed(key, title string, columns []Column, rows [][]string, led bool) sheet.Stream {
	all := [][]string{headed(columns, led)}
	for _, row := range rows {
		if led {
			row = append([]string{key}, row...)
		}
		all = append(all, row)
	}
	s := sheet.Table{Name: title, Rows: all}.Stream()
	s.Numbers = numeric(columns, led)
	return s
}

// figures are the columns that somebody may want to add up, by what programs call them. What in them is no number stays text.
var figures = []string{"used", "bought", "free", "blocked", "idle", "count", "left", "most", "a_month", "saved", "holds"}

// numeric are the places of those columns in a table.
func numeric(columns []Column, led bool) (out []int) {
	for i, c := range columns {
		if led {
			i++
		}
		if slices.Contains(figures, c.Key) {
			out = append(out, i)
		}
	}
	return out
}

// headed is the head of a table: as programs call its columns where the rows are led, else as people do.
func headed(columns []Column, led bool) []string {
	var out []string
	if led {
		out = append(out, "section")
	}
	for _, c := range columns {
		if led {
			out = append(out, c.Key)
		} else {
			out = append(out, c.Title)
		}
	}
	return out
}

// summary is what is to be known of the report as a whole.
func (p Paper) summary() [][]string {
	rows := [][]string{{"Report", p.Report}, {"Slot", p.Slot}, {"Made", moment(p.At)}}
	if p.Then {
		rows[2][0] = "As of"
	}
	for _, part := range p.Parts {
		for _, say := range part.Say {
			rows = append(rows, []string{part.Title, say})
		}
	}
	if p.AuditHead != "" {
		rows = append(rows, []string{"Audit log up to", p.AuditHead})
	}
	return rows
}
