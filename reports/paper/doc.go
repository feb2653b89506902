// Package paper is a report as a file: the same digest, in full, for who opens it outside of Slack.
//
// A Paper is a report in words and tables, without anything of Slack's: one Part for each section that the report shows, and the
// whole list of accounts, which is a stream because it may be a hundred thousand long. Five writers make a file of it, by the ending
// of its name:
//
//	.html   one page that needs nothing else, charts drawn into it, readable by day, by night and on a phone
//	.txt    what can be read anywhere
//	.csv    one table after another, each row led by the section that it is of
//	.xlsx   a sheet for each section
//	.json   the same by fields that are documented (docs/reports.md) and keep their names
//
// A file follows from its paper alone, byte for byte. So a file that goes along in a digest's thread can be made again after a crash,
// and is named after its slot (Names): files bear nothing else by which they could be found.
//
// Charts are drawn here (chart.go, draw.go), in pure Go and only when somebody asks: nothing is kept for it between two reports.
//
// Neighbours: reports says what a report is, sheet how tables become files. Who a paper is for, and where it goes, others decide.
package paper
