package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/apiclient"
)

// Cut has the server end every connection that programs of ours have to a database, in the middle of whatever they do there, and says how many
// there were. It's for who wants to see that they come back.
func Cut(ctx context.Context, url apiclient.Secret) (n int, err error) {
	config, err := configOf(url, 1)
	if err != nil {
		return 0, err
	}
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return 0, inWords(err, config.ConnConfig)
	}
	err = conn.QueryRow(ctx, `select count(pg_terminate_backend(pid)) from pg_stat_activity
		where datname = current_database() and application_name = 'usher' and pid <> pg_backend_pid()`).Scan(&n)
	if err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))); err != nil {
		return 0, fmt.Errorf("end the connections to the database: %w", err)
	}
	return n, nil
}
