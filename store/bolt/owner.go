package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
)

// Account is a uid as people know it.
func Account(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil && u.Username != "" {
		return u.Username
	}
	return "account " + strconv.Itoa(uid)
}

// Keeper is the file by which a data folder shows whose it is: its database, or the folder itself where
// there is none; nil where there is no folder.
func Keeper(dir string) (fs.FileInfo, error) {
	info, err := os.Stat(filepath.Join(dir, File))
	if errors.Is(err, fs.ErrNotExist) {
		info, err = os.Stat(dir)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return info, err
}

// belongs says whose a file is that we may not open; "" where that is no news.
func belongs(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	if uid, _, ok := OwnerOf(info); ok && uid != os.Geteuid() {
		return "; it belongs to " + Account(uid) + ", and this runs as " + Account(os.Geteuid())
	}
	return ""
}

// MayReplace refuses to leave the folder's own account with files it cannot read. Root may: what root
// puts there goes to that account.
func MayReplace(dir string) error {
	keeper, err := Keeper(dir)
	if err != nil || keeper == nil {
		return err
	}
	if uid, _, ok := OwnerOf(keeper); ok && os.Geteuid() != 0 && uid != os.Geteuid() {
		return fmt.Errorf("%s belongs to %s, who couldn't read what %s puts there: run this as %s, or as root", dir, Account(uid), Account(os.Geteuid()), Account(uid))
	}
	return nil
}
