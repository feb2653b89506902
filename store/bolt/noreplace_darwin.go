package bolt

import "golang.org/x/sys/unix"

// renameNoReplace fails where there is a file of that name.
func renameNoReplace(from, to string) error {
	return unix.RenamexNp(from, to, unix.RENAME_EXCL)
}
