package bolt

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/cargo"
)

// TestScrub: what was replaced is in the file still, as bbolt leaves pages, until it's scrubbed; and then the file is whole in both of the
// states that its first pages lead to, so that a power cut which takes the last of them takes nothing else.
func TestScrub(t *testing.T) {
	dir := ramdisk.Folder(t)
	s, err := Open(dir, Options{})
	require.NoError(t, err)
	for n := range 30 { // over and over, so that it lies about in many pages
		_, err := ask(s, fmt.Sprint("k", n), fmt.Sprintf("p%d@acme.example", n))
		require.NoError(t, err)
		require.NoError(t, s.KeepSnapshot(ctx, fmt.Sprint("report", n%3), bytes.Repeat([]byte("zebedee@acme.example "), 30*n+1)))
	}
	var all []cargo.Rewritten
	require.NoError(t, s.Unload(ctx, func(i cargo.Item) error {
		if bytes.Contains(i.Line, []byte("zebedee")) {
			all = append(all, cargo.Rewritten{Was: cargo.Item{Kind: i.Kind, Name: i.Name, Line: bytes.Clone(i.Line)}, Line: []byte("somebody")})
		}
		return nil
	}))
	done, err := s.Rewrite(ctx, all, func(tx approvals.Tx, _ int) error {
		return tx.Audit(approvals.Entry{Actor: approvals.Usher, What: "person forgotten"})
	})
	require.NoError(t, err)
	require.Equal(t, 3, done)
	require.Contains(t, string(fileIn(t, dir)), "zebedee", "bbolt leaves what was replaced where it was")

	require.NoError(t, s.Scrub(ctx))
	raw := fileIn(t, dir)
	require.NotContains(t, string(raw), "zebedee")
	require.NoError(t, s.Check(ctx))
	_, err = ask(s, "later", "later@acme.example")
	require.NoError(t, err)
	require.NoError(t, s.Close())

	metas, err := metasOf(bytes.NewReader(raw))
	require.NoError(t, err)
	require.Len(t, metas, 2)
	for lost := range metas {
		torn := bytes.Clone(raw)
		clear(torn[lost*int(metas[0].page):][:metas[0].page])
		there := folderWith(t, ramdisk.Folder(t), torn)
		require.FileExists(t, filepath.Join(there, File))
		s, err := Open(there, Options{})
		require.NoError(t, err)
		require.NoError(t, s.Check(ctx))
		r, err := s.Request(ctx, 30)
		require.NoError(t, err)
		require.Equal(t, "p29@acme.example", r.Change.Email)
		require.NoError(t, s.Close())
	}
}
