package commandline

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/audit"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// kept is a data folder whose log has grown entry by entry, each under its own key or none.
type kept struct {
	t    *testing.T
	dir  string
	seed []byte
	key  ed25519.PrivateKey
}

func newKept(t *testing.T) kept {
	seed := bytes.Repeat([]byte{7}, ed25519.SeedSize)
	return kept{t, t.TempDir(), seed, ed25519.NewKeyFromSeed(seed)}
}

// write appends an entry under each key.
func (k kept) write(keys ...ed25519.PrivateKey) (head approvals.Head) {
	k.t.Helper()
	for _, key := range keys {
		db, err := bolt.Open(k.dir, bolt.Options{Key: key})
		require.NoError(k.t, err)
		require.NoError(k.t, db.Update(k.t.Context(), func(tx approvals.Tx) error {
			return tx.Audit(approvals.Entry{At: time.Unix(1, 0), Actor: "U0BOB", What: "voted yes", Surface: "test"})
		}))
		head, err = db.Head(k.t.Context())
		require.NoError(k.t, err)
		require.NoError(k.t, db.Close())
	}
	return head
}

// rewrite is what whoever can write the file and has no key can do: all of the log anew, unsigned.
func (k kept) rewrite(n int) {
	k.t.Helper()
	raw, err := bbolt.Open(filepath.Join(k.dir, bolt.File), 0o600, nil)
	require.NoError(k.t, err)
	require.NoError(k.t, raw.Update(func(tx *bbolt.Tx) error {
		var head approvals.Head
		for i := range n {
			line, next, err := approvals.Seal(approvals.Entry{At: time.Unix(1, 0), Actor: "U0MALLORY", What: "voted yes", Surface: "test"}, head, nil)
			if err != nil {
				return err
			}
			head = next
			if err := tx.Bucket([]byte("audit")).Put(binary.BigEndian.AppendUint64(nil, uint64(i+1)), line); err != nil {
				return err
			}
		}
		now, err := json.Marshal(head)
		if err != nil {
			return err
		}
		return tx.Bucket([]byte("meta")).Put([]byte("head"), now)
	}))
	require.NoError(k.t, raw.Close())
}

// fits is what `usher run` makes of the log.
func (k kept) fits(key ed25519.PrivateKey) error {
	k.t.Helper()
	db, err := bolt.Open(k.dir, bolt.Options{Key: key})
	require.NoError(k.t, err)
	err = audit.KeyFits(k.t.Context(), db, key)
	require.NoError(k.t, db.Close())
	return err
}

func (k kept) audit(args ...string) world.Answer {
	k.t.Helper()
	return world.Usher(k.t, map[string]string{config.AuditKeyName: hex.EncodeToString(k.seed)}, append([]string{"audit", args[0], "--data", k.dir}, args[1:]...)...)
}

// TestALogRewrittenWithoutTheKeyIsNotSignedOn: whoever can write the file and has no key can write a whole
// log, and neither the program nor `usher audit verify` takes it for the one that was signed.
func TestALogRewrittenWithoutTheKeyIsNotSignedOn(t *testing.T) {
	k := newKept(t)
	head := k.write(k.key, k.key, k.key)
	require.NoError(t, k.fits(k.key))
	k.rewrite(3)
	require.ErrorContains(t, k.fits(k.key), "the last entry of the audit log (number 3) isn't signed")
	seen := k.audit("verify")
	require.Equal(t, terminal.ExitFailed, seen.Code)
	require.Contains(t, seen.Errors, "usher: entry 1: is not signed: entries 1–3 have no signature")

	// Signed on all the same, as by an Usher that did not look, it is not whole either.
	k.write(k.key)
	seen = k.audit("verify")
	require.Equal(t, terminal.ExitFailed, seen.Code, seen.Out)
	require.Contains(t, seen.Errors, "usher: entry 1: is not signed: entries 1–3 have no signature")
	seen = k.audit("verify", "--head", head.String())
	require.Equal(t, terminal.ExitFailed, seen.Code)
	require.Contains(t, seen.Errors, "entry 3: its hash is")
	seen = k.audit("adopt", "--head", head.String())
	require.Equal(t, terminal.ExitFailed, seen.Code, "adopted on nobody's word")
	require.Contains(t, seen.Errors, "usher: nothing was adopted: entry 3: its hash is")
}

// TestAnUnsignedLogIsAdoptedExplicitly: the first start with a key on a log that was written without one.
func TestAnUnsignedLogIsAdoptedExplicitly(t *testing.T) {
	k := newKept(t)
	head := k.write(nil, nil)
	err := k.fits(k.key)
	require.ErrorContains(t, err, "usher audit adopt")
	var exit *terminal.Error
	require.ErrorAs(t, err, &exit)
	require.Equal(t, terminal.ExitWrong, exit.Code)
	seen := k.audit("verify", "--head", head.String())
	require.Equal(t, terminal.ExitDone, seen.Code, seen.Errors)
	require.Contains(t, seen.Out, "; entries 1–2 have no signature, and the head given holds")

	seen = k.audit("adopt", "--head", head.String())
	require.Equal(t, terminal.ExitDone, seen.Code, seen.Errors)
	require.Equal(t, fmt.Sprintf("adopted: entry 3, signed by %s, now vouches for what wasn't signed, up to the head %s\n", config.PublicKey(k.key), head), seen.Out)
	require.NoError(t, k.fits(k.key))
	require.ErrorContains(t, k.fits(nil), "USHER_AUDIT_KEY is not set")
	k.write(k.key)
	seen = k.audit("verify")
	require.Equal(t, terminal.ExitDone, seen.Code, seen.Errors)
	require.Contains(t, seen.Out, "ok: 4 entries, head 4:")
	require.Contains(t, seen.Out, "signed by "+config.PublicKey(k.key)+"; entries 1–2 have no signature, and entry 3 adopts what was there then")
	require.Contains(t, k.audit("adopt").Out, "nothing to adopt")

	export := k.audit("export").Out
	lines := strings.Split(strings.TrimSuffix(export, "\n"), "\n")
	require.Len(t, lines, 4, "nothing was adopted twice")
	var e approvals.Entry
	require.NoError(t, json.Unmarshal([]byte(lines[2]), &e))
	require.JSONEq(t, fmt.Sprintf(`{"seq":2,"hash":%q}`, head.Hash), string(e.Detail))
	elsewhere := world.Usher(t, nil, "audit", "verify", "--export", writeExport(t, []byte(export)), "--key", config.PublicKey(k.key))
	require.Equal(t, terminal.ExitDone, elsewhere.Code, elsewhere.Errors)

	k.rewrite(2)
	require.Equal(t, terminal.ExitFailed, k.audit("verify").Code, "what was adopted cannot be changed any more")
}

// TestAnAdoptionOfSomethingElseCountsForNothing: the entry must name the very head it adopts, under the key.
func TestAnAdoptionOfSomethingElseCountsForNothing(t *testing.T) {
	k := newKept(t)
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	head := k.write(nil, nil)
	for name, row := range map[string]struct {
		of   approvals.Head
		by   ed25519.PrivateKey
		says string
	}{
		"another hash":   {approvals.Head{Seq: 2, Hash: strings.Repeat("0", 64)}, k.key, "entry 1: is not signed: entries 1–2 have"},
		"another number": {approvals.Head{Seq: 1, Hash: head.Hash}, k.key, "entry 1: is not signed: entries 1–2 have"},
		"another key":    {head, other, "entry 3: is signed by another key"},
		"no key":         {head, nil, "entry 1: is not signed: entries 1–3 have"},
	} {
		lines := strings.Split(strings.TrimSuffix(k.audit("export").Out, "\n"), "\n")
		detail, err := json.Marshal(row.of)
		require.NoError(t, err)
		line, _, err := approvals.Seal(approvals.Entry{At: time.Unix(2, 0), Actor: "os:root", What: audit.Adoption, Surface: control.Surface, Detail: detail}, head, row.by)
		require.NoError(t, err)
		seen := world.Usher(t, nil, "audit", "verify", "--export", writeExport(t, []byte(strings.Join(append(lines, string(line)), "\n"))), "--key", config.PublicKey(k.key))
		require.Equal(t, terminal.ExitFailed, seen.Code, name)
		require.Contains(t, seen.Errors, "usher: "+row.says, name)
	}
}

func TestAdoptingNeedsAKeyAWholeLogAndTheFolderForItself(t *testing.T) {
	t.Parallel()
	k := newKept(t)
	require.Contains(t, k.audit("adopt").Errors, "usher.db: there's no such file")
	k.write(nil)
	none := world.Usher(t, nil, "audit", "adopt", "--data", k.dir)
	require.Equal(t, terminal.ExitWrong, none.Code)
	require.Contains(t, none.Errors, "USHER_AUDIT_KEY is not set")
	db, err := bolt.Open(k.dir, bolt.Options{})
	require.NoError(t, err)
	require.Equal(t, terminal.ExitFailed, k.audit("adopt").Code, "somebody holds the file")
	require.NoError(t, db.Close())
	cut := k.audit("adopt", "--head", "2:"+strings.Repeat("0", 64))
	require.Equal(t, terminal.ExitFailed, cut.Code)
	require.Contains(t, cut.Errors, "nothing was adopted: entry 2: is missing; the log ends at entry 1")
	require.Equal(t, terminal.ExitDone, k.audit("adopt").Code)
	require.Contains(t, newKept(t).audit("adopt").Errors, "there's no such file")
}
