package approvals

import (
	"fmt"
	"time"

	"github.com/usherbot/usher/outbox"
)

// What was given to an account for a time is gone once the account is: what a bundle shares with the seat it was
// shared with, and a seat itself that another request deletes. It ends in the transaction that keeps the account seen gone,
// so nobody is offered to extend what isn't there, and a crash leaves both or neither. Nothing is asked of the vendor for it.

// WentWith: the account that a request gave, or gave something to, is gone by another one.
type WentWith struct{ With int64 }

func (WentWith) what() string { return "went with its account" }

// goesWith ends what went with its account, and owes the word of it to those who hear of an end.
func (r *Request) goesWith(e WentWith, now time.Time) (out []outbox.Change, taken bool) {
	if !r.Lent() {
		return nil, false
	}
	out = r.unwarned(now)
	r.End = &End{By: Usher, At: now, With: e.With}
	gone := Outcome{At: now, Text: r.went(), AccountID: r.account()}
	return append(out, r.backEnds(gone, now)...), true
}

// went says why there is nothing left of what a request gave. It says nothing of whose request took it away.
func (r Request) went() Text {
	if r.Form().New {
		return Sayf("The account was deleted from %v before its time was up.", r.App.Name)
	}
	return Sayf("Its account is gone from %v, and it went with that.", r.App.Name)
}

// accountGone is the vendor's id of the account that is gone now that a request is as it is. gone is false where none is, or not
// by id; what a person carries out is told by its address alone, and has none.
func (r Request) accountGone() (account string, gone bool) {
	switch form := r.Form(); {
	case r.State == Done && form.Ends && r.Outcome != nil:
	case r.State == Ended && form.New && r.gaveSeat() && r.End.With == 0:
	default:
		return "", false
	}
	return r.account(), r.account() != "" || r.ByHand()
}

// gaveSeat reports whether a request that has ended gave the account itself: one that was there before has stayed, and
// where that isn't known nothing was taken, but seen or said to be gone.
func (r Request) gaveSeat() bool { return r.Had == nil || !r.Had.Account }

// along ends with an account what was given to it for a time.
func (d *Desk) along(tx Tx, was, is Request, now time.Time) error {
	account, gone := is.accountGone()
	if !gone || was.State == is.State {
		return nil
	}
	open, err := tx.OpenFor(is.App.ID, is.Change.Email)
	if err != nil {
		return fmt.Errorf("find what hangs on the account of #%d: %w", is.Number, err)
	}
	for _, o := range open {
		if o = d.known(o); o.Number == is.Number || !o.Lent() || o.account() != account {
			continue
		}
		if _, err := d.act(tx, o, WentWith{With: is.Number}, Usher, "usher", now); err != nil {
			return fmt.Errorf("end #%d with its account: %w", o.Number, err)
		}
	}
	return nil
}

// wentAs is what the audit keeps of it.
func wentAs(e WentWith) any {
	return struct {
		With int64 `json:"with"`
	}{e.With}
}
