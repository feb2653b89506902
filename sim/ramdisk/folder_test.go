package ramdisk_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/ramdisk"
)

func TestAFolderGoesWithItsTest(t *testing.T) {
	var dirs []string
	t.Run("meanwhile", func(t *testing.T) {
		for range 2 {
			dir := ramdisk.Folder(t)
			info, err := os.Stat(dir)
			require.NoError(t, err)
			require.Zero(t, info.Mode().Perm()&0o022, "nobody else writes there")
			require.NoError(t, os.WriteFile(filepath.Join(dir, "kept"), []byte("while it runs"), 0o600))
			dirs = append(dirs, dir)
		}
	})
	require.NotEqual(t, dirs[0], dirs[1])
	for _, dir := range dirs {
		require.NoDirExists(t, dir)
	}
}
