package commands

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
)

// How many of those whom a request waits for are looked up for their status, and how long that may take: it is a hint.
const (
	mostLookedUp = 5
	hintWithin   = 2 * time.Second
)

// off says which of those whom a request waits for by name are away as their Slack status says; nil: none of whom it is known.
func (h *House) off(ctx context.Context, r approvals.Request, now time.Time) approvals.Text {
	ctx, cancel := context.WithTimeout(ctx, hintWithin)
	defer cancel()
	var away []approvals.Text
	waits := r.Awaits()
	for _, id := range waits[:min(len(waits), mostLookedUp)] {
		if approvals.IsGroup(id) {
			continue
		}
		who, err := h.Directory.Person(ctx, approvals.PersonID(id))
		switch {
		case err != nil || !who.Off.At(now):
		case who.Off.Until.IsZero():
			away = append(away, approvals.Sayf("%v is away", who.ID))
		default:
			away = append(away, approvals.Sayf("%v is away until %v", who.ID, who.Off.Until))
		}
	}
	if len(away) == 0 {
		return nil
	}
	return approvals.Sayf("Slack says %v. They can still decide.", approvals.Join(away, ", "))
}
