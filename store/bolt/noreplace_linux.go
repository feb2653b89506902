package bolt

import "golang.org/x/sys/unix"

// renameNoReplace fails where there is a file of that name.
func renameNoReplace(from, to string) error {
	return unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
}
