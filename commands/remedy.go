package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Wrong is what a report said is wrong with an account.
type Wrong string

// What can be wrong with an account.
const (
	IsBlocked Wrong = "blocked"
	IsIdle    Wrong = "idle"
)

// Ailing is an account of which a report said that something is wrong. It stands in buttons that outlive what they say: whatever is done
// by one looks at the account again.
type Ailing struct {
	App string
	// ID and Email are the account's, as the report knew them; either may be missing.
	ID, Email string
	Wrong     Wrong
	// Day is the day of the report, as 2026-11-23.
	Day string
}

// Way is one thing that can be done about it.
type Way string

// The ways to mend an account.
const (
	RaiseIt Way = "raise"
	TakeIt  Way = "take"
)

// Remedy is what can be done about an account now.
type Remedy struct {
	Of    Ailing
	Lines []approvals.Text
	Ways  []Way
	// Holder is who would be asked, where that is one of the ways.
	Holder approvals.PersonID
	// Cards lead to the requests that ask for one of these already.
	Cards []Card
}

// lookWithin is how long an account is looked for again at a press, before what is there is offered unseen.
const lookWithin = 7 * time.Second

// Remedy looks at an account again and says what can be done about it. What is mended by now, or gone, is refused with just that; that it
// couldn't be looked at is no reason to refuse anything.
func (h *House) Remedy(ctx context.Context, id approvals.PersonID, a Ailing, now time.Time) (Remedy, error) {
	app, err := h.mayMend(ctx, id, a)
	if err != nil {
		return Remedy{}, err
	}
	seat, seen, err := h.ails(ctx, app, a)
	if err != nil {
		return Remedy{}, err
	}
	if a.ID, a.Email = seat.ID, seat.Email; a.Email == "" {
		return Remedy{}, approvals.Refuse(approvals.Unavailable, "That account has no e-mail address, so nothing can be asked for it here. It can be mended in %v itself.", app.Name)
	}
	out := Remedy{Of: a, Lines: []approvals.Text{seen}}
	asked, err := h.asksFor(ctx, app, a)
	if err != nil {
		return Remedy{}, err
	}
	for _, w := range []Way{RaiseIt, TakeIt} {
		action, ok := w.action(app, a.Wrong)
		if !ok {
			continue
		}
		if i := slices.IndexFunc(asked, func(r approvals.Request) bool { return r.Action == action.Key }); i >= 0 {
			out = out.askedAlready(h.cardOf(ctx, asked[i]), w)
			continue
		}
		out.Ways = append(out.Ways, w)
	}
	if out = h.offersAsking(ctx, id, app, out, now); len(out.Ways)+len(out.Cards) == 0 {
		return Remedy{}, approvals.Refuse(approvals.Unavailable, "%v can't mend that by a request. It can be mended in %v itself.", app.Name, app.Name)
	}
	return out, nil
}

// Mend is the form that mends an account one way, filled in; the account is looked at again.
func (h *House) Mend(ctx context.Context, id approvals.PersonID, a Ailing, w Way) (Draft, error) {
	app, err := h.mayMend(ctx, id, a)
	if err != nil {
		return Draft{}, err
	}
	return h.mendIn(ctx, app, a, w)
}

// mendIn is Mend for who may.
func (h *House) mendIn(ctx context.Context, app approvals.App, a Ailing, w Way) (Draft, error) {
	seat, _, err := h.ails(ctx, app, a)
	if err != nil {
		return Draft{}, err
	}
	action, ok := w.action(app, a.Wrong)
	if !ok || seat.Email == "" {
		return Draft{}, approvals.Refuse(approvals.Unavailable, "%v can't mend that by a request, as it's set up now.", app.Name)
	}
	d := (Draft{App: app.ID, Action: action.Key, For: ForOutside, Email: seat.Email, Reason: a.because()}).clone()
	if limit, ok := limitOf(action); ok && w == RaiseIt && app.Entry.Reads.Details {
		if detail, err := h.Inventory.Detail(ctx, app.ID, seat.ID); err == nil {
			d.limited(limit, detail.Values)
		}
	}
	return d, nil
}

// limited fills in the limit that an account has, for its reader to raise.
func (d Draft) limited(f catalog.Field, has catalog.Values) {
	if amount := has.IDs(f.Key); len(amount) > 0 {
		d.Typed[f.Key] = amount[0]
	}
	if per := has.IDs(f.Per); f.Per != "" && len(per) > 0 {
		d.Chosen[f.Per] = per
	}
}

// because is the reason that a form is filled in with: what was wrong, and who said so.
func (a Ailing) because() string {
	why := "it's blocked by its limits"
	if a.Wrong == IsIdle {
		why = "nobody is seen to use it"
	}
	if day, err := time.Parse(time.DateOnly, a.Day); err == nil {
		why += ", by the report of " + day.Format("2 Jan")
	}
	return why
}

// action is what one way asks of an app; false: it has none for what is wrong.
func (w Way) action(app approvals.App, wrong Wrong) (catalog.Action, bool) {
	if app.Entry == nil {
		return catalog.Action{}, false
	}
	i := slices.IndexFunc(app.Entry.Actions, func(c catalog.Action) bool {
		_, limits := limitOf(c)
		return w == TakeIt && c.Ends || w == RaiseIt && wrong == IsBlocked && limits
	})
	if i < 0 {
		return catalog.Action{}, false
	}
	return app.Entry.Actions[i], true
}

// Mendable reports whether a request can mend what is wrong with accounts of an app.
func Mendable(app approvals.App, wrong Wrong) bool {
	_, raises := RaiseIt.action(app, wrong)
	_, takes := TakeIt.action(app, wrong)
	return raises || takes
}

// limitOf is the field by which an action changes what an account may spend; false: it changes none.
func limitOf(c catalog.Action) (catalog.Field, bool) {
	i := slices.IndexFunc(c.Fields, func(f catalog.Field) bool { return f.Kind == catalog.Money })
	if c.Effect != catalog.Changes || i < 0 {
		return catalog.Field{}, false
	}
	return c.Fields[i], true
}

// mayMend is the app of an account that somebody may see: who may see what it holds, and who looks after it; or whose account it is, and
// their manager. To everybody else the answer is the same, whatever is so.
func (h *House) mayMend(ctx context.Context, id approvals.PersonID, a Ailing) (approvals.App, error) {
	app, ok := h.speech().named(a.App)
	if !ok {
		return app, approvals.Refuse(approvals.NotFound, "I don't look after “%v” any more, so I can't mend anything there.", short(a.App))
	}
	may := []approvals.Ruling{h.approver(ctx, id)}
	if may[0] != approvals.May {
		may = append(may, h.looksAfter(ctx, id, app), h.theirOwn(ctx, id, a.Email))
	}
	switch {
	case slices.Contains(may, approvals.May):
		return app, nil
	case slices.Contains(may, approvals.CouldNotTell):
		return app, untold()
	}
	return app, approvals.Refuse(approvals.NotAllowed, "Only admins, approvers and the owners of %v can do something about its accounts. `/access who` shows what you have.", app.Name)
}

// MayMend is the name of the app of an account, for somebody who may do something about it.
func (h *House) MayMend(ctx context.Context, id approvals.PersonID, a Ailing) (string, error) {
	app, err := h.mayMend(ctx, id, a)
	return app.Name, err
}

// theirOwn answers whether an address is somebody's own, or that of one whose manager they are.
func (h *House) theirOwn(ctx context.Context, id approvals.PersonID, email string) approvals.Ruling {
	if me, err := h.Directory.Person(ctx, id); err != nil {
		return approvals.CouldNotTell
	} else if !me.Full() || email == "" {
		return approvals.MayNot
	}
	p, err := h.Directory.ByEmail(ctx, email)
	switch {
	case err != nil:
		return approvals.CouldNotTell
	case p.ID == "":
		return approvals.MayNot
	case p.ID == id:
		return approvals.May
	}
	m, err := h.Desk.ManagerOf(ctx, p.ID)
	switch {
	case err != nil:
		return approvals.CouldNotTell
	case m.By == id:
		return approvals.May
	}
	return approvals.MayNot
}

// ails looks at an account again: by its number, else by its address. Where it's gone, or well by now, the refusal says so.
func (h *House) ails(ctx context.Context, app approvals.App, a Ailing) (approvals.Seat, approvals.Text, error) {
	unseen := approvals.Seat{ID: a.ID, Email: a.Email}
	look, stop := context.WithTimeout(ctx, lookWithin)
	defer stop()
	all, err := h.Inventory.Accounts(look, app.ID, false)
	seat, there := unseen, false
	if err == nil {
		seat, there, err = a.among(all)
	}
	if err != nil {
		h.Desk.Log.WarnContext(ctx, "cannot look again at an account that is to be mended", "app", app.ID, "err", err)
		return unseen, approvals.Sayf("*%v* · %v · I couldn't look again just now, so this may be mended already.", or(a.Email, "an account"), app.Name), nil
	}
	if !there {
		return unseen, nil, approvals.Refuse(approvals.Conflict, "%v isn't in %v any more (read %v), so there's nothing to mend.", or(a.Email, "That account"), app.Name, all.At)
	}
	switch {
	case a.Wrong == IsBlocked && !seat.Blocked:
		return seat, nil, approvals.Refuse(approvals.Conflict, "%v isn't blocked any more in %v (read %v), so there's nothing to mend.", seat.Email, app.Name, all.At)
	case a.Wrong == IsIdle && !app.Idle(seat):
		return seat, nil, approvals.Refuse(approvals.Conflict, "%v isn't idle any more in %v (read %v), so there's nothing to mend.", seat.Email, app.Name, all.At)
	}
	return seat, approvals.Sayf("%v · %v, read %v", seatLine(app, seat), app.Name, all.At), nil
}

// among finds an account among all: by its number, else by its address.
func (a Ailing) among(all approvals.Accounts) (seat approvals.Seat, found bool, err error) {
	numbered := false
	err = all.Each(func(s approvals.Seat) bool {
		switch {
		case a.ID != "" && s.ID == a.ID:
			seat, found, numbered = s, true, true
		case !found && a.Email != "" && approvals.SameEmail(s.Email, a.Email):
			seat, found = s, true
		}
		return !numbered
	})
	return seat, found, err
}

// asksFor are the requests about an account that are not over, newest first.
func (h *House) asksFor(ctx context.Context, app approvals.App, a Ailing) ([]approvals.Request, error) {
	open, err := h.Desk.Every(ctx, approvals.Filter{})
	if err != nil {
		return nil, fmt.Errorf("find what is asked for an account already: %w", err)
	}
	return slices.DeleteFunc(open, func(r approvals.Request) bool {
		return r.App.ID != app.ID || r.State == approvals.Ending || !approvals.SameEmail(r.Change.Email, a.Email)
	}), nil
}

// cardOf leads to the card of a request.
func (h *House) cardOf(ctx context.Context, r approvals.Request) Card {
	c := Card{Number: r.Number}
	if h.Link != nil {
		c.Link = h.Link(ctx, approvals.CardKeyOf(r))
	}
	return c
}

func (r Remedy) askedAlready(c Card, w Way) Remedy {
	what := "take it away"
	if w == RaiseIt {
		what = "change it"
	}
	r.Cards = append(r.Cards, c)
	r.Lines = append(r.Lines, approvals.Sayf("*#%v* asks to %v already.", c.Number, what))
	return r
}

// Ailings are the accounts of an app with which something is wrong now, of which the address or name has what was typed: for who may see
// all of them.
func (h *House) Ailings(ctx context.Context, id approvals.PersonID, a Ailing, typed string) ([]approvals.Seat, error) {
	app, err := h.mayMend(ctx, id, Ailing{App: a.App})
	if err != nil {
		return nil, err
	}
	typed = strings.ToLower(strings.TrimSpace(typed))
	var out []approvals.Seat
	all, err := h.Inventory.Accounts(ctx, app.ID, false)
	if err == nil {
		err = all.Each(func(s approvals.Seat) bool {
			wrong := a.Wrong == IsBlocked && s.Blocked || a.Wrong == IsIdle && app.Idle(s)
			if wrong && s.Email != "" && strings.Contains(strings.ToLower(s.Email+" "+s.FirstName+" "+s.LastName), typed) {
				out = append(out, s)
			}
			return true
		})
	}
	if err != nil {
		return nil, fmt.Errorf("find accounts to mend: %w", err)
	}
	slices.SortFunc(out, func(x, y approvals.Seat) int {
		return strings.Compare(approvals.FoldEmail(x.Email), approvals.FoldEmail(y.Email))
	})
	return out, nil
}
