package audit

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store"
)

// sealed writes entries behind a head, as an export has them.
func sealed(t *testing.T, head approvals.Head, entries ...approvals.Entry) (lines []byte, last approvals.Head) {
	t.Helper()
	for _, e := range entries {
		line, next, err := approvals.Seal(e, head, nil)
		require.NoError(t, err)
		lines, head = append(append(lines, line...), '\n'), next
	}
	return lines, head
}

// TestALogOfAFailover: both the log that goes on and an export of what is gone are whole, each by itself. The first says where it goes
// on and what it lacks, and a head of what it lacks isn't called forged outright.
func TestALogOfAFailover(t *testing.T) {
	voted := func(n int64) approvals.Entry {
		return approvals.Entry{At: time.Unix(n, 0), Actor: "U0BOB", What: "voted yes", Request: n}
	}
	both, copied := sealed(t, approvals.Head{}, voted(1), voted(2))
	lost, head := sealed(t, copied, voted(3), voted(4), voted(5))
	at := store.Restored{At: time.Unix(9, 0), By: approvals.Usher, Head: copied, Copy: true}
	known, err := store.GoesOn(at, []approvals.Entry{{Seq: 3}, {Seq: 4}})
	require.NoError(t, err)
	more, err := store.GoesOn(at, []approvals.Entry{{Seq: 5}})
	require.NoError(t, err)
	unknown, err := at.Entry()
	require.NoError(t, err)
	on, _ := sealed(t, copied, known, more)
	none, end := sealed(t, copied, unknown, voted(6), voted(7))

	verify := func(lines []byte, head string) (string, error) {
		file := filepath.Join(t.TempDir(), "export")
		require.NoError(t, os.WriteFile(file, lines, 0o600))
		var out bytes.Buffer
		err := Verify(context.Background(), &out, control.Folder{}, func(string) (string, bool) { return "", false }, Against{Export: file, Head: head})
		return out.String(), err
	}
	said, err := verify(append(bytes.Clone(both), lost...), head.String())
	require.NoError(t, err, "an export that was made before stays what it is")
	require.NotContains(t, said, "copy")
	said, err = verify(append(bytes.Clone(both), on...), copied.String())
	require.NoError(t, err)
	require.Contains(t, said, "entry 3 says that the database went on from a copy of itself after entry 2, and that other entries 3–4 are gone")
	require.Contains(t, said, "entry 4 says that the database went on from a copy of itself after entry 2, and that another entry 5 is gone")
	said, err = verify(append(bytes.Clone(both), none...), end.String())
	require.NoError(t, err)
	require.Contains(t, said, "entry 3 says that the database went on from a copy of itself after entry 2\n")

	const why = "entry 3 says that the database went on from a copy of itself after entry 2, so this head is of what's gone, or the log has been rewritten"
	_, err = verify(append(bytes.Clone(both), none...), head.String())
	require.ErrorContains(t, err, why)
	_, err = verify(append(bytes.Clone(both), on...), head.String())
	require.ErrorContains(t, err, "the log ends at entry 4, before the head given: "+why)
	_, err = verify(append(bytes.Clone(both), none...), "2:"+head.Hash)
	require.ErrorContains(t, err, "the log has been rewritten")
	require.NotContains(t, err.Error(), "copy", "the gap is behind this one")
}
