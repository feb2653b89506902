package reports

import (
	"slices"

	"github.com/usherbot/usher/approvals"
)

// Idles is how many seats of an app nobody is seen to use: whoever sees nothing in it, what was given back and is paid for still, and
// whoever never joined or hasn't used it for long by its own list.
func (a AppReport) Idles() int { return a.IdleCount + len(a.Unused) + len(a.Stayed.Idle) }

// Others are what of an app isn't as it should be, but for what the report tells of as idle.
func (r Report) Others(a AppReport) []approvals.KindCount {
	return slices.DeleteFunc(slices.Clone(a.Stayed.Others), func(k approvals.KindCount) bool { return k.Idle && r.Shows(SectionIdle) })
}

// Odd reports whether an app has accounts that are nobody's, or Others.
func (r Report) Odd(a AppReport) bool { return len(a.Stayed.Orphans)+len(r.Others(a)) > 0 }
