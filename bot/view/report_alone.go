package view

import (
	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// ActionPostReport has a report posted that somebody was shown alone. It never changes its meaning.
const ActionPostReport = "report_post"

// PostReportValue names the report that is to be posted, where, and which showing of it the button stands below: pressed twice, it is
// posted once.
type PostReportValue struct {
	Name    string `json:"n"`
	Channel string `json:"c"`
	Key     string `json:"k"`
}

// String is how a button bears it.
func (v PostReportValue) String() string { return "v1:" + string(JSON(v)) }

// ParsePostReport is what such a button bears. ErrOtherVersion: another version of Usher drew it.
func ParsePostReport(s string) (v PostReportValue, err error) { return v, parseBorne(s, &v) }

// ReportAlone is a digest for whoever asked alone, with the button that has it posted. The note says so, or why it comes this way.
func ReportAlone(r reports.Report, v PostReportValue, note approvals.Text) Message {
	value := v.String()
	if units(value) > longestButton {
		return Report(r, note)
	}
	return Report(r, note, slack.NewActionBlock(ActionPostReport, &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionPostReport, Text: typed("Post to channel"),
		Value: value, AccessibilityLabel: plain(75, "Post to channel, the report "+r.Name)}))
}
