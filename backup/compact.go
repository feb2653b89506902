package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
)

// Compact writes the data folder's database anew, without what is free in it, while no Usher runs there. A start
// does the same by itself once more than half is free.
func Compact(ctx context.Context, out io.Writer, data control.Folder) error {
	if data.Database != "" {
		return fmt.Errorf("there's nothing to compact: what Usher keeps is in a PostgreSQL database (%s), which gives back by itself what's free in it (autovacuum)", config.DatabaseURLName)
	}
	if data.Running() {
		return fmt.Errorf("the bot is running on %s: stop it first, then compact. A start does it too, by itself, once more than half of the database is free", data)
	}
	if err := bolt.MayReplace(data.Dir); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	path := filepath.Join(data.Dir, bolt.File)
	done, err := bolt.Compact(ctx, data.Dir)
	switch {
	case err != nil:
		return notSmaller(err, path, done.Placed)
	case !done.Placed:
		_, err = fmt.Fprintf(out, "%s has nothing to give back: it's %s, and %s of that is free. Nothing was changed.\n", path, terminal.Size(done.Before.Bytes), terminal.Size(done.Before.Free))
	default:
		_, err = fmt.Fprintf(out, "%s was %s and is %s now. Everything that was in it still is; the copy was compared and checked before it took its place.\n", path, terminal.Size(done.Before.Bytes), terminal.Size(done.After.Bytes))
	}
	return err
}

// notSmaller turns the usual errors into what is so, and what to do.
func notSmaller(err error, path string, placed bool) error {
	switch {
	case placed:
		return fmt.Errorf("%s is smaller now, but a power cut might still bring back the larger one, with the same in it: %w", path, err)
	case errors.Is(err, bolt.ErrLocked):
		return fmt.Errorf("the bot has the database open: stop it first, then compact (%w)", err)
	case errors.Is(err, fs.ErrNotExist):
		return terminal.Wrong(fmt.Sprintf("%s: there's no such file; expected the database of a data folder (--data)", path))
	}
	return fmt.Errorf("nothing was changed: %w", err)
}
