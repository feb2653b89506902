package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// A lock is a row with a lease, and no lock of the server's: one of a session is lost when its connection is, while its holder
// goes on, and one of a transaction would keep that open for as long as a vendor takes to answer. Leases are renewed with those
// of claims. What a crash leaves is free when its lease is over.

func (s *Store) lease() string {
	return fmt.Sprintf("clock_timestamp() + interval '%d microseconds'", s.opt.Lease.Microseconds())
}

// Lock takes the lock of a name; held is false while somebody else has it, in this process or another. The token is for Still
// and Unlock. A row of ours that nobody here holds was left by an answer that was lost, and is taken.
func (s *Store) Lock(ctx context.Context, name string) (token int64, held bool, err error) {
	if !s.reserve(name) {
		return 0, false, nil
	}
	defer func() { s.reserved(name, token, held && err == nil) }()
	err = s.read(ctx, func(ctx context.Context) error {
		held, err = found(s.pool.QueryRow(ctx, `insert into usher.locks as l (name, owner, token, until) values ($1, $2, nextval('usher.revision'), `+s.lease()+`)
			on conflict (name) do update set owner = excluded.owner, token = excluded.token, until = excluded.until
			where l.until <= clock_timestamp() or l.owner = excluded.owner returning token`, text(name), s.opt.Owner).Scan(&token), plainly)
		return err
	})
	if err != nil {
		return 0, false, fmt.Errorf("take a lock: %w", err)
	}
	return token, held, nil
}

// reserve has one at a time in this process ask for a lock; false: somebody has it here.
func (s *Store) reserve(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.locks[name]; taken {
		return false
	}
	s.locks[name] = 0
	return true
}

// reserved notes what became of asking.
func (s *Store) reserved(name string, token int64, held bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if held {
		s.locks[name] = token
	} else {
		delete(s.locks, name)
	}
}

// Still reports whether a lock is still its holder's, and begins its lease anew: whoever asks is about to do what nobody else may do
// beside them.
func (s *Store) Still(ctx context.Context, name string, token int64) (held bool, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		tag, err := s.pool.Exec(ctx, "update usher.locks set until = "+s.lease()+" where name = $1 and token = $2", text(name), token)
		held = tag.RowsAffected() == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look whether a lock still stands: %w", err)
	}
	return held, nil
}

// Unlock lets go of a lock. One that is somebody else's by now stays theirs.
func (s *Store) Unlock(ctx context.Context, name string, token int64) error {
	defer s.reserved(name, 0, false)
	err := s.read(ctx, func(ctx context.Context) error {
		_, err := s.pool.Exec(ctx, "delete from usher.locks where name = $1 and token = $2", text(name), token)
		return err
	})
	if err != nil {
		return fmt.Errorf("let go of a lock: %w", err)
	}
	return nil
}

// renewLocks puts off the end of this store's leases.
func (s *Store) renewLocks(ctx context.Context) error {
	s.mu.Lock()
	tokens := slices.Collect(maps.Values(s.locks))
	s.mu.Unlock()
	if len(tokens) == 0 {
		return nil
	}
	_, err := s.pool.Exec(ctx, "update usher.locks set until = "+s.lease()+" where token = any($1)", tokens)
	if err != nil {
		return fmt.Errorf("renew locks: %w", err)
	}
	return nil
}
