package approvals

import (
	"slices"
	"time"

	"github.com/usherbot/usher/catalog"
)

// What is taken back is what the request added, and nothing else: what was there before stays, and so does what a later
// request gives for longer. So each deed notes, with the mark before its first write, what of it was there.

// Had is what of a request was there before: the account, and of the resources that it names those that the account had.
type Had struct {
	Account bool     `json:"account,omitempty"`
	Items   []string `json:"items,omitempty"`
}

// Passed are resources, by id, that a later request gives for longer: they are its own to take back.
type Passed struct {
	To  int64    `json:"to"`
	IDs []string `json:"ids"`
}

// had keeps what was there before the first try that may have changed anything: what such a try has left is this
// request's own, whatever a later try found.
func (r *Request) had(o Outcome) {
	if r.Had == nil && o.Had != nil && (r.State == Done || o.Tried) {
		r.Had = o.Had
	}
}

// Back is the request that takes back what a request added. some is false where it added nothing; sure is false where it
// is not known what it added: then it may be looked at, and nothing is taken on a guess. It stands where the taking back
// stands, so that it is carried out as any other deed.
func (r Request) Back() (back Request, some, sure bool) {
	back = r
	back.Action, back.State, back.Attempt, back.Votes = r.Form().Undo, Approved, 0, nil
	back.Outcome, back.Look, back.Said, back.Unpinned, back.Made = nil, nil, nil, false, ""
	back.Change = Change{Email: r.Change.Email, Person: r.Change.Person, Account: r.account(), FirstName: r.Change.FirstName, LastName: r.Change.LastName}
	switch {
	case r.State == InDoubt:
		back.State = InDoubt
	case r.State == Ending && r.End.Working:
		back.State = Running
	}
	if r.End != nil {
		back.Tried, back.Attempt = r.End.Tried, r.End.Attempt
	}
	if sure = r.Had != nil; r.Form().New {
		return back, !sure || !r.Had.Account, sure && back.Change.Account != ""
	}
	for _, v := range r.Change.Values {
		f, ok := r.Form().Field(v.Key)
		if !ok || f.Kind != catalog.Resources {
			continue
		}
		if items := ItemsThat(v.Items, r.added); len(items) > 0 {
			back.Change.Values, some = back.Change.Values.With(catalog.Value{Key: v.Key, Items: items}), true
		}
	}
	return back, some, sure
}

// account is the vendor's id of the account that was given, or given something; "": not known.
func (r Request) account() string {
	switch {
	case r.Change.Account != "":
		return r.Change.Account
	case r.Outcome != nil && r.Outcome.AccountID != "":
		return r.Outcome.AccountID
	}
	return r.Made
}

// added reports whether a resource is the request's own to take back.
func (r Request) added(i catalog.Item) bool {
	passed := slices.ContainsFunc(r.Passed, func(p Passed) bool { return slices.Contains(p.IDs, i.ID) })
	had := r.Had != nil && slices.Contains(r.Had.Items, i.ID) && !slices.Contains(r.Taken, i.ID)
	return !passed && !had
}

// inherit has a request that gives something for longer than an earlier one take over what both give: at the earlier
// one's end that stays, and at its own it is taken back. It runs in the transaction that keeps the request done, and in the
// one that moves its end past another's: then it may take over what it had passed on to that.
func (d *Desk) inherit(tx Tx, r Request, now time.Time) (Request, error) {
	if r = d.known(r); !r.Lendable() || r.Form().New {
		return r, nil
	}
	open, err := tx.OpenFor(r.App.ID, r.Change.Email)
	if err != nil {
		return r, err
	}
	for _, o := range open {
		if o = d.known(o); o.Number == r.Number || !o.Lent() || o.Form().New || !r.outlasts(o) {
			continue
		}
		back, _, _ := o.Back()
		var ids []string
		for _, v := range r.Change.Values {
			both := ItemsThat(back.Change.Values.Items(v.Key), func(i catalog.Item) bool { return slices.Contains(r.Change.Values.IDs(v.Key), i.ID) })
			ids = append(ids, catalog.Values{{Key: v.Key, Items: both}}.IDs(v.Key)...)
		}
		if len(ids) == 0 {
			continue
		}
		if _, err := d.act(tx, o, PassedOn{To: r.Number, IDs: ids}, Usher, "usher", now); err != nil {
			return r, err
		}
		r.Taken, r.Passed = append(r.Taken, ids...), regained(r.Passed, ids)
	}
	return r, nil
}

// regained is what a request has passed on, without what it has taken over again.
func regained(passed []Passed, ids []string) (out []Passed) {
	for _, p := range passed {
		p.IDs = slices.DeleteFunc(slices.Clone(p.IDs), func(id string) bool { return slices.Contains(ids, id) })
		if len(p.IDs) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// outlasts reports whether what a request gives is there for longer than what another one does.
func (r Request) outlasts(o Request) bool { return r.EndsAt.IsZero() || r.EndsAt.After(o.EndsAt) }
