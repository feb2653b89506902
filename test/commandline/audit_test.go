package commandline

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// sealed is a log of n entries with its head.
func sealed(t *testing.T, n int, key ed25519.PrivateKey) ([][]byte, approvals.Head) {
	var lines [][]byte
	var head approvals.Head
	for i := range n {
		line, next, err := approvals.Seal(approvals.Entry{At: time.Unix(int64(i), 0), Actor: "U0BOB", What: "voted yes", Surface: "slack", Request: 12}, head, key)
		require.NoError(t, err)
		lines, head = append(lines, line), next
	}
	return lines, head
}

func writeExport(t *testing.T, raw []byte) string {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	require.NoError(t, os.WriteFile(path, raw, 0o600))
	return path
}

func joined(lines [][]byte) []byte { return append(bytes.Join(lines, []byte("\n")), '\n') }

func TestAuditVerifyExport(t *testing.T) {
	lines, head := sealed(t, 5, nil)
	whole := writeExport(t, joined(lines))
	require.Equal(t, world.Answered(terminal.ExitDone, fmt.Sprintf("ok: 5 entries, head 5:%s\n", head.Hash), ""), world.Usher(t, nil, "audit", "verify", "--export", whole))
	require.Equal(t, terminal.ExitDone, world.Usher(t, nil, "audit", "verify", "--export", whole, "--head", head.String()).Code)
	require.Equal(t, terminal.ExitDone, world.Usher(t, nil, "audit", "verify", "--export", whole, "--head", strings.ToUpper(head.String())).Code)
	shown := fmt.Sprintf("5:%s", head.Hash[:32])
	require.Equal(t, terminal.ExitDone, world.Usher(t, nil, "audit", "verify", "--export", whole, "--head", shown).Code, "as a digest shows it")
	require.Equal(t, terminal.ExitFailed, world.Usher(t, nil, "audit", "verify", "--export", whole, "--head", "5:"+strings.Repeat("0", 32)).Code)
	require.Equal(t, terminal.ExitWrong, world.Usher(t, nil, "audit", "verify", "--export", whole, "--head", shown[:32]).Code, "fewer digits could be guessed")

	var third approvals.Chain
	for _, l := range lines[:3] {
		_, err := third.Next(l)
		require.NoError(t, err)
	}
	require.Equal(t, terminal.ExitDone, world.Usher(t, nil, "audit", "verify", "--export", whole, "--head", third.Head().String()).Code, "the log has grown since the head was posted")
	require.Equal(t, terminal.ExitDone, world.Usher(t, nil, "audit", "verify", "--export", writeExport(t, bytes.Join(lines, []byte("\n")))).Code, "no line break at the end")
	require.Equal(t, world.Answered(terminal.ExitDone, "ok: 0 entries, the log is empty\n", ""), world.Usher(t, nil, "audit", "verify", "--export", writeExport(t, nil)))
	require.Equal(t, terminal.ExitDone, world.Usher(t, nil, "audit", "verify", "--export", writeExport(t, nil), "--head", "0:").Code)
}

func TestAuditVerifyNamesTheFirstBadEntry(t *testing.T) {
	lines, head := sealed(t, 5, nil)
	swap := func(i, j int) [][]byte {
		out := append([][]byte(nil), lines...)
		out[i], out[j] = out[j], out[i]
		return out
	}
	without := func(i int) [][]byte { return append(append([][]byte(nil), lines[:i]...), lines[i+1:]...) }
	with := func(i int, line []byte) [][]byte {
		out := append([][]byte(nil), lines...)
		out[i] = line
		return out
	}
	for name, row := range map[string]struct {
		raw  []byte
		args []string
		says string
	}{
		"dropped":             {joined(without(2)), nil, "entry 3: found number 4 in its place"},
		"reordered":           {joined(swap(1, 2)), nil, "entry 2: found number 3 in its place"},
		"repeated":            {joined(append(append([][]byte(nil), lines[:2]...), lines[1:]...)), nil, "entry 3: found number 2 in its place"},
		"one byte":            {joined(with(3, bytes.Replace(lines[3], []byte("voted yes"), []byte("voted nay"), 1))), nil, "entry 4: its contents do not match its hash"},
		"carriage returns":    {bytes.ReplaceAll(joined(lines), []byte("\n"), []byte("\r\n")), nil, "entry 1: is not in the form it was written in"},
		"empty line":          {joined(with(1, nil)), nil, "entry 2: is not an audit entry"},
		"cut in the middle":   {joined(lines)[:len(joined(lines))-20], nil, "entry 5: is not an audit entry"},
		"no log at all":       {[]byte("<html>\n"), nil, "entry 1: is not an audit entry"},
		"tail cut":            {joined(lines[:3]), []string{"--head", head.String()}, "entry 4: is missing; the log ends at entry 3"},
		"all of it cut":       {nil, []string{"--head", head.String()}, "entry 1: is missing; the log ends at entry 0"},
		"written anew":        {joined(lines), []string{"--head", "5:" + strings.Repeat("0", 64)}, "entry 5: its hash is"},
		"unsigned, key given": {joined(lines), []string{"--key", strings.Repeat("ab", 32)}, "entry 1: is not signed"},
	} {
		a := world.Usher(t, nil, append([]string{"audit", "verify", "--export", writeExport(t, row.raw)}, row.args...)...)
		require.Equal(t, terminal.ExitFailed, a.Code, name)
		require.Contains(t, a.Errors, "usher: "+row.says, name)
		require.Equal(t, 1, strings.Count(a.Errors, "\n"), name)
		require.Empty(t, a.Out, name)
	}
}

func TestAuditVerifySigned(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	lines, _ := sealed(t, 3, key)
	path := writeExport(t, joined(lines))
	public := hex.EncodeToString(key.Public().(ed25519.PublicKey))
	require.Equal(t, terminal.ExitDone, world.Usher(t, nil, "audit", "verify", "--export", path, "--key", public).Code)
	a := world.Usher(t, nil, "audit", "verify", "--export", path, "--key", strings.Repeat("ab", 32))
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Errors, "entry 1: is signed by another key")
}

func TestAuditOfADataFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	none := world.Usher(t, nil, "audit", "verify", "--data", dir)
	require.Equal(t, terminal.ExitWrong, none.Code)
	require.Contains(t, none.Errors, "usher.db: there's no such file")

	db, err := bolt.Open(dir, bolt.Options{})
	require.NoError(t, err)
	held := world.Usher(t, nil, "audit", "verify", "--data", dir)
	require.Equal(t, terminal.ExitFailed, held.Code)
	require.Contains(t, held.Errors, "is in use by a running Usher whose socket ")
	require.NoError(t, db.Close())
	require.Equal(t, world.Answered(terminal.ExitDone, "ok: 0 entries, the log is empty\n", ""), world.Usher(t, nil, "audit", "verify", "--data", dir))

	db, err = bolt.Open(dir, bolt.Options{})
	require.NoError(t, err)
	for n := range 3 {
		require.NoError(t, db.Update(t.Context(), func(tx approvals.Tx) error {
			return tx.Audit(approvals.Entry{At: time.Unix(int64(n), 0), Actor: approvals.Usher, What: "started", Surface: "test"})
		}))
	}
	head, err := db.Head(t.Context())
	require.NoError(t, err)
	require.NoError(t, db.Close())

	a := world.Usher(t, nil, "audit", "verify", "--data", dir, "--head", head.String())
	require.Equal(t, world.Answered(terminal.ExitDone, "ok: 3 entries, head "+head.String()+"\n", ""), a)
	export := world.Usher(t, nil, "audit", "export", "--data", dir)
	require.Equal(t, terminal.ExitDone, export.Code)
	require.Equal(t, 3, strings.Count(export.Out, "\n"))
	require.Equal(t, a, world.Usher(t, nil, "audit", "verify", "--export", writeExport(t, []byte(export.Out)), "--head", head.String()), "the export alone is enough")
}

// TestAuditVerifyHoldsTheDataFolderToTheKeyOfThisMachine: without --key, a log of the data folder that
// another key signed, or none, is not taken where USHER_AUDIT_KEY is set; an export is nobody's.
func TestAuditVerifyHoldsTheDataFolderToTheKeyOfThisMachine(t *testing.T) {
	const seed, public = checkKey, checkKeyPublic
	raw, err := hex.DecodeString(seed)
	require.NoError(t, err)
	own, other := ed25519.NewKeyFromSeed(raw), ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	for name, row := range map[string]struct {
		keys []ed25519.PrivateKey // one entry each
		code int
		says string
	}{
		"empty":                {nil, terminal.ExitDone, "ok: 0 entries"},
		"ours":                 {[]ed25519.PrivateKey{own, own}, terminal.ExitDone, "signed by " + public},
		"ours after none":      {[]ed25519.PrivateKey{nil, nil, own}, terminal.ExitFailed, "usher: entry 1: is not signed: entries 1–2 have no signature, and no entry signed with the key in USHER_AUDIT_KEY adopts them"},
		"not signed":           {[]ed25519.PrivateKey{nil, nil}, terminal.ExitFailed, "usher: entry 1: is not signed: entries 1–2 have no signature"},
		"another's":            {[]ed25519.PrivateKey{other, other}, terminal.ExitFailed, "usher: entry 1: is signed by another key ("},
		"another's later":      {[]ed25519.PrivateKey{nil, other}, terminal.ExitFailed, "usher: entry 2: is signed by another key ("},
		"another's after ours": {[]ed25519.PrivateKey{own, other}, terminal.ExitFailed, "usher: entry 2: is signed by another key ("},
		"none after ours":      {[]ed25519.PrivateKey{own, nil}, terminal.ExitFailed, "usher: entry 2: is not signed, though it must be"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for i := range max(len(row.keys), 1) {
				var key ed25519.PrivateKey
				if i < len(row.keys) {
					key = row.keys[i]
				}
				db, err := bolt.Open(dir, bolt.Options{Key: key})
				require.NoError(t, err)
				if i < len(row.keys) {
					require.NoError(t, db.Update(t.Context(), func(tx approvals.Tx) error {
						return tx.Audit(approvals.Entry{At: time.Unix(1, 0), Actor: "U0BOB", What: "voted yes", Surface: "test"})
					}))
				}
				require.NoError(t, db.Close())
			}
			a := world.Usher(t, map[string]string{config.AuditKeyName: seed}, "audit", "verify", "--data", dir)
			require.Equal(t, row.code, a.Code, a.Out+a.Errors)
			require.Contains(t, a.Out+a.Errors, row.says)
		})
	}

	bad := world.Usher(t, map[string]string{config.AuditKeyName: "short"}, "audit", "verify", "--data", t.TempDir())
	require.Equal(t, terminal.ExitWrong, bad.Code)
	require.Contains(t, bad.Errors, "USHER_AUDIT_KEY isn't a signing key")
	lines, _ := sealed(t, 2, other)
	export := world.Usher(t, map[string]string{config.AuditKeyName: seed}, "audit", "verify", "--export", writeExport(t, joined(lines)))
	require.Equal(t, terminal.ExitDone, export.Code, "an export may be of another machine: %s", export.Errors)
}

func TestAuditVerifyWithoutAFile(t *testing.T) {
	a := world.Usher(t, nil, "audit", "verify", "--export", filepath.Join(t.TempDir(), "none"))
	require.Equal(t, terminal.ExitWrong, a.Code)
	require.Contains(t, a.Errors, "can't be opened (no such file or directory)")
}
