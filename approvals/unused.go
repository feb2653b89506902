package approvals

import "time"

// Unused is a seat that nobody uses and that is still paid for.
type Unused struct {
	Email string
	// Since is when its access was removed, by Number; of one that is Listed it is as of when the vendor's list has it as
	// deactivated, and counts it.
	Since  time.Time
	Number int64
	Listed bool
}

// Idle reports whether an account sees nothing of what is shared in its app, as far as the app says: it sees what is shared with it
// and nothing else, being not of a sort that sees all, nor of one that isn't known.
func (a App) Idle(s Seat) bool {
	if a.Entry == nil || !a.Entry.Reads.Holds || s.Holds > 0 {
		return false
	}
	sort, known := a.Entry.SortOf(s.Sort)
	return a.Entry.Sort == "" || known && !sort.All
}

// Times is a price of so many; its zero value where nobody said what one costs.
func (p Price) Times(n int) Price { return p.of(int64(n) * p.Amount) }
