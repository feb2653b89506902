package approvals

import "time"

// Limits bound what one person can put on the table at once.
type Limits struct {
	// Pending is how many undecided requests one person may have; 0: DefaultPending.
	Pending int
	// PerMinute is how many requests one person may ask in any minute, those they took back at once
	// among them; 0: DefaultPerMinute.
	PerMinute int
}

// The limits where nothing else is configured.
const (
	DefaultPending   = 20
	DefaultPerMinute = 10
)

// withinLimits refuses what goes past what one person may have on the table or ask in a minute. Both
// are counted from the book, inside the transaction, so that neither a restart nor a crowd of requests
// at one moment gets past them.
func (d *Desk) withinLimits(tx Tx, r Request) error {
	mine, err := tx.OpenOf(r.Requester)
	if err != nil {
		return err
	}
	if len(mine) >= orElse(d.Limits.Pending, DefaultPending) {
		return Refuse(Busy, "You have %v requests waiting already, and that is as many as I hold for one person. Take one back with `/access cancel N`, or wait until some are decided.", len(mine))
	}
	most := orElse(d.Limits.PerMinute, DefaultPerMinute)
	latest, err := tx.LatestOf(r.Requester, most)
	if err != nil {
		return err
	}
	// What was asked long after now was asked before the clock was put back: it says nothing.
	if len(latest) == most && r.Asked.Sub(latest[most-1].Asked).Abs() < time.Minute {
		return Refuse(Busy, "You asked %v times within the last minute, and that is as fast as I take requests from one person, so I have not taken this one down. Please ask again in a minute.", most)
	}
	return nil
}

func orElse(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
