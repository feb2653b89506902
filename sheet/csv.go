package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// CSV writes tables one after another, in UTF-8 with a mark that says so, because a spreadsheet guesses else.
func CSV(tables ...Table) ([]byte, error) {
	var out bytes.Buffer
	err := WriteCSV(&out, streams(tables)...)
	return out.Bytes(), err
}

// WriteCSV is CSV row by row: of what it writes it holds one row.
func WriteCSV(to io.Writer, tables ...Stream) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return fmt.Errorf("write mark: %w", err)
	}
	w := csv.NewWriter(to)
	w.UseCRLF = true
	for i, t := range tables {
		if i > 0 {
			w.Flush() // the line between two tables is no row of either
			if _, err := io.WriteString(to, "\r\n"); err != nil {
				return fmt.Errorf("write %s: %w", t.Name, err)
			}
		}
		for row, err := range t.Rows {
			if err != nil {
				return fmt.Errorf("read row of %s: %w", t.Name, err)
			}
			cells := make([]string, len(row))
			for j, c := range row {
				cells[j] = asText(cut(c))
			}
			if err := w.Write(cells); err != nil {
				return fmt.Errorf("write row of %s: %w", t.Name, err)
			}
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// asText leads what would be a formula by an apostrophe. Spaces before it change nothing to some programs.
func asText(cell string) string {
	if led := strings.TrimLeft(cell, " \u00a0"); led != "" && strings.ContainsRune("=+-@\t\r\n", rune(led[0])) {
		return "'" + cell
	}
	return cell
}
