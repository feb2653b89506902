package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
)

// pools says where more is handed out of an app's shared limits than the configuration has. Of a database in use, the
// running Usher is asked.
func (t *Table) pools(ctx context.Context, dir control.Folder, cfg *config.Config) {
	for _, app := range cfg.Catalog() {
		if len(app.Pool) == 0 {
			continue
		}
		thing := "pool of " + app.ID
		switch taken, err := takenOf(ctx, dir, app); {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, postgres.ErrEmpty):
			t.ok(thing, "nothing is handed out yet: there's no database")
		case err != nil:
			t.warn(thing, "not found out: "+terminal.OneLine(err.Error()), "look with `/access limits "+app.ID+"` in Slack")
		default:
			t.pool(thing, app, taken)
		}
	}
}

// pool holds what is handed out to what there is.
func (t *Table) pool(thing string, app approvals.App, taken approvals.Shares) {
	var fits, over []string
	for _, l := range app.Pool {
		n := taken[l.Key]
		says := fmt.Sprintf("%s of %s %s", approvals.Grouped(n), approvals.Grouped(l.Of), l.Words())
		if n > l.Of {
			over = append(over, fmt.Sprintf("%s, over by %s", says, approvals.Grouped(n-l.Of)))
			continue
		}
		fits = append(fits, says)
	}
	if len(over) > 0 {
		t.warn(thing, "more is handed out or promised than there is: "+strings.Join(over, "; "),
			"nobody loses anything, but no more of it can be given until it fits: set more, or have people give some back (`/access limits "+app.ID+"` shows who has how much)")
		return
	}
	t.ok(thing, "handed out or promised: %s", strings.Join(fits, ", "))
}

// takenOf reads what is handed out and promised.
func takenOf(ctx context.Context, dir control.Folder, app approvals.App) (taken approvals.Shares, err error) {
	db, err := dir.OpenReadOnly(ctx)
	if errors.Is(err, bolt.ErrLocked) {
		return dir.Taken(ctx, app.ID)
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var done, open []approvals.Request
	const most = 500
	for f := (approvals.Filter{All: true}); ; {
		some, err := db.Requests(ctx, f, most)
		if err != nil {
			return nil, fmt.Errorf("read what was done in %s: %w", app.ID, err)
		}
		for _, r := range some {
			switch {
			case r.App.ID != app.ID:
			case r.State == approvals.Done || r.State == approvals.Ended || r.End != nil:
				done = append(done, r)
			case !r.State.Terminal():
				open = append(open, r)
			}
		}
		if len(some) < most {
			return approvals.TakenBy(app, done, open), nil
		}
		f.Below = some[len(some)-1].Number
	}
}
