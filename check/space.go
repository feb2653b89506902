package check

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
)

// The room that a data folder should have left: for a second copy of the database, which a compaction or a backup beside it
// takes, and for growth; below the least of it nothing can be kept soon.
const (
	roomWanted = 200 << 20
	roomNeeded = 20 << 20
)

// room says how much is free where the database is kept.
func (t *Table) room(dir string) {
	free, err := freeIn(dir)
	size := int64(0)
	if info, err := os.Stat(filepath.Join(dir, bolt.File)); err == nil {
		size = info.Size()
	}
	t.free(free, size, err)
}

func (t *Table) free(free, size int64, err error) {
	const thing, mend = "disk space", "free some, or give the data folder a larger disk"
	left := terminal.Size(free) + " free where the data folder is"
	switch {
	case err != nil:
		t.warn(thing, "it isn't known how much is free where the data folder is: "+err.Error(), "see that there is enough")
	case free < roomNeeded:
		t.fail(thing, left+": a full disk keeps no decision", mend)
	case free < max(roomWanted, 2*size):
		t.warn(thing, fmt.Sprintf("%s, and the database has %s: a copy of it may not fit", left, terminal.Size(size)), mend)
	default:
		t.ok(thing, "%s", left)
	}
}
