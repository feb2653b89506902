package process

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// TestProcesses runs `usher run` and its other commands as they are run in earnest, over TCP beside a
// simulated Slack and a simulated vendor in processes of their own.
func TestProcesses(t *testing.T) {
	t.Parallel() // it mostly waits
	bin := buildPrograms(t)
	rows := []struct {
		name    string
		dialect vendorsim.Dialect
		play    func(w *processWorld)
		slack   []string // flags of the simulated Slack
	}{
		{"everything, unified", vendorsim.Unified, everything, nil},
		{"everything, legacy", vendorsim.Legacy, everything, nil},
		{"stopped before the effect of a slow deed", vendorsim.Unified, stoppedInADeed(vendorsim.Before), nil},
		{"stopped after the effect of a slow deed", vendorsim.Legacy, stoppedInADeed(vendorsim.After), nil},
		{"check", vendorsim.Unified, checkAsProcess, nil},
		{"check without scopes", vendorsim.Unified, checkWithoutScopes, []string{"-without-scopes", "im:write,users:read,chat:write.public"}},
		{"two on one data folder", vendorsim.Legacy, twoOnOneFolder, nil},
		{"wrong beginnings", vendorsim.Unified, wrongBeginnings, nil},
		{"decided before Slack is there", vendorsim.Unified, decidesBeforeSlackIsThere(false), nil},
		{"decided before Slack says a word", vendorsim.Unified, decidesBeforeSlackIsThere(true), nil},
		{"reads its configuration again", vendorsim.Unified, readsAgain, nil},
		{"a damaged database", vendorsim.Unified, damagedDatabase, nil},
		{"watched", vendorsim.Unified, watched, nil},
		{"stopped, and let go on", vendorsim.Unified, stoodStill, nil},
	}
	inTurn(t, len(rows), func(i int) string { return rows[i].name }, func(t *testing.T, i int) {
		rows[i].play(newProcessWorld(t, bin, rows[i].dialect, rows[i].slack...))
	})
}

// everything is each kind of request from asking to its end, then the audit log, then the search for
// what must have been left nowhere.
func everything(w *processWorld) {
	w.env[config.AuditKeyName] = strings.Repeat("a0b1c2d3", 8)
	w.run()
	creates(w)
	secrets := ask[[]string](w, w.vendor+"/sim/secrets")
	changes(w)
	saysNo(w)
	w.typesIn("C0REPORTS", "U0ADMIN", "/access report weekly-seats")
	w.eventually("the report is posted", func() bool {
		return says(w.posted("C0REPORTS"), "2 accounts blocked", "amira.haddad@acme.example", "marco.bianchi@acme.example")
	})
	w.stop()
	require.Len(w.t, w.posted("C0REPORTS"), 1)
	require.Len(w.t, w.dm("U0ALICE"), 6, "one message for each outcome that she did not bring about herself")
	require.Equal(w.t, 6, w.effects(""), "one change for each approval")
	audited(w)
	leftNowhere(w, secrets)
}

// creates is the first request of all: a stranger's click does not count, an approver's does.
func creates(w *processWorld) {
	w.types("U0ALICE", "/access create jane@acme.example Jane Smith because she tracks rankings")
	w.sees("U0ALICE", "#1", "jane@acme.example")
	w.clicks("U0DAVE", 1, "Approve")
	w.sees("U0DAVE", "isn't yours to decide")
	_, exists := w.account("jane@acme.example")
	require.False(w.t, exists, "nothing is asked of the vendor before the approval")
	w.clicks("U0BOB", 1, "Approve")
	w.shows(1, "— done", "<@U0BOB>")
	w.hears("U0ALICE", 1, "ready", "#1")
	account, exists := w.account("jane@acme.example")
	require.True(w.t, exists)
	require.Equal(w.t, "Jane Smith", account.FirstName+" "+account.LastName)
	require.Equal(w.t, 1, w.effects(vendorsim.Create))
}

// changes is everything that is done to accounts that exist.
func changes(w *processWorld) {
	asked := func(n int, text, decider string) {
		w.types("U0ALICE", "/access "+text+" because it is time")
		w.clicks(decider, n, "Approve")
		w.shows(n, "— done", "<@"+decider+">")
		w.hears("U0ALICE", n)
	}
	asked(2, "share priya.nair@acme.example shop.acme.example", "U0ERIN")
	priya, _ := w.account("priya.nair@acme.example")
	require.Equal(w.t, []int64{101, 102, 103}, priya.SharedSites, "earlier shares survive")
	asked(3, "unshare amira.haddad@acme.example 105", "U0BOB")
	amira, _ := w.account("amira.haddad@acme.example")
	require.Equal(w.t, []int64{101, 106}, amira.SharedSites)
	asked(4, "update wei.chen@acme.example access=report_scheduled amount=50 period=month", "U0BOB")
	wei, _ := w.account("wei.chen@acme.example")
	require.Equal(w.t, []string{"report_sheduled"}, wei.Access)
	require.EqualValues(w.t, 50, wei.Limits.Amount)
	asked(5, "delete dale@globex.example", "U0BOB")
	_, exists := w.account("dale@globex.example")
	require.False(w.t, exists)
}

// saysNo is everything that ends without a change, and an approval that needs somebody else.
func saysNo(w *processWorld) {
	w.types("U0ALICE", "/access create joe@acme.example Joe because he asked")
	w.clicks("U0BOB", 6, "Deny")
	w.eventually("the form opens", func() bool { return len(w.views("U0BOB")) > 0 })
	w.eventually("the form is taken", func() bool {
		out := w.acts("submit", obj{"user": "U0BOB", "view": w.views("U0BOB")[0].ID, "values": obj{"reason": "He has left the project"}})
		return out.Acked && len(out.Errors) == 0
	})
	w.shows(6, "— denied", "He has left the project")
	w.hears("U0ALICE", 6, "He has left the project", "<@U0BOB>")

	w.types("U0ALICE", "/access create jill@acme.example Jill because she asked")
	w.offers(7, "Approve", "Deny", "Edit", "Ask")
	w.types("U0ALICE", "/access cancel #7")
	w.shows(7, "— canceled")
	require.Empty(w.t, w.tells("U0ALICE", 7), "she knows")

	w.types("U0BOB", "/access create jack@acme.example Jack because I need help")
	w.clicks("U0BOB", 8, "Approve")
	w.sees("U0BOB", "You asked for #8 yourself")
	w.clicks("U0ERIN", 8, "Approve")
	w.shows(8, "— done", "<@U0ERIN>")
	w.hears("U0BOB", 8)
}

// audited checks the audit log in the data folder and as an export, and that a changed export is noticed.
func audited(w *processWorld) {
	kept := w.command("audit", "verify")
	require.Equal(w.t, terminal.ExitDone, kept.Code, kept.Errors)
	head := regexp.MustCompile(`\d+:[0-9a-f]{64}`).FindString(kept.Out)
	require.NotEmpty(w.t, head, kept.Out)
	export := w.command("audit", "export")
	require.Equal(w.t, terminal.ExitDone, export.Code, export.Errors)
	require.Contains(w.t, kept.Out, fmt.Sprintf("ok: %d entries", strings.Count(export.Out, "\n")))
	file := filepath.Join(w.t.TempDir(), "audit.jsonl")
	require.NoError(w.t, os.WriteFile(file, []byte(export.Out), 0o600))
	signer := w.command("audit", "key")
	require.Equal(w.t, terminal.ExitDone, signer.Code, signer.Errors)
	whole := w.command("audit", "verify", "--export", file, "--head", head, "--key", strings.TrimSpace(signer.Out))
	require.Equal(w.t, terminal.ExitDone, whole.Code, whole.Errors)
	require.NoError(w.t, os.WriteFile(file, []byte(strings.Replace(export.Out, "U0ALICE", "U0DAVE", 1)), 0o600))
	changed := w.command("audit", "verify", "--export", file)
	require.Equal(w.t, terminal.ExitFailed, changed.Code)
	require.Contains(w.t, changed.Errors, "entry 1")
}

// leftNowhere looks for keys, passwords and guest links in all that Usher logged, kept and said.
func leftNowhere(w *processWorld, secrets []string) {
	require.Greater(w.t, len(secrets), 10, "a password and the guest links")
	secrets = append(secrets, w.env["SLACK_BOT_TOKEN"], w.env["SLACK_APP_TOKEN"], w.env["SERANKING_API_KEY"], w.env[config.AuditKeyName])
	places := map[string]string{"the log": w.logs.String(), "Slack": w.everythingSaid()}
	require.NoError(w.t, filepath.WalkDir(w.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		places[path] = string(raw)
		return err
	}))
	for _, place := range []string{filepath.Join(w.data, bolt.File), "Slack"} {
		require.Contains(w.t, places[place], "jane@acme.example", "what stands here can be read")
	}
	for place, text := range places {
		for _, secret := range secrets {
			escaped, err := json.Marshal(secret)
			require.NoError(w.t, err)
			require.False(w.t, strings.Contains(text, secret) || strings.Contains(text, strings.Trim(string(escaped), `"`)), "%s is in %s", secret, place)
		}
	}
	for line := range strings.Lines(places["the log"]) {
		require.True(w.t, json.Valid([]byte(line)), "one line an event: %s", line)
	}
}

// stoppedInADeed is SIGTERM while the vendor takes its time: the process ends in order, and the next
// one finishes the deed.
func stoppedInADeed(when vendorsim.When) func(w *processWorld) {
	return func(w *processWorld) {
		w.run()
		w.vendorFault(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Slow, When: when, Delay: time.Hour})
		w.types("U0ALICE", "/access create jane@acme.example Jane because she starts")
		w.clicks("U0BOB", 1, "Approve")
		w.eventually("the vendor has it in hand", func() bool {
			calls := w.asked(0)
			last := calls[len(calls)-1]
			return last.Op == vendorsim.Create && (when == vendorsim.Before || last.Effect != "")
		})
		require.True(w.t, w.rests(), "a deed in hand does not hold it up")
		w.heal()
		require.Empty(w.t, w.tells("U0ALICE", 1))
		w.run()
		w.shows(1, "— done")
		w.hears("U0ALICE", 1, "ready")
		w.stop()
		require.Equal(w.t, 1, w.effects(""))
		require.Len(w.t, w.dm("U0ALICE"), 1)
	}
}

// twoOnOneFolder: the second is turned away with a sentence, and the first does not notice.
func twoOnOneFolder(w *processWorld) {
	w.run()
	second := w.command("run")
	failedInASentence(w, second, w.data)
	require.Contains(w.t, second.Errors, "another process")
	w.types("U0ALICE", "/access create jane@acme.example Jane because she starts")
	w.clicks("U0BOB", 1, "Approve")
	w.shows(1, "— done")
	w.stop()
}

// failedInASentence demands that a command failed with one last line that names something, and no stack.
func failedInASentence(w *processWorld, a world.Answer, names string) {
	w.t.Helper()
	require.Equal(w.t, terminal.ExitFailed, a.Code, a.Errors)
	require.Empty(w.t, a.Out)
	text := strings.TrimSpace(a.Errors)
	last := text[strings.LastIndex(text, "\n")+1:]
	require.True(w.t, strings.HasPrefix(last, "usher: "), a.Errors)
	require.Contains(w.t, last, names)
	require.NotContains(w.t, text, "goroutine")
}

// wrongBeginnings are starts that must not get anywhere.
func wrongBeginnings(w *processWorld) {
	file := filepath.Join(w.t.TempDir(), "file")
	require.NoError(w.t, os.WriteFile(file, nil, 0o600))
	data := w.data
	w.data = filepath.Join(file, "data") // not even root can make a folder in a file
	failedInASentence(w, w.command("run"), w.data)
	w.data = data

	wrongly := func(say string) {
		a := w.command("run")
		require.Equal(w.t, terminal.ExitWrong, a.Code, a.Errors)
		require.Regexp(w.t, say, a.Errors)
	}
	for _, name := range []string{"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SERANKING_API_KEY"} {
		value := w.env[name]
		delete(w.env, name)
		wrongly(name + " is not set")
		w.env[name] = value
	}
	w.configure(strings.Replace(demo.Config, "    kind: seranking", "    kind: semantics", 1))
	wrongly(regexp.QuoteMeta(w.config) + `:7:11: .*semantics`)
	require.NoError(w.t, os.Remove(w.config))
	wrongly("there's no such file")

	require.NoDirExists(w.t, w.data, "nothing was started")
	require.Empty(w.t, w.calls(0), "nothing was asked of Slack")
	require.Empty(w.t, w.asked(0), "nor of the vendor")
}

// damagedDatabase: a file that cannot be read ends the start with a sentence, and stays as it is.
func damagedDatabase(w *processWorld) {
	w.run()
	w.types("U0ALICE", "/access create jane@acme.example Jane because she starts")
	w.offers(1, "Approve", "Deny", "Edit", "Ask")
	w.stop()
	path := filepath.Join(w.data, bolt.File)
	whole, err := os.ReadFile(path)
	require.NoError(w.t, err)
	for name, raw := range map[string][]byte{
		"empty":       {},
		"a text":      []byte(strings.Repeat("this is no database\n", 2000)),
		"cut off":     whole[:len(whole)/3],
		"overwritten": append(make([]byte, 8192), whole[8192:]...),
	} {
		require.NoError(w.t, os.WriteFile(path, raw, 0o600))
		failedInASentence(w, w.command("run"), bolt.File)
		failedInASentence(w, w.command("audit", "verify"), bolt.File)
		checkFinds(w, "failed database")
		after, err := os.ReadFile(path)
		require.NoError(w.t, err)
		require.True(w.t, string(raw) == string(after), "%s: left as it was", name)
	}
	require.NoError(w.t, os.WriteFile(path, whole, 0o600))
	w.run()
	w.clicks("U0BOB", 1, "Approve")
	w.shows(1, "— done")
	w.stop()
}
