package check

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
)

// slackCheck is one round of questions to Slack.
type slackCheck struct {
	*Table
	cfg   *config.Config
	probe *web.Probe
	// name is the bot's own, to be invited by; granted are the scopes of its token.
	name    string
	granted []string
	// people and groups are those looked up so far, and told those who have a row: who approves in five
	// policies is asked for once.
	people map[approvals.PersonID]approver
	told   map[approvals.PersonID]bool
	groups map[approvals.GroupID]quorum
}

// slack asks for tokens and scopes, then, if the bot token is taken, for channels and people.
func (t *Table) slack(ctx context.Context, cfg *config.Config, s *web.Client) {
	c := &slackCheck{Table: t, cfg: cfg, probe: web.NewProbe(s), people: map[approvals.PersonID]approver{},
		told: map[approvals.PersonID]bool{}, groups: map[approvals.GroupID]quorum{}}
	taken := c.botToken(ctx, s)
	c.appToken(ctx)
	if !taken {
		return
	}
	c.scopes(ctx)
	c.home(ctx)
	for _, ch := range c.channels() {
		c.channel(ctx, ch)
	}
	c.admins(ctx)
	for _, p := range cfg.Rules {
		c.policy(ctx, p)
	}
	c.conditions(ctx)
	c.joiners(ctx)
	c.fileless()
	c.readers(ctx)
	c.managers(ctx)
}

func (c *slackCheck) botToken(ctx context.Context, s *web.Client) bool {
	who, err := s.Identity(ctx)
	if err != nil {
		c.fail("bot token", slackSaid(err), advice(err, `copy the "Bot User OAuth Token" (xoxb-…) from "OAuth & Permissions" into SLACK_BOT_TOKEN`))
		return false
	}
	c.name = who.Name
	if who.OrgWide {
		c.ok("bot token", "%s, as @%s, for the whole organization", who.TeamName, who.Name)
		return true
	}
	c.ok("bot token", "%s, as @%s", who.TeamName, who.Name)
	return true
}

func (c *slackCheck) appToken(ctx context.Context) {
	address, err := c.probe.Socket(ctx)
	if err != nil {
		c.fail("app token", slackSaid(err), advice(err, `switch "Socket Mode" on, make an app-level token (xapp-…) with connections:write under "Basic Information", and put it into SLACK_APP_TOKEN`))
		return
	}
	c.ok("app token", "can open Socket Mode connections")
	c.socketMode(ctx, address)
}

// socketMode wants Slack to greet a connection: a token may open one although Socket Mode is switched off.
func (c *slackCheck) socketMode(ctx context.Context, address string) {
	reason, beside, err := bot.Greeting(ctx, nil, address)
	switch {
	case err != nil:
		c.fail("Socket Mode", err.Error(), "see whether WebSockets (wss) get through from here, and try again in a minute")
	case reason == bot.SwitchedOff:
		c.fail("Socket Mode", "switched off in the app's settings", `switch it on under "Socket Mode" at api.slack.com/apps`)
	case reason == bot.Crowded:
		c.fail("Socket Mode", "Slack won't take another connection: the app has as many as it's allowed", "stop whatever else is using these tokens; dead connections go away within minutes")
	case reason != "":
		c.warn("Socket Mode", "Slack ended the connection at once: "+reason, "try again in a minute")
	default:
		c.ok("Socket Mode", "on: Slack took a connection")
		c.connections(beside)
	}
}

// connections holds those of the app to what Slack allows: an Usher that starts wants its own, and what was cut off counts for
// some minutes still.
func (c *slackCheck) connections(beside int) {
	const thing, most = "connections", bot.MostConnections
	own := c.cfg.Slack.Connections
	open := fmt.Sprintf("%d of the %d that Slack allows are open", beside, most)
	switch left := most - beside; {
	case left < own:
		c.warn(thing, fmt.Sprintf("%s, and an Usher opens %d of its own: the next one to start may not be heard on all of them", open, own),
			"stop whatever else is using these tokens; dead connections go away within minutes")
	default:
		c.ok(thing, "%s; an Usher opens %d of its own", open, own)
	}
}

func (c *slackCheck) scopes(ctx context.Context) {
	granted, err := c.probe.Scopes(ctx)
	const compare = "compare them with manifest.yml under \"OAuth & Permissions\""
	if err != nil {
		c.warn("scopes", slackSaid(err), advice(err, compare))
		return
	}
	if granted == nil {
		c.warn("scopes", "Slack didn't say which ones the bot token has", compare)
		return
	}
	c.granted = granted
	for _, scope := range web.Scopes() {
		if scope == web.ScopeProfiles && c.cfg.People.ManagerField == "" && !slices.Contains(granted, scope) {
			c.ok("scope "+scope, "not granted, and not needed: no people.manager_field is configured")
			continue
		}
		byHand := func(a config.AppConfig) bool { return a.Kind == "manual" }
		if scope == web.ScopeFiles && !slices.ContainsFunc(c.cfg.Apps, byHand) && !slices.Contains(granted, scope) {
			c.warn("scope "+scope, "not granted: nobody can add a member list with /access import", `leave it, or add it under "OAuth & Permissions" (manifest.yml has them all) and reinstall the app`)
			continue
		}
		if scope == web.ScopeUploads && !slices.Contains(granted, scope) {
			c.warn("scope "+scope, "not granted: nobody gets the report of a review in Slack, only at the machine by usher review N --out FILE", `leave it, or add it under "OAuth & Permissions" (manifest.yml has them all) and reinstall the app`)
			continue
		}
		if !slices.Contains(granted, scope) {
			c.fail("scope "+scope, "not granted", `add it under "OAuth & Permissions" (manifest.yml has them all), then reinstall the app`)
			continue
		}
		c.ok("scope "+scope, "granted")
	}
}

// lacks reports, with a row, that a question cannot be put because a scope of it is known to be missing.
func (c *slackCheck) lacks(thing string, scopes ...string) bool {
	for _, scope := range scopes {
		if c.granted != nil && !slices.Contains(c.granted, scope) {
			c.warn(thing, "not looked at, because the scope "+scope+" is missing", "grant it, then check again")
			return true
		}
	}
	return false
}

// channels are the configured channels, each once.
func (c *slackCheck) channels() []string {
	all := []string{c.cfg.Slack.ApprovalsChannel}
	if c.cfg.Slack.ReportsChannel != "" {
		all = append(all, c.cfg.Slack.ReportsChannel)
	}
	for _, r := range c.cfg.Reports {
		if r.Channel != "" {
			all = append(all, r.Channel)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// channel wants the bot to be a member: with chat:write.public it could post without, but not look
// for a message whose answer was lost, and so might say a thing twice.
func (c *slackCheck) channel(ctx context.Context, channel string) {
	thing := "channel " + channel
	if c.lacks(thing, "channels:read", "groups:read") {
		return
	}
	invite := fmt.Sprintf("type /invite @%s in the channel", c.name)
	room, err := c.probe.Room(ctx, channel)
	c.outsiders(thing, room)
	switch {
	case codeOf(err) == "channel_not_found":
		c.fail(thing, "the bot can't see this channel", "if it's private, "+invite+"; otherwise correct it in the configuration")
	case codeOf(err) == web.TwoChannels:
		c.fail(thing, "more than one workspace of the organization has a channel of this name", "put the id of the right one in the configuration (open the channel's details in Slack: it's at the bottom)")
	case err != nil:
		c.fail(thing, slackSaid(err), advice(err, "correct it in the configuration"))
	case room.Archived:
		c.fail(thing, "#"+room.Name+" is archived", "unarchive it, or name another channel in the configuration")
	case !room.Member && !room.Private && slices.Contains(c.granted, "chat:write.public"):
		c.warn(thing, "#"+room.Name+": the bot can post, but it isn't a member and can't look for what it posted", invite)
	case !room.Member:
		c.fail(thing, "#"+room.Name+": the bot isn't a member and can't post", invite)
	default:
		c.ok(thing, "#%s: the bot can post", room.Name)
	}
}

// outsiders warns of a channel that people of another company read, or will. They cannot decide: Slack
// says of them that they are strangers. But a card says who wants which seat and why, and a digest who has one.
func (c *slackCheck) outsiders(thing string, room web.Room) {
	const own = "name a channel of your own company in the configuration, unless that's what you want"
	switch {
	case room.Shared:
		c.warn(thing, "#"+room.Name+" is shared with another company, whose people can read what Usher posts there: who asks for which seat, why, and who has one", own)
	case room.Inviting:
		c.warn(thing, "#"+room.Name+": another company has been invited; once it accepts, its people can read what Usher posts there, old posts too", own)
	}
}

// codeOf is Slack's word for what went wrong, or "".
func codeOf(err error) string {
	if e, ok := errors.AsType[*web.Error](err); ok {
		return e.Code
	}
	return ""
}

func slackSaid(err error) string {
	if e, ok := errors.AsType[*web.Error](err); ok && e.Needed != "" {
		return fmt.Sprintf("Slack says %s: %s", e.Code, e.Needed)
	}
	if codeOf(err) == web.NoWorkspace {
		return "the app hasn't been added to any workspace of the organization"
	}
	switch web.FaultOf(err) {
	case web.Refused, web.Misconfigured, web.NoPerson, web.Declined:
		return "Slack says " + codeOf(err)
	}
	return err.Error()
}

// advice is what to do about a failed question: otherwise, unless the question itself could not be put.
func advice(err error, otherwise string) string {
	switch web.FaultOf(err) {
	case web.NotSent, web.Unknown, web.Limited:
		return "see whether Slack can be reached from here, and try again in a minute"
	case web.Misconfigured:
		switch codeOf(err) {
		case "missing_scope":
			return `add the scope under "OAuth & Permissions", then reinstall the app`
		case web.NoWorkspace:
			return "add it to a workspace: the organization's admin page, under Apps"
		}
	}
	return otherwise
}
