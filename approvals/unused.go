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

// Times is a price of so many; its zero value where nobody said what one costs.
func (p Price) Times(n int) Price { return p.of(int64(n) * p.Amount) }
