package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Node is a program that runs on the database, by the database's clock.
type Node struct {
	ID, Version string
	// Connections is how many it keeps to Slack.
	Connections int
	Since, Seen time.Time
	// Until is when it counts as dead if it isn't heard of again.
	Until time.Time
	// Ago is how long ago it was heard of.
	Ago time.Duration
}

// String is a node for who has to find it.
func (n Node) String() string {
	return fmt.Sprintf("version %s, since %s, heard of %s ago", n.Version, n.Since.UTC().Format(time.RFC3339), n.Ago.Round(time.Second))
}

// ErrOthers says that a program runs on the database which may not, for what is to be done.
var ErrOthers = errors.New("another Usher runs on this database")

// node are the columns of one, and nodes the rows of those that are there.
const node = "id, version, connections, since, seen, until, clock_timestamp() - seen"
const nodes = "select " + node + " from usher.nodes where until > clock_timestamp() order by since, id"

// Nodes are the programs that run on the database, the one that began first before the others.
func (s *Store) Nodes(ctx context.Context) (list []Node, err error) {
	err = s.read(ctx, func(ctx context.Context) (err error) {
		list, err = rowsOf[Node](s.pool.Query(ctx, nodes))
		return err
	})
	return list, err
}

// Join lets everybody know that this program runs on the database, until Close. Who is killed is forgotten once their lease is over.
func (s *Store) Join(ctx context.Context, version string, connections int) error {
	if err := s.beat(ctx, version, connections); err != nil {
		return fmt.Errorf("tell the database who runs on it: %w", err)
	}
	s.entered = true
	s.busy.Go(func() { s.beating(version, connections) })
	return nil
}

// beating says again and again that this program is there, until it closes.
func (s *Store) beating(version string, connections int) {
	tick := time.NewTicker(s.opt.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-s.life.Done():
			return
		case <-tick.C:
		}
		if err := s.beat(s.life, version, connections); err != nil && s.life.Err() == nil {
			s.opt.Log.WarnContext(s.life, "cannot tell the database that this Usher is still there", "err", err)
		}
	}
}

// Current is ErrNewer once a newer program has brought the schema on: this one may look, and decides nothing any more.
func (s *Store) Current(ctx context.Context) error {
	return s.read(ctx, func(ctx context.Context) error {
		var at int
		err := s.pool.QueryRow(ctx, "select schema from usher.gate").Scan(&at)
		if err == nil && at > len(s.opt.steps) {
			return newer(at, len(s.opt.steps))
		}
		return err
	})
}

// Others is how many connections to Slack the other programs on the database kept when this one beat last.
func (s *Store) Others() int { return int(s.others.Load()) }

// beat says that this program is there, also where it was taken for dead meanwhile, forgets who is, and counts what the others
// keep to Slack.
func (s *Store) beat(ctx context.Context, version string, connections int) error {
	within, cancel := context.WithTimeout(ctx, s.opt.Lease/3)
	defer cancel()
	var others int64
	err := s.pool.QueryRow(within, `with dead as (delete from usher.nodes where until <= clock_timestamp() and id <> $1)
		, this as (insert into usher.nodes (id, version, connections, until) values ($1, $2, $3, clock_timestamp() + $4::bigint * interval '1 microsecond')
		on conflict (id) do update set seen = clock_timestamp(), until = excluded.until)
		select coalesce(sum(connections), 0) from usher.nodes where until > clock_timestamp() and id <> $1`, s.opt.Owner, version, connections, s.opt.Lease.Microseconds()).Scan(&others)
	if err == nil {
		s.others.Store(others)
	}
	return err
}

// leave says that this program isn't there any more, so that nobody waits for it, nor for what it had begun and isn't at any more.
func (s *Store) leave(ctx context.Context) {
	within, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_, err := s.pool.Exec(within, "update usher.intents set lease_until = clock_timestamp() where owner = $1", s.opt.Owner)
	if err == nil {
		_, err = s.pool.Exec(within, "delete from usher.nodes where id = $1", s.opt.Owner)
	}
	if err != nil {
		s.opt.Log.InfoContext(ctx, "cannot tell the database that this Usher ends, so others wait for its lease", "err", err)
	}
}

// querier is a connection, or whatever has one.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// first is who runs on the database; nil: nobody does.
func first(ctx context.Context, on querier) (*Node, error) {
	list, err := rowsOf[Node](on.Query(ctx, nodes))
	if code(err) == "42P01" {
		return nil, nil // from before there was such a table
	}
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Nobody refuses a database that a program runs on, for who is to change it beside all that programs do.
func (s *Store) Nobody(ctx context.Context) error { return nobody(ctx, s.pool) }

func nobody(ctx context.Context, on querier) error {
	other, err := first(ctx, on)
	if err != nil {
		return fmt.Errorf("see who runs on the database: %w", err)
	}
	if other != nil {
		return fmt.Errorf("%w (%s): stop it first; if it was killed, it's forgotten within %s", ErrOthers, other, other.Until.Sub(other.Seen).Round(time.Second))
	}
	return nil
}

// outlast waits until nobody runs on the database any more. Whoever does is watched for as long as their lease: one that is heard of
// again meanwhile lives, and is named; one that isn't was killed, and is forgotten.
func (s *Store) outlast(ctx context.Context) error {
	var was Node
	for {
		other, err := first(ctx, s.pool)
		switch {
		case err != nil:
			return fmt.Errorf("see who runs on the database: %w", err)
		case other == nil:
			return nil
		case was.ID == "":
			was = *other
			s.opt.Log.WarnContext(ctx, "another Usher ran on this database a moment ago; waiting until it's heard of again, or is forgotten", "version", was.Version, "since", was.Since, "seen", was.Seen)
		case other.ID != was.ID || !other.Seen.Equal(was.Seen):
			return fmt.Errorf("%w (%s): stop it first", ErrOthers, other)
		}
		if err := pause(ctx, cmp.Or(s.opt.Lease, time.Second)/20); err != nil {
			return fmt.Errorf("wait for another Usher on the database: %w", err)
		}
	}
}

// rowsOf reads the rows of a query as values whose fields are the columns.
func rowsOf[T any](rows pgx.Rows, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[T])
}
