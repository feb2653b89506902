package bolt

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestADatabaseKeepsItsName: through starts, backups and restorings; one that begins anew has another.
func TestADatabaseKeepsItsName(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	named := func(dir, id string) Life {
		s, err := Open(dir, Options{Life: Life{ID: id, Since: noon}})
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close()) }()
		l, err := s.Life(ctx)
		require.NoError(t, err)
		require.NoError(t, s.Check(ctx))
		if id == "backup" {
			f, err := os.Create(filepath.Join(other, "copy"))
			require.NoError(t, err)
			require.NoError(t, s.Backup(ctx, f))
			require.NoError(t, f.Close())
		}
		return l
	}
	require.Equal(t, Life{ID: "first"}, named(dir, "first"), "nothing was posted before it had its name")
	require.Equal(t, Life{ID: "first"}, named(dir, "backup"))
	require.Equal(t, Life{ID: "third"}, named(other, "third"))
	_, err := Restore(ctx, filepath.Join(other, "copy"), other, Restoring{At: noon})
	require.NoError(t, err)
	require.Equal(t, Life{ID: "first"}, named(other, "fourth"), "what was put back is the life it was")
}

// TestADatabaseOfBeforeIsNamedOnce: what was posted before it had a name bears none.
func TestADatabaseOfBeforeIsNamedOnce(t *testing.T) {
	dir := t.TempDir()
	for i, id := range []string{"", "", "first", "second"} {
		s, err := Open(dir, Options{Life: Life{ID: id, Since: noon}})
		require.NoError(t, err)
		l, err := s.Life(ctx)
		require.NoError(t, err)
		if i < 2 {
			require.Zero(t, l)
		} else {
			require.Equal(t, Life{ID: "first", Since: noon}, l)
		}
		require.NoError(t, s.Close())
	}
}
