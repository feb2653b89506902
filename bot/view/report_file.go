package view

// ReportFiled is what stands beside the files of a report, in its thread.
func ReportFiled() string {
	return plain(maxObject, say("The full lists, as of this report: a workbook with a sheet for each section, and the same as CSV.").Plain())
}
