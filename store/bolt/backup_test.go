package bolt

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// backedUp writes a backup of s to a file.
func backedUp(t *testing.T, s *Store) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, s.Backup(ctx, &b))
	path := filepath.Join(t.TempDir(), "usher.backup")
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
	return path
}

func TestABackupIsOneMoment(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	_, err := ask(s, "k0", "p0@acme.example")
	require.NoError(t, err)
	stop := make(chan struct{})
	asked := make(chan int)
	go func() {
		n := 1
		for ; ; n++ {
			select {
			case <-stop:
				asked <- n
				return
			default:
			}
			if _, err := ask(s, fmt.Sprint("k", n), fmt.Sprintf("p%d@acme.example", n)); err != nil {
				t.Error(err)
			}
		}
	}()
	var last int64
	for range 20 {
		c, err := VerifyBackup(ctx, backedUp(t, s))
		require.NoError(t, err, "a copy made while others write is whole")
		require.GreaterOrEqual(t, c.Number, last)
		require.EqualValues(t, c.Number, c.Requests[approvals.Pending])
		require.EqualValues(t, c.Number, c.Head.Seq)
		require.EqualValues(t, 2*c.Number, c.Owed)
		last = c.Number
	}
	close(stop)
	require.Greater(t, <-asked, 1)
}

// TestNoByteOfABackupCanChange flips, cuts and adds: none passes for a backup.
func TestNoByteOfABackupCanChange(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	_, err := ask(s, "k", "jane@acme.example")
	require.NoError(t, err)
	path := backedUp(t, s)
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	refused := func(raw []byte, what string, at int) {
		require.NoError(t, os.WriteFile(path, raw, 0o600))
		_, err := VerifyBackup(ctx, path)
		require.ErrorIs(t, err, ErrNoBackup, "%s at byte %d", what, at)
	}
	for at := 0; at < len(whole); at += 61 {
		raw := bytes.Clone(whole)
		raw[at] ^= 0x10
		refused(raw, "flipped", at)
	}
	for at := len(whole) - sealLength; at < len(whole); at++ {
		raw := bytes.Clone(whole)
		raw[at] ^= 0x01
		refused(raw, "flipped", at)
		refused(whole[:at], "cut", at)
	}
	for at := 0; at < len(whole); at += 997 {
		refused(whole[:at], "cut", at)
	}
	refused(append(bytes.Clone(whole), '\n'), "added", len(whole))
	require.NoError(t, os.WriteFile(path, whole, 0o600))
	_, err = VerifyBackup(ctx, path)
	require.NoError(t, err)
}

func TestABackupThatBreaksARuleIsNotRestored(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	_, err := ask(s, "k", "jane@acme.example")
	require.NoError(t, err)
	require.NoError(t, s.update(ctx, func(x *txn) error { return x.delete(bState, append(prefix("pending"), number(1)...)) }))
	dir := t.TempDir()
	_, err = Restore(ctx, backedUp(t, s), dir, Restoring{At: noon})
	require.ErrorContains(t, err, "is missing")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestABackupEndsWithItsContext(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	over, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, s.Backup(over, &bytes.Buffer{}), context.Canceled)
}

func TestRestoringKeepsWhatWasThereAndPassesOverNumbers(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	for i := range 3 {
		_, err := ask(s, fmt.Sprint("k", i), fmt.Sprintf("p%d@acme.example", i))
		require.NoError(t, err)
	}
	backup := backedUp(t, s)
	_, err := Restore(ctx, backup, dir, Restoring{At: noon, LockWait: time.Millisecond})
	require.ErrorIs(t, err, ErrLocked, "a bot holds it")
	for i := range 4 {
		_, err := ask(s, fmt.Sprint("later", i), fmt.Sprintf("l%d@acme.example", i))
		require.NoError(t, err)
	}
	require.NoError(t, s.Close())

	for name, row := range map[string]struct {
		prepare func(path string)
		wish    int64
		next    int64
		kept    bool
	}{
		"the database knows which numbers were given": {func(string) {}, 0, 8, true},
		"it is gone":                 {func(path string) { require.NoError(t, os.Remove(path)) }, 0, 1004, false},
		"it cannot be read":          {func(path string) { require.NoError(t, os.WriteFile(path, make([]byte, 1<<15), 0o600)) }, 0, 1004, true},
		"it is empty":                {func(path string) { require.NoError(t, os.Truncate(path, 0)) }, 0, 1004, true},
		"somebody knows better":      {func(string) {}, 40, 40, true},
		"no number is passed over":   {func(string) {}, 4, 4, true},
		"a number given is not used": {func(string) {}, 2, 8, true},
	} {
		t.Run(name, func(t *testing.T) {
			fresh := t.TempDir()
			path := filepath.Join(fresh, File)
			raw, err := os.ReadFile(filepath.Join(dir, File))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, raw, 0o600))
			row.prepare(path)
			before, _ := os.ReadFile(path)
			out, err := Restore(ctx, backup, fresh, Restoring{At: noon, By: "os:root", Next: row.wish})
			require.NoError(t, err)
			require.Equal(t, row.next, out.Next)
			require.Equal(t, row.kept, out.Kept != "")
			if row.kept {
				kept, err := os.ReadFile(out.Kept)
				require.NoError(t, err)
				require.Equal(t, before, kept, "what was there is there, byte for byte")
			}
			db := open(t, fresh, Options{})
			require.NoError(t, db.Check(ctx))
			n, err := ask(db, "after", "after@acme.example")
			require.NoError(t, err)
			require.Equal(t, row.next, n)
			require.NoError(t, db.Check(ctx), "the gap is known")
			n, err = ask(db, "after that", "later@acme.example")
			require.NoError(t, err)
			require.Equal(t, row.next+1, n)
			require.NoError(t, db.Check(ctx))
		})
	}
}

// TestRestoredPromisesAreLookedFor: whatever was promised before the restoring counts as claimed each
// time it is taken, also after it had to wait; what is promised after it does not.
func TestRestoredPromisesAreLookedFor(t *testing.T) {
	dir, later := t.TempDir(), noon.Add(time.Hour)
	s := open(t, dir, Options{})
	_, err := ask(s, "k", "jane@acme.example")
	require.NoError(t, err)
	require.NoError(t, s.Promise(ctx, outbox.Promise("deed/9", noon)))
	backup := backedUp(t, s)
	require.NoError(t, s.Close())
	note := func(in outbox.Intent) json.RawMessage {
		if in.Key == "deed/9" {
			return json.RawMessage(`{"tried":true}`)
		}
		return in.Note
	}
	out, err := Restore(ctx, backup, dir, Restoring{At: later, By: "os:root", Note: note})
	require.NoError(t, err)
	require.NotEmpty(t, out.Kept)
	s = open(t, dir, Options{})
	for range 3 {
		later = later.Add(time.Minute)
		was, err := s.Claim(ctx, "card/1", later)
		require.NoError(t, err)
		require.True(t, outbox.NewJob(was, s).Retaken)
		require.NoError(t, s.Finish(ctx, was, outbox.RetryAt(later, "Slack is away"), later))
	}
	deed, err := s.Claim(ctx, "deed/9", later)
	require.NoError(t, err)
	require.JSONEq(t, `{"tried":true}`, string(deed.Note))
	require.NoError(t, s.Promise(ctx, outbox.Promise("card/77", later)))
	fresh, err := s.Claim(ctx, "card/77", later)
	require.NoError(t, err)
	require.False(t, outbox.NewJob(fresh, s).Retaken)
	// A message about a request of the backup may have been sent already, whenever it is promised.
	require.NoError(t, s.Promise(ctx, outbox.Promise("tell/1/requester/done", later)))
	told, err := s.Claim(ctx, "tell/1/requester/done", later)
	require.NoError(t, err)
	require.True(t, outbox.NewJob(told, s).Retaken)
	require.Equal(t, noon, told.Made, "it is looked for from the backup on")
	// A slot of a report that is made up bears the time it was due at, which was before.
	slot := outbox.PromiseOnce("report/weekly/2026-11-23T09:00", noon)
	require.NoError(t, s.Promise(ctx, slot))
	made, err := s.Claim(ctx, slot.Put.Key, later)
	require.NoError(t, err)
	require.True(t, outbox.NewJob(made, s).Retaken)
}

// TestRestoredCardsAreShownAgain: a posted card of a request that may have changed since is owed anew and
// no longer believed to show the truth; cards of closed requests are left alone.
func TestRestoredCardsAreShownAgain(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	for i := range 11 {
		_, err := ask(s, fmt.Sprint("k", i), fmt.Sprintf("p%d@acme.example", i))
		require.NoError(t, err)
		in, err := s.Claim(ctx, approvals.CardKey(int64(i+1)), noon)
		require.NoError(t, err)
		require.NoError(t, s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{Place: "C0APPROVE", ID: fmt.Sprint(i), Digest: "as it was"}), noon))
	}
	require.NoError(t, s.update(ctx, func(x *txn) error {
		r, err := x.Request(10)
		if err != nil {
			return err
		}
		r.State = approvals.Canceled
		if err := x.Put(r); err != nil {
			return err
		}
		if err := x.Audit(approvals.Entry{At: noon, Actor: "U0ALICE", What: "canceled", Request: 10, After: r.State}); err != nil {
			return err
		}
		return x.drop(approvals.ExpireKey(10))
	}))
	require.NoError(t, s.Check(ctx))
	backup := backedUp(t, s)
	require.NoError(t, s.Close())
	_, err := Restore(ctx, backup, dir, Restoring{At: noon.Add(time.Hour), By: "os:root"})
	require.NoError(t, err)
	s = open(t, dir, Options{})
	owed, err := s.Intents(ctx, "card/")
	require.NoError(t, err)
	require.Len(t, owed, 10)
	for n := int64(1); n <= 11; n++ {
		r, ok, err := s.Receipt(ctx, approvals.CardKey(n))
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, n == 10, r.Digest == "as it was", "card %d", n)
	}
}

func TestRestoringIsAudited(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	_, err := ask(s, "k", "jane@acme.example")
	require.NoError(t, err)
	backup := backedUp(t, s)
	require.NoError(t, s.Close())
	_, err = Restore(ctx, backup, dir, Restoring{At: noon, By: "os:root"})
	require.NoError(t, err)
	for range 2 {
		s = open(t, dir, Options{})
		var entries []approvals.Entry
		require.NoError(t, s.AuditLines(ctx, 1, func(_ int64, line []byte) error {
			var e approvals.Entry
			err := json.Unmarshal(line, &e)
			entries = append(entries, e)
			return err
		}))
		require.Len(t, entries, 2, "once, however often it is opened")
		require.Equal(t, "database restored from a backup", entries[1].What)
		require.Equal(t, approvals.Actor("os:root"), entries[1].Actor)
		require.NoError(t, s.Check(ctx))
		require.NoError(t, s.Close())
	}
}

// TestRestoringIsAuditedUnderTheLogsOwnKey: with no key, or another one, a signed log gets no entry that
// would break its chain; with its own it does.
func TestRestoringIsAuditedUnderTheLogsOwnKey(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	dir := t.TempDir()
	s := open(t, dir, Options{Key: key})
	_, err := ask(s, "k", "jane@acme.example")
	require.NoError(t, err)
	backup := backedUp(t, s)
	require.NoError(t, s.Close())
	_, err = Restore(ctx, backup, dir, Restoring{At: noon, By: "os:root"})
	require.NoError(t, err)
	for _, row := range []struct {
		key ed25519.PrivateKey
		seq int64
	}{{nil, 1}, {other, 1}, {key, 2}, {key, 2}} {
		s = open(t, dir, Options{Key: row.key})
		head, err := s.Head(ctx)
		require.NoError(t, err)
		require.Equal(t, row.seq, head.Seq)
		require.NoError(t, s.Check(ctx))
		require.NoError(t, s.Close())
	}
}

// TestRestoringIsNotSignedOntoALogThatBearsNoSignature: the key that is there then would vouch for entries
// that anybody could have written; they have to be adopted first.
func TestRestoringIsNotSignedOntoALogThatBearsNoSignature(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	_, err := ask(s, "k", "jane@acme.example")
	require.NoError(t, err)
	backup := backedUp(t, s)
	require.NoError(t, s.Close())
	_, err = Restore(ctx, backup, dir, Restoring{At: noon, By: "os:root"})
	require.NoError(t, err)
	s = open(t, dir, Options{Key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))})
	head, err := s.Head(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, head.Seq)
	require.NoError(t, s.Close())
}

// TestACrashWhileRestoring: whatever an earlier restoring left half done, the next one goes through, and
// the database is one or the other.
func TestACrashWhileRestoring(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	_, err := ask(s, "k", "jane@acme.example")
	require.NoError(t, err)
	backup := backedUp(t, s)
	require.NoError(t, s.Close())
	path := filepath.Join(dir, File)
	require.NoError(t, os.WriteFile(path+".restore", []byte("half a copy"), 0o600))
	out, err := Restore(ctx, backup, dir, Restoring{At: noon})
	require.NoError(t, err)
	require.NoError(t, os.Link(path, path+".before-20261123T130000Z"), "as after a crash between the two names")
	_, err = Restore(ctx, backup, dir, Restoring{At: noon.Add(time.Hour)})
	require.ErrorContains(t, err, "already exists", "what was kept is never overwritten")
	_, err = Restore(ctx, backup, dir, Restoring{At: noon.Add(time.Hour + time.Second)})
	require.NoError(t, err)
	require.FileExists(t, out.Kept)
	require.NoError(t, open(t, dir, Options{}).Check(ctx))
}
