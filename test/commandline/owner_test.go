//go:build unix

package commandline

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/check"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// service is an account that has no name, and outsider another.
const service, serviceGroup, outsider = 4711, 4712, 4713

// asRoot skips where nothing can be given away, and returns a folder that every account may pass through.
func asRoot(t *testing.T) string {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away, and that is what is tested here")
	}
	dir, err := os.MkdirTemp("", "usher-owner-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o755))
	return dir
}

// given makes a folder that belongs to the service.
func given(t *testing.T, path string) string {
	t.Helper()
	require.NoError(t, os.Mkdir(path, 0o700))
	require.NoError(t, os.Chown(path, service, serviceGroup))
	return path
}

// owned holds whose a file is, and its mode.
func owned(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	info, err := os.Lstat(path)
	require.NoError(t, err)
	uid, gid, ok := bolt.OwnerOf(info)
	require.True(t, ok)
	require.Equal(t, [2]int{service, serviceGroup}, [2]int{uid, gid}, path)
	require.Equal(t, mode, info.Mode(), path)
}

// TestWhatRootMakesGoesToTheServicesAccount: the nightly backup by root, a restore and a compacting by root, are files that
// the account which runs Usher can read: they belong to whose data they are, or replace.
func TestWhatRootMakesGoesToTheServicesAccount(t *testing.T) {
	dir := asRoot(t)
	data := given(t, filepath.Join(dir, "data"))
	db, err := bolt.Open(data, bolt.Options{})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	path := filepath.Join(data, bolt.File)
	owned(t, path, 0o600)

	file := filepath.Join(dir, "backup")
	a := world.Usher(t, nil, "backup", file, "--data", data)
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	owned(t, file, 0o600)

	require.NoError(t, os.Chmod(path, 0o640))
	a = world.Usher(t, nil, "restore", file, "--data", data)
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "It belongs to account 4711.")
	owned(t, path, 0o640)
	kept, err := filepath.Glob(path + ".before-*")
	require.NoError(t, err)
	require.Len(t, kept, 1)
	owned(t, kept[0], 0o640)

	db, err = bolt.Open(data, bolt.Options{})
	require.NoError(t, err)
	pruned(t, db)
	require.NoError(t, db.Close())
	a = world.Usher(t, nil, "compact", "--data", data)
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "was 4.2 MB and is ")
	owned(t, path, 0o640)

	fresh := given(t, filepath.Join(dir, "fresh"))
	a = world.Usher(t, nil, "restore", file, "--data", fresh)
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	owned(t, filepath.Join(fresh, bolt.File), 0o600)
}

// TestTheServicesAccountRestoresWhatRootBackedUp, as the guide says, in a process of its own; a stranger is
// refused and told as whom to do it, and a database that root left there before is told of.
func TestTheServicesAccountRestoresWhatRootBackedUp(t *testing.T) {
	dir := asRoot(t)
	bin := filepath.Join(dir, "usher")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "github.com/usherbot/usher").CombinedOutput()
	require.NoError(t, err, string(out))
	as := func(uid, gid uint32, args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), bin, args...)
		cmd.Dir, cmd.Env = dir, []string{}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
		said, err := cmd.CombinedOutput()
		return string(said), err
	}
	data, file := given(t, filepath.Join(dir, "data")), filepath.Join(dir, "backup")
	db, err := bolt.Open(data, bolt.Options{})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.Equal(t, terminal.ExitDone, world.Usher(t, nil, "backup", file, "--data", data).Code)

	said, err := as(service, serviceGroup, "restore", file, "--data", data)
	require.NoError(t, err, said)
	kept, err := filepath.Glob(filepath.Join(data, bolt.File+".before-*"))
	require.NoError(t, err)
	require.Len(t, kept, 1)
	require.NoError(t, os.Remove(kept[0])) // the next one is of the same second
	a := world.Usher(t, nil, "restore", file, "--data", data)
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	said, err = as(service, serviceGroup, "audit", "verify", "--data", data)
	require.NoError(t, err, said)

	require.NoError(t, os.Chmod(data, 0o755))
	said, err = as(outsider, outsider, "restore", file, "--data", data)
	require.Error(t, err)
	require.Contains(t, said, "data belongs to account 4711, who couldn't read what account 4713 puts there: run this as account 4711, or as root")
	said, err = as(outsider, outsider, "compact", "--data", data)
	require.Error(t, err)
	require.Contains(t, said, "nothing was changed: ")
	require.Contains(t, said, "run this as account 4711, or as root")
	require.NoError(t, os.Chown(file, 0, 0))
	said, err = as(service, serviceGroup, "restore", file, "--data", data)
	require.Error(t, err)
	require.Contains(t, said, "permission denied; run this as root (what root restores goes to the account whose folder it is)")

	require.NoError(t, os.Chown(filepath.Join(data, bolt.File), 0, 0))
	said, err = as(service, serviceGroup, "audit", "verify", "--data", data)
	require.Error(t, err)
	require.Contains(t, said, "permission denied; it belongs to root, and this runs as account 4711")
	var table check.Table
	table.Owner(data)
	require.Equal(t, check.StatusFailed, table[0].Status)
	require.Contains(t, table[0].Do, "chown 4711:4712 "+filepath.Join(data, bolt.File))
}
