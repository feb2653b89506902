package commandline

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

func TestBackupOfARunningBotAndOfAFolderAtRest(t *testing.T) {
	s := openStanding(t, 1)
	s.ask(t, "jane@acme.example")
	s.ask(t, "john@acme.example")
	require.Equal(t, terminal.ExitDone, s.usher(t, "deny", "2", "--reason", "no budget").Code)
	file := filepath.Join(t.TempDir(), "usher.backup")
	a := s.usher(t, "backup", file)
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	head, err := s.db.Head(t.Context())
	require.NoError(t, err)
	for _, says := range []string{file + " is a complete backup: 2 requests (1 denied, 1 pending)", fmt.Sprintf("owed, schema %d", bolt.Version), "the last at ", ": #2 voted no", "head: " + head.String()} {
		require.Contains(t, a.Out, says)
	}
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	again := s.usher(t, "backup", file)
	require.Equal(t, terminal.ExitFailed, again.Code)
	require.Contains(t, again.Errors, "already exists, and a backup never overwrites anything")
	nowhere := s.usher(t, "backup", filepath.Join(t.TempDir(), "none", "usher.backup"))
	require.Equal(t, terminal.ExitWrong, nowhere.Code)
	require.Contains(t, nowhere.Errors, "can't be written (no such file or directory)")

	s.shut()
	rest := filepath.Join(t.TempDir(), "at rest")
	b := s.usher(t, "backup", rest)
	require.Equal(t, terminal.ExitDone, b.Code, b.Errors)
	require.Equal(t, strings.ReplaceAll(a.Out, file, rest), b.Out)
	left, err := filepath.Glob(filepath.Join(filepath.Dir(rest), "*"))
	require.NoError(t, err)
	require.Equal(t, []string{rest}, left, "no half-made file is left")
	empty := world.Usher(t, nil, "backup", filepath.Join(t.TempDir(), "x"), "--data", t.TempDir())
	require.Equal(t, terminal.ExitWrong, empty.Code)
	require.Contains(t, empty.Errors, "usher.db: there's no such file")
}

// TestABackupFollowsAndReusesNothing: what somebody planted at the name a backup used to be made under, or at
// its own, is neither written nor read; the backup is private whatever stood there.
func TestABackupFollowsAndReusesNothing(t *testing.T) {
	s := openStanding(t, 1)
	s.ask(t, "jane@acme.example")
	dir := t.TempDir()
	file, victim := filepath.Join(dir, "usher.backup"), filepath.Join(dir, "victim")
	require.NoError(t, os.WriteFile(victim, []byte("precious"), 0o600))
	for name, plant := range map[string]func() error{
		"a link":          func() error { return os.Symlink(victim, file+".part") },
		"an open file":    func() error { return os.WriteFile(file+".part", nil, 0o666) },
		"a dangling link": func() error { return os.Symlink(filepath.Join(dir, "none"), file+".part-1") },
	} {
		require.NoError(t, plant())
		a := s.usher(t, "backup", file)
		require.Equal(t, terminal.ExitDone, a.Code, name+a.Errors)
		info, err := os.Lstat(file)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode(), name)
		raw, err := os.ReadFile(victim)
		require.NoError(t, err)
		require.Equal(t, "precious", string(raw), name)
		require.NoError(t, os.Remove(file))
		_ = os.Remove(file + ".part") // an ordinary file of ours was swept
		_ = os.Remove(file + ".part-1")
	}
	require.NoError(t, os.Symlink(victim, file))
	a := s.usher(t, "backup", file)
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Errors, "already exists")
	require.NoError(t, os.Remove(file))

	require.NoError(t, os.WriteFile(file+".part-4711", []byte("half"), 0o600))
	a = s.usher(t, "backup", file)
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "Cleaned up what an earlier backup left unfinished: "+file+".part-4711\n")
	left, err := filepath.Glob(file + "*")
	require.NoError(t, err)
	require.Equal(t, []string{file}, left)
}

func TestABackupOfALockedFolderWithoutASocket(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := bolt.Open(dir, bolt.Options{})
	require.NoError(t, err)
	defer db.Close()
	file := filepath.Join(t.TempDir(), "x")
	a := world.Usher(t, nil, "backup", file, "--data", dir)
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Errors, "in use by a running Usher whose socket")
	left, err := filepath.Glob(file + "*")
	require.NoError(t, err)
	require.Empty(t, left)
}

// TestABackupThatBreaksOffIsNone: the bot dies in the middle of its answer, or answers something else.
func TestABackupThatBreaksOffIsNone(t *testing.T) {
	for name, row := range map[string]struct {
		h    http.HandlerFunc
		says string
	}{
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write([]byte("half")) // what it returns is the client's to see
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, "which broke off"},
		"something else": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 9999)) }, "verify the backup just made: not a whole backup"},
		"an error":       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, "it answered 500"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			d, err := control.Open(dir, row.h, slog.New(slog.DiscardHandler))
			require.NoError(t, err)
			file := filepath.Join(t.TempDir(), "usher.backup")
			a := world.Usher(t, nil, "backup", file, "--data", dir)
			require.Equal(t, terminal.ExitFailed, a.Code)
			require.Contains(t, a.Errors, row.says)
			left, err := filepath.Glob(file + "*")
			require.NoError(t, err)
			require.Empty(t, left)
			require.NoError(t, d.Close())
		})
	}
}

func TestRestoreAtTheCommandLine(t *testing.T) {
	s := openStanding(t, 1)
	s.ask(t, "jane@acme.example")
	file := filepath.Join(t.TempDir(), "usher.backup")
	require.Equal(t, terminal.ExitDone, s.usher(t, "backup", file).Code)
	s.ask(t, "john@acme.example")
	up := s.usher(t, "restore", file)
	require.Equal(t, terminal.ExitFailed, up.Code)
	require.Contains(t, up.Errors, "the bot is running on "+s.dir+": stop it first")
	s.shut()

	before, err := os.ReadFile(filepath.Join(s.dir, bolt.File))
	require.NoError(t, err)
	dry := s.usher(t, "restore", "--dry-run", file)
	require.Equal(t, terminal.ExitDone, dry.Code, dry.Errors)
	require.Contains(t, dry.Out, "is a complete backup: 1 request (1 pending)")
	require.Contains(t, dry.Out, "Nothing was changed.")
	same, err := os.ReadFile(filepath.Join(s.dir, bolt.File))
	require.NoError(t, err)
	require.Equal(t, before, same)

	a := s.usher(t, "restore", file)
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "restored: 1 request (1 pending)")
	require.Contains(t, a.Out, "The old database is kept as "+filepath.Join(s.dir, bolt.File)+".before-")
	require.Contains(t, a.Out, "The next request will be #3.", "the number of the request that the backup does not know is not given again")
	left, err := filepath.Glob(filepath.Join(s.dir, "*"))
	require.NoError(t, err)
	require.Len(t, left, 2)
	require.Contains(t, s.usher(t, "audit", "verify").Out, "ok: 1 entry")
}

func TestWhatIsNoBackupIsNotRestored(t *testing.T) {
	s := openStanding(t, 1)
	s.ask(t, "jane@acme.example")
	file := filepath.Join(t.TempDir(), "usher.backup")
	require.Equal(t, terminal.ExitDone, s.usher(t, "backup", file).Code)
	s.shut()
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	raw, err := os.ReadFile(filepath.Join(s.dir, bolt.File))
	require.NoError(t, err)
	flipped := append([]byte(nil), whole...)
	flipped[len(flipped)/2] ^= 1
	for name, row := range map[string]struct {
		raw  []byte
		says string
	}{
		"one bit":      {flipped, "its checksum differs"},
		"cut off":      {whole[:len(whole)/2], "doesn't end like one made by `usher backup`"},
		"empty":        {nil, "has 0 bytes, which is too few"},
		"not a backup": {raw, "doesn't end like one made by `usher backup`"},
	} {
		bad := filepath.Join(t.TempDir(), "bad")
		require.NoError(t, os.WriteFile(bad, row.raw, 0o600))
		for _, flag := range []string{"--dry-run", "--next=5"} {
			a := s.usher(t, "restore", bad, flag)
			require.Equal(t, terminal.ExitFailed, a.Code, name)
			require.Contains(t, a.Errors, row.says, name)
			require.Contains(t, a.Errors, "nothing was restored", name)
		}
	}
	now, err := os.ReadFile(filepath.Join(s.dir, bolt.File))
	require.NoError(t, err)
	require.Equal(t, raw, now, "the database that is there is untouched")
	none := s.usher(t, "restore", filepath.Join(t.TempDir(), "none"))
	require.Equal(t, terminal.ExitWrong, none.Code)
	require.Contains(t, none.Errors, "there's no such file; expected a file made by `usher backup`")
}

// TestARestoreNamesWhoDidIt: once the bot has opened the database, its log says who restored it.
func TestARestoreNamesWhoDidIt(t *testing.T) {
	s := openStanding(t, 1)
	s.ask(t, "jane@acme.example")
	file := filepath.Join(t.TempDir(), "usher.backup")
	require.Equal(t, terminal.ExitDone, s.usher(t, "backup", file).Code)
	s.shut()
	require.Equal(t, terminal.ExitDone, s.usher(t, "restore", file).Code)
	db, err := bolt.Open(s.dir, bolt.Options{})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	log := s.usher(t, "audit", "export").Out
	require.Contains(t, log, `"actor":"`+string(me(t))+`","what":"database restored from a backup"`)
}
