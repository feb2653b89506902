package census

import (
	"slices"
	"strconv"

	"github.com/usherbot/usher/approvals"
)

// drift says what did not agree while the pages were read; nil: nothing.
func (w walk) drift(app approvals.App) approvals.Text {
	var said []approvals.Text
	switch {
	case w.Twice == 1:
		said = append(said, approvals.Sayf("The list changed while I read it: one account came twice, and counts once."))
	case w.Twice > 1:
		said = append(said, approvals.Sayf("The list changed while I read it: %v accounts came twice, and each counts once.", w.Twice))
	}
	if w.Moved > 0 {
		said = append(said, approvals.Sayf("The list moved between two of its pages, so I read %v again.", times(w.Moved)))
	}
	if w.Total > 0 && w.Total != w.Count {
		said = append(said, approvals.Sayf("%v says it has %v accounts and showed me %v, so the figures may be off by %v.", app.Name, w.Total, w.Count, max(w.Total-w.Count, w.Count-w.Total)))
	}
	if len(said) == 0 {
		return nil
	}
	return slices.Clip(approvals.Join(said, " "))
}

// times is how many pages were read again.
func times(n int) string {
	if n == 1 {
		return "one of them"
	}
	return strconv.Itoa(n) + " of them"
}
