package approvals

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Who is told of what Usher asks: those whom the occasion names have its card by direct message from the beginning, with buttons
// where they may decide, and hear once what came of all that stands on it, when the last of it is over. Nobody asked, so
// what a requester hears of each request is owed to nobody.

// OutcomeKey is the key of what somebody hears of all that Usher asked on one card, by the first request on it.
func OutcomeKey(first int64, who PersonID) string {
	return fmt.Sprintf("%s/%d/occasion/%s", KindTell, first, who)
}

// toldOn adds to those who have a request by direct message whom its occasion names.
func (r Request) toldOn(out []PersonID) []PersonID {
	if r.Occasion == nil {
		return out
	}
	return present(append(out, r.Occasion.Told...)...)
}

// ToldOf reports whether the occasion of a request names somebody, who has its card whether they decide it or not.
func (r Request) ToldOf(who PersonID) bool {
	return r.Occasion != nil && slices.Contains(r.Occasion.Told, who)
}

// heardByNobody leaves out of what follows from an event what only a requester hears, where there is none.
func (r Request) heardByNobody(out []outbox.Change) []outbox.Change {
	if r.Requester != "" {
		return out
	}
	return slices.DeleteFunc(out, func(c outbox.Change) bool {
		return c.Put != nil && (c.Put.Key == ProgressKey(r.Number) || outbox.Kind(c.Put.Key) == KindAsk || outbox.Kind(c.Put.Key) == KindTell && !holders(r.Number, c.Put.Key))
	})
}

// holders reports whether what is told is for whoever has something.
func holders(n int64, key string) bool { return key == HolderKey(n, Ended) }

// owedToOthers is what a change of one request owes for the others on its card, and for its occasion.
func (d *Desk) owedToOthers(tx Tx, was, is Request, now time.Time) ([]outbox.Change, error) {
	out, err := d.owedBeside(tx, was, is, now)
	if err != nil {
		return nil, err
	}
	told, err := toldOfAll(tx, was, is, now)
	return append(out, told...), err
}

// toldOfAll owes those whom an occasion names their one word of it, once nothing on its card goes on.
func toldOfAll(tx Tx, was, is Request, now time.Time) (out []outbox.Change, err error) {
	if is.Occasion == nil || was.closed() || !is.closed() {
		return nil, nil
	}
	first, of := is.onCard()
	for n := first; n < first+int64(of); n++ {
		o, err := tx.Request(n)
		switch {
		case n == is.Number:
		case errors.Is(err, ErrNoRequest):
			return nil, nil // it is being put on the table by this very transaction
		case err != nil:
			return nil, fmt.Errorf("load request #%d: %w", n, err)
		case !o.closed():
			return nil, nil
		}
	}
	for _, who := range is.Occasion.Told {
		out = append(out, is.atOnce(OutcomeKey(first, who), now).ButOnce())
	}
	return out, nil
}

// withdrawnAs is what the audit keeps of why something was taken back.
func withdrawnAs(e Withdrawn) any {
	return struct {
		Why string `json:"why"`
	}{e.Why.Plain()}
}
