package approvals

import (
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Who may decide a request can change what it asks before anybody says yes to it: its fields and names and for how long, but
// not whom it is for, its app or its action, for that would be another request. An edit is an event of the request and decides nothing.
// Which policy rules what is asked now is found out anew, and all it takes is given anew: whoever had said yes had said it
// to something else.

// Edit is one change that somebody who may decide made to a request that waits.
type Edit struct {
	By      Actor     `json:"by"`
	At      time.Time `json:"at"`
	Surface string    `json:"surface"`
	// Why is their reason, for who asked.
	Why string `json:"why"`
	// Form is what it was written in: one form is one edit, however often it comes.
	Form string `json:"form,omitempty"`
	// Changed says field by field how it was and how it is.
	Changed []Altered `json:"changed"`
	// Votes are those that had been given before it: they count no more.
	Votes []Vote `json:"votes,omitempty"`
	// Deciders are who decided the step at which it was edited. They decide where the policy that rules it now would approve
	// it by itself.
	Deciders []string `json:"deciders,omitempty"`
	// Called are the people who have a message of it since before.
	Called []PersonID `json:"called,omitempty"`
}

// Altered is one field that an edit changed, in words as people read them, so that they stay true whatever becomes of the app.
type Altered struct {
	// Field is the key of a field, or one of the names below.
	Field string `json:"field"`
	Label string `json:"label"`
	Was   string `json:"was"`
	Is    string `json:"is"`
	// WasUntil and IsUntil are the dates that Was and Is speak of, where they do.
	WasUntil time.Time `json:"was_until,omitzero"`
	IsUntil  time.Time `json:"is_until,omitzero"`
	// Heard is how it was in the words of who asked, where these are others.
	Heard string `json:"heard,omitempty"`
}

// The names of whom a new account is for, and for how long something is asked, as an edit's Altered has them.
const (
	AlteredFirst = "first name"
	AlteredLast  = "last name"
	AlteredLong  = "how long"
)

// Edited: somebody who may decide changed what is asked. To is the request as it is asked now, the edit the last of its Edits.
type Edited struct {
	By Actor
	To Request
}

func (Edited) what() string { return "edited" }

// MostEdits is how often one request is edited.
const MostEdits = 10

// Edition is how often a request was edited. A button bears it, and a yes counts only for what its voter was shown.
func (r Request) Edition() int { return len(r.Edits) }

// Worded is when what a request asks was last put so: when it was asked, or edited.
func (r Request) Worded() time.Time {
	if n := len(r.Edits); n > 0 {
		return r.Edits[n-1].At
	}
	return r.Asked
}

// Reworded reports whether an edit changed a field.
func (r Request) Reworded(key string) bool {
	return slices.ContainsFunc(r.Edits, func(e Edit) bool {
		return slices.ContainsFunc(e.Changed, func(a Altered) bool { return a.Field == key })
	})
}

// EditedIn reports whether an edit came out of a form.
func (r Request) EditedIn(form string) bool {
	return form != "" && slices.ContainsFunc(r.Edits, func(e Edit) bool { return e.Form == form })
}

// edit takes an edit into a request that waits; false: it is not its time, or it is an edit of something else.
func (r *Request) edit(e Edited, now time.Time) ([]outbox.Change, bool) {
	to := e.To
	if r.State != Pending || !now.Before(r.Expires) || to.Edition() != r.Edition()+1 || r.Edition() >= MostEdits {
		return nil, false
	}
	r.Edits = to.Edits
	r.Change, r.Term, r.Said, r.Same = to.Change, to.Term, to.Said, to.Same
	r.Rule, r.Manager, r.Found, r.Expires = to.Rule, to.Manager, to.Found, to.Expires
	r.Seats, r.Look = to.Seats, to.Look
	r.Votes, r.Tally, r.Raised = nil, nil, nil
	out := []outbox.Change{outbox.Forget(ExpireKey(r.Number)), outbox.Promise(ExpireKey(r.Number), r.Expires), outbox.Forget(LookKey(r.Number))}
	if r.looked() {
		out = append(out, r.atOnce(LookKey(r.Number), now))
	}
	return append(out, r.atOnce(EditedKey(r.Number, r.Edition()), now).ButOnce()), true
}

// rereading reports whether what an edit of an account that is there would do is not known yet, because the account was
// not read since.
func (r Request) rereading() bool {
	return r.Edition() > 0 && !r.Form().New && r.Look.Owed && r.Look.At.IsZero()
}

// Former reports whether somebody has a message of a request from before an edit, and is not asked since.
func (r Request) Former(id PersonID) bool {
	return slices.Contains(r.formerly(), id) && !slices.Contains(r.namedNow(), id)
}

// formerly are those who had a message of a request before it was edited, each once.
func (r Request) formerly() (out []PersonID) {
	for _, e := range r.Edits {
		for _, p := range e.Called {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// namedNow are the people who have a message of a request by what it asks now.
func (r Request) namedNow() []PersonID {
	now := r
	now.Edits = nil
	return now.called()
}

// byHand is a rule that would approve by itself, for a request that somebody edited: those who decided it before do, by one
// click, for nobody has yet said yes to what it asks now.
func (r Request) byHand(rule Rule) Rule {
	rule.Auto, rule.ByHand = false, true
	rule.Approvers, rule.Need, rule.Then, rule.Manager = slices.Clone(r.Edits[len(r.Edits)-1].Deciders), 1, nil, nil
	return rule
}

// edition refuses a yes that was pressed where something else was shown than is asked now.
func (r Request) edition(v Vote) error {
	if !v.Yes || v.Edition == r.Edition() {
		return nil
	}
	by := r.Edits[max(r.Edition()-1, 0):]
	switch {
	case len(by) == 0: // what it was shown with is of no version of it
		return Refuse(Conflict, "#%v isn't what you were shown any more, so I haven't counted your yes. Please look at the card again, then press *Approve*.", r.Number)
	case v.By.atMachine():
		return Refuse(Conflict, "%v changed #%v %v, and you haven't seen it as it is now, so I haven't counted your yes. Please look at `usher show %v`, then approve it again.", by[0].By.Text(), r.Number, by[0].At, r.Number)
	}
	return Refuse(Conflict, "%v changed #%v %v, and the card you clicked showed how it was before, so I haven't counted your yes. Please look at the card again, then press *Approve*.", by[0].By.Text(), r.Number, by[0].At)
}

// reasons say for the audit log what an edit changed, and whose yes counts no more.
func (e Edit) reasons() (out []string) {
	for _, a := range e.Changed {
		out = append(out, fmt.Sprintf("%s: %s → %s", a.Field, a.Was, a.Is))
	}
	for _, v := range e.Votes {
		out = append(out, fmt.Sprintf("the vote of %s, who had said %s, counts no more", v.by(), yesNo(v.Yes)))
	}
	return append(out, "reason: "+e.Why)
}
