package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/audit"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/postgres"
)

// openStore opens what the environment says, gives it a name if it has none, and makes sure that its log can be continued.
func openStore(ctx context.Context, env config.Env, w Surroundings, dir string, nonce func() (string, error), now time.Time) (store.Store, courier.Life, error) {
	id, err := nonce()
	if err != nil {
		return nil, courier.Life{}, fmt.Errorf("name the database: %w", err)
	}
	var s store.Store
	w.Store.Life, w.Store.Random, w.Store.Patience = store.Life{ID: id, Since: now}, w.Random, patience
	switch {
	case w.Opens != nil:
		s, err = w.Opens(w.Store)
	case env.DatabaseURL == "":
		s, err = bolt.Open(dir, w.Store)
	default:
		s, err = openDatabase(ctx, env.DatabaseURL, w, dir, id, nonce)
	}
	if err != nil {
		return nil, courier.Life{}, err
	}
	if err := audit.Change(ctx, s, w.Store.Key, w.Store.Before, now, w.Store.Log); err != nil {
		return nil, courier.Life{}, errors.Join(err, s.Close())
	}
	if err := audit.KeyFits(ctx, s, w.Store.Key); err != nil {
		return nil, courier.Life{}, errors.Join(err, s.Close())
	}
	life, err := s.Life(ctx)
	if err != nil {
		return nil, courier.Life{}, errors.Join(fmt.Errorf("read the database's name: %w", err), s.Close())
	}
	return s, courier.Life(life), nil
}

// patience is how long the word that a promise was kept waits for another commit: a request's messages go out together.
const patience = 500 * time.Millisecond

// lease is for how long what this program has begun is its own when it is heard of no more, and so is the database.
const lease = 15 * time.Second

// awaited is how long a start waits for a database that doesn't answer: machines come up in any order. After that whoever
// supervises this program hears of it.
const awaited = time.Minute

// openDatabase opens a database on a server, and lets others that run on it know of this one. The folder is for the socket alone
// then: a file in it that was kept in before is not read, which whoever has forgotten to bring it along must hear.
func openDatabase(ctx context.Context, url apiclient.Secret, w Surroundings, dir, id string, nonce func() (string, error)) (store.Store, error) {
	if err := bolt.MakeFolder(dir); err != nil {
		return nil, err
	}
	log := w.Store.Log
	if file := filepath.Join(dir, bolt.File); exists(file) {
		log.WarnContext(ctx, "there's a database in the data folder too, and it isn't read", "path", file, "because", config.DatabaseURLName+" is set")
	}
	opt := w.Database
	opt.Key, opt.Before, opt.Log, opt.Life, opt.Lease = w.Store.Key, w.Store.Before, log, store.Life{ID: id}, cmp.Or(opt.Lease, lease)
	opt.Elapsed, opt.Random = w.Elapsed, w.Random
	var err error
	if opt.Owner, err = nonce(); err != nil {
		return nil, fmt.Errorf("draw who claims: %w", err)
	}
	s, err := await(ctx, url, opt)
	if err != nil {
		return nil, err
	}
	if err := s.Join(ctx, Version(), w.connections); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	fits(ctx, log, w.connections, s.Others())
	return s, nil
}

// fits says how many of the connections that Slack allows are spoken for, and whether there are enough. It refuses nobody: who isn't heard
// by Slack still keeps what is owed, and hears once another has ended.
func fits(ctx context.Context, log *slog.Logger, ours, others int) {
	if ours+others > bot.MostConnections {
		log.ErrorContext(ctx, "Slack has no room for all of this Usher's connections beside those of the others on the database; stop one of them, or lower slack.connections", "ours", ours, "others", others, "most", bot.MostConnections)
		return
	}
	log.InfoContext(ctx, "connections to Slack, of those that it allows", "ours", ours, "others", others, "most", bot.MostConnections)
}

// await opens a database, for a while also where it doesn't answer yet.
func await(ctx context.Context, url apiclient.Secret, opt postgres.Options) (s *postgres.Store, err error) {
	until, cancel := context.WithTimeout(ctx, awaited)
	defer cancel()
	for said := false; ; said = true {
		s, err = postgres.Open(ctx, url, opt)
		if !errors.Is(err, approvals.ErrAway) {
			return s, err
		}
		if !said {
			opt.Log.WarnContext(ctx, "the database can't be reached; trying again for a while", "for", awaited, "err", err)
		}
		select {
		case <-until.Done():
			return nil, err
		case <-time.After(time.Second):
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// kept is where everything is kept, in words.
func kept(env config.Env, dir string) string {
	if env.DatabaseURL != "" {
		return postgres.Name(env.DatabaseURL)
	}
	return filepath.Join(dir, bolt.File)
}

// ShowAnew shows what people decide by once more, in a workspace that has none of it: a demo's, which begins empty each
// time, over what the last one kept.
func (a *App) ShowAnew(ctx context.Context) error {
	kept, ok := a.Store.(interface {
		ShowAnew(ctx context.Context, now time.Time) error
	})
	if !ok {
		return errors.New("show what people decide by once more: it's kept in neither a file nor a database")
	}
	return kept.ShowAnew(ctx, a.Clock.Now())
}
