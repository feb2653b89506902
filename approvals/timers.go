package approvals

import (
	"maps"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// What happens to a request by itself while it waits hangs on how it stands: so its timers are found from it after
// each event, and what is promised is the difference. They count from when the present step began, each step anew; a
// step that is gone back to begins anew as well, because who decides it is asked anew.

// Since is when the present step of a request began.
func (r Request) Since() time.Time {
	if !r.Began.IsZero() {
		return r.Began
	}
	since := r.Asked
	for _, v := range r.Votes { // kept by a version that did not note it
		if v.Step < r.Present() && v.At.After(since) {
			since = v.At
		}
	}
	return since
}

// timers are when something happens to a request by itself while it waits, beside its end: by the keys of the promises.
func (r Request) timers() map[string]time.Time {
	at := map[string]time.Time{}
	if due, ok := r.pressing(); ok {
		at[DueKey(r.Number)] = due
	}
	if r.State != Pending {
		return at
	}
	if due, ok := r.EscalatesAt(); ok {
		at[EscalateKey(r.Number, r.Present())] = due
	}
	for _, who := range r.Awaits() {
		if due, _, ok := r.occasion(who, r.Reminders.of(who).Round+1); ok {
			at[RemindKey(r.Number, who)] = due
		}
	}
	return at
}

// retimed are the promises that follow where the timers of a request are others than they were.
func retimed(was, is Request) (out []outbox.Change) {
	before, after := was.timers(), is.timers()
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if due, stays := after[key]; !stays || !due.Equal(before[key]) {
			out = append(out, outbox.Forget(key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if due, had := before[key]; !had || !due.Equal(after[key]) {
			out = append(out, outbox.Promise(key, after[key]))
		}
	}
	return out
}
