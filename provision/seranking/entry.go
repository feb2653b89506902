package seranking

import (
	"strings"

	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/catalog"
)

// Kind is what the configuration calls an app of SE Ranking.
const Kind = "seranking"

// The keys of the fields, under which values are kept.
const (
	keyType, keyLang, keyAccess, keyAmount, keyPeriod, keySites = "type", "lang", "access", "amount", "period", "sites"
)

// Entry is what can be asked of SE Ranking, in its words.
func Entry() *catalog.Entry {
	return &catalog.Entry{
		Kind: Kind, Seat: catalog.Noun{One: "seat", Many: "seats"}, Sort: keyType,
		Actions:   []catalog.Action{create(), share(), unshare(), update(), remove()},
		Resources: []catalog.Resource{websites},
		Details: append([]catalog.Field{accessField, {Key: keyAmount, Label: amountField.Label, Kind: catalog.Money, Per: keyPeriod, Unit: amountField.Unit, Zero: amountField.Zero},
			{Key: keyLang, Label: "Language", Kind: catalog.OneOf}}, quotaFields...),
		Reads:  catalog.Reads{Used: true, Bought: true, Details: true, Blocked: true, Holds: true, Owns: true},
		Parts:  "its websites, permissions and limit",
		Asking: "`/access create` a seat · `share` or `unshare` websites · `update` permissions · `delete` an account",
	}
}

// quotaFields are the limits that can be read of an account and not be changed. What those of the audits count the vendor doesn't say, so
// they have no unit (facts 1.5).
var quotaFields = []catalog.Field{
	quotaField("quota_sites", website), quotaField("quota_keywords", catalog.Noun{One: "keyword", Many: "keywords"}),
	quotaField("quota_backlinks", catalog.Noun{One: "backlink", Many: "backlinks"}),
	quotaField("quota_audit_account", catalog.Noun{One: "for audits (account)", Many: "for audits (account)"}),
	quotaField("quota_audit_site", catalog.Noun{One: "for audits (website)", Many: "for audits (website)"}),
}

func quotaField(key string, n catalog.Noun) catalog.Field {
	return catalog.Field{Key: key, Label: "Limit", Noun: n, Kind: catalog.Number, Zero: amountField.Zero}
}

var website = catalog.Noun{One: "website", Many: "websites"}

var websites = catalog.Resource{
	Key: keySites, Noun: website, Nameless: "site", Verb: "sites", Also: []string{"websites", "projects", "site"},
	Guide: catalog.Guide{Usage: "[WORDS]", Does: "shows the websites and their numbers, or the ones with all those words (admins and approvers)",
		Examples: []string{"/access sites", "/access sites acme uk"}, Short: "the websites"},
	Held: "*Shared with it* {count}, which stay:", HeldOne: "*Shared with it* 1 website, which stays:", HeldNone: "No website is shared with it.",
	OwnsNone: "It owns no websites.", OwnsAny: "An account that owns websites isn't deleted until they're handed over.",
	HeldAs: "Shared with it", OwnedAs: "Owned by it",
}

// typeField: a client sees only the sites shared with it; a user sees every project of the company and may edit and
// delete them (facts: the vendor's manifest and help centre).
var typeField = catalog.Field{
	Key: keyType, Also: []string{"role", "kind"}, Label: "Type", Noun: catalog.Noun{One: "type", Many: "types"}, Kind: catalog.OneOf, Default: api.TypeClient,
	Help:    "It's `client` (sees only the websites shared with it) or `user` (sees every website, and can edit and delete them).",
	Samples: []string{api.TypeClient, api.TypeUser},
	Choices: []catalog.Choice{
		{ID: api.TypeClient, Words: "client seat", Plural: "client seats", Sees: "sees only the websites shared with it",
			Given:     "a client seat, which sees only the websites shared with it.",
			GivenBare: "a client seat, which sees only the websites shared with it: none yet."},
		{ID: api.TypeUser, Words: "user seat", Plural: "user seats", Warning: "sees every website, and may edit and delete them",
			Given: "a user seat. *It sees every website*, and can edit and delete them.", All: true,
			Sees: "sees every website", Stays: "It sees every website. They all stay."},
	},
}

// langField takes what the vendor knows by two letters; the languages are the names people give to some.
var langField = catalog.Field{
	Key: keyLang, Also: []string{"language"}, Label: "Language", Noun: catalog.Noun{One: "language", Many: "languages"}, Kind: catalog.OneOf,
	Shape: "^[a-z]{2}$", Aside: true, Help: "It's two letters, for example `lang=en`.", Samples: []string{"en"},
	Choices: []catalog.Choice{
		{ID: "en", Words: "English"}, {ID: "de", Words: "German", Also: []string{"deutsch"}}, {ID: "fr", Words: "French", Also: []string{"français"}},
		{ID: "es", Words: "Spanish", Also: []string{"español"}}, {ID: "it", Words: "Italian", Also: []string{"italiano"}}, {ID: "pt", Words: "Portuguese"},
		{ID: "nl", Words: "Dutch"}, {ID: "pl", Words: "Polish"}, {ID: "ru", Words: "Russian"}, {ID: "uk", Words: "Ukrainian"}, {ID: "tr", Words: "Turkish"},
		{ID: "sv", Words: "Swedish"}, {ID: "ja", Words: "Japanese"}, {ID: "zh", Words: "Chinese"},
	},
}

var accessField = catalog.Field{
	Key: keyAccess, Also: []string{"permissions", "rights"}, Label: "Permissions", Noun: catalog.Noun{One: "permission", Many: "permissions"}, Kind: catalog.SomeOf,
	Help:    "It lists exactly the permissions the account should have, with commas: `access=report_manual,audit_website`, or `access=none`.",
	Hint:    "Exactly the permissions the account should have: whatever isn't picked isn't there.",
	Samples: []string{"report_manual,report_scheduled"}, Choices: permissions(),
}

var amountField = catalog.Field{
	Key: keyAmount, Also: []string{"limit", "budget"}, Label: "Money limit", Noun: catalog.Noun{One: "money limit", Many: "money limit"}, Kind: catalog.Money, Per: keyPeriod,
	Unit: "in the account's currency", Zero: "The vendor doesn't say whether 0 means no limit or nothing allowed.",
	Help: "It's a whole number, 0 or more, in the account's currency, together with `period=`.", Samples: []string{"50"},
	Hint:    "What it can spend: a whole number in the account's currency.",
	Missing: "A period needs its amount too, a whole number in the account's currency.",
}

var periodField = catalog.Field{
	Key: keyPeriod, Also: []string{"per", "every"}, Label: "Period", Noun: catalog.Noun{One: "period", Many: "periods"}, Kind: catalog.OneOf, Of: keyAmount,
	Choices: []catalog.Choice{{ID: "day", Words: "day"}, {ID: "week", Words: "week"}, {ID: "month", Words: "month"}},
	Help:    "It's `day`, `week` or `month`, together with `amount=`.", Samples: []string{"month"},
	Missing: "A limit needs its period too: `period=day`, `period=week` or `period=month`.",
}

// sitesField are websites by number, name or address; where bare, they stand behind the account's address.
func sitesField(does string, bare bool) catalog.Field {
	return catalog.Field{Key: keySites, Label: "Websites", Noun: website, Kind: catalog.Resources, Resource: keySites, Does: does, Bare: bare, Required: bare,
		Help: "It lists websites by number, name or address, with commas: `sites=39,acme.example`.", Samples: []string{"acme.example"},
		Missing: "Which website? Its number, its name or its address goes after the e-mail address.", Place: "<website>"}
}

// permissions are those that the vendor's client knows, in groups.
func permissions() (list []catalog.Choice) {
	for _, c := range api.AccessCodes {
		choice := catalog.Choice{ID: c.Code, Words: c.Label, Group: groupOf(c.Code), Takes: c.Restriction}
		if c.ClientOnly {
			choice.Only = api.TypeClient
		}
		if old := strings.ReplaceAll(c.Code, "scheduled", "sheduled"); old != c.Code {
			choice.Also = []string{old} // the vendor's own spelling
		}
		list = append(list, choice)
	}
	return list
}

// groupOf is where a permission stands among the others, by how its code begins.
func groupOf(code string) string {
	for _, g := range []struct{ begins, name string }{
		{"audit_", "Audit"}, {"analytics_", "Analytics"}, {"competitors_", "Competitors"}, {"tools_", "Tools"}, {"report_", "Reports"},
	} {
		if strings.HasPrefix(code, g.begins) {
			return g.name
		}
	}
	return "Other"
}
