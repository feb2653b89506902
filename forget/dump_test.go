package forget

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// dumped is every row of every table there is in a database of ours, as texts.
func dumped(t testing.TB, url string) string {
	ctx := context.Background()
	db, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close(ctx)) }()
	rows, err := db.Query(ctx, "select table_name from information_schema.tables where table_schema = 'usher'")
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.NotEmpty(t, tables)
	var out strings.Builder
	for _, table := range tables {
		rows, err := db.Query(ctx, "select * from usher."+pgx.Identifier{table}.Sanitize())
		require.NoError(t, err)
		for rows.Next() {
			values, err := rows.Values()
			require.NoError(t, err)
			for _, v := range values {
				if raw, is := v.([]byte); is {
					v = string(raw)
				}
				fmt.Fprintf(&out, "%s: %v\n", table, v)
			}
		}
		require.NoError(t, rows.Err())
	}
	return out.String()
}
