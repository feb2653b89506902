package postgres

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/test/postgres"
)

// brief is a lease for tests, in which nobody waits for long.
const brief = 600 * time.Millisecond

// killed ends a store as a SIGKILL does: nothing is said to the database any more, and nobody leaves.
func killed(s *Store) {
	s.entered = false
	s.quit()
	s.busy.Wait()
}

// names are who runs on a database.
func names(t *testing.T, s *Store) (out []string) {
	list, err := s.Nodes(ctx)
	require.NoError(t, err)
	for _, n := range list {
		out = append(out, fmt.Sprintf("%s %s %d", n.ID, n.Version, n.Connections))
	}
	return out
}

// TestWhoRunsOnADatabaseIsKnown to everybody: from when they join until they end, or until their lease is over after they were
// killed; and whoever was taken for dead and isn't is known again with their next beat.
func TestWhoRunsOnADatabaseIsKnown(t *testing.T) {
	url := newShed(t).empty(t)
	join := func(name string) *Store {
		s := open(t, url, Options{Owner: name, Lease: brief})
		require.NoError(t, s.Join(ctx, "1.2.3", 2))
		return s
	}
	one, two := join("one"), join("two")
	require.Equal(t, []string{"one 1.2.3 2", "two 1.2.3 2"}, names(t, one))
	require.ErrorIs(t, two.Nobody(ctx), ErrOthers)
	require.Equal(t, 2, two.Others(), "connections to Slack")
	require.Eventually(t, func() bool { return one.Others() == 2 }, 10*time.Second, brief/10)
	require.NoError(t, one.Close())
	require.Equal(t, []string{"two 1.2.3 2"}, names(t, two), "at once")
	three := join("three")
	killed(three)
	require.Len(t, names(t, two), 2, "nobody can know yet that the third is dead")
	require.Eventually(t, func() bool { return len(names(t, two)) == 1 }, 10*time.Second, brief/10)
	postgres.Exec(t, url, "delete from usher.nodes")
	require.Eventually(t, func() bool { return len(names(t, two)) == 1 }, 10*time.Second, brief/10)
	killed(two)
	require.Eventually(t, func() bool { return two.Nobody(ctx) == nil }, 10*time.Second, brief/10)
}

// TestANewerProgramLeavesTheSchemaToWhoRuns: it would decide nothing more. Once that one is gone, the schema is brought on.
func TestANewerProgramLeavesTheSchemaToWhoRuns(t *testing.T) {
	url := postgres.Database(t, "")
	older := open(t, url, Options{Owner: "older", Lease: brief})
	require.NoError(t, older.Join(ctx, "1.2.3", 2))
	next := Options{Owner: "newer", Lease: brief, steps: append(older.opt.steps, "create table usher.later (n integer)")}
	_, err := Open(ctx, apiclient.Secret(url), next)
	require.ErrorIs(t, err, ErrOthers)
	require.ErrorContains(t, err, "the database has to be brought to this version: another Usher runs on this database (version 1.2.3, since 20")
	_, err = ask(older, "goes on")
	require.NoError(t, err)
	killed(older)
	began := time.Now()
	newer := open(t, url, next)
	require.Greater(t, time.Since(began), brief/3, "nobody can know yet that the older is dead")
	require.Empty(t, names(t, newer))
}
