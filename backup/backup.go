// Package backup is `usher backup` and `usher restore`: a copy that is proven before it bears its name, and the way
// back, which makes the next start look before it repeats anything; and `usher compact`, a copy without what is free.
//
// The running Usher is asked for the copy where there is one (control.Folder); what makes and proves the file is
// store/bolt's. A restore says to every promise in the file that it may have been kept since (provision.MayHaveHappened).
package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
)

// markPart stands in the name of a backup that is being made.
const markPart = ".part"

// Make asks the running Usher for a copy, or makes one of a data folder at rest. The file bears its name
// only once it is whole on disk and was proven so; a crash leaves a FILE.part-NUMBER at most, which the next
// backup to FILE removes.
func Make(ctx context.Context, out io.Writer, data control.Folder, file string) error {
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("%s already exists, and a backup never overwrites anything: choose another name", file)
	}
	if swept, err := bolt.Sweep(file, markPart); err == nil && len(swept) > 0 {
		fmt.Fprintf(out, "Cleaned up what an earlier backup left unfinished: %s\n", strings.Join(swept, ", "))
	}
	part, err := bolt.NewFile(file, markPart)
	if err != nil {
		return terminal.Wrong(fmt.Sprintf("%s: can't be written (%v); expected a file in a folder that exists", file, terminal.Cause(err)))
	}
	held, err := writeBackup(ctx, data, part)
	if err == nil {
		err = nameBackup(part, file)
	}
	if err != nil {
		return errors.Join(err, part.Discard())
	}
	_, err = fmt.Fprintf(out, "%s is a complete backup: %s\n", file, told(held))
	return errors.Join(err, part.Close())
}

// writeBackup makes part, durable and verified. What root makes goes to the account whose data it holds, so that
// it can be restored from as that account.
func writeBackup(ctx context.Context, data control.Folder, part *bolt.Fresh) (held store.Contents, err error) {
	if err = data.CopyStore(ctx, part); err == nil {
		err = part.Sync()
	}
	if err != nil {
		return held, err
	}
	if held, err = bolt.VerifyBackup(ctx, part.Name()); err != nil {
		return held, fmt.Errorf("verify the backup just made: %w", err)
	}
	keeper, err := bolt.Keeper(data.Dir)
	if keeper == nil && err == nil && data.Database != "" {
		return held, nil // what is kept on a server is nobody's here
	}
	if err != nil || keeper == nil {
		return held, fmt.Errorf("look whose data it is: %w", errors.Join(err, fs.ErrNotExist))
	}
	return held, part.Like(keeper)
}

// nameBackup gives a finished file its name, unless somebody took it meanwhile.
func nameBackup(part *bolt.Fresh, file string) error {
	err := part.Publish()
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s was created by somebody else in the meantime, and a backup never overwrites anything", file)
	}
	if err != nil {
		return fmt.Errorf("name the backup: %w", err)
	}
	return nil
}

// Restoring is what a restore was told to do.
type Restoring struct {
	// Next is the next request's number; 0: past every number that can have been used since the backup.
	Next int64
	// Replace puts aside what a database on a server holds. A file is always kept beside the new one.
	Replace bool
}

// Restore puts a backup in the place of the data folder's database, or into the one on a server, while no Usher runs there.
func Restore(ctx context.Context, out io.Writer, data control.Folder, file string, how Restoring) error {
	if data.NoDatabase != nil {
		return data.NoDatabase
	}
	if data.Running() {
		return fmt.Errorf("the bot is running on %s: stop it first, then restore", data)
	}
	if err := bolt.MayReplace(data.Dir); err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	as := bolt.Restoring{At: time.Now(), By: control.Operator(), Next: how.Next, Note: provision.MayHaveHappened}
	if data.Database != "" {
		return restoreInto(ctx, out, data, file, as, how.Replace)
	}
	moved := data.Moved(ctx)
	done, err := bolt.Restore(ctx, file, data.Dir, as)
	if err != nil {
		return explain(err, file)
	}
	if moved != "" {
		fmt.Fprintf(out, "What was there had moved to %s. An Usher that runs on that one must be stopped for good before you start this one: else both decide.\n", moved)
	}
	fmt.Fprintf(out, "restored: %s\n", told(done.Contents))
	if done.Kept != "" {
		fmt.Fprintf(out, "The old database is kept as %s.\n", done.Kept)
	}
	if os.Geteuid() == 0 {
		fmt.Fprintf(out, "It belongs to %s.\n", done.Owner)
	}
	return goOn(out, done.Next)
}

func goOn(out io.Writer, next int64) error {
	_, err := fmt.Fprintf(out, "The next request will be #%d. Start `usher run`: before it repeats anything it checks what was posted and done since the backup.\n", next)
	return err
}

// Prove looks at a backup only, so a new one can be proven while the bot is up.
func Prove(ctx context.Context, out io.Writer, file string) error {
	held, err := bolt.VerifyBackup(ctx, file)
	if err != nil {
		return explain(err, file)
	}
	_, err = fmt.Fprintf(out, "%s is a complete backup: %s\nNothing was changed.\n", file, told(held))
	return err
}

// explain turns the usual errors into what to do.
func explain(err error, file string) error {
	switch {
	case errors.Is(err, bolt.ErrLocked):
		return fmt.Errorf("the bot has the database open: stop it first, then restore (%w)", err)
	case errors.Is(err, fs.ErrNotExist):
		return terminal.Wrong(fmt.Sprintf("%s: there's no such file; expected a file made by `usher backup`", file))
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("nothing was restored: %w; run this as root (what root restores goes to the account whose folder it is), or give the backup to the account that runs this", err)
	}
	return fmt.Errorf("nothing was restored: %w", err)
}

// told is what a backup holds, in a few lines.
func told(c store.Contents) string {
	total := 0
	var states []string
	for _, state := range slices.Sorted(maps.Keys(c.Requests)) {
		total += c.Requests[state]
		states = append(states, fmt.Sprintf("%d %s", c.Requests[state], state))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s", terminal.Plural(total, "request", "requests"))
	if total > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(states, ", "))
	}
	fmt.Fprintf(&b, ", %s owed, schema %d, %d bytes", terminal.Plural(c.Owed, "promise", "promises"), c.Schema, c.Bytes)
	if c.Head.Seq == 0 {
		return b.String() + "\n  audit: the log is empty"
	}
	fmt.Fprintf(&b, "\n  audit: %s, the last at %s: %s\n  head: %s", terminal.Plural(int(c.Head.Seq), "entry", "entries"), c.At.UTC().Format(time.RFC3339), c.Last, c.Head)
	return b.String()
}
