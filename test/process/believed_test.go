package process

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// proven reports whether the data folder says that its database was proven.
func (w *processWorld) proven() bool {
	_, err := os.Stat(filepath.Join(w.data, bolt.File+".proven"))
	return err == nil
}

// holds puts so many requests that are over into the database, in a life of its own.
func (w *processWorld) holds(n int) {
	w.t.Helper()
	s, err := bolt.Open(w.data, bolt.Options{})
	require.NoError(w.t, err)
	require.NoError(w.t, s.Update(w.t.Context(), func(tx approvals.Tx) error {
		for range n {
			n, err := tx.Next()
			if err != nil {
				return err
			}
			r := approvals.Request{Number: n, Origin: approvals.Origin{Key: fmt.Sprint("over ", n)}, Requester: "U0ALICE", Action: catalog.Create, App: approvals.App{ID: "seranking"},
				Change: approvals.Change{Email: fmt.Sprintf("p%d@acme.example", n)}, Reason: "it is over", Asked: time.Unix(n, 0), Expires: time.Unix(n+1, 0), State: approvals.Canceled}
			if err := tx.Put(r); err != nil {
				return err
			}
		}
		return nil
	}))
	require.NoError(w.t, s.VerifyLog(w.t.Context()))
	require.NoError(w.t, s.Close())
}

// damages has each page that holds these words lead to itself.
func (w *processWorld) damages(words string) {
	w.t.Helper()
	const page = 4096
	path := filepath.Join(w.data, bolt.File)
	raw, err := os.ReadFile(path)
	require.NoError(w.t, err)
	found := 0
	for id := 2; id < len(raw)/page; id++ {
		p := raw[id*page:][:page]
		if binary.NativeEndian.Uint64(p) != uint64(id) || !bytes.Contains(p, []byte(words)) {
			continue
		}
		found++
		world.LeadAstray(p, id)
	}
	require.Positive(w.t, found)
	require.NoError(w.t, os.WriteFile(path, raw, 0o600))
}

// TestAKilledUsherIsHeardBeforeItsFileIsProven, since an earlier life has proven it: people are heard first. Where a page is damaged, which
// nothing has read so far, it's found behind them; Usher ends with the sentence that a start says, and the next start says it at once.
func TestAKilledUsherIsHeardBeforeItsFileIsProven(t *testing.T) {
	w := newProcessWorld(t, buildPrograms(t), vendorsim.Unified)
	w.holds(300)
	require.True(t, w.proven())
	w.run()
	w.eventually("what it believed is proven", w.proven)
	w.usher.kill()
	require.True(t, w.proven())
	w.damages(`"p150@acme.example"`)
	before := strings.Count(w.logs.String(), "signed in to Slack")
	w.usher = w.begin(w.logs, w.logs, "run")
	select {
	case <-w.usher.over:
	case <-time.After(world.Patience):
		t.Fatal("it went on")
	}
	require.Equal(t, terminal.ExitFailed, w.usher.code)
	require.Greater(t, strings.Count(w.logs.String(), "signed in to Slack"), before, "people were heard first")
	const says = `database cannot be read: page \d+ .*; restore a backup with .usher restore.`
	require.Regexp(t, says, w.logs.String())
	require.False(t, w.proven())
	again := w.command("run")
	require.Equal(t, terminal.ExitFailed, again.Code)
	require.Regexp(t, says, again.Errors)
	require.NotContains(t, again.Errors, "signed in to Slack", "nobody was heard")
}
