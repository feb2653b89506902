package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
)

// checkProofTime is how long `usher check` looks at the database at most.
const checkProofTime = time.Minute

// dataFolder looks whether the database can be kept where it is wanted, without making anything that stays.
func (t *Table) dataFolder(ctx context.Context, f control.Folder) {
	dir := f.Dir
	f.Note = nil // it's a row of its own
	const thing = "data folder"
	made := dir
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		made = nearestFolder(dir)
		info, err = os.Stat(made)
	}
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", made)
	}
	if err == nil {
		err = tryWriting(made)
	}
	switch {
	case err != nil:
		t.fail(thing, fmt.Sprintf("%s can't be written to: %v", dir, terminal.Cause(err)), "give the account that runs Usher a folder it can write to, and name it with --data")
	case made != dir:
		t.ok(thing, "%s isn't there yet and can be made", dir)
	default:
		t.private(dir)
		if f.Database == "" {
			t.room(dir)
			t.Owner(dir)
			t.Database(ctx, dir)
		}
	}
	if f.Database != "" {
		t.server(ctx, f)
	}
	t.moved(ctx, f)
}

// moved says of what has moved elsewhere, or hasn't wholly arrived, that no Usher starts on it.
func (t *Table) moved(ctx context.Context, f control.Folder) {
	db, err := f.OpenReadOnly(ctx)
	if err != nil {
		return // other rows say why
	}
	closed, err := db.Closed(ctx)
	if err := errors.Join(err, db.Close()); err != nil || closed == nil {
		return
	}
	mend := "name that place in the unit: --data, or " + config.DatabaseURLName
	if !closed.Moved {
		mend = "see `usher migrate --help`"
	}
	t.fail("database", closed.Error(), mend)
}

// nearestFolder is what exists of a path.
func nearestFolder(path string) string {
	for {
		up := filepath.Dir(path)
		if _, err := os.Stat(up); err == nil || up == path {
			return up
		}
		path = up
	}
}

func tryWriting(dir string) error {
	f, err := os.CreateTemp(dir, ".usher-check-*")
	if err != nil {
		return err
	}
	return errors.Join(os.Remove(f.Name()), f.Close())
}

// private says who else may look into the data folder, or change what is in it.
func (t *Table) private(dir string) {
	const thing = "data folder"
	open, err := bolt.OpenToOthers(dir)
	switch {
	case err != nil:
		t.fail(thing, err.Error(), "see whose folder it is, and run this as that account")
	case len(open) == 0:
		t.ok(thing, "%s can be written to, and other accounts can't look in", dir)
	case open[0].Write:
		t.fail(thing, control.TooOpen(open[0]), control.ChmodFor(dir, open)+", then see with `usher audit verify` whether anybody did; until it's closed, `usher run` won't start")
	default:
		t.warn(thing, control.Readable(open[0]), control.ChmodFor(dir, open))
	}
}

// Owner says where the database is another account's than its folder, as one is that root put there: the
// account that runs Usher could not open it.
func (t *Table) Owner(dir string) {
	path := filepath.Join(dir, bolt.File)
	folder, err := os.Stat(dir)
	file, none := os.Stat(path)
	if err != nil || none != nil {
		return // another row says so
	}
	whose, group, ok := bolt.OwnerOf(folder)
	if uid, _, _ := bolt.OwnerOf(file); ok && uid != whose {
		t.fail("data folder", fmt.Sprintf("it belongs to %s, and its database to %s, so one of them can't run Usher on it", bolt.Account(whose), bolt.Account(uid)),
			fmt.Sprintf("chown %d:%d %s, if %s is the one running Usher", whose, group, path, bolt.Account(whose)))
	}
}

// Database proves what `usher backup` would, for as long as there is time.
func (t *Table) Database(ctx context.Context, dir string) {
	const thing = "database"
	ctx, cancel := context.WithTimeout(ctx, checkProofTime)
	defer cancel()
	seen, err := bolt.Prove(ctx, dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.ok(thing, "none yet; the first start makes it")
	case errors.Is(err, bolt.ErrLocked):
		t.warn(thing, "in use by another process, so it wasn't looked at", "if that's `usher run`, all is well: `usher backup` proves what it keeps. A second one on the same folder won't start")
	case errors.Is(err, bolt.ErrNewer):
		t.fail(thing, terminal.OneLine(err.Error()), "put the newer program back in place; `usher version` says which one this is")
	case err != nil:
		t.fail(thing, terminal.OneLine(err.Error()), "restore a backup, or move the file away to begin with an empty one")
	case seen.Unseen != "":
		t.warn(thing, fmt.Sprintf("nothing wrong found within a minute; not looked at: %s", seen.Unseen), "`usher backup` proves all of it, however long it takes")
	default:
		t.ok(thing, "whole: every page, %s, %s, %s", terminal.Plural(int(seen.Requests), "request", "requests"),
			terminal.Plural(int(seen.Promises), "promise", "promises"), terminal.Plural(int(seen.Entries), "audit entry", "audit entries"))
		t.space(seen.Space)
		t.deputies(ctx, control.Folder{Dir: dir})
	}
}

// space says how large the database is, and how much of it holds nothing.
func (t *Table) space(s bolt.Space) {
	after := ""
	if s.Due() {
		after = ": the next start gives it back, and so does `usher compact`"
	}
	t.ok("database size", "%s, %s of it free%s", terminal.Size(s.Bytes), terminal.Size(s.Free), after)
}

// deputies warns of people who are away and whose decisions come back to them. `/access away` refuses that, so it is there
// only where a file was put together otherwise.
func (t *Table) deputies(ctx context.Context, f control.Folder) {
	db, err := f.OpenReadOnly(ctx)
	if err != nil {
		return // somebody has taken it since the row above
	}
	all, err := db.Absences(ctx)
	if err = errors.Join(err, db.Close()); err != nil {
		t.fail("absences", terminal.OneLine(err.Error()), "restore a backup")
		return
	}
	if loop := approvals.LoopOf(all, time.Now()); loop != nil {
		t.warn("absences", "a loop of deputies, of whom nobody decides: "+strings.Join(loop, " → "), "have one of them type `/access back`, or `/access away` with another deputy")
	}
}
