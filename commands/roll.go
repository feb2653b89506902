package commands

import (
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
)

// A list of people, as a personnel office exports it, is added by the form that takes an app's own member list, under the word
// people. An app of that id is meant before it.

// people is that list, as if it were an app.
func (h *House) people() approvals.App {
	if h.People == "" {
		return approvals.App{}
	}
	return approvals.App{ID: register.PeopleList, Name: h.People}
}

// lists finds what somebody named of which a list may be added: an app, or the people.
func (s speech) lists(typed string) (approvals.App, bool) {
	if app, ok := s.named(typed); ok {
		return app, true
	}
	if s.people.ID != "" && (strings.EqualFold(s.people.ID, typed) || strings.EqualFold(s.people.Name, typed)) {
		return s.people, true
	}
	return approvals.App{}, false
}

// OfPeople reports whether a list that is asked for is one of people, and not an app's.
func OfPeople(app approvals.App) bool { return app.ID == register.PeopleList && app.Entry == nil }

// peopleImported says what came of a list of people.
func peopleImported(t register.Told, name string) Reply {
	return Reply{Head: approvals.Sayf("*%v* · %v", name, short(t.Order.Name)), Lines: []approvals.Text{t.Said}}
}
