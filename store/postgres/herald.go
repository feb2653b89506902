package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/outbox"
)

var _ outbox.Herald = (*Store)(nil)

// Ready implements outbox.Herald, by one statement.
func (s *Store) Ready(ctx context.Context, now time.Time) (kinds []string, next time.Time, err error) {
	var at *int64
	err = s.read(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, `select array(select distinct kind from usher.intents where due <= $1 and (owner is null or lease_until is null or lease_until <= clock_timestamp())),
			(select min(due) from usher.intents where due > $1)`, now.UnixNano()).Scan(&kinds, &at)
	})
	if at != nil {
		next = time.Unix(0, *at).UTC()
	}
	return kinds, next, err
}

// What is told under this name without a word wakes whoever listens, and says nothing: what there is to do, each looks up. A program through
// whose pooler nothing of it comes finds the same within seconds.
const channel = "usher"

// tells queues the waking of others, where a transaction promises something that is due by the server's clock. At its commit
// transactions that tell something wait for each other, over the whole server; so it is told once, and not of what
// sleeps, is put off, or is begun.
func (l *ledger) tells(b *pgx.Batch) {
	earliest := int64(0)
	for key := range l.made {
		if r := l.rows[key]; r != nil && (earliest == 0 || r.Due.UnixNano() < earliest) {
			earliest = r.Due.UnixNano()
		}
	}
	if earliest != 0 {
		b.Queue("select pg_notify('"+channel+"', '') where $1::bigint <= (extract(epoch from clock_timestamp()) * 1000000000)::bigint", earliest-ahead.Nanoseconds())
	}
}

// ahead is how far the clock of whoever promises may be ahead of the server's.
const ahead = time.Second

const (
	// silence is how long nothing is told before it's made sure that the connection still is one, and echoWithin how long that,
	// and being told of what we tell ourselves, may take.
	silence    = 30 * time.Second
	echoWithin = 2 * time.Second
	// redialFirst and redialMost bound the wait before another connection is tried.
	redialFirst = time.Second
	redialMost  = time.Minute
)

// Tell has all programs on the database hear a word, this one too. It rests on nothing: who isn't listening never hears it, so it says only
// what would be found out anyway, later.
func (s *Store) Tell(ctx context.Context, word string) error {
	within, cancel := context.WithTimeout(ctx, echoWithin)
	defer cancel()
	if _, err := s.pool.Exec(within, "select pg_notify('"+channel+"', $1)", word); err != nil {
		return fmt.Errorf("tell the others: %w", err)
	}
	return nil
}

// Listen calls wake whenever another program has promised something that is due, and told with each word of Tell, until ctx ends. It has a connection of its own, since
// one of the pool is anybody's. Nothing rests on it: what isn't heard is looked for.
func (s *Store) Listen(ctx context.Context, wake func(), told func(word string)) {
	for failed := 0; ctx.Err() == nil; failed++ {
		heard, err := s.listen(ctx, wake, told)
		if errors.Is(err, errDeaf) {
			s.opt.Log.InfoContext(ctx, "what another Usher promises is not told through this database's pooler, so it is looked for every few seconds")
			return
		}
		if heard {
			failed = 0
		}
		if ctx.Err() == nil {
			s.opt.Log.DebugContext(ctx, "the database tells nothing any more; listening again", "err", err)
		}
		_ = pause(ctx, outbox.Backoff(failed, redialFirst, redialMost)) // the loop's condition sees why it ended early
	}
}

// errDeaf says that what is told does not come: a pooler is in between that hands each transaction to another connection.
var errDeaf = errors.New("what was told was not heard")

// listen listens on one connection until it breaks; heard says that it heard at all.
func (s *Store) listen(ctx context.Context, wake func(), told func(string)) (heard bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return false, fmt.Errorf("connect to listen: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return false, fmt.Errorf("listen: %w", err)
	}
	if _, err := s.pool.Exec(ctx, "select pg_notify('"+channel+"', '')"); err != nil {
		return false, fmt.Errorf("tell: %w", err)
	}
	for wait := echoWithin; ; wait = silence {
		within, cancel := context.WithTimeout(ctx, wait)
		note, err := conn.WaitForNotification(within)
		silent := within.Err() != nil && ctx.Err() == nil
		cancel()
		switch {
		case err == nil && note.Payload != "":
			heard = true
			told(note.Payload)
			continue
		case err == nil: // the first was told by us: whatever was promised before it is there
			heard = true
			wake()
			continue
		case silent && !heard:
			return false, errDeaf
		case silent:
			err = s.alive(ctx, conn)
		}
		if err != nil {
			return heard, err
		}
	}
}

// alive makes sure that somebody is at the other end.
func (s *Store) alive(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, echoWithin)
	defer cancel()
	if err := conn.Ping(ctx); err != nil {
		return fmt.Errorf("make sure of the connection that listens: %w", err)
	}
	return nil
}
