//go:build !unix

package bolt

import (
	"io/fs"
	"os"
)

func openNoFollow(path string) (*os.File, error) { return os.Open(path) }

// OwnerOf is the account and the group that a file belongs to; false where that cannot be told.
func OwnerOf(fs.FileInfo) (uid, gid int, ok bool) { return 0, 0, false }

// identityOf is which file this is among all of a machine; false where that cannot be told.
func identityOf(fs.FileInfo) (string, bool) { return "", false }
