// Package sheet writes tables as files that people open in a spreadsheet: CSV and XLSX.
//
// What stands in a cell was mostly typed by somebody, and a spreadsheet takes text that begins with =, +, - or @ for
// a formula: it could send what is beside it elsewhere when the file is opened. So a cell is always text. In XLSX it is
// written as such; CSV has no types, so there an apostrophe leads it, as in what the command line prints.
//
//	csv.go    one table after another, an empty line between them
//	xlsx.go   a workbook with a sheet for each: a zip of a few XML files, no library's worth of them
//
// A file follows from its tables alone, byte for byte: nothing in it says when it was written, so written again it is
// the same file.
package sheet

import (
	"errors"
	"fmt"
	"strings"
)

// Table is rows of cells under a name; the first row is its head.
type Table struct {
	Name string
	Rows [][]string
}

// ErrFormat is returned for the name of a file whose ending names no format.
var ErrFormat = errors.New("expected a file that ends in .csv or .xlsx")

// File writes tables in the format that the ending of a file's name says.
func File(name string, tables ...Table) ([]byte, error) {
	switch dot := strings.LastIndexByte(name, '.'); {
	case dot < 0:
	case strings.EqualFold(name[dot:], ".csv"):
		return CSV(tables...)
	case strings.EqualFold(name[dot:], ".xlsx"):
		return XLSX(tables...)
	}
	return nil, fmt.Errorf("write %s: %w", name, ErrFormat)
}

// longestCell is how many characters a spreadsheet takes in a cell.
const longestCell = 32767

// cut is a cell as long as a spreadsheet takes it.
func cut(cell string) string {
	if r := []rune(cell); len(r) > longestCell {
		return string(r[:longestCell-1]) + "…"
	}
	return cell
}
