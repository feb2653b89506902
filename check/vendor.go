package check

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
)

// vendor asks one app what costs nothing: which dialect is spoken, the websites, the seats in use.
func (t *Table) vendor(ctx context.Context, app config.AppConfig, c *seranking.Client) {
	dialect, err := c.Dialect(ctx)
	var sites []seranking.Site
	if err == nil {
		sites, err = c.Sites(ctx)
	}
	if err != nil {
		t.fail("key of "+app.ID, err.Error(), vendorAdvice(err, app))
		return
	}
	t.ok("key of "+app.ID, "works; it sees %s", terminal.Plural(len(sites), "website", "websites"))
	switch {
	case app.Dialect == seranking.Auto:
		t.ok("dialect of "+app.ID, "%s, found by asking", dialect)
	default:
		t.ok("dialect of "+app.ID, "%s, as configured", dialect)
	}
	t.seats(ctx, app, c)
}

func (t *Table) seats(ctx context.Context, app config.AppConfig, c *seranking.Client) {
	thing := "seats of " + app.ID
	accounts, err := c.ListAccounts(ctx)
	used := len(accounts)
	switch {
	case err != nil:
		t.fail(thing, err.Error(), vendorAdvice(err, app))
	case app.Seats == 0:
		t.ok(thing, "%d used; the configuration doesn't say how many you've bought", used)
	case used >= app.Seats:
		t.warn(thing, fmt.Sprintf("%d of %d used", used, app.Seats),
			fmt.Sprintf("the next request for a seat will fail: free one, buy more, or correct seats of %s in the configuration", app.ID))
	default:
		t.ok(thing, "%d of %d used", used, app.Seats)
	}
}

// vendorAdvice is what to do about a vendor that does not answer as it should.
func vendorAdvice(err error, app config.AppConfig) string {
	switch apiclient.KindOf(err) {
	case apiclient.NotAllowed:
		return "put a valid key into SERANKING_API_KEY (https://online.seranking.com/admin.api.dashboard.html), and check that the plan includes the API, and that base_url and dialect fit the key"
	case apiclient.RateLimited, apiclient.Temporary:
		return "see whether " + app.BaseURL + " can be reached from here, and try again in a minute"
	case apiclient.LimitReached:
		return "a quota of the plan is used up; raise it or wait until it's refilled"
	}
	return "compare base_url and dialect of " + app.ID + " with the vendor's documentation"
}
