package list

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// separators are those in use. Where two make as much sense, the first is meant.
var separators = []rune{',', ';', '\t', '|'}

// tasted is how many rows a separator is judged by.
const tasted = 30

// fromText are the rows of a CSV.
func fromText(text string) ([]row, error) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > mostLine {
			return nil, problem("A line of the file has more than %d KB. That's no member list; export it anew as CSV or XLSX.", mostLine>>10)
		}
	}
	lines := 0
	var by rune
	if first, rest, ok := strings.Cut(text, "\n"); ok && len(first) >= 5 && strings.EqualFold(first[:4], "sep=") {
		by, text, lines = rune(first[4]), rest, 1 // so spreadsheets write it down
	}
	if by == 0 {
		by = separatorOf(text)
	}
	rows, err := split(text, by, MostRows+tasted)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].number += lines
	}
	return rows, nil
}

// separatorOf is the separator under which the rows make most sense: first by the columns that are understood, then by how many
// rows have as many cells as the fullest.
func separatorOf(text string) rune {
	best, most := separators[0], -1
	for _, by := range separators {
		rows, _ := split(text, by, tasted) // what is wrong with it is said when all of it is read
		if sense := senseOf(rows); sense > most {
			best, most = by, sense
		}
	}
	return best
}

func senseOf(rows []row) int {
	known, widest, even := 0, 0, 0
	for _, r := range rows {
		widest = max(widest, len(r.cells))
		known = max(known, len(meant(r.cells)))
	}
	for _, r := range rows {
		if len(r.cells) == widest && widest > 1 {
			even++
		}
	}
	return known*1000 + even
}

// split reads at most so many rows that aren't blank, and says with an error that there are more.
func split(text string, by rune, most int) (rows []row, err error) {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = by, -1, true
	for {
		cells, err := in.Read()
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			return rows, problem("I can't read the file as CSV: %v.", err)
		}
		line, _ := in.FieldPos(0)
		if cells, err = tidy(cells); err != nil {
			return append(rows, row{line, cells}), err
		}
		if strings.Join(cells, "") == "" {
			continue
		}
		if len(rows) == most {
			return rows, tooMany()
		}
		rows = append(rows, row{line, cells})
	}
}

// tidy takes off what stands around the text of cells: blanks, and the apostrophe by which a spreadsheet keeps text from being
// read as a formula.
func tidy(cells []string) ([]string, error) {
	if len(cells) > mostColumns {
		return cells, problem("The list has more than %d columns. Leave out those that aren't about who the members are.", mostColumns)
	}
	for i, c := range cells {
		if strings.Count(c, "\n") > mostBreaks { // what follows a mark that isn't closed would be lost without a word
			return cells, problem("A cell goes on over more than %d lines, so a quotation mark isn't closed. It begins with “%s”.", mostBreaks, cut(c))
		}
		c = strings.Trim(c, " \t\n\u00a0\u202f\u200b\ufeff")
		if rest, ok := strings.CutPrefix(c, "'"); ok && rest != "" && strings.ContainsRune("=+-@", rune(rest[0])) {
			c = rest
		}
		if len(c) > mostCell {
			c = strings.ToValidUTF8(c[:mostCell], "")
		}
		cells[i] = c
	}
	return cells, nil
}
