package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
)

// mostMembers is how many members of a user group are looked at, one call each: Slack answers about a
// hundred of them a minute, and the whole of Slack's side has one minute.
const mostMembers = 30

// approver is what Slack says of a person, as far as deciding goes.
type approver struct {
	name string
	// flaw is why they cannot decide, after their name: "is a guest"; "": nothing.
	flaw string
	// unknown is set where Slack has nobody by that id.
	unknown bool
	err     error
}

func (s approver) able() bool { return s.err == nil && !s.unknown && s.flaw == "" }

// look asks Slack about somebody, once a person.
func (c *slackCheck) look(ctx context.Context, id approvals.PersonID) approver {
	if known, asked := c.people[id]; asked {
		return known
	}
	who, err := c.probe.Member(ctx, id)
	s := approver{name: who.Name}
	switch {
	case web.FaultOf(err) == web.NoPerson:
		s.name, s.flaw, s.unknown = string(id), "isn't known to Slack", true
	case err != nil:
		s.err = err
	case !who.Active:
		s.flaw = "is deactivated"
	case who.Bot:
		s.flaw = "is a bot"
	case who.Guest:
		s.flaw = "is a guest"
	}
	c.people[id] = s
	return s
}

// admins looks at every admin, and whether anybody is left to hear what only an admin can put right.
func (c *slackCheck) admins(ctx context.Context) {
	left, known := 0, true
	for _, id := range c.cfg.Slack.Admins {
		s := c.person(ctx, id, "admin")
		known = known && s.err == nil && c.told[id]
		if s.able() {
			left++
		}
	}
	if known && left == 0 && len(c.cfg.Slack.Admins) > 1 {
		c.fail("admins", "none of them is an active member, so nobody hears of a request in doubt or can settle it", "name somebody else in the configuration")
	}
}

// policy looks at every approver of every step, for each app that the policy rules, and whether enough of them can
// decide at all.
func (c *slackCheck) policy(ctx context.Context, p config.PolicyConfig) {
	seen := map[string]bool{} // what is the same for several apps is told once
	for _, rule := range c.cfg.RulesOf(p) {
		stages := rule.Stages()
		for i, s := range stages {
			thing := "policy " + p.Name
			if len(stages) > 1 {
				thing = fmt.Sprintf("policy %s, step %d", p.Name, i+1)
			}
			if key := fmt.Sprint(thing, s); !seen[key] {
				seen[key] = true
				c.step(ctx, thing, s, len(p.EscalateTo) == 0)
			}
		}
	}
	if len(p.EscalateTo) > 0 {
		c.step(ctx, fmt.Sprintf("policy %s, escalated", p.Name), approvals.Stage{Approvers: p.EscalateTo, Need: 1}, false)
	}
}

// step looks at every approver of a step, and whether enough of them can decide; alone wants somebody to spare, because
// nobody else comes to it.
func (c *slackCheck) step(ctx context.Context, thing string, s approvals.Stage, alone bool) {
	able := map[approvals.PersonID]bool{}
	known := c.granted == nil || slices.Contains(c.granted, "users:read")
	for _, id := range s.People() {
		if id == approvals.Manager {
			able[id] = true // another person for each request: managers.go
			continue
		}
		who := c.person(ctx, id, "approver")
		known = known && who.err == nil
		if who.able() {
			able[id] = true
		}
	}
	for _, g := range s.Groups() {
		q := c.group(ctx, g)
		known = known && q.whole
		for _, m := range q.able {
			able[m] = true
		}
	}
	switch {
	case known && alone && len(able) == s.Need && (len(s.Groups()) > 0 || len(able) < len(s.People())): // where all that are named must, the configuration's own row says so
		c.warn(thing, fmt.Sprintf("just as many can say yes as must (%d), so nothing can be decided that one of them asks, or while one is away", s.Need), "name one more approver, or say who it escalates to")
	case !known || len(able) >= s.Need:
	case len(able) == 0:
		c.fail(thing, fmt.Sprintf("%d must say yes, but nobody can", s.Need), "name more approvers")
	default:
		c.fail(thing, fmt.Sprintf("%d must say yes, but only %d can", s.Need, len(able)), "name more approvers, or lower need")
	}
}

// person tells whether somebody is there to decide and to be told. The row is written once a person.
func (c *slackCheck) person(ctx context.Context, id approvals.PersonID, role string) approver {
	thing := role + " " + string(id)
	if c.told[id] {
		return c.people[id]
	}
	if c.lacks(thing, "users:read") {
		return approver{}
	}
	const another = "name somebody else in the configuration"
	s := c.look(ctx, id)
	c.told[id] = true
	switch {
	case s.unknown:
		c.fail(thing, "Slack doesn't know anybody with this id", "correct it: open the profile, then ⋮, then \"Copy member ID\"")
	case s.err != nil:
		c.fail(thing, slackSaid(s.err), advice(s.err, another))
	case s.flaw == "is a bot":
		c.fail(thing, s.name+" is a bot, and only people can decide", another)
	case s.flaw == "is a guest":
		c.fail(thing, s.name+" is a guest or from another workspace, and only members of this one can decide", another)
	case s.flaw != "":
		c.fail(thing, s.name+" "+s.flaw, another)
	default:
		c.reach(ctx, thing, id, s.name)
	}
	return s
}

// reach tells whether a direct message can be opened to somebody who can decide. It is how admins hear
// of what they must mend, and how anybody hears what became of a request of theirs.
func (c *slackCheck) reach(ctx context.Context, thing string, id approvals.PersonID, name string) {
	const scope = "im:write"
	if c.granted != nil && !slices.Contains(c.granted, scope) {
		c.warn(thing, name+"; whether Usher can message them wasn't looked at, because the scope "+scope+" is missing", "grant it, then check again")
		return
	}
	if err := c.probe.Reach(ctx, id); err != nil {
		c.warn(thing, fmt.Sprintf("%s, but Usher can't open a direct message to them: %s", name, slackSaid(err)),
			advice(err, "see in Slack whether you can message them; if not, name somebody else in the configuration"))
		return
	}
	c.ok(thing, "%s; Usher can message them", name)
}

// quorum is who of a user group can decide; whole tells that nobody was left out of the count.
type quorum struct {
	able  []approvals.PersonID
	whole bool
}

// correctGroup says what to do about a user group that Slack doesn't know.
const correctGroup = "correct it: the id begins with S and is in the address of the group's page; if it's turned off there, turn it on again"

// group counts who of a user group can decide. The row is written once a group.
func (c *slackCheck) group(ctx context.Context, id approvals.GroupID) quorum {
	if q, asked := c.groups[id]; asked {
		return q
	}
	thing := "group " + string(id)
	if c.lacks(thing, "usergroups:read", "users:read") {
		return quorum{}
	}
	members, err := c.probe.Group(ctx, id)
	var q quorum
	switch {
	case codeOf(err) == "no_such_subteam":
		c.fail(thing, "Slack doesn't know a user group with this id", correctGroup)
	case err != nil:
		c.fail(thing, slackSaid(err), advice(err, "name people instead, or correct the group's id"))
	case len(members) == 0:
		c.fail(thing, "has no members, so nobody in it can decide", "add people to it in Slack, or name others in the configuration")
		q.whole = true
	default:
		q = c.members(ctx, thing, members)
	}
	c.groups[id] = q
	return q
}

// members looks at the members of a group one by one, as far as that goes, and writes its row.
func (c *slackCheck) members(ctx context.Context, thing string, members []approvals.PersonID) quorum {
	seen := members[:min(len(members), mostMembers)]
	q := quorum{whole: len(seen) == len(members)}
	var flaws []string
	var failure error
	for _, id := range seen {
		switch s := c.look(ctx, id); {
		case s.err != nil:
			q.whole, failure = false, s.err
		case s.able():
			q.able = append(q.able, id)
		default:
			flaws = append(flaws, s.name+" "+s.flaw)
		}
	}
	of := terminal.Plural(len(members), "member", "members") + " can decide"
	if len(seen) < len(members) {
		of = fmt.Sprintf("the first %d members can decide, of %d in all", len(seen), len(members))
	}
	switch able := len(q.able); {
	case failure != nil:
		c.warn(thing, fmt.Sprintf("at least %d of %s; not all could be looked at: %s", able, of, slackSaid(failure)),
			advice(failure, "check again in a minute"))
	case able == 0:
		c.fail(thing, "none of "+of+because(flaws), "add members of the workspace to it in Slack, or name others in the configuration")
	default:
		c.ok(thing, "%d of %s%s", able, of, because(flaws))
	}
	return q
}

// because names a few flaws, and how many there are besides.
func because(flaws []string) string {
	const most = 3
	switch {
	case len(flaws) == 0:
		return ""
	case len(flaws) > most:
		flaws = append(flaws[:most:most], fmt.Sprintf("%d more", len(flaws)-most))
	}
	return ": " + strings.Join(flaws, "; ")
}
