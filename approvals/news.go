package approvals

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherbot/usher/catalog"
)

// A yes relies on what its card says, and that was read a while ago. What has changed since in a way that matters (the
// account exists now, or does not any more; what is shared was deleted) is looked up at the yes in what is remembered of the
// vendor, so that no click waits for one. News is kept with the request and counts up: a click on a card that showed less
// changes nothing, and is asked again. What is not known has not changed, as far as a yes goes: the deed looks
// once more before it asks for anything (package provision).

// learn keeps what is news about a request that somebody says yes to, and refuses the yes.
func (d *Desk) learn(ctx context.Context, r Request, yes bool, now time.Time) error {
	if !yes || r.State != Pending || !r.Known() || d.Memory == nil {
		return nil
	}
	news := r.news(d.Memory.Remembered(r.App.ID, r.matters()...))
	if len(news) == 0 {
		return nil
	}
	look := Look{}
	if r.Look != nil {
		look = *r.Look
	}
	look.At, look.Against = now, append(slices.Clone(look.Against), news...)
	r, err := d.Record(ctx, r.Number, Learned{Look: look}, now)
	if errors.Is(err, ErrNotNow) {
		return nil // it was decided meanwhile, and the vote finds that out
	}
	if err != nil {
		return err
	}
	return r.outdated(true, r.News-1)
}

// outdated refuses a yes to what a card said before something changed.
func (r Request) outdated(yes bool, shown int) error {
	if !yes || r.State != Pending || shown >= r.News || r.Look == nil {
		return nil
	}
	no := Refuse(Changed, "%v That changed after the card was drawn, so nothing was approved. Approve #%v anyway?", Join(r.Look.Against, " "), r.Number)
	no.Among = Sayf("%v That changed after the card was drawn. Approve #%v anyway?", Join(r.Look.Against, " "), r.Number)
	return no
}

// matters are the lists that a yes to a request relies on.
func (r Request) matters() (lists []List) {
	if r.App.Entry == nil {
		return nil
	}
	if r.App.Entry.Reads.Used {
		lists = append(lists, Seats)
	}
	for _, f := range r.Form().Resources() {
		if r.Change.Values.Has(f.Key) {
			lists = append(lists, List(f.Resource))
		}
	}
	return lists
}

// read is when what a request's card says of its vendor was read.
func (r Request) read() time.Time {
	at := r.Asked
	if r.Look != nil && r.Look.At.After(at) {
		at = r.Look.At
	}
	return at
}

// news is what is otherwise in lists that are newer than what a request's card says, a sentence each.
func (r Request) news(m Remembered) (says []Text) {
	since := r.read()
	if m.Seats.At.After(since) {
		found := AccountsOf(r.Change, m.Seats)
		switch form := r.Form(); {
		case form.New && len(found) > 0:
			says = append(says, Sayf("%v already has an account in %v now.", r.Change.Whom(), r.App.Name))
		case !form.New && r.Change.Account != "" && len(found) == 0:
			says = append(says, Sayf("%v no longer has the account this is about (id %v).", r.App.Name, r.Change.Account))
		}
	}
	for _, f := range r.Form().Resources() {
		list := m.Items[f.Resource]
		if !list.At.After(since) {
			continue
		}
		gone := ItemsThat(r.Change.Values.Items(f.Key), func(i catalog.Item) bool {
			return !slices.ContainsFunc(list.Items, func(o catalog.Item) bool { return o.ID == i.ID })
		})
		for _, i := range gone {
			says = append(says, Sayf("%v isn't in %v any more.", i.Label(), r.App.Name))
		}
	}
	return slices.DeleteFunc(says, func(t Text) bool {
		return r.Look != nil && slices.ContainsFunc(r.Look.Against, func(o Text) bool { return o.Plain() == t.Plain() })
	})
}
