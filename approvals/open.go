package approvals

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/catalog"
)

// Ask is what somebody wants, checked by commands for form; the Desk checks it for right.
type Ask struct {
	Origin    Origin
	Requester PersonID
	App       App
	Action    Action
	Change    Change
	Reason    string
	// Term is for how long; nil: for good.
	Term  *Term
	Seats SeatCount
	// Said is how it was put, and Look what is known of the vendor; nil: there is nothing to read there.
	Said *Said
	Look *Look
	// Needs is the place, counted from 1, of the item of a bundle that makes the account it is about; 0: none does.
	Needs int
	// Bundle is the bundle that it is part of, and Item its place there, counted from 1, of what Usher asks on an occasion; OpenBundle
	// goes by its own argument.
	Bundle Bundle
	Item   int
	// SeesTo is who sees to what Usher asks on an occasion where it can't be asked; "": nobody is named.
	SeesTo PersonID
}

// Open puts a request on the table. A redelivery of the same envelope (Origin.Key) returns the
// request it opened before, and existing is true. What cannot be asked is an *Error.
func (d *Desk) Open(ctx context.Context, a Ask, now time.Time) (r Request, existing bool, err error) {
	fresh, err := d.fresh(ctx, a, now)
	if err != nil {
		return r, false, err
	}
	err = d.update(ctx, func(tx Tx) error {
		r, existing, err = d.open(tx, fresh, now)
		return err
	})
	return r, existing, err
}

// fresh is the request that an Ask comes to, as far as that can be found before it is kept; what cannot be asked is an
// *Error.
func (d *Desk) fresh(ctx context.Context, a Ask, now time.Time) (r Request, err error) {
	if c := Choose(d.Policies, Situation{App: d.app(a.App), Action: a.Action}); c.None && len(c.Why) == 0 {
		return r, &Error{Code: NotAllowed, Say: nobodys(Request{App: a.App, Action: a.Action}, c)}
	}
	if err := d.mayAsk(ctx, a); err != nil {
		return r, err
	}
	nonce, err := d.nonce()
	if err != nil {
		return r, err
	}
	var unsure bool
	a.Change, unsure = d.pinAsked(ctx, a)
	fresh := newRequest(a, now)
	fresh.Unpinned, fresh.Nonce = unsure, nonce
	if err := d.known(fresh).termed(now); err != nil {
		return r, err
	}
	if fresh, err = d.choose(ctx, fresh, now); err != nil {
		return r, err
	}
	if err := undecidable(fresh); err != nil {
		return r, err
	}
	return fresh, nil
}

// ruleOf pins a policy for an app: its words become the people and groups they stand for now, but for manager.
func (d *Desk) ruleOf(p Policy, app string) Rule {
	return p.For(d.ownersOf(app), d.Admins)
}

// ownersOf are an app's owners, as configured now.
func (d *Desk) ownersOf(app string) (owners []string) {
	for _, a := range d.Apps {
		if a.ID == app {
			owners = a.Owners
		}
	}
	return owners
}

// adminsNamed are the admins as a step names them.
func (d *Desk) adminsNamed() (out []string) {
	for _, id := range d.Admins {
		out = append(out, string(id))
	}
	return out
}

// Approvers are everybody whom any policy names for any app, on whatever step, or to whom it escalates. Whoever is
// somebody's manager decides about what their people ask, and is no approver beyond that.
func (d *Desk) Approvers() Rule {
	var all Rule
	for _, p := range d.Policies {
		for _, a := range append([]App{{}}, d.Apps...) {
			all.Approvers = append(all.Approvers, d.ruleOf(p, a.ID).all().Approvers...)
		}
	}
	all.Approvers = slices.DeleteFunc(all.all().Approvers, func(a string) bool { return a == Manager })
	return all
}

func newRequest(a Ask, now time.Time) Request {
	return Request{
		Origin: a.Origin, Requester: a.Requester, App: a.App, Action: a.Action, Change: a.Change,
		Reason: a.Reason, Term: a.Term, Seats: a.Seats, Said: a.Said, Look: a.Look, Needs: a.Needs, Asked: now,
	}
}

func (d *Desk) open(tx Tx, r Request, now time.Time) (Request, bool, error) {
	if r.Origin.Key != "" {
		n, err := tx.Keyed(r.Origin.Key)
		if err != nil {
			return r, false, err
		}
		if n != 0 {
			known, err := d.load(tx, n)
			return known, true, err
		}
	}
	same, err := d.room(tx, r)
	if err != nil {
		return r, false, err
	}
	if r, err = d.roomInPool(tx, r); err != nil {
		return r, false, err
	}
	n, err := tx.Next()
	if err != nil {
		return r, false, err
	}
	r.Number, r.Same = n, same
	if r, err = d.act(tx, r, Opened{}, r.AskedBy(), r.Origin.Surface, now); err != nil {
		return r, false, err
	}
	r, err = d.byItself(tx, r, now)
	return r, false, err
}

// room refuses what is asked already, and more than one person may have on the table. Who may not read what
// vendors hold is compared with their own requests, by the words alone: that another one asks for the same
// would tell who has asked, or that an address is somebody's. It is taken down beside it, and same is its number.
func (d *Desk) room(tx Tx, r Request) (same int64, err error) {
	if err := d.withinLimits(tx, r); err != nil {
		return 0, err
	}
	open, err := tx.OpenFor(r.App.ID, r.Change.Email)
	if err != nil {
		return 0, err
	}
	return besideOf(open, r)
}

// besideOf is the rule of room for the open requests about one address.
func besideOf(open []Request, r Request) (same int64, err error) {
	blind := r.Said != nil && r.Said.Blind
	for _, o := range open {
		switch mine := o.Requester == r.Requester; {
		case !sameWish(o, r):
		case r.Extends != nil:
			return 0, Refuse(Conflict, "#%v already asks for that: until %v, by %v. `/access status %v` shows it.", o.Number, o.MovesTo(), o.Asker(), o.Number)
		case o.Lent() && (!blind || mine && sameWords(o, r)):
			return 0, Refuse(Conflict, "#%v gave exactly this, until %v. Not needed any more? `/access end %v`", o.Number, o.EndsAt, o.Number).ByOwn(o)
		case o.State == Ending && (!blind || mine && sameWords(o, r)):
			return 0, Refuse(Conflict, "#%v gave exactly this, and it's being removed now, because its time is over. Ask again once that's done; %v hears of it.", o.Number, o.Asker()).ByOwn(o)
		case !blind:
			return 0, Refuse(Conflict, "#%v already asks for this (it's %v, asked by %v %v). `/access status %v` shows it.", o.Number, o.State, o.Asker(), o.Asked, o.Number).By(o)
		case mine && sameWords(o, r):
			return 0, Refuse(Conflict, "You've already asked for this: *#%v* is %v. `/access status %v` shows it.", o.Number, o.State, o.Number).ByOwn(o)
		case same == 0:
			same = o.Number
		}
	}
	return same, nil
}

// sameWish reports whether two requests about one address would do the same, as far as that is known.
func sameWish(a, b Request) bool {
	form := b.Form()
	switch {
	case a.Extends != nil && b.Extends != nil:
		return a.Extends.Of == b.Extends.Of
	case a.Action != b.Action:
		return false
	case form.New || form.Ends:
		return true
	}
	return sameValues(a.Change.Values, b.Change.Values) || len(b.Resources()) > 0 && sameWords(a, b)
}

// sameValues reports whether two changes ask for the same, in whatever order.
func sameValues(a, b catalog.Values) bool {
	for _, list := range [][2]catalog.Values{{a, b}, {b, a}} {
		for _, v := range list[0] {
			o, ok := list[1].Get(v.Key)
			if !ok || !catalog.SameItems(v.Items, o.Items) || !slices.Equal(foldAll(v.Typed), foldAll(o.Typed)) {
				return false
			}
		}
	}
	return true
}

// MayAskPeople is MayAsk for what somebody else decides: who is known to be a full member doesn't wait for Slack, as to ask decides nothing.
func (d *Desk) MayAskPeople(ctx context.Context, id PersonID) error {
	if d.IsMember != nil && d.IsMember(id) {
		return nil
	}
	return d.MayAsk(ctx, id)
}

// mayAsk is whether somebody may ask for this: where a policy may approve it by itself nobody else looks at who they are.
func (d *Desk) mayAsk(ctx context.Context, a Ask) error {
	if slices.ContainsFunc(d.Policies, func(p Policy) bool { return p.Auto && p.Matches(a.App.ID, a.Action) }) {
		return d.MayAsk(ctx, a.Requester)
	}
	return d.MayAskPeople(ctx, a.Requester)
}

// MayAsk refuses guests, bots and deactivated people, and whoever Slack will not speak about.
func (d *Desk) MayAsk(ctx context.Context, id PersonID) error {
	who, err := d.Directory.Person(ctx, id)
	if err != nil {
		return Refuse(CannotTell, "I couldn't check with Slack who you are just now, so nothing was sent. Please try again in a minute.").Because(err)
	}
	if !who.Full() {
		return Refuse(NotAllowed, "Only full members of this workspace can ask for seats. Somebody on your team can ask for you.")
	}
	return nil
}

// openedAs is what the audit keeps of a request that was asked.
func openedAs(is Request) any {
	return struct {
		App    string `json:"app"`
		Action Action `json:"action"`
		Change Change `json:"change"`
		Reason string `json:"reason,omitempty"`
		Rule   Rule   `json:"rule"`
		Found  *Known `json:"found,omitempty"`
		// Together is with which others it was asked.
		Together *Together `json:"together,omitempty"`
		Term     *Term     `json:"term,omitempty"`
		// Extends is what it asks to have for longer.
		Extends *Extension `json:"extends,omitempty"`
		// Occasion is why Usher asks it by itself.
		Occasion *Occasion `json:"occasion,omitempty"`
	}{is.App.ID, is.Action, is.Change, is.Reason, is.Rule, is.Found, is.Together, is.Term, is.Extends, is.Occasion}
}
