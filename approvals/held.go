package approvals

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/catalog"
)

// What somebody has is known here by what was done for them, and that alone: what they had before, or got another way,
// stands at the vendor and in no request. Whoever shows it says so.

// Holding is what somebody has in one app under one address, by the requests that were done.
type Holding struct {
	App   App
	Email string
	// Holder is how whoever is shown it names who has it.
	Holder Holder
	// Seat says that the account itself came by a request, and Sort of what sort it was made; without it Items alone did.
	Seat bool
	Sort catalog.Choice
	// Items are the things that were given and not taken back since.
	Items []catalog.Item
	// Since is when the first of it was given, and Number the request that gave it.
	Since  time.Time
	Number int64
}

// Holder names who has something: by address, or by mention where the address is not for its reader; then Email is "".
type Holder struct {
	Email  string
	Person PersonID
}

// Text is the address or the mention.
func (w Holder) Text() Text { return Change{Email: w.Email, Person: w.Person}.Whom() }

// Same reports whether two are named alike.
func (w Holder) Same(o Holder) bool {
	return SameEmail(w.Email, o.Email) && (w.Email != "" || w.Person == o.Person)
}

// ByAddress names everybody by their address: its reader may see what vendors hold, or it is their own.
func ByAddress(r Request) Holder { return Holder{r.Change.Email, r.Change.Person} }

// AsSaidTo names everybody as it was said when it was asked, and somebody themselves by their own address: whoever named a
// person by mention has never been told the address, nor whose one is that they typed.
func AsSaidTo(who PersonID) func(Request) Holder {
	return func(r Request) Holder {
		switch {
		case r.Change.Person == who:
			return ByAddress(r)
		case r.Said == nil:
			return Holder{Email: r.Change.Email}
		}
		return Holder{r.Said.Email, r.Said.Person}
	}
}

// Gave are the requests that were done of which somebody has what they gave, or asked for it, newest first; and after them those
// that are over since, for with a seat goes what was given to it (Holdings).
func (d *Desk) Gave(ctx context.Context, who PersonID) ([]Request, error) {
	done, err := d.theirs(ctx, who, Done)
	if err != nil {
		return nil, err
	}
	over, err := d.theirs(ctx, who, Ended)
	return append(done, over...), err
}

// Leaving are the requests of which somebody has what they gave for a time, or asked for it, and which is being taken back
// now, newest first.
func (d *Desk) Leaving(ctx context.Context, who PersonID) ([]Request, error) {
	list, err := d.theirs(ctx, who, "")
	return slices.DeleteFunc(list, func(r Request) bool { return !r.Late() }), err
}

// theirs are the requests in a state, or those that are not over, that are somebody's or that they asked.
func (d *Desk) theirs(ctx context.Context, who PersonID, s State) ([]Request, error) {
	asked, err := d.Every(ctx, Filter{Of: who, State: s})
	if err != nil {
		return nil, fmt.Errorf("find what somebody asked for: %w", err)
	}
	had, err := d.Every(ctx, Filter{For: who, State: s})
	if err != nil {
		return nil, fmt.Errorf("find what somebody has: %w", err)
	}
	for _, r := range had {
		if r.Requester != who {
			asked = append(asked, r)
		}
	}
	return asked, nil
}

// Holdings are what requests gave that were done, and no later one of them took back, in the order in which it came. What is
// named otherwise is another's.
func Holdings(done []Request, named func(Request) Holder) (held []Holding) {
	done = inOrder(done)
	for _, r := range done {
		i := slices.IndexFunc(held, func(h Holding) bool { return h.App.ID == r.App.ID && h.Holder.Same(named(r)) })
		form := r.Form()
		switch {
		case (form.Ends || r.tookSeat()) && i >= 0:
			held = slices.Delete(held, i, i+1)
		case form.Ends || r.tookSeat() || form.Effect == catalog.Changes || r.Formless() != nil:
		case form.Effect == catalog.Takes && i >= 0:
			things := r.Things()
			held[i].without(things)
			if !held[i].Seat && (len(held[i].Items) == 0 || len(things) == 0 && len(form.Resources()) == 0) { // one that names nothing takes all
				held = slices.Delete(held, i, i+1)
			}
		case form.Effect == catalog.Gives:
			if i < 0 || form.New { // what an older account of theirs held went with it
				var stays []catalog.Item
				if i >= 0 {
					stays = held[i].byAddress()
					held = slices.Delete(held, i, i+1)
				}
				held = append(held, Holding{App: r.App, Email: r.Change.Email, Holder: named(r), Items: stays, Since: r.DoneAt(), Number: r.Number})
				i = len(held) - 1
			}
			held[i].with(r)
		}
	}
	return held
}

// inOrder are those that were done, and those that are over with what they gave, in the order in which that was so.
func inOrder(done []Request) []Request {
	done = slices.DeleteFunc(slices.Clone(done), func(r Request) bool { return r.State != Done && !r.tookSeat() })
	slices.SortStableFunc(done, func(a, b Request) int {
		return cmp.Or(a.DoneAt().Compare(b.DoneAt()), cmp.Compare(a.Number, b.Number))
	})
	return done
}

// Taken is an account that a request took away, and none gave anew since.
type Taken struct {
	App    App
	Email  string
	Person PersonID
	At     time.Time
	Number int64
}

// TakenAway are the accounts that were taken away, in the order in which they last were.
func TakenAway(done []Request) (taken []Taken) {
	held := Holdings(done, ByAddress)
	for _, r := range inOrder(done) {
		same := func(t Taken) bool { return t.App.ID == r.App.ID && SameEmail(t.Email, r.Change.Email) }
		given := func(h Holding) bool { return h.App.ID == r.App.ID && SameEmail(h.Email, r.Change.Email) }
		if (r.Form().Ends || r.tookSeat()) && !slices.ContainsFunc(held, given) {
			taken = append(slices.DeleteFunc(taken, same), Taken{App: r.App, Email: r.Change.Email, Person: r.Change.Person, At: r.DoneAt(), Number: r.Number})
		}
	}
	return taken
}

// GaveSame is the request that gave the same, put in the same words, of which all is held still; false: none did.
func GaveSame(gave []Request, held Holding, a Action, said Said) (Request, bool) {
	wish := Request{Said: &said}
	i := slices.IndexFunc(gave, func(r Request) bool {
		return r.State == Done && r.Action == a && sameWords(r, wish) && len(r.Things()) > 0 && !slices.ContainsFunc(r.Things(), func(i catalog.Item) bool {
			return !slices.ContainsFunc(held.Items, func(o catalog.Item) bool { return o.ID == i.ID && o.As == i.As })
		})
	})
	if i < 0 {
		return Request{}, false
	}
	return gave[i], true
}

// tookSeat reports whether the account is gone that a request gave for a time: all it held went with it.
func (r Request) tookSeat() bool { return r.State == Ended && r.Form().New && r.gaveSeat() }

// DoneAt is when a request that was done was; of one that took its seat back, when it did.
func (r Request) DoneAt() time.Time {
	if r.State == Ended {
		return r.End.Outcome.At
	}
	if r.Outcome != nil {
		return r.Outcome.At
	}
	return r.Decided
}

func (h *Holding) with(r Request) {
	if r.Form().New {
		h.Seat = true
		h.Sort, _ = r.Sort()
	}
	h.without(r.Things())
	h.Items = append(h.Items, r.Things()...)
}

func (h *Holding) without(items []catalog.Item) {
	h.Items = slices.DeleteFunc(slices.Clone(h.Items), func(i catalog.Item) bool {
		return slices.ContainsFunc(items, func(o catalog.Item) bool { return o.ID == i.ID })
	})
}
