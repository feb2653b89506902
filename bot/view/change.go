package view

import (
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// allItems and fewItems are how many resources are named one by one: all that a card has room for
// while somebody must decide, and a handful in what only reminds of it.
const (
	allItems = 60
	fewItems = 5
	inline   = 3 // so many stand in one line
)

// changes says exactly what a request alters, a line each, as far as its title does not; most is how
// many resources are named.
func changes(r approvals.Request, most int) []approvals.Text {
	if r.Extends != nil {
		return extends(r)
	}
	form := r.Form()
	var lines []approvals.Text
	if form.Says.Does != "" {
		lines = append(lines, worded(r, form.Says.Does))
	}
	if form.Ends {
		lines = append(lines, goesWith(r, most)...)
	}
	for _, v := range r.Resources() {
		if f, _ := form.Field(v.Key); len(v.Items)+len(v.Typed) > 0 {
			lines = append(lines, itemLines(f, v, most)...)
		}
	}
	if form.Effect == catalog.Changes {
		return append(lines, r.Alters()...)
	}
	lines = append(lines, r.Settings()...)
	if until := lasts(r); until != nil {
		lines = append(lines, until)
	}
	return lines
}

// pinned names the account that is meant as the vendor does, since an address can pass to another one: the deed
// is done on this one or not at all. It stands on cards only: who asked may not be somebody to see it.
func pinned(r approvals.Request) approvals.Text {
	if r.Change.Account == "" || r.Form().New {
		return nil
	}
	line := say("*Account* %v", r.Change.Account)
	if sort, ok := r.Sort(); ok {
		line = say("%v, a %v", line, sort.Words)
	}
	return limited(r, line)
}

// limited adds what the account was limited to when it was looked at, and whether that blocks it.
func limited(r approvals.Request, line approvals.Text) approvals.Text {
	if r.Look == nil || r.State != approvals.Pending {
		return line
	}
	said := line
	if r.Form().Effect != catalog.Changes { // which says what it was and will be
		for _, quota := range approvals.Quotas(r.App.Entry.Moneys(), r.Look.Limits) {
			said = say("%v · %v", said, quota)
		}
	}
	if r.Look.Blocked {
		said = say("%v · *blocked by its limits*", said)
	}
	if r.Look.At.IsZero() {
		return said
	}
	return say("%v · checked %v", said, r.Look.At)
}

// wouldChange is everything somebody should know of a change before it is decided: what it alters, and
// what it leaves alone.
func wouldChange(r approvals.Request) []approvals.Text {
	lines, form := changes(r, allItems), r.Form()
	switch {
	case r.Maker() != 0:
		lines = append(lines, say("That's the account that #%v makes.", r.Maker()))
	case form.Says.Keeps != "":
		lines = append(lines, worded(r, form.Says.Keeps))
	}
	if form.Ends {
		lines = append(lines, forGood(r)...)
	}
	if gone := r.Formless(); gone != nil {
		lines = append(lines, gone)
	}
	return lines
}

// itemLines names resources after what is done to them: "*Shares* 2 of them: …".
func itemLines(f catalog.Field, v catalog.Value, most int) []approvals.Text {
	noun, does := f.Noun, f.Does
	if noun.One == "" {
		noun = catalog.Noun{One: v.Key, Many: v.Key}
	}
	head := say("*%v* %v:", does, noun.Count(len(v.Items)+len(v.Typed)))
	if does == "" {
		head = say("*%v*", noun.Count(len(v.Items)+len(v.Typed)))
	}
	return listed(head, itemNames(v, most))
}

// listed puts one name into the line of its head, and more of them below.
func listed(head approvals.Text, names []approvals.Text) []approvals.Text {
	if len(names) == 1 {
		return []approvals.Text{say("%v %v", head, names[0])}
	}
	return append([]approvals.Text{head}, names...)
}

// itemNames are a few resources in one line, more of them one a line, and how many are left out. Of which it is
// not known yet which are meant, stand last, in the words that were typed.
func itemNames(v catalog.Value, most int) []approvals.Text {
	names := labels(v.Items, most)
	for _, w := range v.Typed[:min(len(v.Typed), most-len(names))] {
		names = append(names, say("“%v”", clip(w, itemLength)))
	}
	return inLines(names, len(v.Items)+len(v.Typed))
}

// labels are up to so many resources by name.
func labels(items []catalog.Item, most int) []approvals.Text {
	var names []approvals.Text
	for _, i := range items[:min(len(items), most)] {
		name := say("%v", clip(i.Label(), itemLength))
		if i.Paused {
			name = say("%v, paused", name)
		}
		names = append(names, name)
	}
	return names
}

// inLines puts all there are into one line where they are few, else one into a line, and says how many have no name.
func inLines(names []approvals.Text, all int) []approvals.Text {
	if all <= inline {
		return []approvals.Text{approvals.Join(names, " · ")}
	}
	for i, n := range names {
		names[i] = say("• %v", n)
	}
	if rest := all - len(names); rest > 0 {
		names = append(names, say("and %v more", rest))
	}
	return names
}
