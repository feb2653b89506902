package commandline

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// grow writes n entries under the key, in one life.
func (k kept) grow(n int, key ed25519.PrivateKey) {
	k.t.Helper()
	db, err := bolt.Open(k.dir, bolt.Options{Key: key})
	require.NoError(k.t, err)
	require.NoError(k.t, db.Update(k.t.Context(), func(tx approvals.Tx) error {
		for i := range n {
			if err := tx.Audit(approvals.Entry{At: time.Unix(int64(i), 0), Actor: "U0BOB", What: "voted yes", Surface: "test"}); err != nil {
				return err
			}
		}
		return nil
	}))
	require.NoError(k.t, db.Close())
}

// forge alters the lines of the log as somebody can who may write the file; the head is made to fit the last.
func (k kept) forge(alter func(lines [][]byte) [][]byte) {
	k.t.Helper()
	raw, err := bbolt.Open(filepath.Join(k.dir, bolt.File), 0o600, nil)
	require.NoError(k.t, err)
	require.NoError(k.t, raw.Update(func(tx *bbolt.Tx) error {
		var lines [][]byte
		audit := tx.Bucket([]byte("audit"))
		if err := audit.ForEach(func(_, v []byte) error { lines = append(lines, bytes.Clone(v)); return nil }); err != nil {
			return err
		}
		was := len(lines)
		lines = alter(lines)
		for i := range max(was, len(lines)) {
			key := binary.BigEndian.AppendUint64(nil, uint64(i+1))
			if i >= len(lines) {
				if err := audit.Delete(key); err != nil {
					return err
				}
				continue
			}
			if err := audit.Put(key, lines[i]); err != nil {
				return err
			}
		}
		var last approvals.Entry
		if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil {
			return err
		}
		head, err := json.Marshal(approvals.Head{Seq: last.Seq, Hash: last.Hash})
		if err != nil {
			return err
		}
		return tx.Bucket([]byte("meta")).Put([]byte("head"), head)
	}))
	require.NoError(k.t, raw.Close())
}

// posing seals e after prev with a key of its own, and then names another key as the signer.
func posing(t *testing.T, prev []byte, as ed25519.PrivateKey, what string) []byte {
	t.Helper()
	var before approvals.Entry
	require.NoError(t, json.Unmarshal(prev, &before))
	line, _, err := approvals.Seal(approvals.Entry{At: time.Unix(9, 0), Actor: "U0BOB", What: what, Surface: "slack"}, approvals.Head{Seq: before.Seq, Hash: before.Hash}, as)
	require.NoError(t, err)
	var e approvals.Entry
	require.NoError(t, json.Unmarshal(line, &e))
	e.Sig = hex.EncodeToString(ed25519.Sign(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, ed25519.SeedSize)), []byte(e.Hash)))
	out, err := json.Marshal(e)
	require.NoError(t, err)
	return out
}

// TestAForgedLogIsNotSignedOn: an entry forged at the end, in the middle or at the beginning, under the
// name of the right key, is refused at the start with a sentence that names it, whether the log was
// verified before or not; and nothing is written after it.
func TestAForgedLogIsNotSignedOn(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		n     int // entries; above 500 the first start notes how far it verified
		forge func(t *testing.T, k kept, lines [][]byte) [][]byte
		says  string
	}{
		"at the end": {3, func(t *testing.T, k kept, lines [][]byte) [][]byte {
			return append(lines, posing(t, lines[2], k.key, "voted yes"))
		}, "entry 4: has a false signature"},
		"the last one": {3, func(t *testing.T, k kept, lines [][]byte) [][]byte {
			return append(lines[:2], posing(t, lines[1], k.key, "voted no"))
		}, "entry 3: has a false signature"},
		"in the middle": {3, func(_ *testing.T, _ kept, lines [][]byte) [][]byte {
			lines[1] = bytes.Replace(lines[1], []byte("voted yes"), []byte("voted no"), 1)
			return lines
		}, "entry 2: its contents do not match its hash"},
		"a signature in the middle": {3, func(t *testing.T, k kept, lines [][]byte) [][]byte {
			lines[1] = missigned(t, lines[1])
			return lines
		}, "entry 2: has a false signature"},
		"before the head that was verified": {600, func(_ *testing.T, _ kept, lines [][]byte) [][]byte {
			lines[299] = bytes.Replace(lines[299], []byte("voted yes"), []byte("voted no"), 1)
			return lines
		}, "entry 300: its contents do not match its hash"},
		"a signature before the head that was verified": {600, func(t *testing.T, _ kept, lines [][]byte) [][]byte {
			lines[299] = missigned(t, lines[299])
			return lines
		}, "entry 300: has a false signature"},
		"behind the head that was verified": {600, func(t *testing.T, k kept, lines [][]byte) [][]byte {
			return append(lines, posing(t, lines[599], k.key, "voted yes"))
		}, "entry 601: has a false signature"},
		"cut off": {600, func(_ *testing.T, _ kept, lines [][]byte) [][]byte { return lines[:500] },
			"entry 501: is missing; entry 600 was there when the log was verified last: its tail was cut off"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKept(t)
			k.grow(row.n, k.key)
			require.NoError(t, k.fits(k.key))
			require.NoError(t, k.fits(k.key), "again, from what was noted")
			k.forge(func(lines [][]byte) [][]byte { return row.forge(t, k, lines) })
			before := k.audit("export").Out
			err := k.fits(k.key)
			require.ErrorIs(t, err, store.ErrLog)
			require.ErrorContains(t, err, row.says)
			w := newSmallWorld(t)
			w.env[config.AuditKeyName] = hex.EncodeToString(k.seed)
			require.NoError(t, os.Chmod(k.dir, 0o700))
			a := world.Usher(t, w.env, "run", "--config", w.config, "--data", k.dir)
			require.Equal(t, terminal.ExitFailed, a.Code)
			require.Contains(t, a.Errors, "usher: the audit log is not whole: "+row.says)
			require.Contains(t, a.Errors, "Nothing was started")
			require.Equal(t, before, k.audit("export").Out, "nothing is written after it")
		})
	}
}

// missigned is a line whose signature was made by somebody else.
func missigned(t *testing.T, line []byte) []byte {
	t.Helper()
	var e approvals.Entry
	require.NoError(t, json.Unmarshal(line, &e))
	e.Sig = strings.Repeat("ab", ed25519.SignatureSize)
	out, err := json.Marshal(e)
	require.NoError(t, err)
	return out
}

// TestARestoreOfAForgedLogIsNotSignedOnEither: that it was restored is an entry too.
func TestARestoreOfAForgedLogIsNotSignedOnEither(t *testing.T) {
	k := newKept(t)
	k.grow(3, k.key)
	file := filepath.Join(t.TempDir(), "backup")
	require.Equal(t, terminal.ExitDone, world.Usher(t, nil, "backup", file, "--data", k.dir).Code)
	a := world.Usher(t, nil, "restore", file, "--data", k.dir)
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	k.forge(func(lines [][]byte) [][]byte { return append(lines[:2], posing(t, lines[1], k.key, "voted no")) })
	before := k.audit("export").Out
	require.ErrorContains(t, k.fits(k.key), "entry 3: has a false signature")
	require.Contains(t, k.audit("adopt").Errors, "nothing was adopted: entry 3: has a false signature")
	require.Equal(t, before, k.audit("export").Out)
}

// TestTheNoteOfWhatWasVerifiedIsNobodysToMake: one of another key, of none, or of another head is not gone by.
func TestTheNoteOfWhatWasVerifiedIsNobodysToMake(t *testing.T) {
	t.Parallel()
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	for name, note := range map[string]func(raw map[string]any){
		"another head": func(raw map[string]any) { raw["hash"] = strings.Repeat("0", 64) },
		"another sum":  func(raw map[string]any) { raw["sum"] = strings.Repeat("0", 64) },
		"no key":       func(raw map[string]any) { delete(raw, "key"); delete(raw, "sig") },
		"another key":  func(raw map[string]any) { raw["key"] = config.PublicKey(other) },
		"gone":         func(raw map[string]any) { clear(raw) },
	} {
		k := newKept(t)
		k.grow(600, k.key)
		require.NoError(t, k.fits(k.key))
		raw, err := bbolt.Open(filepath.Join(k.dir, bolt.File), 0o600, nil)
		require.NoError(t, err)
		require.NoError(t, raw.Update(func(tx *bbolt.Tx) error {
			meta, fields := tx.Bucket([]byte("meta")), map[string]any{}
			require.NoError(t, json.Unmarshal(meta.Get([]byte("verified")), &fields), "it is kept")
			note(fields)
			line, err := json.Marshal(fields)
			require.NoError(t, err)
			return meta.Put([]byte("verified"), line)
		}))
		require.NoError(t, raw.Close())
		require.NoError(t, k.fits(k.key), "%s: the log itself is whole", name)
		k.forge(func(lines [][]byte) [][]byte { lines[9] = missigned(t, lines[9]); return lines })
		require.ErrorContains(t, k.fits(k.key), "entry 10: has a false signature", name)
	}
}

// TestAnUnsignedLogIsFollowedToo: without a key the hashes must hold.
func TestAnUnsignedLogIsFollowedToo(t *testing.T) {
	for _, n := range []int{3, 600} {
		k := newKept(t)
		k.grow(n, nil)
		require.NoError(t, k.fits(nil))
		k.forge(func(lines [][]byte) [][]byte {
			lines[1] = bytes.Replace(lines[1], []byte("voted yes"), []byte("voted no"), 1)
			return lines
		})
		require.ErrorContains(t, k.fits(nil), "entry 2: its contents do not match its hash")
	}
	k := newKept(t)
	k.grow(600, nil)
	require.NoError(t, k.fits(nil))
	k.rewrite(600)
	require.ErrorContains(t, k.fits(nil), "rewritten since it was last verified")
}
