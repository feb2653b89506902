package postgres

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestWhatIsAboutAnAddressIsFoundByItsIndex: of twenty thousand requests those about others aren't looked at.
func TestWhatIsAboutAnAddressIsFoundByItsIndex(t *testing.T) {
	s := open(t, newShed(t).empty(t), Options{})
	_, err := s.pool.Exec(ctx, `insert into usher.requests (number, state, requester, person, app, email, live, line)
		select n, 'done', 'U0P', '', 'seranking', 'p'||n||'@acme.example', false, '{}' from generate_series(1, 20000) n`)
	require.NoError(t, err)
	_, err = s.pool.Exec(ctx, "analyze usher.requests")
	require.NoError(t, err)
	sql, args := listing(approvals.Filter{About: "P7@acme.example"}, 1000)
	rows, err := s.pool.Query(ctx, "explain "+sql, args...)
	require.NoError(t, err)
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Contains(t, strings.Join(plan, "\n"), "requests_about")
	require.NotContains(t, strings.Join(plan, "\n"), "Seq Scan")
}
