package reports

import "slices"

// Section is a part of a report, as the configuration names it.
type Section string

// The sections.
const (
	SectionSeats   Section = "seats"   // used, bought and free, and how that went
	SectionBlocked Section = "blocked" // accounts blocked by limits
	SectionIdle    Section = "idle"    // accounts of which no use can be seen, and seats paid for that nobody uses
	SectionOrphans Section = "orphans" // accounts that belong to nobody, and whatever else is not as it should be
	SectionChanges Section = "changes" // what came and went, and who allowed it
	SectionWaiting Section = "waiting" // requests and tasks that wait for somebody
	SectionEnding  Section = "ending"  // what was given for a time and is over soon
	SectionUnits   Section = "units"   // what is left of what an app's calls are paid from
	SectionCost    Section = "cost"    // what the seats cost a month
)

// Sections are all there are, in the order in which the configuration lists them.
func Sections() []Section {
	return []Section{SectionSeats, SectionBlocked, SectionIdle, SectionOrphans, SectionChanges, SectionWaiting, SectionEnding, SectionUnits, SectionCost}
}

// shows reports whether a section is among those that were chosen; where none was, all are.
func shows(chosen []Section, s Section) bool { return len(chosen) == 0 || slices.Contains(chosen, s) }
