package bolt

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
)

// aRealFile is a database with pages of every kind: branches, overflowing ones, buckets in buckets, free ones.
func aRealFile(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir, Options{})
	for i := range 60 {
		_, err := ask(s, fmt.Sprint("k", i), fmt.Sprintf("p%d@acme.example", i))
		require.NoError(t, err)
	}
	require.NoError(t, s.KeepSnapshot(ctx, "weekly", bytes.Repeat([]byte("x"), 9000)))
	require.NoError(t, s.Check(ctx))
	require.NoError(t, s.Close())
	raw, err := os.ReadFile(filepath.Join(dir, File))
	require.NoError(t, err)
	return raw
}

// spoiled are the ways in which a page is spoiled: by its content, and by where it leads.
func spoiled(id uint64, p []byte, random *rand.ChaCha8) map[string][]byte {
	at := func(changes map[int]uint64) []byte {
		out := bytes.Clone(p)
		for off, v := range changes {
			binary.NativeEndian.PutUint64(out[off:], v)
		}
		return out
	}
	flags := func(flags, count, follow uint64) uint64 { return flags | count<<16 | follow<<32 }
	noise := make([]byte, len(p))
	_, _ = random.Read(noise) // it never fails
	header := binary.NativeEndian.Uint64(p[8:])
	out := map[string][]byte{
		"zeroed":             make([]byte, len(p)),
		"noise":              noise,
		"noise below":        append(bytes.Clone(p[:16]), noise[16:]...),
		"a branch to itself": at(map[int]uint64{8: flags(flagBranch, 1, 0), 16: 16, 24: id}),
		"a bucket of itself": at(map[int]uint64{8: flags(flagLeaf, 1, 0), 16: 1 | 16<<32, 24: 1 | 16<<32, 32: 'a', 33: id}),
		"endless":            at(map[int]uint64{8: header | 0xffffffff<<32}),
		"full":               at(map[int]uint64{8: header&^0xffff0000 | 0xffff0000, 16: 1 << 36}),
		"another's number":   at(map[int]uint64{0: id + 1}),
	}
	if headed(p).flags == flagBranch {
		out["leads to itself"] = at(map[int]uint64{24: id})
	}
	return out
}

// TestADamagedPageEndsInASentence spoils one page after another in every way; whoever opens, checks, backs
// up or restores hears that the database cannot be read. Pages that nothing uses may be spoiled.
func TestADamagedPageEndsInASentence(t *testing.T) {
	whole := aRealFile(t)
	m, known, err := metaOf(bytes.NewReader(whole), 0)
	require.NoError(t, err)
	require.True(t, known)
	free := freePages(t, whole, m)
	require.NotEmpty(t, free)
	random := rand.NewChaCha8([32]byte{1})
	dir := t.TempDir()
	path := filepath.Join(dir, File)
	refused := map[string]int{}
	for id := uint64(2); id < m.top; id++ {
		for name, page := range spoiled(id, whole[id*m.page:(id+1)*m.page], random) {
			raw := bytes.Clone(whole)
			copy(raw[id*m.page:], page)
			require.NoError(t, os.WriteFile(path, raw, 0o600))
			_, err := Prove(ctx, dir)
			if bytes.Equal(raw, whole) || free[id] {
				require.NoError(t, err, "page %d, %s", id, name)
				continue
			}
			s, opening := Open(dir, Options{})
			if opening == nil {
				// Its shape is that of a page, and what it says is not: a start need not read all of it.
				require.NoError(t, s.Close())
				require.Error(t, err, "page %d, %s", id, name)
				continue
			}
			refused[name]++
			require.ErrorIs(t, opening, ErrDamaged, "page %d, %s", id, name)
			require.ErrorContains(t, opening, "restore a backup with `usher restore`")
			require.ErrorIs(t, err, ErrDamaged, "page %d, %s", id, name)
			out, err := Restore(ctx, sealedCopy(t, raw), t.TempDir(), Restoring{At: noon})
			require.ErrorIs(t, err, ErrDamaged, "page %d, %s: %v", id, name, out)
		}
	}
	t.Log(refused)
	require.Len(t, refused, 9)
}

// freePages are those on the list of free pages, and those that belong to a page before them.
func freePages(t *testing.T, raw []byte, m meta) map[uint64]bool {
	used := map[uint64]bool{}
	w, _, err := walk(ctx, bytes.NewReader(raw), int64(len(raw)), 0, nil)
	require.NoError(t, err)
	require.Zero(t, w.leaked())
	p := headed(raw[m.free*m.page:])
	for i := range p.count {
		used[u64(p.body[headerSize+8*i:])] = true
	}
	for id := uint64(2); id < m.top; id++ {
		if head := headed(raw[id*m.page:]); !used[id] && head.id == id && head.follow > 0 {
			for i := range head.follow {
				used[id+1+i] = true // raw bytes of one long value: any may stand there
			}
		}
	}
	return used
}

// sealedCopy is a backup whose seal is right, of a database that is not.
func sealedCopy(t *testing.T, raw []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sealed")
	sum := sha256.New()
	_, _ = sum.Write(raw) // a hash takes everything
	require.NoError(t, os.WriteFile(path, append(bytes.Clone(raw), sealOf(sum)...), 0o600))
	return path
}

// TestWalkAgreesWithBolt: whatever bbolt's own check finds whole is found whole, at every moment of a life.
func TestWalkAgreesWithBolt(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	for i := range 120 {
		_, err := ask(s, fmt.Sprint("k", i), fmt.Sprintf("p%d@acme.example", i))
		require.NoError(t, err)
		if i%10 != 0 {
			continue
		}
		require.NoError(t, s.db.View(func(tx *bbolt.Tx) error {
			for err := range tx.Check() {
				return err
			}
			return nil
		}))
		require.NoError(t, s.Check(ctx))
	}
}

// TestAProofSaysWhatItDidNotLookAt, when its time is up.
func TestAProofSaysWhatItDidNotLookAt(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	for i := range 5 {
		_, err := ask(s, fmt.Sprint("k", i), fmt.Sprintf("p%d@acme.example", i))
		require.NoError(t, err)
	}
	require.NoError(t, s.Close())
	p, err := Prove(ctx, dir)
	require.NoError(t, err)
	require.Equal(t, [3]int64{5, 10, 5}, [3]int64{p.Requests, p.Promises, p.Entries})
	require.Empty(t, p.Unseen)
	require.NotZero(t, p.Bytes)
	seen := map[string]bool{}
	for looks := range 200 {
		p, err := Prove(&runsOut{Context: ctx, left: looks}, dir)
		require.NoError(t, err)
		seen[p.Unseen] = true
		if p.Unseen == "" {
			break
		}
	}
	for _, unseen := range []string{"", "its pages, and all that is in them", "its requests after the first 2, its promises and the audit log",
		"part of its promises, and the audit log", "the audit log after entry 3"} {
		require.True(t, seen[unseen], "%s: %v", unseen, seen)
	}
}

// runsOut is a context whose time is up after so many looks at it.
type runsOut struct {
	context.Context
	left int
}

func (r *runsOut) Err() error {
	if r.left--; r.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}
