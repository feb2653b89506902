package world

import (
	"context"
	"encoding/json"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// Entries are those of the audit log, each with what is kept beside it.
func (w *World) Entries() (all []approvals.Entry) {
	w.T.Helper()
	beside := map[int64][]byte{}
	require.NoError(w.T, w.App.Store.AuditBeside(context.Background(), 1, func(seq int64, raw []byte) error {
		beside[seq] = append([]byte(nil), raw...)
		return nil
	}))
	require.NoError(w.T, w.App.Store.AuditLines(context.Background(), 1, func(seq int64, line []byte) error {
		var e approvals.Entry
		err := json.Unmarshal(line, &e)
		if err == nil {
			e, err = e.Together(beside[seq])
		}
		all = append(all, e)
		return err
	}))
	return all
}
