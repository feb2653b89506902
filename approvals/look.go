package approvals

import (
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// Look is what was read at the vendor about a request that waits. Asking waits for no vendor: a request is
// taken down with what is known, and the promise "look/12" completes it.
type Look struct {
	// Owed says that something is not known yet, so that the vendor is read again.
	Owed bool `json:"owed,omitempty"`
	// At is when the vendor was last read for this request; zero: not yet.
	At time.Time `json:"at,omitzero"`
	// Blind is since when it cannot be read; zero while it can.
	Blind time.Time `json:"blind,omitzero"`
	// Against is what stands against the request, a sentence each.
	Against []Text `json:"against,omitempty"`
	// Bars says that what stands against it keeps it from being done as things are, whoever approves it.
	Bars bool `json:"bars,omitempty"`
	// Blocked says that the account that is meant is blocked by its limits, and Limits are those it has.
	Blocked bool           `json:"blocked,omitempty"`
	Limits  catalog.Values `json:"limits,omitempty"`
	// Was is what the account had, once it is known which is meant; nil: it was not read.
	Was *Was `json:"was,omitempty"`
}

// Said is how somebody put what they asked for: whom they meant, and which resources.
type Said struct {
	// Email is the address as it was typed, or Person who was named by mention.
	Email  string   `json:"email,omitempty"`
	Person PersonID `json:"person,omitempty"`
	// Typed are the resources as they were typed, by field.
	Typed catalog.Values `json:"typed,omitempty"`
	// Blind says that they may not read what vendors hold. They are told what they said, and what came of it.
	Blind bool `json:"blind,omitempty"`
}

// Known reports whether it is known what a yes to the request would do. Of a new seat that stands in the
// request itself, but for resources that are still words; of every other change it takes the account that is meant too,
// unless another item of its bundle is to make it.
func (r Request) Known() bool {
	return r.Look == nil || (r.Form().New || r.Needs != 0 || r.Change.Account != "") && !r.Change.Values.Typed() && !r.rereading()
}

// Barred reports whether a request cannot be done as things are, whoever approves it: an account that owns
// something is spared. It is looked at again until that has changed, or somebody denies it.
func (r Request) Barred() bool { return r.Look != nil && r.Look.Bars }

// ready reports whether a yes to the request can count. Of an app that nobody can look at, what can be asked of it now is all
// there is to go by.
func (r Request) ready() bool {
	return r.Known() && !r.Barred() && !r.Rule.Open && (r.Look != nil || r.Extends != nil || r.Formless() == nil)
}

// cardWaits is how long the first card waits for what is read at the vendor, and for whom it is for.
const cardWaits = 2 * time.Second

// waits are the promises of a request of which something is still to be found out; false: nothing is. The card waits a moment for that, so
// that people mostly see one that is whole; whatever comes of it owes the card at once.
func (r *Request) waits(now time.Time) (out []outbox.Change, taken bool) {
	if !r.looked() && !r.Unpinned {
		return nil, false
	}
	if r.looked() {
		out = append(out, r.atOnce(LookKey(r.Number), now))
	}
	out = append(out, outbox.Promise(CardKeyOf(*r), now.Add(cardWaits)))
	for _, p := range r.called() {
		out = append(out, outbox.Promise(ApproverKeyOf(*r, p), now.Add(cardWaits)))
	}
	return out, true
}

// unready refuses a yes to a request of which nobody knows yet what it would do, or which cannot be done as things
// are; nil where a yes can count.
func (r Request) unready(e Event) error {
	will := Sayf("Its card")
	if approver(e).atMachine() {
		will = Sayf("`usher show %v`", r.Number)
	}
	switch app := r.App.Name; {
	case r.ready():
		return nil
	case r.Formless() != nil:
		return Refuse(Conflict, "%v So #%v can't be done as things are, and I haven't counted your yes. Deny it, or have an admin set it up again: then you can approve it.", r.Formless(), r.Number)
	case r.Known() && !r.Barred():
		return Refuse(Conflict, "Which policy decides #%v depends on what I'm still reading in %v, so I haven't counted your yes. %v will show it.", r.Number, app, will)
	case r.Known():
		return Refuse(Conflict, "#%v can't be done yet, so I haven't counted your yes: %v Once that's sorted out in %v, I'll notice within a few minutes and you can approve it.", r.Number, Join(r.Look.Against, " "), app)
	case !r.Look.Blind.IsZero():
		return Refuse(Conflict, "I haven't been able to read %v since %v, so I don't know yet what #%v would do and haven't counted your yes. I'll keep trying. %v will show it. You can still deny it.", app, r.Look.Blind, r.Number, will)
	case len(r.Look.Against) == 0:
		return Refuse(Conflict, "I'm still checking in %v what #%v would do, so I haven't counted your yes. %v will show it in a moment.", app, r.Number, will)
	}
	if r.Editable() && r.Change.Values.Typed() && !approver(e).atMachine() {
		return Refuse(Conflict, "It isn't clear yet what #%v would do, so I haven't counted your yes: %v Press *Edit* and pick the one that's meant, or ask.", r.Number, Join(r.Look.Against, " "))
	}
	return Refuse(Conflict, "It isn't clear yet what #%v would do, so I haven't counted your yes: %v Deny it and say which one you mean, so they can ask again. I check again every few minutes.", r.Number, Join(r.Look.Against, " "))
}

// unread refuses a yes that was pressed on a card which did not say yet what it would do; nil where it did. The
// vendor may have been read between the drawing and the pressing, and Slack may be slow to show the card anew.
func (r Request) unread(v Vote) error {
	if !v.Yes || !v.Unread || !r.Known() {
		return nil // what is not known is refused with why (unready)
	}
	if v.By.atMachine() {
		return Refuse(Conflict, "I've only just checked in %v what #%v would do, and what you saw here didn't show it yet, so I haven't counted your yes. Please look at `usher show %v`, then approve it again.", r.App.Name, r.Number, r.Number)
	}
	return Refuse(Conflict, "I've only just checked in %v what #%v would do, and the card you clicked didn't show it yet, so I haven't counted your yes. Please look at the card again, then press *Approve*.", r.App.Name, r.Number)
}

// yes reports whether an event approves, by whatever route.
func yes(e Event) bool {
	switch e := e.(type) {
	case Voted:
		return e.Vote.Yes
	case Overridden:
		return e.Yes
	}
	return false
}

// approver is whose yes an event is.
func approver(e Event) Actor {
	switch e := e.(type) {
	case Voted:
		return e.Vote.By
	case Overridden:
		return e.By
	}
	return ""
}

// Heard is the request as whoever asked it may see it. Who may not read what vendors hold is shown what they
// typed and, once somebody who can see it has decided, what came of exactly that.
func (r Request) Heard() Request {
	if r.Extends != nil {
		h := r.Given().Heard()
		h.Action, h.Extends, h.Term, h.Outcome = r.Action, r.Extends, r.Term, r.Outcome
		return h
	}
	if r.Said == nil || !r.Said.Blind {
		return r
	}
	c := r.Change
	r.Change = Change{Email: r.Said.Email, Person: r.Said.Person, Values: r.saidValues()}
	if r.Form().New {
		r.Change.FirstName, r.Change.LastName = c.FirstName, c.LastName
	}
	r.Seats, r.Pool, r.Look, r.Doubt, r.Same = SeatCount{}, nil, nil, nil, 0
	r.Rule.Chosen, r.Found = nil, nil // which may say how many seats are left
	r.Left = slices.DeleteFunc(slices.Clone(r.Left), func(id PersonID) bool { return id != r.Requester && id != r.Said.Person })
	r.Rule, r.Manager, r.Edits = r.heardRule(), r.Manager.heard(r), heard(r.Edits)
	r.End = r.End.heard(r)
	if r.Outcome != nil {
		o := r.Outcome.heard(r)
		r.Outcome = &o
	}
	return r
}

// saidValues are a request's values with its resources in the words that were typed; what is not of its form any more, and
// looks like a resource, is taken for one.
func (r Request) saidValues() (out catalog.Values) {
	form, resources := r.Form(), r.Resources()
	for _, v := range r.Change.Values {
		_, known := form.Field(v.Key)
		if !known && resourceful(v) || slices.ContainsFunc(resources, func(o catalog.Value) bool { return o.Key == v.Key }) {
			v, _ = r.Said.Typed.Get(v.Key)
		}
		out = append(out, v)
	}
	return out
}

// HeardBlind is Heard for somebody who asked while they could see what vendors hold, and may not any more: what
// was read since is not for them. Of a request that keeps no words of theirs nothing else is known than it says.
func (r Request) HeardBlind() Request {
	if r.Said == nil {
		return r
	}
	said := *r.Said
	said.Blind = true
	r.Said = &said
	return r.Heard()
}

// heard is an outcome without what was read of the vendor beyond what was asked.
func (o Outcome) heard(r Request) Outcome {
	said := Outcome{At: o.At, Text: o.Text, Said: o.Said, Tried: o.Tried}
	switch {
	case r.Fell != 0, r.Task != nil: // it says nothing of the vendor, or what a person wrote to whoever asked
	case r.State == Failed:
		said.Text = nil // why, stands before the admins and on the card
	case o.Said == "" && (r.Form().Ends || !r.Form().New && len(r.Resources()) > 0):
		said.Text = Sayf("Checked in %v: it's exactly as asked.", r.App.Name) // not what else the account sees, nor what has its address now
	}
	return said
}

// Whom names whose account a change is about: by address, or by mention where that is all somebody may see.
func (c Change) Whom() Text {
	if c.Email == "" {
		return Sayf("%v", c.Person)
	}
	return Sayf("%v", c.Email)
}

// sameWords reports whether two requests were put in the same words, as far as these can be compared without
// knowing what they mean.
func sameWords(a, b Request) bool {
	if a.Said == nil || b.Said == nil {
		return false
	}
	return a.Said.Person == b.Said.Person && FoldEmail(a.Said.Email) == FoldEmail(b.Said.Email) && sameValues(a.Said.Typed, b.Said.Typed)
}

func foldAll(words []string) []string {
	var out []string
	for _, w := range words {
		out = append(out, strings.TrimPrefix(FoldHost(strings.Join(Readings(w), " or ")), "#")) // two dashes are not one
	}
	slices.Sort(out)
	return slices.Compact(out)
}
