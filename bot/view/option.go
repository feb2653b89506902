package view

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
)

const (
	// longestValue and longestOption are Slack's limits on what an option bears and says.
	longestValue  = 150
	longestOption = 75
	// maxOptions is how many bytes the options in one ack may take together: Slack drops acks of 20 kB without a word.
	maxOptions = 16 << 10
)

func option(value, label string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, typed(plain(longestOption, label)), nil)
}

// one is a menu of which one is chosen.
func one(id string, options []*slack.OptionBlockObject, was []string) *slack.SelectBlockElement {
	return &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: id, Placeholder: typed("Pick one"), Options: options, InitialOption: amongAny(options, was)}
}

// among is the option of a value; nil where there is none.
func among(options []*slack.OptionBlockObject, value string) *slack.OptionBlockObject {
	for _, o := range options {
		if o.Value == value {
			return o
		}
	}
	return nil
}

func amongAny(options []*slack.OptionBlockObject, values []string) *slack.OptionBlockObject {
	if len(values) == 0 {
		return nil
	}
	return among(options, values[0])
}

// itemOption is a resource to pick. Two of one name differ by their address and number, so the name is cut first.
func itemOption(i catalog.Item) *slack.OptionBlockObject {
	tail := ""
	if i.Name != "" || i.Host != "" {
		tail = "(#" + i.ID + ")"
	}
	if i.Paused {
		tail += " · paused"
	}
	tail = plain(longestOption/2, tail)
	room := longestOption - size(tail) - 1
	head := i.Short()
	if i.Name != "" && i.Host != "" && i.Name != i.Host {
		host := plain(max(room-18, 20), i.Host)
		head = plain(room-size(host)-3, i.Name) + " – " + host
	} else {
		head = plain(room, head)
	}
	return slack.NewOptionBlockObject(i.ID, typed(strings.TrimSpace(head+" "+tail)), nil)
}

// Options are what a search found, for the ack that answers it: at most a hundred, and no more than an ack may hold.
// Where there are more, their heading says so. What is not known to be there can be picked as it was written, where
// nothing is known of what there is.
func Options(f commands.Found, typedSoFar string) any {
	group := slack.NewOptionGroupBlockElement(nil)
	room := maxOptions
	for _, i := range f.Items {
		if len(i.ID) > longestValue || i.ID == "" {
			continue
		}
		o := itemOption(i)
		if room -= len(JSON(o)) + 1; room < 0 || len(group.Options) == mostOptions {
			break
		}
		group.Options = append(group.Options, o)
	}
	if f.Unread && !Blank(typedSoFar) && len(typedSoFar) <= longestValue {
		group.Options = append(group.Options, option(typedSoFar, "“"+typedSoFar+"”, as you wrote it"))
	}
	if len(group.Options) > 0 && len(group.Options) < f.All {
		group.Label = typed(say("%v of %v. Keep typing to narrow it down.", len(group.Options), f.Noun.Count(f.All)).Plain())
		return slack.OptionGroupsResponse{OptionGroups: []*slack.OptionGroupBlockObject{group}}
	}
	return optionsResponse{Options: append([]*slack.OptionBlockObject{}, group.Options...)}
}

// optionsResponse has its list even where that is empty: that nothing was found is an answer.
type optionsResponse struct {
	Options []*slack.OptionBlockObject `json:"options"`
}

// capital begins a label with a capital letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
