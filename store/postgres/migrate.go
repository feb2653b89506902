package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
)

//go:embed schema/*.sql
var files embed.FS

// released are the migrations of every released schema, in their order.
func released() (steps []string, err error) {
	for n := 1; ; n++ {
		raw, err := files.ReadFile(fmt.Sprintf("schema/%03d.sql", n))
		if err != nil {
			break
		}
		steps = append(steps, string(raw))
	}
	if len(steps) == 0 {
		return nil, errors.New("this program has no schema built in")
	}
	return steps, nil
}

// oldest is the oldest server on which all of this was tried.
const oldest = 15

// migrating is the number of the advisory lock under which one program at a time makes or alters the schema.
const migrating = "7310022431205921900"

// migrate brings the schema to this program's, in one transaction: what fails leaves everything as it was. A second
// program that starts meanwhile waits for the first, and finds nothing to do. One that is running has read the gate
// in each of its transactions, which the lock on it waits for; it would decide nothing more, so what is older and still
// runs is waited for, or named.
func (s *Store) migrate(ctx context.Context) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	pg := conn.Conn().PgConn()
	at, err := s.standing(ctx, pg)
	if err != nil || at == len(s.opt.steps) {
		return err
	}
	if at > 0 {
		if err := s.outlast(ctx); err != nil {
			return fmt.Errorf("the database has to be brought to this version: %w", err)
		}
	}
	for _, sql := range []string{"begin isolation level read committed", "set local lock_timeout = '60s'", "select pg_advisory_xact_lock(" + migrating + ")"} {
		if _, err := simple(ctx, pg, sql); err != nil {
			return err
		}
	}
	if err := s.climb(ctx, pg); err != nil {
		return errors.Join(err, rollback(ctx, pg))
	}
	_, err = simple(ctx, pg, "commit")
	return err
}

// climb runs the steps that are missing by now.
func (s *Store) climb(ctx context.Context, pg *pgconn.PgConn) error {
	at, err := s.standing(ctx, pg)
	if err != nil {
		return err
	}
	if at == 0 {
		there, err := vacant(ctx, pg)
		if err == nil && !there {
			_, err = simple(ctx, pg, "create schema usher")
		}
		if err != nil {
			return err
		}
	} else if _, err := simple(ctx, pg, "lock table usher.gate in access exclusive mode"); err != nil {
		return err
	}
	return s.steps(ctx, pg, at)
}

// steps runs the migrations after those that the schema has.
func (s *Store) steps(ctx context.Context, pg *pgconn.PgConn, at int) error {
	for n := at; n < len(s.opt.steps); n++ {
		if _, err := simple(ctx, pg, s.opt.steps[n]); err != nil {
			return fmt.Errorf("%w: step %d: %w", ErrMigration, n+1, err)
		}
		say := fmt.Sprintf("update usher.gate set schema = %d", n+1)
		if n == 0 {
			say = "insert into usher.gate (program, schema) values ('usher', 1)"
		}
		if _, err := simple(ctx, pg, say); err != nil {
			return fmt.Errorf("%w: step %d: %w", ErrMigration, n+1, err)
		}
	}
	return nil
}

// standing is the schema that the database has; 0: none yet. It refuses a server, and a schema, that this program doesn't know.
func (s *Store) standing(ctx context.Context, pg *pgconn.PgConn) (int, error) {
	// to_regclass would answer from a cache, which doesn't know yet what whoever held the lock before has made.
	rows, err := simple(ctx, pg, `select current_setting('server_version_num'), exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = 'usher' and c.relname = 'gate'), current_setting('transaction_read_only')`)
	if err != nil {
		return 0, err
	}
	if version, _ := strconv.Atoi(rows[0]); version < s.opt.oldest*10000 {
		return 0, fmt.Errorf("%w, and this is %d", ErrOld, version/10000)
	}
	if rows[2] != "off" && !s.reading {
		return 0, ErrReadOnly
	}
	if rows[1] != "t" {
		return 0, nil
	}
	rows, err = simple(ctx, pg, "select program, schema from usher.gate")
	if code(err) == "42703" || err == nil && (len(rows) != 2 || rows[0] != "usher") {
		return 0, ErrForeign
	}
	if err != nil {
		return 0, err
	}
	at, err := strconv.Atoi(rows[1])
	if err != nil || at < 1 {
		return 0, ErrForeign
	}
	if at > len(s.opt.steps) {
		return 0, newer(at, len(s.opt.steps))
	}
	return at, nil
}

// vacant refuses a database that is somebody else's: with a table of anything in it, it is. there: somebody has made our schema already.
func vacant(ctx context.Context, pg *pgconn.PgConn) (there bool, err error) {
	rows, err := simple(ctx, pg, `select exists (select from pg_namespace where nspname = 'usher'), coalesce((select n.nspname || '.' || c.relname
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p') and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
		and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
		order by 1 limit 1), '')`)
	if err != nil {
		return false, err
	}
	if rows[1] != "" {
		return false, fmt.Errorf("%w: it has the table %s", ErrForeign, rows[1])
	}
	return rows[0] == "t", nil
}

// simple runs statements without arguments, and returns the fields of the first row that any of them returned.
func simple(ctx context.Context, pg *pgconn.PgConn, sql string) (fields []string, err error) {
	results, err := pg.Exec(ctx, sql).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, r := range results {
		if len(r.Rows) > 0 && fields == nil {
			for _, f := range r.Rows[0] {
				fields = append(fields, string(f))
			}
		}
	}
	return fields, nil
}
