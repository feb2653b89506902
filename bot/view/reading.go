package view

import "github.com/usherbot/usher/approvals"

// Reading is a report's message while what it tells is being read.
func Reading(t approvals.Text) Message {
	p := newPage()
	p.section(t)
	return p.message()
}
