package check

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/usherbot/usher/apiclient/semrush"
	"github.com/usherbot/usher/config"
	meter "github.com/usherbot/usher/provision/semrush"
)

// units looks at what the units of an app are read by: the kind of the key, and the balance, which costs nothing to ask.
func (t *Table) units(ctx context.Context, cfg *config.Config, env config.Env, web *http.Client) error {
	app, watched := cfg.Watched()
	if !watched {
		return nil
	}
	client, err := semrush.New(semrush.Config{BaseURL: app.Units.BaseURL, Key: env.SemrushKey, HTTP: web, Timeout: checkCallTime})
	if err != nil {
		return fmt.Errorf("ask for the units of %s: %w", app.ID, err)
	}
	if odd := semrush.KeyWarning(env.SemrushKey); odd != "" {
		t.warn("key for the units of "+app.ID, odd, "put the account's version 3 key into "+meter.KeyName)
	} else {
		t.ok("key for the units of "+app.ID, "is there, and isn't one of API version 4")
	}
	thing, in := "units of "+app.ID, meter.Meter{Client: client, Key: env.SemrushKey, Now: time.Now}.Read(ctx)
	switch {
	case !in.Known():
		t.fail(thing, "the balance isn't known: "+in.Why.Plain(), "see that "+meter.KeyName+" is the account's version 3 key, and that "+app.Units.BaseURL+" can be reached from here")
	case in.Left == 0:
		t.warn(thing, "none are left", "buy some, or there's nothing to watch")
	default:
		t.ok(thing, "%d left; they're read by API version 3, which ends at the end of 2027 as announced", in.Left)
	}
	return nil
}
