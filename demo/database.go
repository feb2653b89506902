package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
)

// A database that a demo made bears a name that begins so, and keeps it. A database gets its name before anything is kept in it, so one that has
// a name of another kind is somebody's, and one that has none was never used.
const demos = "demo-"

// cleared is how long a demo waits until nobody is known to run on its database any more: bots that were killed are forgotten after their lease.
const cleared = 2 * lease

// takeUp sees to it that a database is empty or a demo's, and that nobody runs on it; nothing is changed in one that isn't.
func takeUp(ctx context.Context, url apiclient.Secret, now time.Time, log *slog.Logger) error {
	found, err := postgres.Look(ctx, url)
	if err == nil && found.Schema > 0 {
		err = demosOwn(ctx, url)
	}
	if err != nil {
		return inItsWords(err)
	}
	db, err := postgres.Open(ctx, url, postgres.Options{Life: store.Life{ID: demos + strings.ToLower(rand.Text()), Since: now}, Log: log})
	if err != nil {
		return inItsWords(err)
	}
	return inItsWords(errors.Join(alone(ctx, db), db.Close()))
}

// demosOwn refuses a database that has a name which no demo gave it.
func demosOwn(ctx context.Context, url apiclient.Secret) error {
	db, err := postgres.OpenReadOnly(ctx, url)
	if err != nil {
		return err
	}
	life, err := db.Life(ctx)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	if life.ID != "" && !strings.HasPrefix(life.ID, demos) {
		return fmt.Errorf("an Usher that's no demo keeps its data in %s, so nothing was changed there: give the demo an empty database (CREATE DATABASE)", postgres.Name(url))
	}
	return nil
}

// alone waits until nobody runs on a database; whoever is still there after a while is another demo's.
func alone(ctx context.Context, db *postgres.Store) error {
	ctx, stop := context.WithTimeout(ctx, cleared)
	defer stop()
	for {
		others, err := db.Nodes(ctx)
		switch {
		case err == nil && len(others) == 0:
			return nil
		case err != nil && ctx.Err() == nil:
			return fmt.Errorf("see who runs on the database: %w", err)
		}
		select {
		case <-ctx.Done():
			return errors.New("another demo runs on this database: end it first, or give this one a database of its own")
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// inItsWords is an error of the database's for who has named it on the command line.
func inItsWords(err error) error {
	if err == nil {
		return nil
	}
	say := strings.ReplaceAll(err.Error(), config.DatabaseURLName, "--postgres")
	if errors.Is(err, postgres.ErrAddress) {
		return terminal.Wrong("usher: " + say)
	}
	return errors.New(say)
}

// cutsDatabase has the server end the bots' connections.
func (s *Stage) cutsDatabase() error {
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	_, err := postgres.Cut(ctx, s.database)
	return inItsWords(err)
}
