package leavers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
)

// What somebody holds is found out and asked about in two transactions of this room, and one of approvals between them:
//
//	found out, and kept ──► asked, once for the round's key ──► kept which request asks what
//
// A crash after the first has the same asked under the same key, which finds what was opened before; one after the second keeps it.
// Whoever is back by then has what was opened taken back (back.go).

const (
	gatherSoonest = 5 * time.Second
	gatherLatest  = 10 * time.Minute
	// unreadFor is how long a vendor's list is waited for before the others are asked about without it. It is looked at again unreadSoonest
	// later then, and ever more seldom, each time after as long as they have been gone, up to unreadLatest: there may be no list for years.
	unreadFor     = 30 * time.Minute
	unreadSoonest = time.Hour
	unreadLatest  = 6 * time.Hour
)

// errUnread says that some vendor's list couldn't be read.
var errUnread = errors.New("some app can't be read now")

// Gathering carries out intents of kind "gather".
func (d *Desk) Gathering(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at := now()
		l, err := d.Book.Leaving(ctx, NumberOf(job.Key))
		if err == nil {
			l, err = d.gather(ctx, l, at.Sub(job.Made) < unreadFor, at)
		}
		switch {
		case errors.Is(err, ErrNone):
			return outbox.Done()
		case err != nil:
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, gatherSoonest, gatherLatest)), err.Error())
		case l.State == Scheduled:
			return outbox.DoneUntil(l.Due, nil)
		case len(l.Unread) > 0 && !l.State.Over() && l.Back.IsZero():
			return outbox.DoneUntil(at.Add(min(max(at.Sub(l.Since()), unreadSoonest), unreadLatest)), nil)
		}
		return outbox.Done()
	})
}

// gather brings a leaving as far as it can be: patient waits for every vendor.
func (d *Desk) gather(ctx context.Context, l Leaving, patient bool, now time.Time) (_ Leaving, err error) {
	if !l.Back.IsZero() || l.State == CalledOff {
		return d.withdraw(ctx, l, now)
	}
	if l.State == Scheduled && !now.Before(l.Due) {
		if l, err = d.begin(ctx, l, now); err != nil {
			return l, err
		}
	}
	if l.State == Gathering && l.Rounds == 0 || l.Asked == l.Rounds && (len(l.Unread) > 0 || l.Anew) && l.State == Open {
		if l, err = d.findOut(ctx, l, patient, now); err != nil {
			return l, err
		}
	}
	if l.Asked < l.Rounds && (l.State == Gathering || l.State == Open) {
		return d.open(ctx, l, now)
	}
	return l, nil
}

// begin begins what was said for a day.
func (d *Desk) begin(ctx context.Context, l Leaving, now time.Time) (Leaving, error) {
	return d.act(ctx, l.Number, change{what: "the day of a leaving came", by: approvals.Usher, do: func(_ Tx, is *Leaving) ([]outbox.Change, bool, error) {
		if is.State != Scheduled || now.Before(is.Due) {
			return nil, false, nil
		}
		is.State = Gathering
		return is.dropEve(now), true, nil
	}}, now)
}

// who is whom a leaving is about. By then nothing is offered to them any more: what they would have given back for it is theirs.
func (d *Desk) who(ctx context.Context, l Leaving, now time.Time) (who approvals.Person, err error) {
	if d.Leaves != nil {
		if err := d.Leaves(ctx, l.Person, now); err != nil {
			return who, fmt.Errorf("take back what they were offered: %w", err)
		}
	}
	if who, err = d.Workspace.Fresh(ctx, l.Person); err != nil {
		err = fmt.Errorf("look up who left: %w", err)
	}
	return who, err
}

// findOut finds out what somebody holds, and keeps what is to be asked about it.
func (d *Desk) findOut(ctx context.Context, l Leaving, patient bool, now time.Time) (Leaving, error) {
	who, err := d.who(ctx, l, now)
	if err != nil {
		return l, err
	}
	if is, stays, err := d.stays(ctx, l, who, now); err != nil || stays {
		return is, err
	}
	all, err := d.Register.Where(ctx, func(register.Entry) bool { return true })
	if err != nil {
		return l, fmt.Errorf("find what they hold: %w", err)
	}
	if len(all.Unread) > 0 && patient {
		return l, fmt.Errorf("%w: %s", errUnread, strings.Join(all.Unread, ", "))
	}
	theirs, addresses, unread, err := d.theirs(ctx, l, who, all, patient)
	if err != nil {
		return l, err
	}
	items, err := d.itemsOf(ctx, l, theirs)
	if err != nil {
		return l, err
	}
	manager, err := d.Requests.ManagerOf(ctx, l.Person)
	if err != nil {
		return l, fmt.Errorf("look up whose manager decides: %w", err)
	}
	told, err := d.told(ctx, l, manager.By, items)
	if err != nil {
		return l, err
	}
	loose, err := d.LooseOf(ctx, l.Person)
	if err == nil {
		err = d.Requests.Watch(ctx, string(l.Person), now)
	}
	if err != nil {
		return l, err
	}
	defer func() {
		if l.Rounds == 0 {
			d.moveOn(ctx, l, loose)
		}
	}()
	return d.act(ctx, l.Number, change{what: "found what somebody who left holds", by: approvals.Usher, do: func(_ Tx, is *Leaving) ([]outbox.Change, bool, error) {
		if is.State != l.State || is.Rounds != l.Rounds || !is.Back.IsZero() {
			return nil, false, nil
		}
		was := is.clone()
		is.Addresses, is.Manager, is.Told, is.Unread = addresses, manager.By, told, unread
		if is.Name == "" {
			is.Name = who.Name
		}
		is.Anew = false
		is.found(items, now)
		if is.alike(was) {
			return nil, false, nil // it is looked again for as long as something can't be read, and each time would be an entry for ever
		}
		return append(is.tellLoose(loose, d.Requests.Admins, now), is.follows(now)...), true, nil
	}}, now)
}

// follows is what is owed of a leaving that was found out: what is asked is followed, and what can't be asked is told where no card
// says it.
func (l Leaving) follows(now time.Time) (owed []outbox.Change) {
	if l.State != Open {
		return nil
	}
	owed = []outbox.Change{outbox.AtOnce(VerifyKey(l.Number), 0, now)}
	if l.Asked == l.Rounds {
		owed = append(owed, l.tellOwned(now)...)
	}
	return owed
}

// tellLoose owes the manager, or else the admins, what somebody had asked for and nobody has decided.
func (l Leaving) tellLoose(loose Loose, admins []approvals.PersonID, now time.Time) (owed []outbox.Change) {
	if len(loose.Asked) == 0 {
		return nil
	}
	to := admins
	if l.Manager != "" {
		to = []approvals.PersonID{l.Manager}
	}
	for _, id := range to {
		if id != l.Person {
			owed = append(owed, outbox.AtOnce(MessageKey(l.Number, AboutLoose, id), 0, now).ButOnce())
		}
	}
	return owed
}

// found takes in what is to be asked about that wasn't before. Nothing at all to take back closes it.
func (l *Leaving) found(items []Item, now time.Time) {
	round := 0
	for _, i := range items {
		if slices.ContainsFunc(l.Items, func(o Item) bool { return i.same(o) && (o.Gone == nil || !i.shown.After(o.Gone.At)) }) {
			continue
		}
		if i.Round = 0; i.Why == "" {
			i.Round = l.Rounds + 1
			round = i.Round
		}
		l.Items = append(l.Items, i)
	}
	l.Rounds = max(l.Rounds, round)
	switch {
	case len(l.Items) == 0 && len(l.Unread) == 0:
		l.State, l.Ended, l.EndedBy, l.Why = Closed, now, approvals.Usher, "they held nothing"
	case l.Asked == l.Rounds:
		l.State = Open // it hangs on what can't be read yet, or on who owns what can't be asked
	}
}

// tellOwned owes everybody who hears of a leaving what can't be asked about, where no card of this round says so.
func (l Leaving) tellOwned(now time.Time) (owed []outbox.Change) {
	if len(l.Owned()) == 0 {
		return nil
	}
	for _, id := range l.Told {
		owed = append(owed, outbox.AtOnce(MessageKey(l.Number, AboutOwned, id), 0, now))
	}
	return owed
}

// addresses are all that are known to be somebody's, those among them that a directory vouches for beside one that is theirs alone; and
// those of them that somebody else has now.
func (d *Desk) addresses(ctx context.Context, l Leaving, who approvals.Person, entries []register.Entry, elsewhere register.Standings) (all []string, reused map[string]bool, err error) {
	put := func(email string) {
		if key := approvals.FoldEmail(email); email != "" && !slices.Contains(all, key) {
			all = append(all, key)
		}
	}
	put(who.Email)
	for _, e := range entries {
		if e.Person == l.Person {
			put(e.Email)
		}
	}
	reused = map[string]bool{}
	for n := 0; n < len(all); n++ { // it grows by what a directory has beside it
		a := all[n]
		now, err := d.Requests.Directory.ByEmail(ctx, a)
		if err != nil {
			return nil, nil, fmt.Errorf("look up whose address it is now: %w", err)
		}
		reused[a] = now.ID != "" && now.ID != l.Person && now.Active
		for _, s := range elsewhere.Of[a] {
			for _, other := range s.Addresses {
				if !reused[a] {
					put(other)
				}
			}
		}
	}
	return all, reused, nil
}

// belongs reports whether what an entry is about is somebody's: it was asked for them, or its address is theirs and nobody else's by
// now.
func belongs(e register.Entry, who approvals.PersonID, addresses []string, reused map[string]bool) bool {
	if e.Person != "" {
		return e.Person == who
	}
	key := approvals.FoldEmail(e.Email)
	return slices.Contains(addresses, key) && !reused[key]
}

// withAccounts has an account taken whole where a request gave only what is shared with it: the account was there before, is listed
// under an address that nobody else has now, and would be left behind by itself. Of an app that can't be read it's found later.
func (d *Desk) withAccounts(ctx context.Context, theirs []register.Entry, reused map[string]bool, unread []string) ([]register.Entry, error) {
	out := slices.Clone(theirs)
	for i, e := range out {
		if e.Seat || e.Missing || e.Coming || e.App.Entry == nil || reused[approvals.FoldEmail(e.Email)] || slices.Contains(unread, e.App.ID) {
			continue
		}
		there, _, _, err := d.Register.Listed(ctx, e.App.ID, e.Email)
		if err != nil {
			return nil, fmt.Errorf("look whether there is an account: %w", err)
		}
		out[i].Seat = there
	}
	return out, nil
}

// told are all who hear of a leaving, each once and never who leaves: the manager, the owners of what they hold, the admins.
func (d *Desk) told(ctx context.Context, l Leaving, manager approvals.PersonID, items []Item) ([]approvals.PersonID, error) {
	all := []approvals.PersonID{manager}
	for _, i := range append(slices.Clone(l.Items), items...) {
		for _, o := range d.app(i.App).Owners {
			if !approvals.IsGroup(o) { // who is in a group sees the card where the cards are
				all = append(all, approvals.PersonID(o))
			}
		}
	}
	all = append(all, d.Requests.Admins...)
	return slices.DeleteFunc(each(all), func(id approvals.PersonID) bool { return id == l.Person }), nil
}

// open asks what was found out, and keeps which request asks what.
func (d *Desk) open(ctx context.Context, l Leaving, now time.Time) (Leaving, error) {
	round := l.Asked + 1
	var asks []approvals.Ask
	var places []int
	owners := map[string]approvals.PersonID{}
	for i, item := range l.Items {
		if item.Round != round {
			continue
		}
		who, err := d.ownerOf(ctx, d.app(item.App), l.Person)
		if err != nil {
			return l, err
		}
		a := d.ask(l, item)
		a.SeesTo, owners[item.App] = who, who
		asks, places = append(asks, a), append(places, i)
	}
	list, _, err := d.Requests.OpenOccasion(ctx, d.occasion(l, round), asks, now)
	var none *approvals.NotAll
	if err != nil && !errors.As(err, &none) {
		return l, err
	}
	refused := map[int]approvals.Skipped{}
	if len(list) > 0 {
		for _, s := range list[0].Occasion.Skipped {
			refused[s.Place] = s
		}
	} else if none != nil {
		for i, why := range none.Each {
			refused[i] = approvals.Skipped{Why: why.Say, Beside: why.Stands.Number}
		}
	}
	l, err = d.act(ctx, l.Number, change{what: "asked about what somebody who left holds", by: approvals.Usher, do: func(_ Tx, is *Leaving) ([]outbox.Change, bool, error) {
		if is.Asked != round-1 {
			return nil, false, nil
		}
		is.asked(places, refused, list, owners)
		if is.Asked = round; is.State == Gathering {
			is.State = Open
		}
		owed := []outbox.Change{outbox.AtOnce(VerifyKey(is.Number), 0, now)}
		if len(list) == 0 {
			owed = append(owed, is.tellOwned(now)...)
		}
		return owed, true, nil
	}}, now)
	if err == nil && (l.State == CalledOff || !l.Back.IsZero()) {
		return d.withdraw(ctx, l, now) // they came back while it was asked
	}
	return l, err
}

// asked keeps which request asks what: those that were opened stand in the order of what was to be asked, without what was not.
func (l *Leaving) asked(places []int, refused map[int]approvals.Skipped, list []approvals.Request, owners map[string]approvals.PersonID) {
	next := 0
	for place, at := range places {
		i := &l.Items[at]
		if s, no := refused[place]; no {
			if i.Request = s.Beside; i.Request == 0 {
				i.Why, i.Owner = s.Why.Plain(), owners[i.App]
			}
			continue
		}
		if next < len(list) {
			i.Request = list[next].Number
			next++
		}
	}
}

// occasion is why it is asked.
func (d *Desk) occasion(l Leaving, round int) approvals.Occasion {
	o := approvals.Occasion{Kind: approvals.OccasionLeft, ID: l.Key(round), Person: l.Person, Name: l.Name, At: l.Since(), Told: l.Told}
	if o.Source = "deactivated in Slack"; l.Said() && l.Off.IsZero() {
		o.By = l.By // what Slack shows by now is nobody's word
	}
	if len(l.Addresses) > 0 {
		o.Email = l.Addresses[0]
	}
	for _, id := range l.Unread {
		if d.IsApp(id) {
			o.Notes = append(o.Notes, approvals.Sayf("I can't read %v just now. Whatever they hold there comes on a card of its own once I can.", d.app(id).Name))
			continue
		}
		o.Notes = append(o.Notes, approvals.Sayf("I can't read %v just now. Whatever they hold under an address that only it knows comes on a card of its own once I can.", id))
	}
	for _, i := range l.Items {
		if i.Why != "" && i.Request == 0 {
			o.Notes = append(o.Notes, i.Owned(d.app(i.App)))
		}
	}
	return o
}
