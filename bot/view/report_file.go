package view

import (
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// ReportFiled is what stands beside the files of a report, in its thread; as is the one file that it is, or "".
func ReportFiled(as string) string {
	words := say("The full lists, as of this report: a workbook with a sheet for each section, and the same as CSV.")
	switch as {
	case "xlsx":
		words = say("The report, as a workbook with a sheet for each section.")
	case "csv":
		words = say("The report as CSV, one section after another.")
	}
	return plain(maxObject, words.Plain())
}

// reportAsFile is the message of a report that is a file: how it stands in a line, what the seats cost, and where the rest is.
func reportAsFile(r reports.Report, note approvals.Text) Message {
	p := newPage()
	p.section(append([]approvals.Text{reportHead(r)}, filled([]approvals.Text{note})...)...)
	if r.Shows(reports.SectionCost) {
		p.section(costs(r)...)
	}
	p.section(say("All of it is in `%v`, which comes in this thread.", reports.FileName(r.Name, r.Slot, "."+r.As)))
	return p.message()
}
