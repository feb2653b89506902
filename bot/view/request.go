package view

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
)

// CallbackRequest names the form in which somebody asks. What its blocks and elements are called decides whether Slack keeps
// what was filled in when the form changes: a block of the same name keeps it, so two blocks have one name only where
// they take the same.
const CallbackRequest = "request"

// The names of its blocks; each is also the action id of what stands in it. Those of names, and of fields, go on behind
// a colon: whose they are, and what they take.
const (
	FieldApp     = "app"
	FieldAction  = "action"
	FieldFor     = "for"
	FieldForOne  = "for:one"
	FieldPerson  = "person"
	FieldPersons = "persons"
	FieldEmail   = "email"
	FieldPeople  = "people"
	FieldLong    = "long"
	FieldUntil   = "until"
	FieldWhile   = "while"
	fieldFirst   = "first:"
	fieldLast    = "last:"
	fieldNames   = "names:"
	fieldOf      = "f:"
)

// RequestForm draws the form as far as it is filled in. What was filled in and isn't shown now is borne along, and shown
// again when its place is.
func RequestForm(s commands.Sheet, b Borne) slack.ModalViewRequest {
	f := &requestForm{sheet: s, kept: b.Kept, inTurn: b.inTurn}
	f.what()
	f.whom()
	if caution := s.App.Caution(); caution != nil && s.Bundle.ID == "" {
		f.add(sectionOf(markup(mrkdwn(1000, caution))))
	}
	for _, n := range filled(s.Notes) {
		f.add(sectionOf(markup(mrkdwn(1000, n))))
	}
	if s.Stands.Number != 0 {
		for _, b := range followButtons(s.Stands, s.Link, s.Theirs) {
			f.add(b)
		}
	}
	for _, b := range cardLinks(s.Cards) {
		f.add(b)
	}
	if s.Instead != nil {
		f.add(formButton(*s.Instead, s.Offer))
	}
	f.fields()
	f.long()
	f.text(FieldReason, "Why", s.Draft.Reason, multiline, hinted("Whoever approves it reads this."))
	b.App, b.Kept = s.App.ID, f.left()
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: CallbackRequest, PrivateMetadata: b.String(),
		Title: typed("Ask for access"), Submit: typed("Send request"), Close: typed("Cancel"),
		Blocks: slack.Blocks{BlockSet: f.blocks},
	}
}

// fields draws the names of whom a new account is for, and the fields of the action.
func (f *requestForm) fields() {
	d := f.sheet.Draft
	switch {
	case !f.sheet.Action.Named || d.For == commands.ForSeveral:
	case d.For == commands.ForColleague && len(d.Persons) > 1:
		f.names()
	default:
		f.text(fieldFirst+tagOf(d), "First name", d.First, nameShape)
		f.text(fieldLast+tagOf(d), "Last name", d.Last, optional, nameShape)
	}
	for _, field := range f.sheet.Action.Fields {
		if len(f.blocks) < maxFormBlocks-1 {
			f.field(field)
		}
	}
}

// maxFormBlocks is how many blocks a form may have.
const maxFormBlocks = 100

// OpeningForm stands in for the form until it is known what to draw.
func OpeningForm(b Borne) slack.ModalViewRequest {
	v := FormNotice(Message{Blocks: []slack.Block{sectionOf(markup("One moment: I'm checking with Slack who you are."))}})
	v.CallbackID, v.PrivateMetadata = CallbackRequest, b.String()
	return v
}

// FormNotice is a form in which there is nothing to fill in: what it says instead.
func FormNotice(m Message) slack.ModalViewRequest {
	return slack.ModalViewRequest{Type: slack.VTModal, Title: typed("Usher"), Close: typed("Close"), Blocks: slack.Blocks{BlockSet: m.Blocks}}
}

// requestForm is a form on its way.
type requestForm struct {
	sheet commands.Sheet
	// still says that no choice in it changes it, but for how long.
	still bool
	// turns are the blocks that change which fields are asked for.
	turns  []string
	kept   map[string][]string
	inTurn func(block string) string
	drawn  []string
	blocks []slack.Block
}

func (f *requestForm) add(b slack.Block) { f.blocks = append(f.blocks, b) }

// input puts an element into a block of its own.
func (f *requestForm) input(id, label string, element slack.BlockElement, with ...func(*slack.InputBlock)) {
	b := &slack.InputBlock{Type: slack.MBTInput, BlockID: id, Label: typed(plain(200, label)), Element: element}
	for _, w := range with {
		w(b)
	}
	b.DispatchAction = b.DispatchAction && (!f.still || id == FieldLong || slices.Contains(f.turns, id))
	f.drawn = append(f.drawn, id)
	f.add(b)
}

func optional(b *slack.InputBlock) { b.Optional = true }
func telling(b *slack.InputBlock)  { b.DispatchAction = true }
func hinted(s string) func(*slack.InputBlock) {
	return func(b *slack.InputBlock) {
		if s != "" {
			b.Hint = typed(plain(500, s))
		}
	}
}

// before is what was filled in to begin with: what the draft has, else what was kept of that block.
func (f *requestForm) before(id string, now ...string) []string {
	if len(now) > 0 && strings.Join(now, "") != "" {
		return now
	}
	return f.kept[id]
}

func (f *requestForm) what() {
	if f.wholes(); f.sheet.Bundle.ID != "" {
		return
	}
	var options []*slack.OptionBlockObject
	for _, a := range f.sheet.App.Entry.Actions {
		options = append(options, option(string(a.Key), actionName(a)))
	}
	label := "What would you like?"
	if len(f.sheet.Apps) == 1 {
		label = "What would you like in " + appName(f.sheet.App) + "?"
	}
	id := f.inTurn(FieldAction)
	f.input(id, label, one(id, options, []string{string(f.sheet.Action.Key)}), telling)
}

func actionName(a catalog.Action) string {
	if a.Label != "" {
		return a.Label
	}
	return approvals.Sayf("%v", strings.ReplaceAll(string(a.Key), "_", " ")).Capital().Plain()
}

func (f *requestForm) whom() {
	d := f.sheet.Draft
	id, options := FieldFor, []*slack.OptionBlockObject{option(string(commands.ForMe), "Me"), option(string(commands.ForColleague), "Colleagues"),
		option(string(commands.ForOutside), "An address outside"), option(string(commands.ForSeveral), "Several addresses")}
	if f.sheet.Bundle.ID != "" {
		id, options = FieldForOne, []*slack.OptionBlockObject{options[0], option(string(commands.ForColleague), "A colleague"), options[2]}
	}
	radio := &slack.RadioButtonsBlockElement{Type: slack.METRadioButtons, ActionID: id, Options: options, InitialOption: among(options, string(d.For))}
	f.input(id, "Who is it for?", radio, telling)
	switch d.For {
	case commands.ForColleague:
		f.colleagues()
	case commands.ForOutside:
		address := &slack.EmailTextInputBlockElement{Type: slack.METEmailTextInput, ActionID: FieldEmail, Placeholder: typed("jane@acme.example"),
			DispatchActionConfig: &slack.DispatchActionConfig{TriggerActionsOn: []string{"on_enter_pressed"}}}
		if was := f.before(FieldEmail, d.Email); len(was) > 0 {
			address.InitialValue = cutTo(was[0], 254)
		}
		f.input(FieldEmail, "E-mail address", address, telling)
	case commands.ForSeveral:
		f.several()
	}
}

// tagOf tells apart the names of the people it may be for, so that who is picked anew is not called as who was before.
func tagOf(d commands.Draft) string {
	switch d.For {
	case commands.ForColleague:
		return string(d.Person)
	case commands.ForOutside:
		return string(commands.ForOutside)
	}
	return string(commands.ForMe)
}

// shape of a text that is written in one line, or in several.
func nameShape(b *slack.InputBlock) { b.Element.(*slack.PlainTextInputBlockElement).MaxLength = 100 }
func multiline(b *slack.InputBlock) {
	e := b.Element.(*slack.PlainTextInputBlockElement)
	e.Multiline, e.MaxLength = true, 2000
}

func (f *requestForm) text(id, label, now string, with ...func(*slack.InputBlock)) {
	e := &slack.PlainTextInputBlockElement{Type: slack.METPlainTextInput, ActionID: id}
	if was := f.before(id, now); len(was) > 0 {
		e.InitialValue = cutTo(was[0], 2000)
	}
	f.input(id, label, e, with...)
}

// cutTo is the beginning of what somebody typed, as they typed it: it is theirs to change, and no mark of ours.
func cutTo(s string, most int) string {
	if runes := []rune(s); units(s) > most {
		return string(runes[:min(len(runes), most/2)])
	}
	return s
}

// left is what was filled in into blocks that are not drawn.
func (f *requestForm) left() map[string][]string {
	out := map[string][]string{}
	for id, was := range f.kept {
		out[id] = was
	}
	for _, id := range f.drawn {
		delete(out, id)
	}
	return out
}
