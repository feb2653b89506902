package postgres

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/apiclient"
)

// Found is what a look at a database finds, for who has to know whether Usher can be run on it.
type Found struct {
	// Name is the database in words, and Version the server's.
	Name, Version string
	// Schema is what it has of ours, 0 for nothing yet, and Known what this program knows up to. MayMake: this user may make it.
	Schema, Known int
	MayMake       bool
	// Bytes is how large it is.
	Bytes int64
	// Clear: what goes there and back isn't encrypted, and it isn't on this machine.
	Clear bool
	// Nodes are the programs that run on it.
	Nodes []Node
	// Standbys is how many servers follow this one. Waits: a commit waits for one of them, so that a failover loses nothing.
	Standbys int
	Waits    bool
}

// Look looks at a database without changing it. Its errors are those of Open.
func Look(ctx context.Context, url apiclient.Secret) (Found, error) {
	opt, err := Options{}.filled()
	if err != nil {
		return Found{}, err
	}
	config, err := configOf(url, 1)
	if err != nil {
		return Found{}, err
	}
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return Found{}, inWords(err, config.ConnConfig)
	}
	f := Found{Name: Name(url), Known: len(opt.steps)}
	_, encrypted := conn.PgConn().Conn().(*tls.Conn)
	f.Clear = !encrypted && !here(config.ConnConfig.Host)
	err = f.look(ctx, conn, &Store{opt: opt})
	if err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))); err != nil {
		return f, inWords(err, config.ConnConfig)
	}
	return f, nil
}

func (f *Found) look(ctx context.Context, conn *pgx.Conn, s *Store) (err error) {
	if f.Schema, err = s.standing(ctx, conn.PgConn()); err != nil {
		return err
	}
	if f.Schema == 0 {
		if _, err := vacant(ctx, conn.PgConn()); err != nil {
			return err
		}
	}
	if f.Schema == f.Known {
		if f.Nodes, err = rowsOf[Node](conn.Query(ctx, nodes)); err != nil {
			return fmt.Errorf("see who runs on the database: %w", err)
		}
	}
	err = conn.QueryRow(ctx, `select current_setting('server_version'), has_database_privilege(current_database(), 'CREATE'), pg_database_size(current_database()),
		(select count(*) from pg_stat_replication), current_setting('synchronous_standby_names') <> '' and current_setting('synchronous_commit') not in ('off', 'local')`).
		Scan(&f.Version, &f.MayMake, &f.Bytes, &f.Standbys, &f.Waits)
	if err != nil {
		return fmt.Errorf("look at the server: %w", err)
	}
	return nil
}
