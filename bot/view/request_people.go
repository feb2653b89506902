package view

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// colleagues is where colleagues are picked: one, or several for each of whom everything below is. Before several could be,
// there was a menu of one here, whose block FieldPerson is still read of a form that was open then. A bundle, which is for one,
// has that menu.
func (f *requestForm) colleagues() {
	if f.sheet.Bundle.ID != "" {
		f.colleague()
		return
	}
	most := approvals.MostTogether
	pick := &slack.MultiSelectBlockElement{Type: slack.MultiOptTypeUser, ActionID: FieldPersons, Placeholder: typed("Pick one or several"), MaxSelectedItems: &most}
	var now []string
	for _, id := range personsOf(f.sheet.Draft) {
		now = append(now, string(id))
	}
	was := f.before(FieldPersons, now...)
	pick.InitialUsers = was[:min(len(was), most)]
	hint := ""
	if len(now) > 1 {
		hint = "A request for each, on one card. Everything below is for each of them."
	}
	f.input(FieldPersons, "Colleagues", pick, telling, hinted(hint))
	f.drawn = append(f.drawn, FieldPerson)
}

// colleague is where one colleague is picked. Several that were picked before are kept for when they can be again.
func (f *requestForm) colleague() {
	pick := &slack.SelectBlockElement{Type: slack.OptTypeUser, ActionID: FieldPerson, Placeholder: typed("Pick a colleague")}
	if was := f.before(FieldPerson, string(f.sheet.Draft.Person)); len(was) > 0 {
		pick.InitialUser = was[0]
	}
	f.input(FieldPerson, "Colleague", pick, telling)
}

// personsOf are the colleagues that a draft is for, one or several.
func personsOf(d commands.Draft) []approvals.PersonID {
	if len(d.Persons) == 0 && d.Person != "" {
		return []approvals.PersonID{d.Person}
	}
	return d.Persons
}

// names draws what several colleagues are called, one a line; the name of its block says whose they are.
func (f *requestForm) names() {
	var ids, lines []string
	for _, id := range f.sheet.Draft.Persons {
		name := f.sheet.Draft.Names[id]
		if name == "" {
			name = commands.UnknownName
		}
		ids, lines = append(ids, string(id)), append(lines, name)
	}
	f.text(fieldNames+strings.Join(ids, ","), "Their names", strings.Join(lines, "\n"), multiline,
		hinted("First and last name, one person a line, in the order above. They're from Slack: please check them."))
	for id := range f.kept {
		if strings.HasPrefix(id, fieldNames) { // what was written for these by another name is in the draft
			f.drawn = append(f.drawn, id)
		}
	}
}

// several is where several people are written, one a line: the fields below are for all of them.
func (f *requestForm) several() {
	hint := "Their e-mail addresses, one a line. Everything below is for each of them."
	if field, bare := f.sheet.Action.Bare(); bare {
		hint = "Their e-mail addresses, one a line. Everything below is for each of them; " + field.Noun.Many + " for one of them go behind the address: jane@acme.example acme.example"
	}
	if f.sheet.Action.Named {
		hint = "An e-mail address and a name a line: jane@acme.example Jane Doe. Everything below is for each of them."
	}
	f.text(f.inTurn(FieldPeople), "People", f.sheet.Draft.People, multiline, hinted(hint))
}

// readPeople reads the colleagues it is for, and what they are called: of one in fields of their own, of several in one
// where each has a line. What was written for somebody beside others, or alone, is theirs from then on.
func readPeople(d *commands.Draft, was map[string][]string, inputs []Input) {
	picked := was[FieldPersons]
	if one := slices.ContainsFunc(inputs, func(in Input) bool { return in.Block == FieldPerson }) && len(was[FieldPerson]) > 0; one || len(picked) == 0 {
		picked = was[FieldPerson]
	}
	var ids []approvals.PersonID
	for _, id := range picked {
		if !slices.Contains(ids, approvals.PersonID(id)) {
			ids = append(ids, approvals.PersonID(id))
		}
	}
	names := map[approvals.PersonID]string{}
	for id, v := range was { // of those for several there is one at most
		if whose, is := strings.CutPrefix(id, fieldNames); is {
			d.Unmatched = readNames(names, strings.Split(whose, ","), v, ids)
		}
	}
	switch len(ids) {
	case 0:
	case 1:
		d.Person = ids[0]
	default:
		d.Persons = ids
	}
	first := func(id string) string { return strings.Join(was[id], "") }
	d.First, d.Last = first(fieldFirst+tagOf(*d)), first(fieldLast+tagOf(*d))
	shown := slices.ContainsFunc(inputs, func(in Input) bool { return in.Block == fieldFirst+tagOf(*d) })
	switch {
	case len(d.Persons) == 0 && d.First == "" && !shown && names[d.Person] != "":
		d.First, d.Last = commands.NameParts(names[d.Person])
	case len(d.Persons) > 0:
		d.Names = names
		for _, id := range d.Persons {
			if alone := first(fieldFirst + string(id)); names[id] == "" && alone != "" {
				names[id] = commands.WrittenName(alone, first(fieldLast+string(id)))
			}
		}
	}
}

// readNames reads lines of names into a map. Where there are not as many as people, and it is about those that are picked,
// it returns how many there are.
func readNames(into map[approvals.PersonID]string, whose, written []string, picked []approvals.PersonID) (unmatched int) {
	var lines []string
	for line := range strings.Lines(strings.Join(written, "\n")) {
		if !Blank(line) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	if len(lines) != len(whose) {
		if slices.EqualFunc(whose, picked, func(a string, b approvals.PersonID) bool { return a == string(b) }) {
			return len(lines)
		}
		return 0
	}
	for i, id := range whose {
		if lines[i] != commands.UnknownName {
			into[approvals.PersonID(id)] = lines[i]
		}
	}
	return 0
}
