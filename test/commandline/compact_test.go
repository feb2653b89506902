package commandline

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// pruned leaves most of a folder's database free.
func pruned(t *testing.T, db *bolt.Store) {
	t.Helper()
	for _, size := range []int{3 << 20, 1} {
		require.NoError(t, db.KeepSnapshot(context.Background(), "much", make([]byte, size)))
	}
}

// TestCompactGivesBackWhatIsFree, of a folder at rest, once; a running bot is let be, and so is a folder without a
// database.
func TestCompactGivesBackWhatIsFree(t *testing.T) {
	s := openStanding(t, 1)
	s.ask(t, "jane@acme.example")
	pruned(t, s.db)
	path := filepath.Join(s.dir, bolt.File)
	a := s.usher(t, "compact")
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Errors, "the bot is running on "+s.dir+": stop it first, then compact. A start does it too, by itself, once more than half of the database is free")
	s.shut()
	was, err := os.Stat(path)
	require.NoError(t, err)

	a = s.usher(t, "compact")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	now, err := os.Stat(path)
	require.NoError(t, err)
	require.Less(t, now.Size(), was.Size()/10)
	require.Equal(t, path+" was "+terminal.Size(was.Size())+" and is "+terminal.Size(now.Size())+" now. Everything that was in it still is; the copy was compared and checked before it took its place.\n", a.Out)
	a = s.usher(t, "compact")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, path+" has nothing to give back: it's "+terminal.Size(now.Size())+", and ")
	require.Contains(t, a.Out, " of that is free. Nothing was changed.\n")
	a = s.usher(t, "audit", "verify")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)

	db, err := bolt.Open(s.dir, bolt.Options{Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	a = s.usher(t, "compact")
	require.NoError(t, db.Close())
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Errors, "the bot has the database open: stop it first, then compact")
	a = world.Usher(t, nil, "compact", "--data", t.TempDir())
	require.Equal(t, terminal.ExitWrong, a.Code)
	require.Contains(t, a.Errors, "usher.db: there's no such file; expected the database of a data folder (--data)")
}

// TestCheckSaysHowMuchOfTheDatabaseIsFree, and what gives it back once that's more than half.
func TestCheckSaysHowMuchOfTheDatabaseIsFree(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	db, err := bolt.Open(w.data, bolt.Options{LockWait: time.Second})
	require.NoError(t, err)
	pruned(t, db)
	require.NoError(t, db.Close())
	_, table := w.check(t)
	require.Regexp(t, `ok database size [48]\.\d MB, [48]\.\d MB of it free: the next start gives it back, and so does .usher compact.`, table)
	_, err = bolt.Compact(context.Background(), w.data)
	require.NoError(t, err)
	_, table = w.check(t)
	require.Regexp(t, `ok database size \d+ kB, \d+ kB of it free\n`, table)
}
