//go:build unix

package bolt

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// openNoFollow opens what stands at a path itself, and waits for nobody.
func openNoFollow(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
}

// OwnerOf is the account and the group that a file belongs to; false where that cannot be told.
func OwnerOf(info fs.FileInfo) (uid, gid int, ok bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(s.Uid), int(s.Gid), true
}

// identityOf is which file this is among all of a machine; false where that cannot be told.
func identityOf(info fs.FileInfo) (string, bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", false
	}
	return fmt.Sprintf("%d:%d", s.Dev, s.Ino), true
}
