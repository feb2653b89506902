package backup

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/cargo"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
)

// restoreInto puts a backup into a database on a server. The backup is made ready in a file of the data folder, as it would be
// restored there; then all of it is one transaction, in which what was there gets another name and stays. A crash leaves the
// database as it was.
func restoreInto(ctx context.Context, out io.Writer, data control.Folder, file string, how bolt.Restoring, replace bool) (err error) {
	b, err := postgres.Reach(ctx, data.Database, postgres.Arriving)
	if err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	defer func() { err = errors.Join(err, b.Release()) }()
	if err := b.Busy(ctx); err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	was, err := b.Standing(ctx)
	if err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	silent, err := b.Silent(ctx)
	if err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	name := postgres.Name(data.Database)
	if !was.Empty && !replace {
		return fmt.Errorf("nothing was restored: %s isn't empty: it has %s and owes %s. With --replace what's there is put aside, as a schema of another name, and the backup takes its place",
			name, terminal.Plural(int(was.Requests), "request", "requests"), terminal.Plural(int(was.Promises), "promise", "promises"))
	}
	ready, err := bolt.Renew(ctx, file, data.Dir, how, !was.Empty, was.Number)
	if err != nil {
		return explain(err, file)
	}
	defer func() { err = errors.Join(err, ready.Close()) }()
	kept, err := load(ctx, b, ready, how, !was.Empty)
	if err != nil {
		return explain(fmt.Errorf("put it into %s: %w", name, err), file)
	}
	fmt.Fprintf(out, "restored into %s: %s\n", name, told(ready.Contents))
	if kept != "" {
		fmt.Fprintf(out, "What was there is kept as the schema %s; DROP SCHEMA %s CASCADE gives its room back.\n", kept, kept)
	}
	for _, n := range silent {
		fmt.Fprintf(out, "note: an Usher on this database hasn't ended in order (%s). It may only be paused: end it. Nothing it does from now on is kept.\n", n)
	}
	return goOn(out, ready.Next)
}

// load puts what is ready into the database, and compares the two before it counts.
func load(ctx context.Context, b *postgres.Berth, ready *bolt.Renewed, how bolt.Restoring, keep bool) (kept string, err error) {
	gave, has := cargo.Tally{}, cargo.Tally{Follows: true}
	return b.Load(ctx, cargo.Loading{Keep: keep, At: how.At,
		Pour: func(ctx context.Context, put cargo.Put) error { return ready.Unload(ctx, gave.Through(put)) },
		Held: func(pour cargo.Pour) error {
			if err := pour(ctx, has.Through(nil)); err != nil {
				return fmt.Errorf("read it back: %w", err)
			}
			return has.Same(&gave)
		}})
}
