package postgres

import (
	"context"
	"errors"

	"github.com/usherbot/usher/apiclient"
)

// ErrEmpty says that a database has nothing of Usher's in it yet.
var ErrEmpty = errors.New("there's nothing in the database yet; the first `usher run` on it makes what it needs")

// errReading says that somebody wanted to write who opened a database to read it.
var errReading = errors.New("the database was opened to be read")

// OpenReadOnly opens a database to be read, beside whoever runs on it, as it is: a standby and an older schema will do.
// Its errors are sentences, and none names the password.
func OpenReadOnly(ctx context.Context, url apiclient.Secret) (*Store, error) {
	opt, err := Options{Connections: 2}.filled()
	if err != nil {
		return nil, err
	}
	pool, config, err := poolOf(ctx, url, opt.Connections)
	if err != nil {
		return nil, err
	}
	s := &Store{opt: opt, pool: pool, room: make(chan struct{}), claims: map[string]lease{}, life: ctx, quit: func() {}, reading: true}
	if err := s.readable(ctx); err != nil {
		pool.Close()
		return nil, inWords(err, config.ConnConfig)
	}
	return s, nil
}

// readable refuses a database that this program doesn't know.
func (s *Store) readable(ctx context.Context) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	at, err := s.standing(ctx, conn.Conn().PgConn())
	if err != nil || at > 0 {
		return err
	}
	if _, err := vacant(ctx, conn.Conn().PgConn()); err != nil {
		return err
	}
	return ErrEmpty
}
