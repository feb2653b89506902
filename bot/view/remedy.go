package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// The buttons by which an account is mended that a report names, and the menu and the form in which one of many is picked. They stand in
// reports that outlive any version of the program, so they never change their meaning.
const (
	// ActionRemedy asks what can be done about an account, and ActionRemedyPick which account is meant first; ActionRemedyOne is the
	// menu for that, and ActionRemedyWay does one of the things that can be done.
	ActionRemedy     = "remedy"
	ActionRemedyPick = "remedy_pick"
	ActionRemedyOne  = "remedy_one"
	ActionRemedyWay  = "remedy_way"
	// ActionRemedyCard leads to the card of a request.
	ActionRemedyCard = "remedy_card"
	CallbackRemedy   = "remedy"
)

// RemedyValue names an account and what was wrong with it.
type RemedyValue struct {
	App   string `json:"a"`
	ID    string `json:"i,omitempty"`
	Email string `json:"e,omitempty"`
	Wrong string `json:"w"`
	Day   string `json:"d,omitempty"`
	// Way is what a button does about it, and Channel where its answers go, where no payload says so.
	Way     string `json:"y,omitempty"`
	Channel string `json:"c,omitempty"`
}

// String is how a button bears it.
func (v RemedyValue) String() string { return "v1:" + string(JSON(v)) }

// Of is the account.
func (v RemedyValue) Of() commands.Ailing {
	return commands.Ailing{App: v.App, ID: v.ID, Email: v.Email, Wrong: commands.Wrong(v.Wrong), Day: v.Day}
}

func remedyValue(a commands.Ailing) RemedyValue {
	return RemedyValue{App: a.App, ID: a.ID, Email: a.Email, Wrong: string(a.Wrong), Day: a.Day}
}

// ParseRemedy is what such a button bears. ErrOtherVersion: another version of Usher drew it.
func ParseRemedy(s string) (v RemedyValue, err error) { return v, parseBorne(s, &v) }

// mostDirect is how many accounts have a button of their own below a list; with more of them one button asks which is meant.
const mostDirect = 3

// remedyButton mends an account; nil: it can't be named on a button.
func remedyButton(a commands.Ailing, label string) *slack.ButtonBlockElement {
	value := remedyValue(a).String()
	if units(value) > longestButton {
		return nil
	}
	return &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionRemedy, Value: value, Text: typed(plain(75, label)), AccessibilityLabel: plain(75, label+", "+a.Email)}
}

// remedied gives each row of a table of accounts the button that mends it, and the lines that stand in the table's place one for each of
// the first, or one that asks which is meant. The rows are those of the accounts, in their order.
func (t Table) remedied(app approvals.App, at time.Time, seats []approvals.Seat, wrong commands.Wrong) Table {
	if len(seats) != len(t.Rows) || len(seats) == 0 || !commands.Mendable(app, wrong) {
		return t
	}
	of := func(s approvals.Seat) commands.Ailing {
		return commands.Ailing{App: app.ID, ID: s.ID, Email: s.Email, Wrong: wrong, Day: at.UTC().Format(time.DateOnly)}
	}
	t.Head = append(t.Head, "Mend")
	var first []slack.BlockElement
	for i, s := range seats {
		t.Rows[i].Button = remedyButton(of(s), "Mend…")
		if b := remedyButton(of(s), "Mend "+s.Email+"…"); b != nil && len(seats) <= mostDirect {
			b.ActionID += fmt.Sprintf("%s%d", rowMark, i+1)
			first = append(first, b)
		}
	}
	if len(seats) > mostDirect {
		first = []slack.BlockElement{pickButton(commands.Ailing{App: app.ID, Wrong: wrong, Day: of(seats[0]).Day}, "Mend one of them…", app.Name)}
	}
	if len(first) > 0 {
		t.Instead = append(t.Instead, slack.NewActionBlock("", first...))
	}
	return t
}

// pickButton asks which account is meant.
func pickButton(a commands.Ailing, label, app string) *slack.ButtonBlockElement {
	return &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionRemedyPick, Value: remedyValue(a).String(), Text: typed(label), AccessibilityLabel: plain(75, label+" in "+app)}
}

// RemedyOpening stands in for what can be done about an account until it was looked at again.
func RemedyOpening() slack.ModalViewRequest {
	return FormNotice(Message{Blocks: []slack.Block{sectionOf(markup("One moment: I'm looking at the account again."))}})
}

// Remedy is what can be done about an account, each with its button.
func Remedy(r commands.Remedy, channel string) Message {
	var buttons []slack.BlockElement
	for _, w := range r.Ways {
		v := remedyValue(r.Of)
		v.Way, v.Channel = string(w), channel
		buttons = append(buttons, &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionRemedyWay + rowMark + string(w), Value: v.String(), Text: typed(wayLabels[w]),
			AccessibilityLabel: plain(75, wayLabels[w]+", "+r.Of.Email)})
	}
	for _, c := range r.Cards {
		if c.Link != "" {
			buttons = append(buttons, &slack.ButtonBlockElement{Type: slack.METButton, ActionID: fmt.Sprint(ActionRemedyCard, rowMark, c.Number), URL: c.Link, Text: typed(fmt.Sprintf("See #%d", c.Number))})
		}
	}
	p := newPage()
	p.section(r.Lines...)
	if r.Holder != "" {
		p.small("", say("*Ask its holder* has me ask %v what's to become of it.", r.Holder))
	}
	if len(buttons) > 0 {
		p.add(slack.NewActionBlock(ActionRemedyWay, buttons...))
	}
	return p.message()
}

var wayLabels = map[commands.Way]string{commands.RaiseIt: "Raise the limit…", commands.TakeIt: "Take it away…", commands.AskIt: "Ask its holder"}

// RemedyPick asks which account is meant, by a menu that is searched.
func RemedyPick(v RemedyValue, app string) slack.ModalViewRequest {
	what := "blocked by its limits"
	if v.Wrong == string(commands.IsIdle) {
		what = "idle"
	}
	least := 0
	menu := &slack.SelectBlockElement{Type: slack.OptTypeExternal, ActionID: ActionRemedyOne, Placeholder: typed("Type a name or an address"), MinQueryLength: &least}
	form := FormNotice(Message{Blocks: []slack.Block{sectionOf(markup(mrkdwn(maxObject, say("Which account that's %v in *%v*?", what, app)))), slack.NewActionBlock(ActionRemedyOne, menu)}})
	form.CallbackID, form.PrivateMetadata = CallbackRemedy, v.String()
	return form
}

// RemedyOptions are the accounts that a search found, for the ack that answers it.
func RemedyOptions(v RemedyValue, seats []approvals.Seat) any {
	group := slack.NewOptionGroupBlockElement(nil)
	room := maxOptions
	for _, s := range seats {
		value := RemedyValue{App: v.App, ID: s.ID, Wrong: v.Wrong, Day: v.Day}.String()
		o := option(value, strings.TrimSpace(s.Email))
		if room -= len(JSON(o)) + 1; room < 0 || len(group.Options) == mostOptions {
			break
		}
		if units(value) <= longestValue {
			group.Options = append(group.Options, o)
		}
	}
	if 0 < len(group.Options) && len(group.Options) < len(seats) {
		group.Label = typed(say("%v of %v. Keep typing to narrow it down.", len(group.Options), count(len(seats), "account", "accounts")).Plain())
		return slack.OptionGroupsResponse{OptionGroups: []*slack.OptionGroupBlockObject{group}}
	}
	return optionsResponse{Options: append([]*slack.OptionBlockObject{}, group.Options...)}
}
