package move

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
)

// inEnvironment begins the name of a variable that holds an address.
const inEnvironment = "env:"

// Place is where everything is kept, or is to be: a data folder, or a database.
type Place struct {
	dir      string
	database apiclient.Secret
	// bare: a password stood on the command line.
	bare bool
}

// Read reads a place as it was put at a flag.
func Read(env config.Lookup, flag, value string) (Place, error) {
	name, named := strings.CutPrefix(value, inEnvironment)
	switch {
	case value == "":
		return Place{}, terminal.Wrong(fmt.Sprintf("usher: %s is empty; expected a data folder, postgres://… or env:NAME", flag))
	case named:
		address, _, problem := config.DatabaseURLIn(env, name)
		if problem == "" && address == "" {
			problem = fmt.Sprintf("%s is not set in the environment; expected the address of a PostgreSQL database, for %s", name, flag)
		}
		if problem != "" {
			return Place{}, terminal.Wrong(problem)
		}
		return Place{database: address}, nil
	case config.IsDatabaseURL(value):
		u, err := url.Parse(value)
		_, bare := u.User.Password()
		return Place{database: apiclient.Secret(value), bare: err == nil && (bare || u.Query().Has("password"))}, nil
	case strings.Contains(value, "://"):
		return Place{}, terminal.Wrong("usher: " + config.NoDatabaseURL(flag))
	}
	dir, err := filepath.Abs(value)
	if err != nil {
		return Place{}, fmt.Errorf("find %s: %w", value, err)
	}
	return Place{dir: dir}, nil
}

// String is the place in words; no password is in it.
func (p Place) String() string {
	if p.database != "" {
		return postgres.Name(p.database)
	}
	if host, err := os.Hostname(); err == nil {
		return p.dir + " on " + host
	}
	return p.dir
}

func (p Place) same(as Place) bool { return p.String() == as.String() }

func (p Place) reach(ctx context.Context, use postgres.Use) (end, error) {
	if p.database != "" {
		b, err := postgres.Reach(ctx, p.database, use)
		if err != nil {
			return nil, err
		}
		return b, nil
	}
	b, err := bolt.Reach(ctx, p.dir)
	if err != nil {
		return nil, err
	}
	return b, nil
}

// mayReplace refuses to leave files in a folder whose account couldn't read them.
func (p Place) mayReplace() error {
	if p.database != "" {
		return nil
	}
	return bolt.MayReplace(p.dir)
}

// inWords says of an end that couldn't be held why, and what to do.
func (p Place) inWords(err error) error {
	if errors.Is(err, bolt.ErrLocked) {
		return fmt.Errorf("the bot has the database open: stop it first, then move it (%w)", err)
	}
	return err
}
