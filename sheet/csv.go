package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
)

// CSV writes tables one after another, in UTF-8 with a mark that says so, because a spreadsheet guesses else.
func CSV(tables ...Table) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	for i, t := range tables {
		if i > 0 {
			out.WriteString("\r\n")
		}
		w := csv.NewWriter(&out)
		w.UseCRLF = true
		for _, row := range t.Rows {
			var cells []string
			for _, c := range row {
				cells = append(cells, asText(cut(c)))
			}
			if err := w.Write(cells); err != nil {
				return nil, fmt.Errorf("write row of %s: %w", t.Name, err)
			}
		}
		w.Flush()
		if err := w.Error(); err != nil {
			return nil, fmt.Errorf("write %s: %w", t.Name, err)
		}
	}
	return out.Bytes(), nil
}

// asText leads what would be a formula by an apostrophe. Spaces before it change nothing to some programs.
func asText(cell string) string {
	if led := strings.TrimLeft(cell, " \u00a0"); led != "" && strings.ContainsRune("=+-@\t\r\n", rune(led[0])) {
		return "'" + cell
	}
	return cell
}
