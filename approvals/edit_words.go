package approvals

import (
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/catalog"
)

// wanted is a request with what somebody wants it to ask, and the edit that made it so; its policy is still to be found.
func (r Request) wanted(w Wanted, now time.Time) (Request, error) {
	why, err := wordsOf(w.Why)
	if err != nil {
		return r, err
	}
	to := r.clone()
	to.Change.Values = w.Values
	if r.Form().Named {
		to.Change.FirstName, to.Change.LastName = w.FirstName, w.LastName
	}
	to.Term = w.Term
	changed := append(altered(r, to), lasting(r.Term, to.Term)...)
	if len(changed) == 0 {
		return r, Misplaced{Err: Refuse(Invalid, "Nothing is different from what was asked. Change something, or close this.")}
	}
	to.Said = r.Said.edited(to.Resources(), changed)
	to.Edits = append(to.Edits, Edit{By: w.By, At: now, Surface: w.Surface, Why: why, Form: w.Form, Changed: changed,
		Votes: r.Votes, Deciders: r.Stage().Approvers, Called: r.called()})
	to.Votes, to.Tally, to.Raised = nil, nil, nil
	if to.Look = w.Look; !w.Seats.At.IsZero() {
		to.Seats = w.Seats
	}
	return to, nil
}

// altered says field by field what is asked otherwise, in the order of the form.
func altered(was, is Request) (out []Altered) {
	said := was.HeardBlind()
	put := func(key, label, before, after, heard string) {
		if before == after {
			return
		}
		a := Altered{Field: key, Label: label, Was: before, Is: after}
		if heard != before {
			a.Heard = heard
		}
		out = append(out, a)
	}
	if was.Form().Named {
		put(AlteredFirst, "First name", or(was.Change.FirstName, "none"), or(is.Change.FirstName, "none"), or(was.Change.FirstName, "none"))
		put(AlteredLast, "Last name", or(was.Change.LastName, "none"), or(is.Change.LastName, "none"), or(was.Change.LastName, "none"))
	}
	for _, f := range was.Form().Fields {
		if f.Of != "" { // it is said with its amount
			continue
		}
		if a, b := was.Change.Values, is.Change.Values; f.Kind != catalog.Resources || !sameValues(oneOf(a, f.Key), oneOf(b, f.Key)) {
			put(f.Key, or(f.Label, f.Key), valueSaid(f, a), valueSaid(f, b), valueSaid(f, said.Change.Values))
		}
	}
	for _, v := range was.Change.Values { // what the app no longer has goes with an edit
		if _, known := was.Form().Field(v.Key); !known {
			put(v.Key, v.Key, strings.Join(v.Names(), ", "), "none", strings.Join(v.Names(), ", "))
		}
	}
	return out
}

// oneOf are the values of one key.
func oneOf(v catalog.Values, key string) (out catalog.Values) {
	if one, ok := v.Get(key); ok && len(one.Items)+len(one.Typed) > 0 {
		out = catalog.Values{one}
	}
	return out
}

// valueSaid is a field's value as people read it; resources by what tells them apart.
func valueSaid(f catalog.Field, v catalog.Values) string {
	value, _ := v.Get(f.Key)
	if f.Kind != catalog.Resources {
		if !v.Has(f.Key) {
			return "not asked for"
		}
		return Shown(f, v)
	}
	var names []string
	for _, i := range value.Items {
		names = append(names, i.Label())
	}
	for _, t := range value.Typed {
		names = append(names, "“"+t+"”")
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// edited is how it was put, with the resources that an edit names otherwise in its words.
func (s *Said) edited(resources []catalog.Value, changed []Altered) *Said {
	if s == nil {
		return nil
	}
	said := *s
	for _, a := range changed {
		said.Typed = said.Typed.Without(a.Field)
		for _, v := range resources {
			if v.Key != a.Field {
				continue
			}
			typed := slices.Clone(v.Typed)
			for _, i := range v.Items {
				typed = append(typed, i.Label())
			}
			said.Typed = said.Typed.With(catalog.Value{Key: v.Key, Typed: typed})
		}
	}
	return &said
}

// heard are edits as who asked may read them who doesn't see what vendors hold: how it was in their own words, and how it is
// in those of whoever edited it, who says it to them.
func heard(edits []Edit) (out []Edit) {
	for _, e := range edits {
		var changed []Altered
		for _, a := range e.Changed {
			if a.Heard != "" {
				a.Was, a.Heard = a.Heard, ""
			}
			changed = append(changed, a)
		}
		e.Changed = changed
		out = append(out, e)
	}
	return out
}
