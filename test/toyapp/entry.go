package toyapp

import "github.com/usherbot/usher/catalog"

// Entry is a planner: people are invited to boards, and dismissed. It says who is in it and what they see, and nothing
// of what it costs, of limits, or of what is whose.
func Entry() *catalog.Entry {
	board := catalog.Noun{One: "board", Many: "boards"}
	return &catalog.Entry{
		Kind: "boards", Seat: catalog.Noun{One: "membership", Many: "memberships"}, Sort: "role",
		Resources: []catalog.Resource{{Key: "boards", Noun: board, Nameless: "board", Verb: "boards", HeldAs: "Sees"}},
		Reads:     catalog.Reads{Used: true, Holds: true},
		Actions: []catalog.Action{
			{
				Key: "invite", Effect: catalog.Gives, New: true,
				Fields: []catalog.Field{
					{Key: "role", Label: "Role", Noun: catalog.Noun{One: "role", Many: "roles"}, Kind: catalog.OneOf, Default: "guest", Choices: []catalog.Choice{
						{ID: "guest", Words: "guest", Plural: "guests"},
						{ID: "owner", Words: "board owner", Plural: "board owners", Warning: "may delete every board", All: true, Sees: "sees every board"},
					}},
					{Key: "team", Label: "Team", Noun: catalog.Noun{One: "team", Many: "teams"}, Kind: catalog.Text, Shape: "^[a-z-]+$", Required: true},
					{Key: "boards", Label: "Boards", Noun: board, Kind: catalog.Resources, Resource: "boards", Does: "Opens"},
				},
				Says: catalog.Says{Title: "{app}: invite {who}", About: "invite {who} to {app}", Does: "*Makes* {who} {sort}", Asks: "invite {email}", Doing: "they are being invited",
					Done: "{who} is in {app} now ({n})."},
			},
			{Key: "dismiss", Effect: catalog.Takes, Ends: true, Final: true},
		},
	}
}
