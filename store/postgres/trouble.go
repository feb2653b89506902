package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/usherbot/usher/approvals"
)

// Why a database was not opened.
var (
	ErrAddress   = errors.New("USHER_DATABASE_URL isn't an address of a PostgreSQL database: it reads postgres://USER:PASSWORD@HOST:PORT/DATABASE, with each special character of the password written as %XX")
	ErrOld       = fmt.Errorf("PostgreSQL %d or later is needed", oldest)
	ErrForeign   = errors.New("this database belongs to something else, so nothing was changed in it; give Usher one of its own")
	ErrReadOnly  = errors.New("the database can't be written to: it is read-only, or a standby")
	ErrNewer     = errors.New("the database was written by a newer Usher")
	ErrMigration = errors.New("the database couldn't be brought to this version, and was left as it was")
)

func newer(at, known int) error {
	return fmt.Errorf("%w (schema %d, and this one knows up to %d): install that one again; nothing was changed", ErrNewer, at, known)
}

// code is the SQLSTATE that a server answered with; "": it wasn't the server.
func code(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

// refused are answers of a server to whoever connects, as sentences. Its own words follow, which name no password.
var refused = map[string]string{
	"28P01": "the database refuses the user or the password of USHER_DATABASE_URL",
	"28000": "the database doesn't let this user in",
	"3D000": "there is no such database; have it made first (CREATE DATABASE)",
	"53300": "the database has no connection to spare",
	"57P03": "the database is starting or stopping; try again in a moment",
	"42501": "this user may not make the tables; let it own the database",
	"53100": "the database's disk is full",
}

// refusedTLS is what the library says of a server that has none; it has no type of its own.
const refusedTLS = "server refused TLS connection"

// inWords says why a database couldn't be opened.
func inWords(err error, c *pgx.ConnConfig) error {
	where := net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port)))
	var server *pgconn.PgError
	if errors.As(err, &server) && refused[server.Code] != "" {
		return away(fmt.Errorf("open the database at %s: %s: %w", where, refused[server.Code], server))
	}
	if strings.Contains(err.Error(), refusedTLS) {
		return fmt.Errorf("open the database: the server at %s has no TLS, and without it the password would go over the network in the clear. Turn it on there, or, if that's fine in this network, write ?sslmode=disable at the end of USHER_DATABASE_URL", where)
	}
	var dial *net.OpError
	if errors.As(err, &dial) || errors.Is(err, context.DeadlineExceeded) {
		return away(fmt.Errorf("open the database: no PostgreSQL answers at %s: %w", where, err))
	}
	return away(fmt.Errorf("open the database at %s: %w", where, err))
}

// unreachable is an error of a database that can't be reached, or takes nothing, for the time being: its words are the cause's.
type unreachable struct{ error }

func (u unreachable) Unwrap() error { return u.error }

func (u unreachable) Is(target error) bool { return target == approvals.ErrAway }

// away marks what is no fault of ours and is over by itself, or when somebody has mended the server: no connection, one that can't
// be written to, a full disk.
func away(err error) error {
	if c := code(err); lost(err) || len(c) == 5 && (c[:2] == "53" || c[:2] == "58") {
		return unreachable{err}
	}
	return err
}

// contested are answers after which a transaction that kept nothing has a chance when it is run again: others were in its way.
var contested = map[string]bool{
	"40001": true, // it would not be as if it ran alone
	"40P01": true, // deadlock
	"55P03": true, // a lock took too long
	"23505": true, // somebody made a promise under the same key first, or the next entry of the log
}

// gone are answers of a server that has ended the connection or refuses one for the moment, or can't be written to since
// another took its place.
var gone = map[string]bool{"57P01": true, "57P02": true, "57P03": true, "25006": true, "25P03": true, "57P05": true, "53300": true}

// lost reports whether a connection broke, or the server went away, before it was asked to commit.
func lost(err error) bool {
	if c := code(err); c != "" {
		return gone[c] || c[:2] == "08"
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var wire net.Error
	var dial *pgconn.ConnectError
	return errors.As(err, &wire) || errors.As(err, &dial) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, pgconn.ErrConnClosed) || pgconn.SafeToRetry(err)
}
