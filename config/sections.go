package config

import (
	"regexp"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/terminal"
)

// What messages say was expected, where the same is said in several places.
const (
	expectSlack    = "approvals_channel, reports_channel, admins and connections"
	expectChannel  = `a channel: its id (C… or G…, at the bottom of "View channel details") or its "#name" in quotes`
	expectPerson   = `a member id (U… or W…: in Slack open the profile, then ⋮, then "Copy member ID")`
	expectPeople   = "a list of at least one member id (U… or W…), such as [U0ADMIN]"
	expectOwner    = `a person (U… or W…: in Slack open the profile, then ⋮, then "Copy member ID") or a user group (S…)`
	expectOwners   = "a list of people (U… or W…) and user groups (S…), such as [U0DAVE, S0MKTOPS]"
	expectApprover = "a person (U… or W…), a user group (S…), manager, owners or admins"
	expectDeciders = "a list of people (U… or W…), user groups (S…) and the words manager, owners and admins, such as [U0BOB, S0LEADS]"
	expectLines    = "how many connections to Slack each Usher keeps, a whole number from 1 to 10 (left out: 2)"
	expectSeats    = "how many seats you've bought, a whole number (0 or left out: not known)"
	expectName     = "a name on one line, at most 60 characters"
	expectAppID    = "lower-case letters, digits, - and _, starting with a letter, or with digits and then a letter, at most 40 in all"
	expectID       = "lower-case letters, digits, - and _, starting with a letter, at most 40 in all"
	expectDuration = "a duration such as 72h, 7d or 1d12h"
	expectCron     = `five cron fields in quotes, such as "0 9 * * MON" (minute 0-59, hour 0-23, day 1-31, month, weekday)`
)

var (
	channelID   = regexp.MustCompile(`^[CG][A-Z0-9]{2,30}$`)
	channelName = regexp.MustCompile(`^#[^\s#,.@A-Z<>|&:*"'` + "`" + `]{1,80}$`)
	personID    = regexp.MustCompile(`^[UW][A-Z0-9]{2,30}$`)
	groupID     = regexp.MustCompile(`^S[A-Z0-9]{2,30}$`)
	identifier  = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)
	// appID is an identifier that may begin with digits, as some vendors' names do; a number alone is a request's.
	appID = regexp.MustCompile(`^[0-9]*[a-z][a-z0-9_-]*$`)
)

// Parse reads the text of a configuration, named file in what it returns. Either there are
// problems, sorted by position, or there is a Config.
func Parse(file string, raw []byte, more ...*catalog.Entry) (*Config, []Problem) {
	cfg, r := parseConfig(file, raw, append(kinds{byapi.Entry()}, more...))
	if len(r.Problems) > 0 {
		return nil, strict.Sorted(r.Problems)
	}
	cfg.Warnings = strict.Sorted(r.Warnings)
	return cfg, nil
}

func parseConfig(file string, raw []byte, known kinds) (*Config, *reading) {
	cfg := &Config{File: file, kinds: known}
	top, read := strict.Read(raw, about)
	r := &reading{read}
	if !top.Given() {
		return cfg, r
	}
	root := value{top}.object("the sections slack, people, apps, bundles, policies, reports, leavers, history and keep", "slack", "people", "apps", "bundles", "policies", "reports", "leavers", "history", "keep")
	cfg.Slack = root.need("slack", "approvals_channel, reports_channel and admins").slack()
	cfg.People = root.get("people").people(cfg)
	cfg.Apps = root.need("apps", "at least one app, such as seranking").apps(cfg)
	cfg.Bundles = root.get("bundles").bundles(cfg)
	cfg.Rules = root.get("policies").policies(cfg, root.next("policies"))
	cfg.Reports = root.get("reports").reports(cfg)
	cfg.Leavers = root.get("leavers").leavers()
	cfg.History = root.get("history").history()
	cfg.Keep = root.get("keep").keep()
	r.cross(cfg)
	return cfg, r
}

// Slack greets no more than mostConnections of an app's connections, whoever opens them. Of two, one hears while the other is opened anew.
const (
	mostConnections    = 10
	defaultConnections = 2
)

func (v value) slack() SlackConfig {
	o := v.object(expectSlack, "approvals_channel", "reports_channel", "admins", "connections")
	s := SlackConfig{
		ApprovalsChannel: o.need("approvals_channel", expectChannel).channel(),
		ReportsChannel:   o.get("reports_channel").channel(),
		Connections:      o.get("connections").Number(1, mostConnections, defaultConnections, expectLines),
	}
	admins := o.need("admins", expectPeople).list("the admin", expectPeople)
	for _, id := range v.distinct(admins, personID, expectPerson) {
		s.Admins = append(s.Admins, approvals.PersonID(id))
	}
	return s
}

func (v value) channel() string {
	s, ok := v.Text(expectChannel)
	if ok && !channelID.MatchString(s) && !channelName.MatchString(s) {
		v.Bad(expectChannel)
	}
	return s
}

// distinct is the texts of a list that have a shape, each once.
func (v value) distinct(items []value, shape *regexp.Regexp, expected string) []string {
	var out []string
	for _, item := range items {
		s, ok := item.Text(expected)
		switch {
		case !ok:
		case shape != nil && !shape.MatchString(s):
			item.Bad(expected)
		case slices.Contains(out, s):
			item.Wrong(item.At, "%s %s is listed twice; expected it once", item.Name, s)
		default:
			out = append(out, s)
		}
	}
	return out
}

// label is a name that people read.
func (v value) label() string { return v.Printable(60, expectName) }

// identifier is a name that people type and no other entry bears.
func (v value) identifier(taken func(string) bool) string {
	s, ok := v.Text(expectID)
	switch {
	case !ok:
	case !identifier.MatchString(s):
		v.Bad(expectID)
	case taken(s):
		v.Wrong(v.At, "an earlier entry is already called %s; expected a different name", terminal.Quoted(s))
	}
	return s
}
