package postgres

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/test/postgres"
)

// TestWhatIsKeptBesideTheLogIsWhatWasWritten: an entry has no address in it, and a change of what is beside is found.
func TestWhatIsKeptBesideTheLogIsWhatWasWritten(t *testing.T) {
	url := postgres.Database(t, "")
	s := open(t, url, Options{Random: rand.NewChaCha8([32]byte{})})
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
		return tx.Audit(approvals.Entry{Actor: "U0ALICE", What: "asked", Detail: json.RawMessage(`{"app":"seranking","email":"jane@acme.example"}`)})
	}))
	require.NoError(t, s.Check(ctx))
	require.NoError(t, s.AuditLines(ctx, 1, func(_ int64, line []byte) error {
		require.Contains(t, string(line), `"detail":{"app":"seranking","email":"~0"}`)
		return nil
	}))
	beside := ""
	require.NoError(t, s.AuditBeside(ctx, 1, func(seq int64, raw []byte) error {
		require.EqualValues(t, 1, seq)
		beside += string(raw)
		return nil
	}))
	require.Contains(t, beside, "jane@acme.example")
	postgres.Exec(t, url, `update usher.beside set line = replace(convert_from(line, 'UTF8'), 'jane', 'john')::bytea`)
	require.ErrorContains(t, s.Check(ctx), "audit entry 1: what is kept beside it is not what was written")
	postgres.Exec(t, url, "delete from usher.beside")
	require.ErrorContains(t, s.Check(ctx), "audit entry 1: what is kept beside it is not what was written")
}
