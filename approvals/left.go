package approvals

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/catalog"
)

// The people a request is about may leave while it waits. They are looked up at each vote: whoever decides is told,
// and nobody says yes to giving something to somebody who has left. The deed looks once more before it asks
// the vendor (package provision).

// Gives reports whether a request gives somebody something, as far as can be told from it: what only takes away
// goes on whoever has left.
func (r Request) Gives() bool {
	if r.Extends != nil {
		return true
	}
	switch r.Form().Effect {
	case catalog.Takes:
		return false
	case catalog.Changes:
		return slices.ContainsFunc(r.Change.Values, func(v catalog.Value) bool { return len(v.Items)+len(v.Typed) > 0 })
	}
	return true
}

// concerned adds to f what Slack says of whom a request is for, and of who asked.
func (d *Desk) concerned(ctx context.Context, f *Facts, r Request) {
	for _, id := range r.concerns() {
		if _, known := f.People[id]; !known {
			d.lookUp(ctx, f, id)
		}
	}
}

// concerns are the people a request is about: whom it is for, where that is somebody in Slack, and who asked.
func (r Request) concerns() []PersonID {
	return present(r.Change.Person, r.Requester)
}

// leftBy are the people concerned who have left; of whom nothing was found out, what was known before stays.
func (r Request) leftBy(f Facts) (left []PersonID) {
	for _, id := range r.concerns() {
		who, known := f.People[id]
		if known && !who.Active || !known && slices.Contains(r.Left, id) {
			left = append(left, id)
		}
	}
	return left
}

// notice keeps with a request who of the people concerned has left, for its card, where that is news.
func (d *Desk) notice(ctx context.Context, r Request, f Facts, now time.Time) error {
	if r.State != Pending || slices.Equal(r.leftBy(f), r.Left) {
		return nil
	}
	return d.update(ctx, func(tx Tx) error {
		r, err := d.load(tx, r.Number)
		if err != nil || r.State != Pending || slices.Equal(r.leftBy(f), r.Left) {
			return err
		}
		_, err = d.act(tx, r, Noticed{Left: r.leftBy(f)}, Usher, "usher", now)
		return err
	})
}

// givable refuses a yes to giving something to somebody who has left. Where that could not be found out the yes
// is taken: the deed asks again, and waits until it knows.
func givable(r Request, yes bool, f Facts) error {
	who, known := f.People[r.Change.Person]
	if !yes || !r.Gives() || r.Change.Person == "" || !known || who.Active {
		return nil
	}
	return Refuse(Conflict, "%v, who #%v is for, has left (deactivated in Slack), so there's nobody to give it to and nothing was approved. *Deny* closes it.", r.Change.Person, r.Number)
}

// LeftSay says who of the people concerned has left, as far as was seen; nil: nobody.
func (r Request) LeftSay() Text {
	var says []Text
	for _, id := range r.Left {
		switch {
		case id == r.Change.Person && r.Gives() && r.State == Pending:
			says = append(says, Sayf("%v, who it's for, has left (deactivated in Slack), so it can only be denied.", id))
		case id == r.Change.Person:
			says = append(says, Sayf("%v, who it's for, has left (deactivated in Slack).", id))
		default:
			says = append(says, Sayf("%v, who asked, has left (deactivated in Slack).", id))
		}
	}
	return Join(says, " ")
}

// Telling reports whether somebody who said yes should hear more than their click shows: that fewer votes count
// than were given, or that somebody concerned has left.
func (b Ballot) Telling() bool {
	r := b.Request
	return !b.Repeat && (r.State == Pending && len(r.SetAside()) > 0 || len(r.leftUnsaid()) > 0)
}

// leftUnsaid are those concerned who have left, but for whom its card is about because they did.
func (r Request) leftUnsaid() []PersonID {
	return slices.DeleteFunc(slices.Clone(r.Left), func(id PersonID) bool {
		return r.Occasion != nil && r.Occasion.Kind == OccasionLeft && id == r.Occasion.Person
	})
}
