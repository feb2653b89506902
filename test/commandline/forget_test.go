package commandline

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	pgstore "github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/postgres"
	"github.com/usherbot/usher/test/world"
)

// TestForgetThroughTheRunningUsher: nobody is forgotten who has something open; then it's said what it takes, which changes nothing, and done
// once; and the file has no word of theirs, the log verifies, and what is others' is there.
func TestForgetThroughTheRunningUsher(t *testing.T) {
	s := standingBeside(t, 1, rand.Reader)
	s.askUnder(t, "trigger.1", "jane@acme.example")
	s.askUnder(t, "trigger.2", "lee@acme.example")
	a := s.usher(t, "forget", "Jane@ACME.example", "--yes")
	require.Equal(t, world.Answered(terminal.ExitFailed, "", "usher: Jane@ACME.example can't be forgotten yet, and nothing was changed: #1 is pending\n"), a)
	require.Equal(t, terminal.ExitDone, s.usher(t, "deny", "1", "--reason", "no budget for Jane").Code)

	a = s.usher(t, "forget", "jane@acme.example", "--dry-run")
	require.Equal(t, world.Answered(terminal.ExitDone, "About jane@acme.example there's something in requests: 1 · details of audit entries: 2.\n", ""), a)
	require.Equal(t, "jane@acme.example", s.state(t, 1).Change.Email)
	a = s.usher(t, "forget", "jane@acme.example")
	require.Equal(t, world.Answered(terminal.ExitWrong, "", "usher: forgetting somebody can't be undone; expected --yes, --dry-run, or a terminal to ask at\n"), a)
	a = s.usher(t, "forget", "jane@acme.example", "--yes")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	is := s.state(t, 1).Change.Email
	require.Regexp(t, `^forgotten-[0-9a-f]{8}$`, is)
	require.Contains(t, a.Out, "Done: jane@acme.example is "+is+" now, wherever Usher kept more. The audit log has an entry about it, and verifies as before.\nBackups and copies made before still have it, ")
	require.Equal(t, "lee@acme.example", s.state(t, 2).Change.Email)

	a = s.usher(t, "audit", "verify")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "forgotten")
	require.Contains(t, s.usher(t, "audit", "export").Out, `"what":"person forgotten","surface":"command line","detail":{"who":"`+is+`","requests":[1]}`)
	details := s.usher(t, "audit", "export", "--details").Out
	require.NotContains(t, details, "jane")
	require.NotContains(t, details, "Jane")
	require.Contains(t, details, "lee@acme.example")
	require.Equal(t, "Nothing is kept about jane@acme.example. Nothing was changed.\n", s.usher(t, "forget", "jane@acme.example", "--yes").Out)
	require.Equal(t, terminal.ExitWrong, s.usher(t, "forget", "jane", "--yes").Code)
	s.shut()
	raw, err := os.ReadFile(filepath.Join(s.dir, bolt.File))
	require.NoError(t, err)
	for _, word := range []string{"jane", "Jane", "no budget"} {
		require.NotContains(t, string(raw), word)
	}
}

// TestForgetAtRest does the same where nobody runs, with a file and with a database, under the key that signs the log; entries that were sealed
// with such words in them are counted, and kept.
func TestForgetAtRest(t *testing.T) {
	t.Run("a file", func(t *testing.T) {
		dir := t.TempDir()
		forgetAtRest(t, map[string]string{}, dir, func(sealed bool) (store.Store, error) {
			opt := bolt.Options{}
			if !sealed {
				opt.Random = rand.Reader
			}
			return bolt.Open(dir, opt)
		})
	})
	t.Run("a database", func(t *testing.T) {
		url := postgres.Own(t).URL("postgres")
		forgetAtRest(t, map[string]string{config.DatabaseURLName: url}, t.TempDir(), func(sealed bool) (store.Store, error) {
			opt := pgstore.Options{}
			if !sealed {
				opt.Random = rand.Reader
			}
			return pgstore.Open(t.Context(), apiclient.Secret(url), opt)
		})
	})
}

func forgetAtRest(t *testing.T, env map[string]string, dir string, open func(sealed bool) (store.Store, error)) {
	for n, sealed := range []bool{true, false} {
		s, err := open(sealed)
		require.NoError(t, err)
		r := approvals.Request{Number: int64(n + 1), Requester: "U0ALICE", App: approvals.App{ID: "seranking", Name: "SE Ranking"}, Action: "share", State: approvals.Canceled, Reason: "her launch", Change: approvals.Change{Email: "jane@acme.example", Person: "U0JANE"}, Asked: time.Unix(1, 0).UTC()}
		require.NoError(t, s.Update(t.Context(), func(tx approvals.Tx) error {
			return errors.Join(tx.Put(r), tx.Audit(approvals.Entry{At: r.Asked, Actor: "U0ALICE", What: "asked", Request: r.Number, After: r.State, Detail: []byte(`{"app":"seranking","change":{"email":"jane@acme.example"},"reason":"her launch"}`)}))
		}))
		require.NoError(t, s.Close())
	}
	usher := func(args ...string) world.Answer { return world.Usher(t, env, append(args, "--data", dir)...) }
	said := "About U0JANE there's something in requests: 2 · details of audit entries: 1.\n" +
		"They are known as jane@acme.example, U0JANE. A Slack id stays where it is: it says nothing to whoever can't ask your workspace.\n" +
		"In entries of the audit log, 1 of them from number 1 on, such words were sealed before they were kept beside it: these stay, for ever.\n"
	require.Equal(t, world.Answered(terminal.ExitDone, said, ""), usher("forget", "U0JANE", "--dry-run"))
	a := usher("forget", "U0JANE", "--yes")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, said+"Done: U0JANE is forgotten-")
	a = usher("audit", "verify")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.NotContains(t, usher("audit", "export", "--details").Out, "her launch")
	require.Contains(t, usher("audit", "export").Out, `"sealed":1`)
	s, err := open(false)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	for n := range int64(2) {
		r, err := s.Request(t.Context(), n+1)
		require.NoError(t, err)
		require.Regexp(t, `^forgotten-[0-9a-f]{8}$`, r.Change.Email)
		require.Equal(t, r.Change.Email, r.Reason)
		require.EqualValues(t, "U0JANE", r.Change.Person)
	}
}
