package commandline

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/check"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// TestEveryCommandEndsWithASentenceOnADamagedDatabase: whichever page is zeroed or leads to itself, `run`,
// `check` and `backup` say that the database cannot be read, with a sentence and no panic. None is left
// half done. What is restored is proven in the same way (store/bolt/pages_test.go).
func TestEveryCommandEndsWithASentenceOnADamagedDatabase(t *testing.T) {
	w := newSmallWorld(t)
	require.NoError(t, os.Chmod(w.dir, 0o700))
	s := openStanding(t, 1)
	for i := range 9 {
		s.ask(t, fmt.Sprintf("p%d@acme.example", i))
	}
	s.shut()
	whole, err := os.ReadFile(filepath.Join(s.dir, bolt.File))
	require.NoError(t, err)
	path := filepath.Join(w.dir, bolt.File)
	file := filepath.Join(t.TempDir(), "backup")
	const page = 4096
	hurt := 0
	for id := 2; id < len(whole)/page; id++ {
		for name, spoil := range map[string]func(p []byte){
			"zeroed":          func(p []byte) { clear(p) },
			"leads to itself": func(p []byte) { world.LeadAstray(p, id) },
		} {
			raw := append([]byte(nil), whole...)
			spoil(raw[id*page : (id+1)*page])
			require.NoError(t, os.WriteFile(path, raw, 0o600))
			if _, err := bolt.Prove(t.Context(), w.dir); err == nil {
				continue // nothing uses that page
			}
			hurt++
			for _, args := range [][]string{{"run", "--config", w.config}, {"backup", file}, {"audit", "verify"}} {
				a := world.Usher(t, w.env, append(args, "--data", w.dir)...)
				require.Equal(t, terminal.ExitFailed, a.Code, "%s: page %d, %s", args[0], id, name)
				require.Regexp(t, `database cannot be read: .*; restore a backup with .usher restore.\n$`, a.Errors, "%s: page %d, %s", args[0], id, name)
			}
			var table check.Table
			table.Database(t.Context(), w.dir)
			require.Equal(t, check.StatusFailed, table[0].Status)
			require.Contains(t, table[0].Found, "database cannot be read")
		}
	}
	require.Greater(t, hurt, 10)
	left, err := filepath.Glob(file + "*")
	require.NoError(t, err)
	require.Empty(t, left)
}

// TestCheckOfAFileThatANewerUsherWrote says so, and not that it's broken.
func TestCheckOfAFileThatANewerUsherWrote(t *testing.T) {
	w := newOutset(t, slacksim.Options{})
	db, err := bolt.Open(w.data, bolt.Options{})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	raw, err := bbolt.Open(filepath.Join(w.data, bolt.File), 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, raw.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("meta")).Put([]byte("version"), []byte("999"))
	}))
	require.NoError(t, raw.Close())
	code, table := w.check(t)
	require.Equal(t, terminal.ExitFailed, code, table)
	require.Len(t, troubles(table), 1)
	require.Contains(t, table, "database was written by a newer Usher (schema 999, this program knows ")
	require.Contains(t, table, "→ put the newer program back in place")
}
