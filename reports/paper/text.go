package paper

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// writeText writes what can be read anywhere: the line that says it all, then each section with its table.
func writeText(to io.Writer, p Paper) error {
	w := bufio.NewWriter(to) // it keeps its first error to the end
	fmt.Fprintln(w, line(p.Report+": "+p.Head))
	fmt.Fprintln(w, line(p.made()))
	for _, part := range p.Parts {
		fmt.Fprintf(w, "\n%s\n%s\n", part.Title, strings.Repeat("-", len(part.Title)))
		for _, say := range part.Say {
			fmt.Fprintln(w, line(say))
		}
		if err := textTable(w, part.Columns, part.Rows); err != nil {
			return err
		}
		if part.More > 0 {
			fmt.Fprintf(w, "and %d more\n", part.More)
		}
	}
	if err := textAccounts(w, p); err != nil {
		return err
	}
	if p.AuditHead != "" {
		fmt.Fprintf(w, "\nAudit log up to %s\n", p.AuditHead)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write text: %w", err)
	}
	return nil
}

// textAccounts are all accounts, a line for each: columns would have to be measured first, and there may be a hundred thousand.
func textAccounts(w io.Writer, p Paper) (err error) {
	if len(p.Lists) == 0 {
		return nil
	}
	fmt.Fprintf(w, "\nAll accounts\n------------\n%s\n", strings.Join(headed(accountColumns(), false), " | "))
	p.accounts(func(row []string, lost error) bool {
		if err = lost; err == nil {
			_, err = fmt.Fprintln(w, line(strings.Join(row, " | ")))
		}
		return err == nil
	})
	return err
}

func textTable(w io.Writer, columns []Column, rows [][]string) error {
	if len(rows) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var head []string
	for _, c := range columns {
		head = append(head, c.Title)
	}
	for _, row := range append([][]string{head}, rows...) {
		cells := make([]string, len(row))
		for i, c := range row {
			if cells[i] = line(c); c == "" {
				cells[i] = "-"
			}
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// line is text that stays on its line and moves nothing on a terminal.
func line(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, s)
}
