package approvals

// Lined says, as part of a sentence, that a request waits for a seat; nil: it does not.
func (r Request) Lined() Text {
	switch {
	case r.Offered():
		return Sayf("a seat has been kept for it since %v, and %v can say whether it's still needed", r.Line.Offered, r.Deciders())
	case !r.InLine():
		return nil
	case r.Line.Now > 0:
		return Sayf("no seat is free, and it's %v in line for the next one", Ordinal(r.Line.Now))
	}
	return Sayf("no seat was free, so it went in line %v, in %v place", r.Line.Since, Ordinal(r.Line.Place))
}

// Lining says what becomes of a request that waits for a seat, and until when; nil: it does not wait for one.
func (r Request) Lining() Text {
	switch {
	case !r.waitsForSeat():
		return nil
	case r.Rule.Queue == QueueAsk:
		return Sayf("When its turn comes I'll ask whoever approved it whether it's still needed. It waits until %v.", r.Line.Until)
	}
	return Sayf("When its turn comes I'll set it up by myself. It waits until %v.", r.Line.Until)
}

// Unserved is why a request that waited for a seat has expired, as part of a sentence.
func (r Request) Unserved() string {
	if r.Line != nil && !r.Line.Offered.IsZero() {
		return "nobody said in time whether it still needs the seat that was kept for it"
	}
	return "no seat became free in time"
}
