package approvals

import (
	"time"

	"github.com/usherbot/usher/outbox"
)

// Trying again has an end. An approval is somebody's word about how things were that day; so a person's new
// word on it (Try again, It did not) counts only as long after the decision as the request's policy had given
// for deciding. It is counted from the decision, not from the failure: each failure would else begin it anew.
// What the approval itself has set going is not cut off by it: a deed that waits for its vendor, or is looked
// for, goes on, since each look holds what is there against what was approved.

// Until is when the time ends in which the deed may be tried again on somebody's word.
func (r Request) Until() time.Time {
	decided := r.Decided
	if decided.IsZero() {
		decided = r.Expires
	}
	return decided.Add(r.Expires.Sub(r.Asked))
}

func (r Request) tooLate(now time.Time) bool { return !now.Before(r.Until()) }

// lapses owes the end of trying again, or notes that it has come already.
func (r *Request) lapses(now time.Time) []outbox.Change {
	if r.Lapsed = r.tooLate(now); r.Lapsed {
		return []outbox.Change{outbox.Forget(LapseKey(r.Number))}
	}
	return []outbox.Change{outbox.Promise(LapseKey(r.Number), r.Until())}
}

// lapse notes that the end has come. Who asked was told that the admins would see to a failed deed, so they
// hear that nobody will; of a doubt they were told nothing yet.
func (r *Request) lapse(now time.Time) []outbox.Change {
	r.Lapsed = true
	out := []outbox.Change{outbox.Forget(LapseKey(r.Number))}
	if r.State == Failed {
		out = append(out, r.atOnce(LapsedKey(r.Number, r.Attempt), now).ButOnce())
	}
	return out
}

// settle ends a doubt by an admin's word. That it did not happen lets it be tried again while there is time;
// after that it has failed.
func (r *Request) settle(e AdminSays, now time.Time) []outbox.Change {
	if r.Doubt != nil {
		r.had(Outcome{Had: r.Doubt.Had, Tried: true})
	}
	switch {
	case e.Happened:
		return r.end(Done, Outcome{At: now, Said: e.By,
			Text: Sayf("%v looked and says it happened; I couldn't check that myself.", e.By.Text())})
	case !r.tooLate(now):
		return r.again(e.By, now)
	}
	r.pin()
	out := r.end(Failed, Outcome{At: now, Said: e.By, Tried: true, AccountID: r.Change.Account,
		Text: Sayf("%v looked and says it didn't happen; I couldn't check that myself.", e.By.Text())})
	return append(out, r.lapses(now)...)
}

// Over says of a failed deed that it cannot be tried again, and what to do.
func (r Request) Over() Text {
	return Sayf("It was approved %v, too long ago to try again.%v", r.Decided, r.stillNeeded())
}
