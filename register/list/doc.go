// Package list reads a member list as vendors export it: CSV in any encoding and with any separator in use, or a spreadsheet
// (XLSX). What a file is shows in its content, whatever its name says. Nothing in it is ever evaluated: a cell that begins
// with = is text.
//
//	read.go      the way in: what kind of file it is, and its limits, which hold before anything is parsed
//	encoding.go  bytes to text
//	csv.go       text to rows: the separator is the one under which the file makes most sense
//	xlsx.go      a spreadsheet to rows: its first sheet with anything in it
//	columns.go   which column means what, by its header; what is unclear is asked back
//	members.go   rows to members, each address once
//	words.go     the words that vendors use, in the languages they use them in
//
// It is a reader of our own because it needs a hundredth of what a spreadsheet library does, and because such a library unzips
// and keeps a whole workbook before anybody can refuse it.
package list
