package commandline

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// TestWhatTheLogSaysOfPeopleIsKeptBesideIt: an export has none of it and is verified by itself, the details come as lines of their own, and what
// is changed or missing in them is named.
func TestWhatTheLogSaysOfPeopleIsKeptBesideIt(t *testing.T) {
	data := t.TempDir()
	db, err := bolt.Open(data, bolt.Options{Random: rand.NewChaCha8([32]byte{})})
	require.NoError(t, err)
	require.NoError(t, db.Update(t.Context(), func(tx approvals.Tx) error {
		for _, who := range []string{"jane@acme.example", "", "lee@acme.example"} {
			e := approvals.Entry{At: time.Unix(1, 0), Actor: "U0ALICE", What: "asked", Surface: "slack"}
			if who != "" {
				e.Detail = json.RawMessage(`{"app":"seranking","email":"` + who + `"}`)
			}
			if err := tx.Audit(e); err != nil {
				return err
			}
		}
		return nil
	}))
	require.NoError(t, db.Check(t.Context()))
	require.NoError(t, db.Close())

	said := world.Usher(t, nil, "audit", "verify", "--data", data)
	require.Equal(t, terminal.ExitDone, said.Code, said)
	require.Contains(t, said.Out, "; details of 2 entries are as they were written\n")
	log, details := world.Usher(t, nil, "audit", "export", "--data", data).Out, world.Usher(t, nil, "audit", "export", "--details", "--data", data).Out
	require.NotContains(t, log, "@acme.example")
	require.Equal(t, 2, strings.Count(details, "@acme.example"))
	export := writeExport(t, []byte(log))
	require.Contains(t, world.Usher(t, nil, "audit", "verify", "--export", export).Out, "; details of 2 entries are kept beside them, and weren't looked at\n")
	require.Contains(t, world.Usher(t, nil, "audit", "verify", "--export", export, "--details", writeExport(t, []byte(details))).Out, "; details of 2 entries are as they were written\n")
	for wrong, says := range map[string]string{
		strings.Replace(details, "jane@", "john@", 1):       "entry 1: what is kept beside it is not what was written",
		strings.SplitAfter(details, "\n")[0]:                "entry 3: what was kept beside it is missing",
		strings.Replace(details, `{"seq":3`, `{"seq":2`, 1): "entry 2: what is kept beside it is not what was written",
		"nothing of ours\n":                                 "isn't one of them",
	} {
		said := world.Usher(t, nil, "audit", "verify", "--export", export, "--details", writeExport(t, []byte(wrong)))
		require.Equal(t, terminal.ExitFailed, said.Code, wrong)
		require.Contains(t, said.Errors, says)
	}
	require.Equal(t, terminal.ExitWrong, world.Usher(t, nil, "audit", "verify", "--details", export, "--data", data).Code, "the folder's own are looked at anyway")
}
