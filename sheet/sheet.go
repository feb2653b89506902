// Package sheet writes tables as files that people open in a spreadsheet: CSV and XLSX.
//
// What stands in a cell was mostly typed by somebody, and a spreadsheet takes text that begins with =, +, - or @ for
// a formula: it could send what is beside it elsewhere when the file is opened. So a cell is text. In XLSX it is written as such; CSV has no
// types, so there an apostrophe leads it, as in what the command line prints. Only what a table says are numbers (Stream.Numbers), and
// reads as a plain one, is a number in a workbook, so that it can be added up; nothing is ever a formula.
//
//	csv.go    one table after another, an empty line between them
//	xlsx.go   a workbook with a sheet for each: a zip of a few XML files, no library's worth of them
//
// A file follows from its tables alone, byte for byte: nothing in it says when it was written, so written again it is
// the same file. What is too long to be held is a Stream, of which a row at a time is.
package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Table is rows of cells under a name; the first row is its head.
type Table struct {
	Name string
	Rows [][]string
}

// Stream is a Table whose rows come one after another; an error in place of one ends the file, which is then none. It is ranged over
// once for each file.
type Stream struct {
	Name string
	Rows iter.Seq2[[]string, error]
	// Numbers are the columns, counted from 0, whose cells a workbook can add up, where one reads as a plain number.
	Numbers []int
}

// Stream is the table, row by row.
func (t Table) Stream() Stream {
	return Stream{Name: t.Name, Rows: func(yield func([]string, error) bool) {
		for _, row := range t.Rows {
			if !yield(row, nil) {
				return
			}
		}
	}}
}

func streams(tables []Table) (out []Stream) {
	for _, t := range tables {
		out = append(out, t.Stream())
	}
	return out
}

// ErrFormat is returned for the name of a file whose ending names no format.
var ErrFormat = errors.New("expected a file that ends in .csv or .xlsx")

// File writes tables in the format that the ending of a file's name says.
func File(name string, tables ...Table) ([]byte, error) {
	var out bytes.Buffer
	if err := Write(&out, name, streams(tables)...); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Write is File, row by row.
func Write(to io.Writer, name string, tables ...Stream) error {
	switch dot := strings.LastIndexByte(name, '.'); {
	case dot < 0:
	case strings.EqualFold(name[dot:], ".csv"):
		return WriteCSV(to, tables...)
	case strings.EqualFold(name[dot:], ".xlsx"):
		return WriteXLSX(to, tables...)
	}
	return fmt.Errorf("write %s: %w", name, ErrFormat)
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
