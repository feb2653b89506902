package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/outbox"
)

// lease is what a store knows by itself of a claim of its own: its token, and since when its lease runs at least, by the time that has
// passed here. The server began to count no earlier, so by then it runs there as well.
type lease struct {
	token int64
	since time.Duration
}

// committed notes in memory which claims this store holds by now. The lease of each is counted from before its transaction began.
func (t *txn) committed() {
	s := t.s
	if s.opt.Lease == 0 || t.intents == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range t.intents.touched {
		switch r := t.intents.rows[key]; {
		case r == nil || r.frees:
			delete(s.claims, key)
		case r.claims || r.renews:
			s.claims[key] = lease{r.Token, t.began}
		}
	}
}

// Stands implements outbox.Box. While a third of the lease or more is left, by the time that has passed here, nobody can have taken
// anything over, nor will within that: a call may be begun. With less, or after a pause, the database is asked, and the lease begins
// anew if nobody took it.
func (s *Store) Stands(ctx context.Context, claimed outbox.Intent) error {
	if s.opt.Lease == 0 || s.surely(claimed) {
		return nil
	}
	now := s.elapsed()
	var held bool
	err := s.read(ctx, func(ctx context.Context) error {
		done, err := s.pool.Exec(ctx, s.anew()+" where key = $1 and owner = $2 and token = $3", claimed.Key, s.opt.Owner, claimed.Token)
		held = done.RowsAffected() > 0
		return err
	})
	if err != nil {
		return fmt.Errorf("ask whether %s is still ours: %w", claimed.Key, err)
	}
	if held {
		s.renewed(claimed.Key, claimed.Token, now)
		return nil
	}
	return s.whose(ctx, claimed)
}

// whose says of a claim that isn't ours any more whether somebody else made one.
func (s *Store) whose(ctx context.Context, claimed outbox.Intent) error {
	list, err := s.Intents(ctx, claimed.Key)
	if err != nil {
		return fmt.Errorf("ask whose %s is: %w", claimed.Key, err)
	}
	if len(list) > 0 && list[0].Key == claimed.Key && list[0].Token > claimed.Token {
		return outbox.ErrTaken
	}
	return outbox.ErrGone
}

// surely reports whether the lease of a claim surely stands for another third of it.
func (s *Store) surely(claimed outbox.Intent) bool {
	if s.opt.Elapsed == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ours := s.claims[claimed.Key]
	gone := s.opt.Elapsed() - l.since
	return ours && l.token == claimed.Token && gone >= 0 && gone <= s.opt.Lease-s.opt.Lease/3
}

func (s *Store) elapsed() time.Duration {
	if s.opt.Elapsed == nil {
		return 0
	}
	return s.opt.Elapsed()
}

// renewed notes that a lease began anew at a moment, if it is of the claim that is known.
func (s *Store) renewed(key string, token int64, since time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l, ours := s.claims[key]; ours && l.token == token {
		s.claims[key] = lease{token, since}
	}
}

// anew is the beginning of a statement that begins leases anew.
func (s *Store) anew() string {
	return fmt.Sprintf("update usher.intents set lease_until = clock_timestamp() + interval '%d microseconds'", s.opt.Lease.Microseconds())
}

// renewing puts off the end of this store's leases until ctx ends. One that ran out while the program was paused, and that
// nobody took meanwhile, is held again; one that somebody took has another owner.
func (s *Store) renewing(ctx context.Context) {
	tick := time.NewTicker(s.opt.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := errors.Join(s.renew(ctx), s.renewLocks(ctx), s.recognise(ctx)); err != nil && ctx.Err() == nil {
			s.opt.Log.WarnContext(ctx, "cannot tell the database that what is under way still is", "err", err)
		}
	}
}

func (s *Store) renew(ctx context.Context) error {
	now := s.elapsed()
	rows, err := s.pool.Query(ctx, s.anew()+" where owner = $1 returning key, token", s.opt.Owner)
	if err != nil {
		return fmt.Errorf("renew leases: %w", err)
	}
	type claim struct {
		Key   string
		Token int64
	}
	held, err := pgx.CollectRows(rows, pgx.RowToStructByPos[claim])
	if err != nil {
		return fmt.Errorf("renew leases: %w", err)
	}
	for _, c := range held {
		s.renewed(c.Key, c.Token, now)
	}
	return nil
}
