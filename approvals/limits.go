package approvals

import "time"

// Limits bound what one person can put on the table at once.
type Limits struct {
	// Pending is how many undecided requests one person may have; 0: DefaultPending.
	Pending int
	// PerMinute is how many requests one person may ask in any minute, those they took back at once
	// among them; 0: DefaultPerMinute.
	PerMinute int
	// PerDay is how many requests one person may ask in any 24 hours, counted likewise; 0: DefaultPerDay.
	PerDay int
}

// The limits where nothing else is configured.
const (
	DefaultPending   = 20
	DefaultPerMinute = 10
	DefaultPerDay    = 200
)

// withinLimits refuses what goes past what one person may have on the table, or ask in a minute or a day: what
// is taken back at once stays in the file and its audit log too, so the day bounds what one person can add to
// them. All are counted from the book, inside the transaction, so that neither a restart nor a crowd of
// requests at one moment gets past them.
func (d *Desk) withinLimits(tx Tx, r Request) error {
	if r.Requester == "" {
		return nil // what Usher asks is bounded by what people hold
	}
	waiting, err := tx.Waiting(r.Requester)
	if err != nil {
		return err
	}
	if waiting >= orElse(d.Limits.Pending, DefaultPending) {
		return Refuse(Busy, "You already have %v requests waiting, and that's the most one person can have. Cancel one with `/access cancel N`, or wait until some are decided.", waiting)
	}
	minute, day := orElse(d.Limits.PerMinute, DefaultPerMinute), orElse(d.Limits.PerDay, DefaultPerDay)
	if _, full, err := fullSince(tx, r, minute, time.Minute); err != nil || full {
		return orRefuse(err, "You've asked %v times in the last minute, and that's as fast as I take requests from one person, so I haven't saved this one. Please ask again in a minute.", minute)
	}
	if since, full, err := fullSince(tx, r, day, 24*time.Hour); err != nil || full {
		return orRefuse(err, "You've asked %v times in 24 hours, and that's as many as I take from one person in a day, so I haven't saved this one. You can ask again %v.", day, since.Add(24*time.Hour))
	}
	return nil
}

// fullSince reports whether the requester of r has asked so many times within a span of time before it, and
// since when. What was asked long after now was asked before the clock was put back: it says nothing.
func fullSince(tx Tx, r Request, many int, span time.Duration) (time.Time, bool, error) {
	first, ok, err := tx.Latest(r.Requester, many)
	return first.Asked, ok && r.Asked.Sub(first.Asked).Abs() < span, err
}

// orRefuse is err, or where there is none, a refusal of what is too much.
func orRefuse(err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	return Refuse(Busy, format, args...)
}

func orElse(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
