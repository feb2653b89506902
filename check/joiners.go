package check

import (
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/terminal"
)

// joiners looks at the user groups whose new members are offered a bundle, beyond those that were looked at: where one is gone, nobody
// is offered anything for joining it.
func (c *slackCheck) joiners(ctx context.Context) {
	for _, b := range c.cfg.Bundles {
		for _, g := range b.Joiners {
			if _, told := c.groups[g]; told || g == approvals.Workspace {
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
				c.fail(thing, "Slack doesn't know a user group with this id, so nobody who joins it is offered bundle "+b.ID, correctGroup)
			case err != nil:
				c.fail(thing, slackSaid(err), advice(err, "correct the group's id, or leave it out of joiners"))
			default:
				c.ok(thing, "%s; whoever joins is offered bundle %s", terminal.Plural(len(members), "member", "members"), b.ID)
			}
		}
	}
}
