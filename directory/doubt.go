package directory

import (
	"strconv"

	"github.com/usherbot/usher/approvals"
)

// fewOff is how many people may be switched off between two readings whatever the size of a company, where nothing else is said.
const fewOff = 5

// counted is so many people, in words.
func counted(n int) string {
	if n == 1 {
		return "1 person"
	}
	return strconv.Itoa(n) + " people"
}

// doubt is why an answer isn't believed beside what is kept; nil: it is. A directory that lists nobody is never believed; one that lists
// fewer than half of those that it listed, or that has switched off more than few people and more than a tenth of all, only where
// somebody says that it is so.
func (k Kept) doubt(a Answer, few int, believed bool) approvals.Text {
	people := tidy(a.People)
	if len(people) == 0 {
		return approvals.Sayf("it lists nobody")
	}
	if believed || k.Read.IsZero() {
		return nil
	}
	if was := len(k.listed()); len(people)*2 < was {
		return approvals.Sayf("it lists %v, and %v the last time", counted(len(people)), was)
	}
	on := map[string]bool{}
	for _, r := range people {
		on[r.ID] = !r.Off
	}
	were, off := 0, 0
	for _, r := range k.People {
		if r.Off {
			continue
		}
		if were++; !on[r.ID] {
			off++
		}
	}
	if off > max(few, 1) && off*10 > were {
		return approvals.Sayf("%v of the %v people who were active the last time are off now", off, were)
	}
	return nil
}
