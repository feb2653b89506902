package approvals

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Nobody decides what they would gain from: not as requester, and not as the person it is for. Whose a seat is
// is known by the Slack id that was pinned when it was asked, and by every address that is a voter's own now.

// Mailbox is the address without what may follow a + in it, and without regard to case: "Bob+seo@acme.example"
// is read by whoever reads "bob@acme.example". Other spellings of one mailbox (dots, aliases) nobody outside
// can tell.
func Mailbox(email string) string {
	local, domain, _ := strings.Cut(FoldEmail(email), "@")
	if box, _, tagged := strings.Cut(local, "+"); tagged && box != "" {
		local = box
	}
	return local + "@" + domain
}

// gains answers whether a request is for somebody who would decide it; f may know them. MayNot: it is.
// CouldNotTell: Slack shows no address of theirs, and it is not known whose the request's is.
func gains(r Request, a Actor, f Facts) Ruling {
	if r.Change.Email == "" {
		return May
	}
	if name, machine := a.IsOS(); machine {
		if accountOf(name, r.Change.Email) {
			return MayNot
		}
		return May
	}
	who := f.People[a.Person()]
	switch {
	case a.Person() != "" && a.Person() == r.Change.Person, who.Email != "" && Mailbox(who.Email) == Mailbox(r.Change.Email):
		return MayNot
	case who.Email == "" && r.Change.Person == "":
		return CouldNotTell
	}
	return May
}

// accountOf reports whether an account of the machine bears the name of a mailbox. That is all that can be
// known of who sits there.
func accountOf(name, email string) bool {
	local, _, _ := strings.Cut(Mailbox(email), "@")
	return strings.EqualFold(name, local)
}

// asked reports whether an account of the machine bears the name of the mailbox of who asked, now or first, as far as Slack
// shows that one; f may know them.
func asked(r Request, a Actor, f Facts) bool {
	name, machine := a.IsOS()
	return machine && slices.ContainsFunc(r.askers(), func(id PersonID) bool {
		email := f.People[id].Email
		return email != "" && accountOf(name, email)
	})
}

// ownSay tells somebody that a request is for them, or that nobody can tell that it is not; who says who else
// can decide, and is empty where nobody else is named.
func ownSay(r Request, ruling Ruling, who Text) Text {
	say := Sayf("#%v is for you, so somebody else must decide.", r.Number)
	if ruling == CouldNotTell {
		say = Sayf("Slack doesn't show me your e-mail address, so I can't tell whether #%v is for you. Somebody else must decide.", r.Number)
	}
	if len(who) == 0 {
		return Sayf("%v There's nobody else yet: an admin can add another approver, then it can be asked again.", say)
	}
	return Sayf("%v %v can.", say, who.Capital())
}

// Deciders names who may decide the present step of a request.
func (r Request) Deciders() Text { return r.Eligible().orNobody() }

// orNobody names who may decide a step or, where nobody in Slack can, who is left: a card that names nobody would wait for ever.
func (s Stage) orNobody() Text {
	if len(s.Approvers) == 0 {
		return Sayf("nobody in Slack right now, so whoever runs Usher does, with `usher approve`")
	}
	return s.Text()
}

// decidersBut names who may decide the present step of a request beside somebody.
func (r Request) decidersBut(id PersonID) Text { return r.Eligible().without(id).Text() }

// undecidable is why nobody could decide a request, or nil. Groups count as enough: who is in them changes.
func undecidable(r Request) error {
	if r.Rule.Itself() {
		return nil
	}
	step := r.short(r.gainers()...)
	if step < 0 {
		return nil
	}
	which := Sayf("")
	if r.Several() {
		which = Sayf("step %v of ", step+1)
	}
	if err := r.unmanaged(which); err != nil {
		return err
	}
	switch {
	case r.short(r.Requester) < 0:
		return Refuse(NotAllowed, "Without you and %v, who this is for, there aren't enough approvers (%vpolicy “%v”), and nobody approves something for themselves. An admin can add another approver.", r.named(), which, r.Rule.Policy)
	case r.Several():
		return Refuse(NotAllowed, "Without you there aren't enough approvers (%vpolicy “%v”), and nobody approves their own request. An admin can add another approver.", which, r.Rule.Policy)
	}
	return Refuse(NotAllowed, "You're the only approver for this (policy “%v”), and nobody approves their own request. An admin can add a second one.", r.Rule.Policy)
}

// named is whom a request is for, to whoever asks it: who may not read what vendors hold is not told whose an
// address is that they typed.
func (r Request) named() Text {
	if c := r.Heard().Change; c.Person == "" {
		return c.Whom()
	}
	return Sayf("%v", r.Change.Person)
}

// short is the first step that could not be filled without some people, counted from 0; -1: none.
func (r Request) short(ids ...PersonID) int {
	steps := r.Rule.Stages()
	for i, s := range steps {
		steps[i] = s.without(ids...)
	}
	return Short(steps)
}

// pin finds whom a seat is for where their address was typed, so that they are known by their id from then on,
// whatever becomes of the address. Where Slack cannot say (unsure), nobody is pinned and the request is taken: the
// addresses of those who vote are compared all the same, and Slack is asked again at each vote and before the deed.
func (d *Desk) pin(ctx context.Context, c Change) (_ Change, unsure bool) {
	if c.Person != "" || c.Email == "" {
		return c, false
	}
	id, err := Whose(ctx, d.Directory, c.Email)
	if err != nil {
		d.Log.WarnContext(ctx, "cannot find out whom a seat is for", "err", err)
	}
	c.Person = id
	return c, err != nil
}

// pinAsked is pin at the moment of asking, where it waits for Slack only if who decides hangs on whose the address is. Else what is
// remembered pins them, and what isn't is found out beside the look at the vendor (Looks), or with who is named (watch).
func (d *Desk) pinAsked(ctx context.Context, a Ask) (_ Change, unsure bool) {
	if d.Recalls == nil || a.Change.Person != "" || a.Change.Email == "" || d.hangsOnWhose(a) {
		return d.pin(ctx, a.Change)
	}
	id, err := Whose(ctx, recalled(d.Recalls), a.Change.Email)
	a.Change.Person = id
	return a.Change, err != nil
}

// hangsOnWhose reports whether it may hang on whom a seat is for who decides, or whether anybody does.
func (d *Desk) hangsOnWhose(a Ask) bool {
	return slices.ContainsFunc(d.Policies, func(p Policy) bool {
		return p.Matches(a.App.ID, a.Action) && (p.When.For != "" || p.NeedsManager())
	})
}

// recalled are the addresses that are remembered; errUnasked: one isn't.
type recalled func(email string) (Person, bool)

var errUnasked = errors.New("not remembered, and not asked")

// ByEmail implements Addresses.
func (r recalled) ByEmail(_ context.Context, email string) (Person, error) {
	who, known := r(email)
	if !known {
		return who, errUnasked
	}
	return who, nil
}

// Addresses is the part of a Directory that says who bears an address.
type Addresses interface {
	ByEmail(ctx context.Context, email string) (Person, error)
}

// Whose is who reads what is sent to an address; "" where that is nobody whom Slack shows.
func Whose(ctx context.Context, in Addresses, email string) (PersonID, error) {
	for _, address := range slices.Compact(append(spellings(FoldEmail(email)), spellings(Mailbox(email))...)) {
		who, err := in.ByEmail(ctx, address)
		if err != nil || who.ID != "" {
			return who.ID, err
		}
	}
	return "", nil
}

// pinWithin is how long whoever votes waits for Slack to say whom a request is for: their own vote needs it too.
const pinWithin = time.Second

// repin keeps whom a request that waits is for, where Slack could not say so when it was asked and can now. Where it
// still cannot, the deed asks.
func (d *Desk) repin(ctx context.Context, n int64, now time.Time) error {
	r, err := d.Request(ctx, n)
	if err != nil || !r.Unpinned || r.State != Pending {
		return err
	}
	look, cancel := context.WithTimeout(ctx, pinWithin)
	defer cancel()
	if whose, _ := d.Whose(look, r); whose != "" {
		_, err = d.repinned(ctx, r, Pinned{Person: whose}, now)
	}
	return err
}

// pinAhead finds out whom a request is for before anybody decides, so that no click waits for it; that nobody whom Slack shows bears the
// address is kept too.
func (d *Desk) pinAhead(ctx context.Context, r Request, now time.Time) (Request, error) {
	whose, known := d.Whose(ctx, r)
	if !known {
		return r, nil
	}
	return d.repinned(ctx, r, Pinned{Person: whose, Ahead: true}, now)
}

func (d *Desk) repinned(ctx context.Context, r Request, found Pinned, now time.Time) (Request, error) {
	is, err := d.Record(ctx, r.Number, found, now)
	if errors.Is(err, ErrNotNow) {
		return is, nil // decided or pinned meanwhile: whoever goes on finds out
	}
	return is, err
}

// Whose is whom a request is for, as Slack says now; "": nobody whom it shows. false: it doesn't say.
func (d *Desk) Whose(ctx context.Context, r Request) (PersonID, bool) {
	c, unsure := d.pin(ctx, r.Change)
	return c.Person, !unsure
}
