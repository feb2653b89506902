package view

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// The forms for a vendor's own member list, their fields, and the buttons about what it showed. They never change their
// meaning.
const (
	CallbackImport  = "import"
	CallbackColumns = "columns"
	FieldList       = "list"
	FieldLook       = "look"
	// fieldColumn begins the name of the field for what a column means.
	fieldColumn = "column:"

	// ActionMend opens the form that would mend a finding, ActionFindings shows further ones, and ActionColumns asks which column
	// of a list means what.
	ActionMend     = "mend"
	ActionFindings = "findings"
	ActionColumns  = "columns"
)

// blockFinding begins the name of what holds the buttons of a finding.
const blockFinding = "finding-"

// lookOnly is the one choice beside the file.
const lookOnly = "look"

// ImportBorne is what the forms bear: what they are about, and where it was asked for.
type ImportBorne struct {
	commands.Unsorted
	Channel string `json:"c,omitempty"`
}

// String is how a form bears it.
func (b ImportBorne) String() string { return "v1:" + string(JSON(b)) }

// ParseImport is what a form or a button about a list bears. ErrOtherVersion: another version of Usher drew it.
func ParseImport(s string) (b ImportBorne, err error) { return b, parseBorne(s, &b) }

// MendValue names a finding on its button.
type MendValue struct {
	App string `json:"a"`
	Key string `json:"k,omitempty"`
	// From is where the next findings begin that a button shows.
	From int `json:"n,omitempty"`
	// Off says that they are those that were put off.
	Off bool `json:"o,omitempty"`
	// Channel is where it was asked for, where a form bears it.
	Channel string `json:"c,omitempty"`
}

// String is how a form bears it.
func (v MendValue) String() string { return "v1:" + string(JSON(v)) }

// ParseMend is what a button about a finding, or about further ones, bears. ErrOtherVersion: another version of Usher drew it.
func ParseMend(s string) (v MendValue, err error) { return v, parseBorne(s, &v) }

func parseBorne(s string, into any) error {
	version, raw, ok := strings.Cut(s, ":")
	switch {
	case !ok || !strings.HasPrefix(version, "v"):
		return fmt.Errorf("parse what a list's button bears, %.40q: not one of ours", s)
	case version != "v1":
		return fmt.Errorf("parse what a list's button bears, %.40q: %w", s, ErrOtherVersion)
	}
	if err := json.Unmarshal([]byte(raw), into); err != nil {
		return fmt.Errorf("parse what a list's button bears, %.40q: not one of ours", s)
	}
	return nil
}

// ImportForm asks for a vendor's own member list.
func ImportForm(app approvals.App, channel string) slack.ModalViewRequest {
	p := newPage()
	if commands.OfPeople(app) {
		p.section(say("Export *%v*, everybody in it, and add the file here. It needs a column of e-mail addresses; I understand how far somebody is, when they left and their employee number too. Who left and still has something is found when I look the apps over.", app.Name))
	} else {
		p.section(say("Export the members of *%v* at the vendor, and add the file here. I compare it with what I know and with who is in Slack, and message you what differs.", app.Name))
	}
	file := slack.NewFileInputBlockElement(FieldList).WithMaxFiles(1)
	look := option(lookOnly, "Only look and keep nothing")
	boxes := slack.NewInputBlock(FieldLook, typed("How"), nil, &slack.CheckboxGroupsBlockElement{Type: slack.METCheckboxGroups, ActionID: FieldLook, Options: []*slack.OptionBlockObject{look}})
	boxes.Optional = true
	p.blocks = append(p.blocks, slack.NewInputBlock(FieldList, typed("Member list"), typed("CSV or XLSX, up to 10 MB and 20,000 rows. Nobody is removed because of a list."), file), boxes)
	return wordsForm(CallbackImport, ImportBorne{commands.Unsorted{App: app.ID}, channel}.String(), say("Import a list"), "Import", p)
}

// ReadImport reads that form: whether nothing is to be kept.
func ReadImport(inputs []Input) (look bool) {
	for _, in := range inputs {
		if in.Block == FieldLook {
			return len(in.Values) > 0
		}
	}
	return false
}

// ReadingForm is shown while a list's columns are read.
func ReadingForm(b ImportBorne) slack.ModalViewRequest {
	v := FormNotice(Message{Blocks: []slack.Block{sectionOf(markup("One moment: I'm reading which columns the list has."))}})
	v.CallbackID, v.PrivateMetadata = CallbackColumns, b.String()
	return v
}

// mostColumns is how many columns a menu has room for.
const mostColumns = 100

// ColumnsForm asks which column of a list means what; what is understood is chosen already.
func ColumnsForm(w commands.Which, b ImportBorne) slack.ModalViewRequest {
	p := newPage()
	p.section(say("*%v* · %v: which column has what?", w.App.Name, clip(b.Name, nameLength)), say("Leave empty what the list doesn't have. I go on with the file you've added."))
	var options []*slack.OptionBlockObject
	for i, cell := range w.Cells[:min(len(w.Cells), mostColumns)] {
		label := fmt.Sprintf("%d · %s", i+1, cell)
		if Blank(cell) {
			label = fmt.Sprintf("%d · no name", i+1)
		}
		options = append(options, option(w.Names[i], label))
	}
	for _, m := range commands.Meanings() {
		block := slack.NewInputBlock(fieldColumn+m.Key, typed(m.Label), nil, one(fieldColumn+m.Key, options, []string{w.Chosen[m.Key]}))
		block.Optional = !m.Required
		p.blocks = append(p.blocks, block)
	}
	return wordsForm(CallbackColumns, b.String(), say("Which column?"), "Import", p)
}

// ReadColumns reads that form: what columns mean, by the keys of commands.Meanings.
func ReadColumns(inputs []Input) map[string]string {
	out := map[string]string{}
	for _, in := range inputs {
		if key, ok := strings.CutPrefix(in.Block, fieldColumn); ok && len(in.Values) == 1 {
			out[key] = in.Values[0]
		}
	}
	return out
}

// found draws what isn't as it should be, each with its button. Each has its share of the message: a button that has no room in
// it is left out, and words are cut.
func found(p *page, r commands.Reply) {
	p.section(r.Amiss)
	for i, f := range r.Findings {
		share := (p.left - 2*lastWord) / (len(r.Findings) - i)
		if p.room() == 0 || share < lastWord {
			return
		}
		b := sectionOf(markup(mrkdwn(min(share-blockFrame, maxObject), f.Say)))
		spent := p.left
		p.add(b)
		for _, buttons := range findingButtons(i, f) {
			if weight(buttons) <= share-(spent-p.left) {
				p.add(buttons)
				break
			}
		}
		p.lines = append(p.lines, f.Say)
	}
}

// findingButtons are those of a finding: what mends it, and what puts it off; and behind that, where they don't all have room, what
// mends it alone.
func findingButtons(i int, f commands.Finding) (ways []slack.Block) {
	var all []slack.BlockElement
	if mend := mendButton(f); mend != nil {
		all = append(all, mend)
	}
	if later := laterButton(f); later != nil {
		all = append(all, later)
	}
	for n := len(all); n > 0; n-- {
		ways = append(ways, slack.NewActionBlock(fmt.Sprint(blockFinding, i), all[:n]...))
	}
	return ways
}

// mendButton opens the request that would mend a finding; nil: there is none, or it can't be named on one.
func mendButton(f commands.Finding) *slack.ButtonBlockElement {
	value := MendValue{App: f.App, Key: f.Key}.String()
	if f.Offer == "" || units(value) > longestButton {
		return nil
	}
	return &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionMend, Value: value, Text: typed(plain(75, f.Offer)),
		AccessibilityLabel: plain(75, f.Offer+", "+f.About)}
}

// moreFindings is the button for the findings that aren't shown; nil: all are.
func moreFindings(m *commands.More) slack.Block {
	if m == nil {
		return nil
	}
	label, block := "Show the rest ("+fmt.Sprint(m.Left)+")", ActionFindings
	if m.Off {
		label, block = "Show what's put off ("+fmt.Sprint(m.Left)+")", ActionFindings+"-off"
	}
	return slack.NewActionBlock(block, &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionFindings, Text: typed(label),
		Value: MendValue{App: m.App, From: m.From, Off: m.Off}.String()})
}

// sortOut is the button that asks which column of a list means what; nil: nobody has to say.
func sortOut(u *commands.Unsorted) slack.Block {
	if u == nil {
		return nil
	}
	short := *u
	short.Name = clip(u.Name, nameLength)
	return slack.NewActionBlock(ActionColumns, &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionColumns, Style: slack.StylePrimary, Text: typed("Choose the columns"),
		Value: ImportBorne{Unsorted: short}.String()})
}
