package bolt

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
)

// A backup is the pages of one read transaction, followed by a seal of fixed length with their hash.
// bbolt sums its two meta pages only, so without the seal a flipped bit in a page could go unseen
// until somebody needed what stood there; a backup whose end is missing has no seal.
const sealHead = "\nusher-backup 1 sha256:"

const sealLength = len(sealHead) + 2*sha256.Size + 1

// ErrNoBackup says that a file is not a whole backup.
var ErrNoBackup = errors.New("not a whole backup")

// Contents is what a backup holds.
type Contents = store.Contents

// Backup writes a consistent copy to w as of one read transaction, and its seal. The transaction lasts
// as long as w takes the bytes and holds up writers that need more room, so w must be a local file.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	sum := sha256.New()
	out := &untilDone{ctx: ctx, w: io.MultiWriter(w, sum)}
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		_, err := tx.WriteTo(out)
		return err
	})
	if err == nil {
		_, err = fmt.Fprint(w, sealOf(sum))
	}
	if err != nil {
		return fmt.Errorf("copy database: %w", errors.Join(err, ctx.Err())) // bbolt does not wrap what w returned
	}
	return nil
}

// sealOf is the seal of what a hash has taken.
func sealOf(sum hash.Hash) string { return fmt.Sprintf("%s%x\n", sealHead, sum.Sum(nil)) }

// untilDone writes until ctx ends.
type untilDone struct {
	ctx context.Context
	w   io.Writer
}

func (u *untilDone) Write(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.w.Write(p)
}

// VerifyBackup proves that a backup is whole: its seal, its schema, every invariant that Check knows,
// the audit chain among them. It changes nothing.
func VerifyBackup(ctx context.Context, path string) (Contents, error) {
	size, err := sealed(path)
	if err != nil {
		return Contents{}, err
	}
	s, err := openReadOnly(ctx, path)
	if err != nil {
		return Contents{}, err
	}
	c := Contents{Bytes: size, Requests: map[approvals.State]int{}}
	err = checked(ctx, s)
	if err == nil {
		err = s.view(ctx, func(tx *bbolt.Tx) error { return gather(tx, &c) })
	}
	return c, errors.Join(err, s.Close())
}

// checked runs Check; a database too damaged for that is an error like any other.
func checked(ctx context.Context, s *Store) error {
	_, err := guardedCheck(ctx, s)
	return err
}

// sealed checks the hash at the end of a backup and returns how many bytes before it are the database.
func sealed(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("open backup: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("read backup: %w", err)
	}
	size := info.Size() - int64(sealLength)
	if size < 1 {
		return 0, fmt.Errorf("%w: %s has %d bytes, which is too few", ErrNoBackup, path, info.Size())
	}
	seal := make([]byte, sealLength)
	if _, err := f.ReadAt(seal, size); err != nil {
		return 0, fmt.Errorf("read backup: %w", err)
	}
	if !bytes.HasPrefix(seal, []byte(sealHead)) {
		return 0, fmt.Errorf("%w: %s doesn't end like one made by `usher backup`: it's something else, or was cut off", ErrNoBackup, path)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, size)); err != nil {
		return 0, fmt.Errorf("read backup: %w", err)
	}
	if string(seal) != sealOf(sum) {
		return 0, fmt.Errorf("%w: %s was changed or damaged after it was made (its checksum differs)", ErrNoBackup, path)
	}
	return size, nil
}

// gather reads what a database holds.
func gather(tx *bbolt.Tx, c *Contents) (err error) {
	if c.Schema, err = versionOf(tx, Version); err != nil {
		return err
	}
	c.Number = lastNumber(tx)
	c.Owed = tx.Bucket(bIntents).Stats().KeyN
	err = tx.Bucket(bState).ForEach(func(k, _ []byte) error {
		state, _, _ := bytes.Cut(k, []byte{0})
		c.Requests[approvals.State(state)]++
		return nil
	})
	if err != nil {
		return err
	}
	if c.Head, err = headIn(tx); err != nil {
		return err
	}
	_, line := tx.Bucket(bAudit).Cursor().Last()
	if line == nil {
		return nil
	}
	var e approvals.Entry
	if err := json.Unmarshal(line, &e); err != nil {
		return fmt.Errorf("decode last audit entry: %w", err)
	}
	c.Last, c.At = e.What, e.At
	if e.Request != 0 {
		c.Last = fmt.Sprintf("#%d %s", e.Request, e.What)
	}
	return nil
}

// lastNumber is the last number that a request got, whether it is still there or not.
func lastNumber(tx *bbolt.Tx) int64 {
	last, _ := tx.Bucket(bRequests).Cursor().Last()
	n := numberFrom(last)
	if removed := tx.Bucket(bRemoved); removed != nil {
		last, _ = removed.Cursor().Last()
		n = max(n, numberFrom(last))
	}
	return n
}
