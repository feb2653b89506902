package check

import (
	"context"

	"github.com/usherbot/usher/bot/web"
)

// home asks whether there is a Home tab. That Slack tells of its openings can't be asked: an app's events are told to nobody.
func (c *slackCheck) home(ctx context.Context) {
	const thing, look = "Home tab", `look under "App Home" at api.slack.com/apps whether "Home Tab" is on`
	switch err := c.probe.Home(ctx); {
	case err == nil:
		c.ok(thing, `on; if it stays empty, add app_home_opened under "Event Subscriptions"`)
	case web.Homeless(err) && codeOf(err) == "not_enabled":
		c.warn(thing, "off: nobody has one page with what they have, asked for and decide", `switch "Home Tab" on under "App Home" at api.slack.com/apps`)
	default:
		c.warn(thing, "not found out: "+slackSaid(err), advice(err, look))
	}
}
