package view

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
)

// Who may not read what vendors hold picks in the same kind of menu as everybody else, and it offers them words of their own
// alone: the values are what they wrote, so that what is picked is read as if it had been written into a line.

// fits reports whether words can be picked: an option bears and a menu holds so much. What doesn't fit is written into a
// plain field, as all was before there was this menu, so that nothing is lost.
func fits(own []commands.Own, written string) bool {
	for _, o := range own {
		if units(o.Typed) > longestValue || Blank(o.Typed) {
			return false
		}
	}
	return len(own) <= mostPicked && (len(own) > 0 || Blank(written))
}

// owns draws the menu of somebody's own words.
func (f *requestForm) owns(id string, field catalog.Field) slack.BlockElement {
	least, most := 0, mostPicked
	e := &slack.MultiSelectBlockElement{Type: slack.MultiOptTypeExternal, ActionID: id, MinQueryLength: &least, MaxSelectedItems: &most,
		Placeholder: typed("Type, then choose it below")}
	own := f.sheet.Own[field.Key]
	if len(own) == 0 {
		for _, was := range f.kept[id] {
			own = append(own, commands.Own{Typed: was, Words: []string{was}})
		}
	}
	seen := map[string]bool{}
	for _, o := range own {
		if len(e.InitialOptions) < most && !seen[o.Typed] {
			e.InitialOptions = append(e.InitialOptions, ownOption(o))
		}
		seen[o.Typed] = true
	}
	return e
}

// ownOption is somebody's own words to pick; of several the label says first how many they are.
func ownOption(o commands.Own) *slack.OptionBlockObject {
	label := strings.Join(o.Words, ", ")
	if n := len(o.Words); n > 1 {
		label = say("All %v: %v", n, label).Plain()
	}
	return option(o.Typed, label)
}

// OwnOptions are somebody's own words to pick, for the ack that answers what they type.
func OwnOptions(o commands.Owns) any {
	room, seen := maxOptions, map[string]bool{}
	some := func(label string, list []commands.Own) *slack.OptionGroupBlockObject {
		group := slack.NewOptionGroupBlockElement(typed(label))
		for _, own := range list {
			if units(own.Typed) > longestValue || Blank(own.Typed) || seen[own.Typed] {
				continue
			}
			option := ownOption(own)
			if room -= len(JSON(option)) + 1; room < 0 || len(group.Options) == mostOptions {
				break
			}
			seen[own.Typed] = true
			group.Options = append(group.Options, option)
		}
		return group
	}
	typing, before := some("As you typed it", o.Typing), some("You asked for it before", o.Before)
	if len(before.Options) == 0 {
		return optionsResponse{Options: append([]*slack.OptionBlockObject{}, typing.Options...)}
	}
	groups := []*slack.OptionGroupBlockObject{typing, before}
	if len(typing.Options) == 0 {
		groups = groups[1:]
	}
	return slack.OptionGroupsResponse{OptionGroups: groups}
}

// TakesOwn reports whether a block of the form takes somebody's own words.
func TakesOwn(block string) bool {
	_, takes, _ := fieldOfBlock(block)
	return takes == takesOwn
}
