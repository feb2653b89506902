package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// whole is an entry with one of everything.
func whole() *Entry {
	boards := Field{Key: "boards", Label: "Boards", Noun: Noun{"board", "boards"}, Kind: Resources, Resource: "boards"}
	return &Entry{Kind: "planner", Seat: Noun{"seat", "seats"}, Sort: "role", Resources: []Resource{{Key: "boards", Noun: Noun{"board", "boards"}}},
		Reads: Reads{Used: true, Holds: true},
		Actions: []Action{
			{Key: Create, Effect: Gives, New: true, Says: Says{Title: "{app} seat for {who}", Done: "{boards} and {boards+}"}, Fields: []Field{
				{Key: "role", Label: "Role", Kind: OneOf, Default: "guest", Choices: []Choice{{ID: "guest", Words: "guest"}, {ID: "member", Words: "member"}}},
				{Key: "lang", Label: "Language", Kind: OneOf, Default: "de", Shape: "^[a-z]{2}$", Choices: []Choice{{ID: "en", Words: "English"}}},
				{Key: "rights", Label: "Rights", Kind: SomeOf, Choices: []Choice{{ID: "hide", Words: "hidden", Only: "guest", Takes: true}}},
				{Key: "budget", Label: "Budget", Kind: Money, Per: "every"}, {Key: "every", Label: "Every", Kind: OneOf, Of: "budget", Choices: []Choice{{ID: "day", Words: "day"}}},
				boards,
			}},
			{Key: Delete, Effect: Takes},
		}}
}

// TestAnEntryWithSlips: each is an error that says where it is and what was expected; an entry without one is taken.
func TestAnEntryWithSlips(t *testing.T) {
	require.NoError(t, whole().Check())
	field := func(alter func(f *Field)) func(e *Entry) {
		return func(e *Entry) { alter(&e.Actions[0].Fields[0]) }
	}
	for want, alter := range map[string]func(e *Entry){
		"the entry has no kind":                                                     func(e *Entry) { e.Kind = "" },
		"it doesn't say what its seats are called":                                  func(e *Entry) { e.Seat.Many = "" },
		"it has no actions":                                                         func(e *Entry) { e.Actions, e.Sort = nil, "" },
		`two actions have the key "create"`:                                         func(e *Entry) { e.Actions[1].Key = Create },
		`an action is called "Take away"`:                                           func(e *Entry) { e.Actions[1].Key = "Take away" },
		"action delete doesn't say whether it gives, changes or takes":              func(e *Entry) { e.Actions[1].Effect = "" },
		"action delete makes a new account, and doesn't say that it gives":          func(e *Entry) { e.Actions[1].New = true },
		`action create: two fields have the key "lang"`:                             field(func(f *Field) { f.Key = "lang" }),
		`action create: a field is called "Role"`:                                   field(func(f *Field) { f.Key = "Role" }),
		"action create, field app: that word has a meaning of its own in a command": field(func(f *Field) { f.Key = "app" }),
		`action create, field role: it is of the kind "words"; expected one of`:     field(func(f *Field) { f.Kind = "words" }),
		"action create, field role: it has no label":                                field(func(f *Field) { f.Label = "" }),
		"action create, field role: it has no choices":                              field(func(f *Field) { f.Choices = nil }),
		"action create, field role: it is of the kind text, and has choices":        field(func(f *Field) { f.Kind = Text }),
		`action create, field role: its default "owner" is none of its choices`:     field(func(f *Field) { f.Default = "owner" }),
		"action create, field role: choice 2 has no id":                             field(func(f *Field) { f.Choices[1].ID = "" }),
		`action create, field role: two choices have the id "guest"`:                field(func(f *Field) { f.Choices[1].ID = "guest" }),
		"action create, field role: choice member doesn't say what it is called":    field(func(f *Field) { f.Choices[1].Words = "" }),
		"action create, field role: its shape can't be read":                        field(func(f *Field) { f.Shape = "(" }),
		`action create, field lang: its default "Deutsch" is none of its choices`:   func(e *Entry) { e.Actions[0].Fields[1].Default = "Deutsch" },
		`action create, field rights: choice hide is for the sort "boss" alone`:     func(e *Entry) { e.Actions[0].Fields[2].Choices[0].Only = "boss" },
		`action create, field budget: its default "some" is no money`:               func(e *Entry) { e.Actions[0].Fields[3].Default = "some" },
		`action create, field budget: its money is per "week"`:                      func(e *Entry) { e.Actions[0].Fields[3].Per = "week" },
		`action create, field every: it is of the money "role"`:                     func(e *Entry) { e.Actions[0].Fields[4].Of = "role" },
		`action create, field boards: it chooses from "sites"`:                      func(e *Entry) { e.Actions[0].Fields[5].Resource = "sites" },
		"two fields stand behind the address without their key":                     func(e *Entry) { e.Actions[0].Fields[4].Bare, e.Actions[0].Fields[5].Bare = true, true },
		`two resources have the key "boards"`:                                       func(e *Entry) { e.Resources = append(e.Resources, e.Resources[0]) },
		"resource boards doesn't say what it is called":                             func(e *Entry) { e.Resources[0].Noun.One = "" },
		"it can say what accounts hold, and has no resources":                       func(e *Entry) { e.Resources = nil },
		`the sort of an account is the field "grade"`:                               func(e *Entry) { e.Sort = "grade" },
		`action create: what it says for "Title" has the place {teams}`:             func(e *Entry) { e.Actions[0].Says.Title = "{teams} for {who}" },
	} {
		e := whole()
		alter(e)
		err := e.Check()
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "catalog of ")
	}
}

// TestEverySlipIsTold, not the first alone.
func TestEverySlipIsTold(t *testing.T) {
	e := whole()
	e.Actions[0].Fields[0].Key, e.Actions[1].Effect = "lang", ""
	require.ErrorContains(t, e.Check(), "two fields have the key")
	require.ErrorContains(t, e.Check(), "doesn't say whether it gives")
}

// TestMisfits: of what was asked, what the app no longer has is found, by field and by choice; what it still takes is none.
func TestMisfits(t *testing.T) {
	a, _ := whole().Action(Create)
	asked := Values{{Key: "role", Items: []Item{{ID: "owner", Name: "an owner"}}}, {Key: "lang", Items: []Item{{ID: "fr"}}}, {Key: "rights"},
		{Key: "colour", Items: []Item{{ID: "red"}}}, {Key: "boards", Items: []Item{{ID: "7"}}}, {Key: "budget", Items: []Item{{ID: "5"}}}}
	require.Equal(t, []Misfit{{Key: "role", Label: "Role", Choice: Item{ID: "owner", Name: "an owner"}}, {Key: "colour", Label: "colour"}}, a.Misfits(asked))
	require.Empty(t, a.Misfits(nil))
}
