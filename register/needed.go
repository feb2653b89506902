package register

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// Once a quarter whoever asked for an outsider's account is asked whether it is still needed, in one message about all of theirs that
// are due. Who is asked, and since when, is kept by the sweep that finds it due, with the promise of the message; the message itself
// follows what is answered.

// neededAfter is how long after the first sweep of a day its messages go out: what the others find comes in the same ones.
const neededAfter = sweepWithin + 30*time.Minute

// Still is one account about which somebody is asked.
type Still struct {
	App approvals.App
	Outsider
}

// heirs are who is asked about an account: whoever asked for it; where they have left, their manager; else the app's owners, and
// where it has none, the admins. nil: that couldn't be found out now.
func (g *Register) heirs(ctx context.Context, app approvals.App, asker approvals.PersonID, people Directory) []approvals.PersonID {
	if people.ByID[asker].Full() {
		return []approvals.PersonID{asker}
	}
	if asker != "" {
		m, err := g.Desk.ManagerOf(ctx, asker)
		switch {
		case err != nil:
			g.Log.WarnContext(ctx, "cannot find whose an account of an outsider is now; it is tried again tomorrow", "app", app.ID, "of", asker, "err", err)
			return nil
		case people.ByID[m.By].Full():
			return []approvals.PersonID{m.By}
		}
	}
	return g.owners(ctx, app, people)
}

// owners are those who look after an app, as people.
func (g *Register) owners(ctx context.Context, app approvals.App, people Directory) (out []approvals.PersonID) {
	for _, o := range app.Owners {
		members := []approvals.PersonID{approvals.PersonID(o)}
		if approvals.IsGroup(o) {
			var err error
			if members, err = approvals.Members(ctx, g.Desk.Directory, approvals.GroupID(o)); err != nil {
				g.Log.WarnContext(ctx, "cannot find who owns an app; it is tried again tomorrow", "app", app.ID, "err", err)
				return nil
			}
		}
		out = append(out, members...)
	}
	out = slices.DeleteFunc(out, func(id approvals.PersonID) bool { return !people.ByID[id].Full() })
	if len(out) == 0 {
		out = slices.DeleteFunc(slices.Clone(g.Desk.Admins), func(id approvals.PersonID) bool { return !people.ByID[id].Full() })
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// asking is the accounts of outsiders with what is asked about them today.
func (g *Register) asking(ctx context.Context, app approvals.App, all []Outsider, people Directory, day string, now time.Time) []Outsider {
	known := map[approvals.PersonID][]approvals.PersonID{}
	for i, o := range all {
		round := o.due(now)
		if round == 0 {
			continue
		}
		whom, found := known[o.By]
		if !found {
			whom = g.heirs(ctx, app, o.By, people)
			known[o.By] = whom
		}
		if round == roundOwners {
			whom = g.owners(ctx, app, people)
		}
		if len(whom) > 0 {
			all[i] = o.asks(round, whom, day, now)
		}
	}
	return all
}

// owedOf are the promises of the messages about what is asked on a day; and what an earlier one showed of it is drawn anew.
func owedOf(was, is []Outsider, day string, now time.Time) (out []outbox.Change) {
	known := map[string]bool{}
	add := func(c outbox.Change) {
		if !known[c.Put.Key] {
			known[c.Put.Key], out = true, append(out, c)
		}
	}
	due, err := time.Parse(time.DateOnly, day)
	if err != nil {
		due = now
	}
	for _, o := range is {
		if o.Day != day {
			continue
		}
		for _, who := range o.Whom {
			add(outbox.Promise(approvals.NeededKey(day, who), due.Add(sweepHour+neededAfter)))
		}
		for _, w := range was {
			if w.Day != "" && w.Day != day && approvals.SameEmail(w.Email, o.Email) {
				for _, c := range w.redrawn(now) {
					add(c)
				}
			}
		}
	}
	return out
}

// redrawn has the messages drawn anew in which somebody was asked about it last.
func (o Outsider) redrawn(now time.Time) (out []outbox.Change) {
	for _, who := range o.Whom {
		key := approvals.NeededKey(o.Day, who)
		out = append(out, outbox.AtOnce(key, 0, now).OnlyWhere(key))
	}
	return out
}

// Needed is what somebody was asked about on a day, as it is now, in every app.
func (g *Register) Needed(ctx context.Context, day string, who approvals.PersonID) (out []Still, err error) {
	for _, app := range g.Inventory.Apps() {
		k, err := g.Book.Register(ctx, app.ID)
		if err != nil {
			return nil, fmt.Errorf("read what is kept of %s: %w", app.ID, err)
		}
		for _, o := range k.Outside {
			if o.Day == day && slices.Contains(o.Whom, who) {
				out = append(out, Still{app, o})
			}
		}
	}
	return out, nil
}

// Outsider is one by their address; false: there is none any more.
func (g *Register) Outsider(ctx context.Context, appID, email string) (s Still, ok bool, err error) {
	if s.App, err = g.app(appID); err != nil {
		return s, false, err
	}
	k, err := g.Book.Register(ctx, s.App.ID)
	if err != nil {
		return s, false, fmt.Errorf("read what is kept of %s: %w", s.App.ID, err)
	}
	i := slices.IndexFunc(k.Outside, func(o Outsider) bool { return approvals.SameEmail(o.Email, email) })
	if i < 0 {
		return s, false, nil
	}
	s.Outsider = k.Outside[i]
	return s, true, nil
}

// Keep keeps that somebody said that an outsider's account is still needed, with its entry of the audit log; who may is its caller's
// to know. Nobody is asked again for a quarter. Said twice it is kept once.
func (g *Register) Keep(ctx context.Context, appID, email string, said Said, surface string) error {
	app, err := g.app(appID)
	if err != nil {
		return err
	}
	err = g.record(ctx, func(tx Tx) error {
		k, err := tx.Register(app.ID)
		if err != nil {
			return err
		}
		k.Outside = slices.Clone(k.Outside)
		i := slices.IndexFunc(k.Outside, func(o Outsider) bool { return approvals.SameEmail(o.Email, email) })
		switch {
		case i < 0:
			return approvals.Refuse(approvals.Conflict, "%v isn't in %v any more, so there's nothing to keep.", email, app.Name)
		case k.Outside[i].Said != nil && k.Outside[i].Said.By == said.By:
			return nil
		case k.Outside[i].Asked.IsZero() && k.Outside[i].Said != nil:
			return approvals.Refuse(approvals.Conflict, "%v said %v that %v is still needed. There's nothing left to answer.", k.Outside[i].Said.By.Text(), k.Outside[i].Said.At, email)
		}
		o := &k.Outside[i]
		o.Since, o.Asked, o.Round, o.Said = said.At, time.Time{}, 0, &said
		k.Revision++
		detail, err := json.Marshal(struct {
			App     string `json:"app"`
			Email   string `json:"email"`
			Request int64  `json:"given_by"`
		}{app.ID, o.Email, o.Request})
		if err != nil {
			return fmt.Errorf("encode what is needed: %w", err)
		}
		all := []error{tx.KeepRegister(app.ID, k), tx.Audit(approvals.Entry{At: said.At, Actor: said.By, What: "an account is still needed", Surface: surface, Detail: detail})}
		for _, c := range o.redrawn(said.At) {
			all = append(all, tx.Change(c))
		}
		return errors.Join(all...)
	})
	if err == nil {
		g.wake()
	}
	return err
}

// TakeBack is the request that takes an outsider's account away; false: its app has none.
func (s Still) TakeBack() (Mend, bool) {
	if s.App.Entry == nil {
		return Mend{}, false
	}
	i := slices.IndexFunc(s.App.Entry.Actions, func(a catalog.Action) bool { return a.Ends })
	if i < 0 {
		return Mend{}, false
	}
	return Mend{App: s.App.ID, Action: s.App.Entry.Actions[i].Key, Email: s.Email, Reason: "it isn't needed any more"}, true
}

// sweepSaid asks what is due in an app of which no list says who is there: nothing is found by that. Where nothing can be due, nobody is
// read.
func (g *Register) sweepSaid(ctx context.Context, app approvals.App, was Kept, slot string, now time.Time) error {
	done, err := g.done(ctx, app.ID)
	if err != nil {
		return err
	}
	given := held(app, done, now)
	if all := was.outside(compare(app, done, given, NewDirectory(nil), nil, now)); !slices.ContainsFunc(all, func(o Outsider) bool { return o.due(now) > 0 }) {
		return nil
	}
	people, err := g.sighted(ctx, app, was, was.Count, slot)
	if err != nil {
		return err
	}
	next := was
	next.Swept, next.Slot, next.People, next.Revision = now.UTC(), slot, people.active(), was.Revision+1
	next.Outside = g.asking(ctx, app, was.outside(compare(app, done, given, people, nil, now)), people, slot, now)
	err = g.record(ctx, func(tx Tx) error { return g.keepSwept(tx, app, was, next, News{}) })
	if errors.Is(err, errMoved) {
		return nil // a list was imported just now: tomorrow it is asked by that
	}
	return err
}
