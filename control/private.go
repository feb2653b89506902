package control

import (
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
)

// KeepPrivate refuses a data folder that other accounts may change: who writes there decides what was
// approved, and answers at the socket. One that they may only look into is warned of.
func KeepPrivate(dir string, log *slog.Logger) error {
	open, err := bolt.OpenToOthers(dir)
	if err != nil {
		return err
	}
	if len(open) > 0 && open[0].Write {
		return terminal.Wrong(fmt.Sprintf("usher: %s; expected a folder of the account that runs Usher alone: `%s`, then look with `usher audit verify` whether somebody used it", TooOpen(open[0]), ChmodFor(dir, open)))
	}
	for _, f := range open {
		log.Warn("other accounts on this machine can look at what Usher keeps", "path", f.Path, "mode", fmt.Sprintf("%04o", f.Mode), "mend", ChmodFor(dir, open))
	}
	return nil
}

// TooOpen says that others may change what is in a folder.
func TooOpen(f bolt.Folder) string {
	return fmt.Sprintf("%s has mode %04o, so other accounts on this machine can change what's in it", f.Path, f.Mode)
}

// Readable says that others may look into a folder.
func Readable(f bolt.Folder) string {
	return fmt.Sprintf("%s can be written to, and has mode %04o, so other accounts on this machine can look into it", f.Path, f.Mode)
}

// ChmodFor is the command that closes what is open.
func ChmodFor(dir string, open []bolt.Folder) string {
	say := ""
	for _, f := range open {
		mode := "600"
		if f.Path == filepath.Clean(dir) || f.Path == dir {
			mode = "700"
		}
		if say != "" {
			say += " && "
		}
		say += "chmod " + mode + " " + f.Path
	}
	return say
}
