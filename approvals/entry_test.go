package approvals

import (
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/test/values"
)

// clinic is an entry in the words of the app that most tests here speak of, as far as they need it.
func clinic() *catalog.Entry {
	sites := catalog.Field{Key: "sites", Label: "Websites", Kind: catalog.Resources, Resource: "sites", Noun: catalog.Noun{One: "website", Many: "websites"}}
	sort := catalog.Field{Key: "type", Label: "Type", Kind: catalog.OneOf, Default: "client", Choices: []catalog.Choice{
		{ID: "client", Words: "client seat", Plural: "client seats"}, {ID: "user", Words: "user seat", All: true, Sees: "sees every website"}}}
	access := catalog.Field{Key: "access", Label: "Permissions", Noun: catalog.Noun{One: "permission", Many: "permissions"}, Kind: catalog.SomeOf}
	for _, i := range values.Access("report_manual", "audit_website", "hide_search_volume") {
		access.Choices = append(access.Choices, catalog.Choice{ID: i.ID, Words: i.Name, Takes: i.Takes})
	}
	amount := catalog.Field{Key: "amount", Label: "Money limit", Kind: catalog.Money, Per: "period", Unit: "in the account's currency",
		Zero: "The vendor doesn't say whether 0 means no limit or nothing allowed."}
	period := catalog.Field{Key: "period", Label: "Period", Kind: catalog.OneOf, Of: "amount", Choices: []catalog.Choice{{ID: "day", Words: "day"}, {ID: "week", Words: "week"}, {ID: "month", Words: "month"}}}
	return &catalog.Entry{Kind: "seranking", Seat: catalog.Noun{One: "seat", Many: "seats"}, Sort: "type", Resources: []catalog.Resource{{Key: "sites", Noun: sites.Noun}},
		Reads: catalog.Reads{Used: true, Bought: true, Details: true, Blocked: true, Holds: true, Owns: true},
		Actions: []catalog.Action{
			{Key: catalog.Create, Effect: catalog.Gives, New: true, Fields: []catalog.Field{sort, access, amount, period, sites}},
			{Key: catalog.Share, Effect: catalog.Gives, Fields: []catalog.Field{sites}, Says: catalog.Says{Idle: "Already shared: {list}."}},
			{Key: catalog.Unshare, Effect: catalog.Takes, Fields: []catalog.Field{sites}, Says: catalog.Says{Idle: "Not shared: {list}."}},
			{Key: catalog.Update, Effect: catalog.Changes, Fields: []catalog.Field{access, amount, period}},
			{Key: catalog.Delete, Effect: catalog.Takes, Ends: true, Spares: true},
		}}
}

// ranked is the app that most tests here speak of.
func ranked() App { return App{ID: "seranking", Name: "SE Ranking", Entry: clinic()} }
