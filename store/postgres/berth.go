package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/cargo"
)

// Use is what somebody reaches for a database for.
type Use int

const (
	// Looking changes nothing and holds nobody up.
	Looking Use = iota
	// Leaving is for a database that everything leaves. Nobody else decides or delivers in it until it is let go.
	Leaving
	// Arriving is for one that everything comes to, which is made where there is none. It is held as the other is.
	Arriving
)

// Berth is one end of a move in a database: one connection, and one transaction on it, in which everything is read or
// written. Whoever is killed meanwhile leaves the database as it was.
type Berth struct {
	s    *Store
	conn *pgx.Conn
	use  Use
	// there: the schema was there before.
	there bool
	name  string
}

// ErrOlder says that a database has a schema from before this program's.
var ErrOlder = errors.New("the database was written by an older Usher")

// ErrUnheard says that nobody knows whether what a berth was to keep was kept. Reaching for the database again finds out.
var ErrUnheard = errors.New("the database didn't answer whether it kept that")

// Reach connects to a database for a move. Its errors are sentences, and none names the password.
func Reach(ctx context.Context, url apiclient.Secret, use Use) (*Berth, error) {
	opt, err := Options{}.filled()
	if err != nil {
		return nil, err
	}
	config, err := configOf(url, 1)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return nil, inWords(err, config.ConnConfig)
	}
	b := &Berth{s: &Store{opt: opt}, conn: conn, use: use, name: Name(url)}
	if err := b.begin(ctx); err != nil {
		return nil, errors.Join(inWords(err, config.ConnConfig), b.Release())
	}
	return b, nil
}

// begin opens the transaction, and sees to it that this program knows what is there. What leaves is read as of one moment,
// which begins once nobody else can write; what arrives must see what it has written.
func (b *Berth) begin(ctx context.Context) error {
	pg := b.conn.PgConn()
	at, err := b.s.standing(ctx, pg)
	if err != nil {
		return err
	}
	if at > 0 && at < len(b.s.opt.steps) {
		return fmt.Errorf("%w (schema %d, and this one has %d): start `usher run` of this version on it once, then move it", ErrOlder, at, len(b.s.opt.steps))
	}
	if at == 0 {
		if _, err := vacant(ctx, pg); err != nil {
			return err
		}
	}
	if at > 0 && b.use != Looking {
		if err := nobody(ctx, b.conn); err != nil {
			return err
		}
	}
	how := "begin isolation level repeatable read read only"
	switch {
	case b.use == Arriving:
		how = "begin isolation level read committed"
	case b.use == Leaving:
		how = "begin isolation level repeatable read"
	}
	if _, err := simple(ctx, pg, how+"; "+unhurried); err != nil {
		return err
	}
	if b.use == Arriving {
		if _, err := simple(ctx, pg, "select pg_advisory_xact_lock("+migrating+")"); err != nil {
			return err
		}
		if err := b.s.climb(ctx, pg); err != nil {
			return err
		}
	}
	b.there = at > 0
	if b.use == Looking || b.use == Leaving && !b.there {
		return nil
	}
	_, err = simple(ctx, pg, "lock table usher.gate in access exclusive mode")
	if code(err) == "55P03" {
		return errors.New("something is at work in the database; is `usher run` running on it?")
	}
	return err
}

// alive is how long ago a connection of an Usher's may have done anything, for it to count as running.
const alive = 30 * time.Second

// Busy refuses a database on which an Usher runs: it asks every few seconds what is due. One that is paused isn't noticed, and is
// refused by its next transaction where everything has moved, or a backup was restored (ErrReplaced).
func (b *Berth) Busy(ctx context.Context) error {
	for range 50 { // a connection that was closed just now is listed for another moment
		n, err := b.others(ctx)
		if err != nil || n == 0 {
			return err
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("an Usher is at work on %s: stop it everywhere first. Where you have just done so, wait half a minute", b.name)
}

// others counts the connections of other Ushers.
func (b *Berth) others(ctx context.Context) (n int, err error) {
	if _, err = simple(ctx, b.conn.PgConn(), "select pg_stat_clear_snapshot()"); err == nil {
		err = b.conn.QueryRow(ctx, `select count(*) from pg_stat_activity where datname = current_database() and usename = current_user
			and application_name = 'usher' and pid <> pg_backend_pid() and state_change > clock_timestamp() - make_interval(secs => $1)`, alive.Seconds()).Scan(&n)
	}
	if err != nil {
		return 0, fmt.Errorf("ask who else is connected: %w", err)
	}
	return n, nil
}

// Standing is how the database stands.
func (b *Berth) Standing(ctx context.Context) (s cargo.Standing, err error) {
	s.Empty = true
	if !b.there {
		return s, nil
	}
	s.There = true
	var closed, life, arrivals []byte
	err = b.conn.QueryRow(ctx, `select g.closed, (select value from usher.meta where name = 'life'), (select value from usher.meta where name = $1),
		h.seq, h.hash, g.number, (select count(*) from usher.requests), (select count(*) from usher.intents)
		from usher.gate g, usher.head h`, cargo.Arrivals).Scan(&closed, &life, &arrivals, &s.Head.Seq, &s.Head.Hash, &s.Number, &s.Requests, &s.Promises)
	if err != nil {
		return s, fmt.Errorf("read the database: %w", err)
	}
	var name store.Life
	for raw, into := range map[*[]byte]any{&closed: &s.Closed, &life: &name, &arrivals: &s.Arrivals} {
		if *raw == nil {
			continue
		}
		if err := json.Unmarshal(*raw, into); err != nil {
			return s, fmt.Errorf("read what the database says of itself: %w", err)
		}
	}
	s.Life = name.ID
	s.Empty, err = b.empty(ctx)
	return s, err
}

// empty reports whether nothing was ever asked, promised or kept. Notes alone are nothing: a database has some from its making.
func (b *Berth) empty(ctx context.Context) (yes bool, err error) {
	sql := "select not exists (select from usher.gate where number > 0)"
	for _, h := range holds {
		if h.kind != cargo.Meta {
			sql += " and not exists (select from usher." + h.table + ")"
		}
	}
	if err := b.conn.QueryRow(ctx, sql).Scan(&yes); err != nil {
		return false, fmt.Errorf("read the database: %w", err)
	}
	return yes, nil
}

// Check holds the database to what Store.Check does.
func (b *Berth) Check(ctx context.Context) error {
	var wrong []error
	err := check(ctx, b.conn, func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) })
	return errors.Join(append(wrong, err)...)
}

// Unload gives everything in the database to put.
func (b *Berth) Unload(ctx context.Context, put cargo.Put) error { return unload(ctx, b.conn, put) }

// Line is the audit log's entry of a number, or nil.
func (b *Berth) Line(ctx context.Context, seq int64) (line []byte, err error) {
	err = b.conn.QueryRow(ctx, "select line from usher.audit where seq = $1", seq).Scan(&line)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return line, err
}

// Load puts what comes in the place of what is there. All of it is one transaction, checked and handed to how.Held before it
// is kept. What was there can be kept in a schema of its own, which kept names.
func (b *Berth) Load(ctx context.Context, how cargo.Loading) (kept string, err error) {
	if how.Keep {
		kept = "usher_before_" + how.At.UTC().Format("20060102t150405z")
	}
	if err := b.clear(ctx, kept); err != nil {
		return "", fmt.Errorf("make room in the database: %w", err)
	}
	if err = load(ctx, b.conn, how.Pour); err == nil {
		err = b.close(ctx, how.Mark)
	}
	if err == nil {
		err = b.Check(ctx)
	}
	if err == nil {
		err = how.Held(b.Unload)
	}
	if err != nil {
		return "", err
	}
	return kept, b.commit(ctx)
}

// clear leaves every table empty: as it was, or made anew beside what was there, which gets another name.
func (b *Berth) clear(ctx context.Context, keep string) (err error) {
	pg := b.conn.PgConn()
	if keep != "" {
		if _, err = simple(ctx, pg, "alter schema usher rename to "+keep+"; create schema usher"); err == nil {
			err = b.s.steps(ctx, pg, 0)
		}
		return err
	}
	var tables []string
	for _, h := range holds {
		tables = append(tables, "usher."+h.table)
	}
	_, err = simple(ctx, pg, "truncate "+strings.Join(tables, ", "))
	return err
}

func (b *Berth) close(ctx context.Context, mark *cargo.Closed) error {
	var raw *string
	if mark != nil {
		line, err := json.Marshal(mark)
		if err != nil {
			return fmt.Errorf("encode that the database is closed: %w", err)
		}
		said := string(line)
		raw = &said
	}
	if _, err := b.conn.Exec(ctx, "update usher.gate set closed = $1", raw); err != nil {
		return fmt.Errorf("write that the database is closed: %w", err)
	}
	return nil
}

// Shut marks the database as closed, and lets go of it. After an error it may be closed or not.
func (b *Berth) Shut(ctx context.Context, mark cargo.Closed) error {
	if err := b.close(ctx, &mark); err != nil {
		return err
	}
	return b.commit(ctx)
}

// Settle opens the database to whoever decides, and keeps how it came, both or neither. Where Load has ended the
// transaction it is one of its own; nobody else could change anything in between.
func (b *Berth) Settle(ctx context.Context, how cargo.Arrival) error {
	if b.conn.PgConn().TxStatus() == 'I' {
		if err := b.begin(ctx); err != nil {
			return err
		}
	}
	s, err := b.Standing(ctx)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(append(s.Arrivals, how))
	if err != nil {
		return fmt.Errorf("encode how the database came here: %w", err)
	}
	if _, err := b.conn.Exec(ctx, "insert into usher.meta"+upsert, cargo.Arrivals, raw); err != nil {
		return fmt.Errorf("write how the database came here: %w", err)
	}
	if err := b.close(ctx, nil); err != nil {
		return err
	}
	return b.commit(ctx)
}

func (b *Berth) commit(ctx context.Context) error {
	if _, err := simple(ctx, b.conn.PgConn(), durable); err != nil {
		return err
	}
	results, err := b.conn.PgConn().Exec(context.WithoutCancel(ctx), "commit").ReadAll()
	switch {
	case err == nil && len(results) == 1 && results[0].CommandTag.String() == "COMMIT":
		return nil
	case err == nil:
		return errors.New("the database took everything back")
	case plain(err):
		return fmt.Errorf("keep it: %w", err)
	}
	return fmt.Errorf("%w: %w", ErrUnheard, err)
}

// Release lets go of the database. What was not kept by then is not.
func (b *Berth) Release() error {
	ctx := context.Background()
	_ = rollback(ctx, b.conn.PgConn())
	return b.conn.Close(ctx)
}
