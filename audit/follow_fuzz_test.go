package audit

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
)

// FuzzAuditExport: whatever an export holds, with the key pinned and the head given it is called whole
// only if it is, byte for byte, what was sealed; the last line break may be missing. What is taken for
// a head is written back the same.
func FuzzAuditExport(f *testing.F) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	var head approvals.Head
	var lines [][]byte
	for i := range 4 {
		line, next, err := approvals.Seal(approvals.Entry{At: time.Unix(int64(i), 0), Actor: "U0BOB", What: "voted yes", Surface: "slack", Request: 12, Detail: []byte(`{"reason":"<a> & b"}`)}, head, key)
		if err != nil {
			f.Fatal(err)
		}
		lines, head = append(lines, line), next
	}
	whole := bytes.Join(lines, []byte("\n"))
	swapped := bytes.Join([][]byte{lines[1], lines[0], lines[2], lines[3]}, []byte("\n"))
	for _, raw := range [][]byte{whole, append(bytes.Clone(whole), '\n'), append(bytes.Clone(whole), "\n\n"...), whole[:len(whole)-1], nil, swapped,
		bytes.ReplaceAll(whole, []byte("\n"), []byte("\r\n")), bytes.Join(lines[:3], []byte("\n")), append([]byte("\ufeff"), whole...), append(bytes.Clone(whole), "\x00"...)} {
		f.Add(raw, head.String())
	}
	for _, s := range []string{"0:", ":", "1:zz", "-1:", "4:" + head.Hash[:10], "99999999999999999999:" + head.Hash, "4:" + head.Hash + ":"} {
		f.Add(whole, s)
	}
	path := filepath.Join(f.TempDir(), "audit.jsonl")
	f.Fuzz(func(t *testing.T, raw []byte, typed string) {
		if h, err := ParseHead(typed); err == nil {
			if again, err := ParseHead(h.String()); err != nil || again != h {
				t.Fatalf("%q read as %s, and that as %s (%v)", typed, h, again, err)
			}
		}
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		check := &follower{anchor: &head, own: config.PublicKey(key), ownFrom: "--key", strict: true}
		err := exportLines(t.Context(), path, check.next)
		if err == nil {
			err = check.end()
		}
		same := bytes.Equal(bytes.TrimSuffix(raw, []byte("\n")), whole)
		if same != (err == nil) {
			t.Fatalf("the sealed log: %v, accepted: %v (%v): %q", same, err == nil, err, raw)
		}
	})
}
