package check

import (
	"context"

	"github.com/usherbot/usher/terminal"
)

// conditions looks at the user groups of which policies ask whether who asks is in them, beyond those whose members decide:
// where one is gone, what hangs on it is refused.
func (c *slackCheck) conditions(ctx context.Context) {
	for _, p := range c.cfg.Rules {
		for _, g := range p.When.Groups() {
			if _, told := c.groups[g]; told {
				continue
			}
			c.groups[g] = quorum{}
			thing := "group " + string(g)
			if c.lacks(thing, "usergroups:read") {
				continue
			}
			members, err := c.probe.Group(ctx, g)
			switch {
			case codeOf(err) == "no_such_subteam":
				c.fail(thing, "Slack doesn't know a user group with this id, so what hangs on requester_in of policy "+terminal.Quoted(p.Name)+" is refused", correctGroup)
			case err != nil:
				c.fail(thing, slackSaid(err), advice(err, "name people instead, or correct the group's id"))
			case len(members) == 0:
				c.warn(thing, "has no members, so requester_in of policy "+terminal.Quoted(p.Name)+" holds for nobody in it", "add people to it in Slack, or leave it out")
			default:
				c.ok(thing, "%s; policy %s asks who's in it", terminal.Plural(len(members), "member", "members"), terminal.Quoted(p.Name))
			}
		}
	}
}
