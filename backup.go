package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/store/bolt"
)

type backupCmd struct {
	File string `arg:"" help:"Where the backup goes. An existing file is never overwritten."`
}

// markPart stands in the name of a backup that is being made.
const markPart = ".part"

// Run asks the running Usher for a copy, or makes one of a data folder at rest. The file bears its name
// only once it is whole on disk and was proven so; a crash leaves a FILE.part-NUMBER at most, which the next
// backup to FILE removes.
func (c backupCmd) Run(s *session) error {
	if _, err := os.Lstat(c.File); err == nil {
		return fmt.Errorf("%s already exists, and a backup never overwrites anything: choose another name", c.File)
	}
	if swept, err := bolt.Sweep(c.File, markPart); err == nil && len(swept) > 0 {
		fmt.Fprintf(s.stdout, "Cleaned up what an earlier backup left unfinished: %s\n", strings.Join(swept, ", "))
	}
	part, err := bolt.NewFile(c.File, markPart)
	if err != nil {
		return wrong(fmt.Sprintf("%s: can't be written (%v); expected a file in a folder that exists", c.File, cause(err)))
	}
	held, err := c.write(s, part)
	if err == nil {
		err = c.name(part)
	}
	if err != nil {
		return errors.Join(err, part.Discard())
	}
	_, err = fmt.Fprintf(s.stdout, "%s is a complete backup: %s\n", c.File, told(held))
	return errors.Join(err, part.Close())
}

// write makes part, durable and verified. What root makes goes to the account whose data it holds, so that
// it can be restored from as that account.
func (c backupCmd) write(s *session, part *bolt.Fresh) (held bolt.Contents, err error) {
	if err = s.copyStore(part); err == nil {
		err = part.Sync()
	}
	if err != nil {
		return held, err
	}
	if held, err = bolt.VerifyBackup(s.ctx, part.Name()); err != nil {
		return held, fmt.Errorf("verify the backup just made: %w", err)
	}
	keeper, err := bolt.Keeper(s.dataDir())
	if err != nil || keeper == nil {
		return held, fmt.Errorf("look whose data it is: %w", errors.Join(err, fs.ErrNotExist))
	}
	return held, part.Like(keeper)
}

// name gives a finished file its name, unless somebody took it meanwhile.
func (c backupCmd) name(part *bolt.Fresh) error {
	err := part.Publish()
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s was created by somebody else in the meantime, and a backup never overwrites anything", c.File)
	}
	if err != nil {
		return fmt.Errorf("name the backup: %w", err)
	}
	return nil
}

// copyStore writes a backup of the data folder: from the Usher that runs on it, or from the file.
func (s *session) copyStore(w io.Writer) error {
	err := s.remote().copyTo(s.ctx, "/v1/backup", w)
	if !errors.Is(err, errNotUp) {
		return err
	}
	return s.atRest(func(db *bolt.Store) error { return db.Backup(s.ctx, w) })
}

// atRest opens the database of a data folder that no Usher runs on.
func (s *session) atRest(fn func(*bolt.Store) error) error {
	path := filepath.Join(s.dataDir(), bolt.File)
	db, err := bolt.OpenReadOnly(s.dataDir())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return wrong(fmt.Sprintf("%s: there's no such file; expected the database of a data folder (--data)", path))
	case errors.Is(err, bolt.ErrLocked):
		return fmt.Errorf("%s is in use by a running Usher whose socket %s doesn't answer; stop it first, then try again", path, filepath.Join(s.dataDir(), socketName))
	case err != nil:
		return err
	}
	return errors.Join(fn(db), db.Close())
}

type restoreCmd struct {
	File   string `arg:"" help:"A file made by \"usher backup\"."`
	DryRun bool   `help:"Check that the backup is complete and print what it holds; change nothing."`
	Next   int64  `help:"The next request's number. Default: past every number that can have been used since the backup." placeholder:"N"`
}

// Run puts a backup in the place of the data folder's database, while no Usher runs there. A dry run
// looks at the backup only, so a new one can be proven while the bot is up.
func (c restoreCmd) Run(s *session) error {
	if c.DryRun {
		return c.dryRun(s)
	}
	if alive(filepath.Join(s.dataDir(), socketName)) {
		return fmt.Errorf("the bot is running on %s: stop it first, then restore", s.dataDir())
	}
	if err := mayRestore(s.dataDir()); err != nil {
		return err
	}
	out, err := bolt.Restore(s.ctx, c.File, s.dataDir(), bolt.Restoring{At: time.Now(), By: operator(), Next: c.Next, Note: mayHaveHappened})
	if err != nil {
		return c.explain(err)
	}
	fmt.Fprintf(s.stdout, "restored: %s\n", told(out.Contents))
	if out.Kept != "" {
		fmt.Fprintf(s.stdout, "The old database is kept as %s.\n", out.Kept)
	}
	if os.Geteuid() == 0 {
		fmt.Fprintf(s.stdout, "It belongs to %s.\n", out.Owner)
	}
	_, err = fmt.Fprintf(s.stdout, "The next request will be #%d. Start `usher run`: before it repeats anything it checks what was posted and done since the backup.\n", out.Next)
	return err
}

// mayRestore refuses to leave the folder's own account with files it cannot read. Root may: what root
// restores goes to that account.
func mayRestore(dir string) error {
	keeper, err := bolt.Keeper(dir)
	if err != nil || keeper == nil {
		return err
	}
	if uid, _, ok := bolt.OwnerOf(keeper); ok && os.Geteuid() != 0 && uid != os.Geteuid() {
		return fmt.Errorf("nothing was restored: %s belongs to %s, who couldn't read what %s puts there: run this as %s, or as root", dir, bolt.Account(uid), bolt.Account(os.Geteuid()), bolt.Account(uid))
	}
	return nil
}

func (c restoreCmd) dryRun(s *session) error {
	held, err := bolt.VerifyBackup(s.ctx, c.File)
	if err != nil {
		return c.explain(err)
	}
	_, err = fmt.Fprintf(s.stdout, "%s is a complete backup: %s\nNothing was changed.\n", c.File, told(held))
	return err
}

// explain turns the usual errors into what to do.
func (c restoreCmd) explain(err error) error {
	switch {
	case errors.Is(err, bolt.ErrLocked):
		return fmt.Errorf("the bot has the database open: stop it first, then restore (%w)", err)
	case errors.Is(err, fs.ErrNotExist):
		return wrong(fmt.Sprintf("%s: there's no such file; expected a file made by `usher backup`", c.File))
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("nothing was restored: %w; run this as root (what root restores goes to the account whose folder it is), or give the backup to the account that runs this", err)
	}
	return fmt.Errorf("nothing was restored: %w", err)
}

// operator is who sits at this command line.
func operator() approvals.Actor {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return approvals.OSUser(u.Username)
	}
	return osUser(os.Geteuid())
}

// mayHaveHappened is the note of a promise that a restored database still holds: since the backup it
// may have been kept. Messages are looked for without a note; deeds need theirs.
func mayHaveHappened(in outbox.Intent) json.RawMessage {
	if outbox.Kind(in.Key) == approvals.KindDeed {
		return provision.MayHaveHappened(in.Note)
	}
	return in.Note
}

// told is what a backup holds, in a few lines.
func told(c bolt.Contents) string {
	total := 0
	var states []string
	for _, state := range slices.Sorted(maps.Keys(c.Requests)) {
		total += c.Requests[state]
		states = append(states, fmt.Sprintf("%d %s", c.Requests[state], state))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s", plural(total, "request", "requests"))
	if total > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(states, ", "))
	}
	fmt.Fprintf(&b, ", %s owed, schema %d, %d bytes", plural(c.Owed, "promise", "promises"), c.Schema, c.Bytes)
	if c.Head.Seq == 0 {
		return b.String() + "\n  audit: the log is empty"
	}
	fmt.Fprintf(&b, "\n  audit: %s, the last at %s: %s\n  head: %s", plural(int(c.Head.Seq), "entry", "entries"), c.At.UTC().Format(time.RFC3339), c.Last, c.Head)
	return b.String()
}
