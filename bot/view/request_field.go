package view

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
)

// What a field's block takes: what is written into it, choices, resources that are searched for, resources in somebody's
// own words that are picked, which way a choice is to be.
const (
	takesText    = "text"
	takesChoices = "choice"
	takesFound   = "find"
	takesOwn     = "own"
	takesWay     = "way"
)

// mostTicks is how many choices stand below each other with a box before each; mostRadio the same where one is chosen.
const (
	mostTicks   = 10
	mostRadio   = 4
	mostOptions = 100
	mostPicked  = 50
)

// blockOf names a field's block by all that decides what it takes.
func (f *requestForm) blockOf(field catalog.Field) (id, takes string) {
	takes = takesText
	switch {
	case field.Kind == catalog.Resources && f.sheet.Sees:
		takes = takesFound
	case field.Kind == catalog.Resources && fits(f.sheet.Own[field.Key], f.sheet.Draft.Typed[field.Key]):
		takes = takesOwn
	case len(field.Choices) > 0:
		takes = takesChoices
	}
	sum := fnv.New32a()
	for _, c := range field.Choices {
		sum.Write([]byte(c.ID + "\n"))
	}
	return fmt.Sprintf("%s%s:%s-%s%x:%s", fieldOf, field.Key, takes, field.Kind, sum.Sum32(), f.sheet.App.ID), takes
}

// fieldOfBlock takes the name of a field's block apart; "": it is none.
func fieldOfBlock(id string) (key, takes, app string) {
	parts := strings.SplitN(id, ":", 4)
	if len(parts) < 4 || parts[0]+":" != fieldOf {
		return "", "", ""
	}
	takes, _, _ = strings.Cut(parts[2], "-")
	return parts[1], takes, parts[3]
}

// FieldKey is the key of the field that a block of the form is for; "": it is for none.
func FieldKey(block string) string {
	key, _, _ := fieldOfBlock(block)
	return key
}

// field draws one field of the action, by its kind, and the question before it; one that isn't asked for beside what is
// filled in is not drawn.
func (f *requestForm) field(field catalog.Field) {
	if !f.sheet.Action.Applies(field, f.sheet.Draft.Picked(f.sheet.Action)) {
		return
	}
	if field.First != nil {
		if field = f.way(field); len(field.Choices) == 1 {
			return // the answer before says all
		}
	}
	id, takes := f.blockOf(field)
	if field.Kind == catalog.Resources {
		f.otherwise(id, field)
	}
	with := []func(*slack.InputBlock){hinted(hintOf(field, takes))}
	behind := field.Bare && f.sheet.Draft.For == commands.ForSeveral // it may stand behind each address instead
	if !field.Required && field.Default == "" || behind {
		with = append(with, optional)
	}
	switch takes {
	case takesFound:
		f.input(id, field.Label, f.search(id, field), append(with, telling)...)
	case takesOwn:
		f.input(id, field.Label, f.owns(id, field), append(with, telling)...)
	case takesChoices:
		if f.sheet.Action.Turns(field.Key) {
			with = append(with, f.turning)
		}
		f.input(id, field.Label, f.choice(id, field), with...)
	default:
		f.written(id, field, with)
	}
}

// otherwise lets go of what was kept of a field of resources under another name: it was read into the draft, and would come
// back when its words are taken out.
func (f *requestForm) otherwise(id string, field catalog.Field) {
	for other := range f.kept {
		if key, _, app := fieldOfBlock(other); other != id && key == field.Key && app == f.sheet.App.ID {
			f.drawn = append(f.drawn, other)
		}
	}
}

func hintOf(field catalog.Field, takes string) string {
	switch {
	case takes == takesOwn:
		return strings.TrimSpace("Type the " + field.Noun.One + "'s address, then choose it from the list. Several at once: with commas between them. " + field.Hint)
	case field.Hint != "":
		return field.Hint
	case field.Kind == catalog.Resources && takes == takesText:
		return "By name or address, with commas between several."
	case field.Kind == catalog.Number || field.Kind == catalog.Money:
		return "A whole number, 0 or more."
	}
	return ""
}

// written draws a field into which somebody writes.
func (f *requestForm) written(id string, field catalog.Field, with []func(*slack.InputBlock)) {
	was := ""
	if list := f.before(id, f.sheet.Draft.Typed[field.Key]); len(list) > 0 {
		was = cutTo(list[0], 2000)
	}
	var e slack.BlockElement
	switch field.Kind {
	case catalog.Number, catalog.Money:
		n := &slack.NumberInputBlockElement{Type: slack.METNumber, ActionID: id, MinValue: "0"}
		if field.Fits(was) {
			n.InitialValue = was
		}
		e = n
	case catalog.Date:
		d := slack.NewDatePickerBlockElement(id)
		if field.Fits(was) {
			d.InitialDate = was
		}
		e = d
	case catalog.Email:
		e = &slack.EmailTextInputBlockElement{Type: slack.METEmailTextInput, ActionID: id, InitialValue: was}
	default:
		t := &slack.PlainTextInputBlockElement{Type: slack.METPlainTextInput, ActionID: id, InitialValue: was, MaxLength: 500}
		if field.Kind == catalog.Resources {
			t.Multiline, t.MaxLength = true, 3000
		}
		if len(field.Samples) > 0 {
			t.Placeholder = typed(plain(100, field.Samples[0]))
		}
		e = t
	}
	f.input(id, field.Label, e, with...)
}

// search draws what finds resources as somebody types.
func (f *requestForm) search(id string, field catalog.Field) slack.BlockElement {
	least, most := 0, mostPicked
	var now []string
	for _, i := range f.sheet.Items[field.Key] {
		now = append(now, i.ID)
	}
	e := &slack.MultiSelectBlockElement{Type: slack.MultiOptTypeExternal, ActionID: id, MinQueryLength: &least, MaxSelectedItems: &most,
		Placeholder: typed(plain(100, "Search "+field.Noun.Many))}
	for _, was := range f.before(id, now...) {
		item := catalog.Item{ID: was}
		if i := slices.IndexFunc(f.sheet.Items[field.Key], func(o catalog.Item) bool { return o.ID == was }); i >= 0 {
			item = f.sheet.Items[field.Key][i]
		}
		if len(was) <= longestValue && len(e.InitialOptions) < most {
			e.InitialOptions = append(e.InitialOptions, itemOption(item))
		}
	}
	return e
}

// choice draws a field with choices: one below the other where they are few, else as a menu, by their groups.
func (f *requestForm) choice(id string, field catalog.Field) slack.BlockElement {
	was := f.before(id, f.sheet.Draft.Chosen[field.Key]...)
	if len(was) == 0 && field.Default != "" {
		was = []string{field.Default}
	}
	options, groups := optionsOf(f.sheet.App.Entry, f.sheet.Action, field, was)
	if field.Kind == catalog.SomeOf {
		return some(id, options, groups, was)
	}
	if len(options) <= mostRadio && field.Default != "" {
		return &slack.RadioButtonsBlockElement{Type: slack.METRadioButtons, ActionID: id, Options: options, InitialOption: amongAny(options, was)}
	}
	e := one(id, options, was)
	if len(options) > mostOptions {
		e.Options, e.OptionGroups = nil, groups
	}
	return e
}

func some(id string, options []*slack.OptionBlockObject, groups []*slack.OptionGroupBlockObject, was []string) slack.BlockElement {
	var begun []*slack.OptionBlockObject
	for _, w := range was {
		if o := among(options, w); o != nil {
			begun = append(begun, o)
		}
	}
	if len(options) <= mostTicks {
		return &slack.CheckboxGroupsBlockElement{Type: slack.METCheckboxGroups, ActionID: id, Options: options, InitialOptions: begun}
	}
	e := &slack.MultiSelectBlockElement{Type: slack.MultiOptTypeStatic, ActionID: id, Placeholder: typed("Pick some"), OptionGroups: groups,
		InitialOptions: begun[:min(len(begun), mostOptions)]}
	return e
}

// optionsOf are a field's choices, in one list and in their groups. A value that only its shape allows is one too.
func optionsOf(e *catalog.Entry, a catalog.Action, field catalog.Field, was []string) (all []*slack.OptionBlockObject, groups []*slack.OptionGroupBlockObject) {
	put := func(group string, o *slack.OptionBlockObject) {
		all = append(all, o)
		i := slices.IndexFunc(groups, func(g *slack.OptionGroupBlockObject) bool {
			return g.Label.Text == group && len(g.Options) < mostOptions
		})
		if i < 0 {
			groups, i = append(groups, slack.NewOptionGroupBlockElement(typed(group))), len(groups)
		}
		groups[i].Options = append(groups[i].Options, o)
	}
	if field.Kind == catalog.SomeOf && a.Effect == catalog.Changes {
		put("Nothing", option(commands.NoneOf, "No "+field.Noun.Many))
	}
	for _, c := range field.Choices {
		o := option(c.ID, capital(c.Words))
		if says := aboutChoice(e, c); says != "" {
			o.Description = typed(plain(75, says))
		}
		put(plain(75, cmp.Or(c.Group, field.Label)), o)
	}
	for _, w := range was {
		if among(all, w) == nil && field.Shape != "" && field.Fits(w) && len(w) <= longestValue {
			put(plain(75, field.Label), option(w, w))
		}
	}
	return all, groups[:min(len(groups), mostOptions)]
}

// aboutChoice is what people must know of a choice before they pick it.
func aboutChoice(e *catalog.Entry, c catalog.Choice) string {
	only, _ := e.SortOf(c.Only)
	switch {
	case c.Warning != "":
		return capital(c.Warning)
	case c.Sees != "":
		return capital(c.Sees)
	case c.Takes && only.Plural != "":
		return "Takes something away; only on " + only.Plural
	case c.Takes:
		return "Takes something away"
	}
	return ""
}
