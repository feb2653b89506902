package postgres

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// TestEachTestHasADatabaseOfItsOwn, which may begin as a copy of another.
func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	first := Database(t, "")
	Exec(t, first, "create table kept (word text)")
	Exec(t, first, "insert into kept values ($1)", "yes")
	require.Equal(t, "yes", Value(t, Database(t, first), "select word from kept"))
	require.Equal(t, "0", Value(t, Database(t, ""), "select count(*)::text from pg_tables where tablename = 'kept'"))
}

// TestAServerOfItsOwnIsStoppedAndStarted, and killed: what was committed is there.
func TestAServerOfItsOwnIsStoppedAndStarted(t *testing.T) {
	s := Own(t)
	Exec(t, s.URL("postgres"), "create table kept as select 'yes' as word")
	for _, end := range []func() error{s.Stop, s.Kill} {
		require.NoError(t, end())
		require.NoError(t, s.Start())
		require.Equal(t, "yes", Value(t, s.URL("postgres"), "select word from kept"))
	}
}
