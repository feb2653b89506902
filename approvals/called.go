package approvals

import (
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// askApprovers owes those who are named as approvers what they have of it: that it waits for them, that their step
// is over, and then who decided. What comes of it later is on the card alone. Members of a group see the card, and
// who is named on a later step hears of it when that begins.
func (r *Request) askApprovers(now time.Time) (out []outbox.Change) {
	for _, p := range r.called() {
		out = append(out, r.atOnce(ApproverKeyOf(*r, p), now))
	}
	return out
}

// called are the people named on the steps that have begun, their deputies, and who was before an edit, each once.
func (r *Request) called() (out []PersonID) {
	out = r.toldOn(r.formerly())
	if r.Rule.Itself() {
		return out
	}
	for i, s := range r.Stages()[:max(r.Reached(), r.Present())+1] {
		for _, p := range slices.Concat(s.without(r.gainers()...).People(), r.deputies(i), r.allied(i)) {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}
