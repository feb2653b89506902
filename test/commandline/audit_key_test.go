package commandline

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/audit"
	"github.com/usherbot/usher/cli"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/logging"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

func runWith(env map[string]string, args ...string) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	code = cli.Run(context.Background(), args, func(name string) (string, bool) { v, ok := env[name]; return v, ok }, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestAuditKeyIsMadeAndItsPublicPartShown(t *testing.T) {
	code, out, _ := runWith(nil, "audit", "key", "--new")
	require.Zero(t, code)
	made := regexp.MustCompile(`USHER_AUDIT_KEY=([0-9a-f]{64})\npublic key: ([0-9a-f]{64})`).FindStringSubmatch(out)
	require.Len(t, made, 3, out)
	code, out, _ = runWith(map[string]string{"USHER_AUDIT_KEY": made[1]}, "audit", "key")
	require.Zero(t, code)
	require.Equal(t, made[2]+"\n", out)
	code, _, errs := runWith(map[string]string{"USHER_AUDIT_KEY": "short"}, "audit", "key")
	require.Equal(t, terminal.ExitWrong, code)
	require.Contains(t, errs, "expected 64 hexadecimal digits")
}

// signedLog is an exported log: its lines, the head that a digest posted on the way, the last one, and the public key.
type signedLog struct {
	lines  []string
	head   string
	final  approvals.Head
	public string
}

// signedLife plays a life with a key and exports its log.
func signedLife(t *testing.T) (log signedLog) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	log.public = config.PublicKey(key)
	var digest string
	world.In(t, world.Config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Alter = func(s *app.Surroundings) { s.Store.Key = key }
		w.Start()
		for i := range 9 {
			w.N.Slack.Type("U0ALICE", "C0GENERAL", fmt.Sprintf("/access create p%d@acme.example P because asked", i)).Wait()
			w.Pass(10 * time.Second)
		}
		w.Pass(20 * time.Minute)
		digest = slacksim.PlainText(w.N.Slack.Messages("C0REPORTS")[0])
		w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access cancel 1").Wait()
		w.Pass(10 * time.Second)
		require.NoError(t, w.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
			log.lines = append(log.lines, string(line))
			return nil
		}))
		var err error
		log.final, err = w.App.Store.Head(context.Background())
		require.NoError(t, err)
	})
	require.EqualValues(t, len(log.lines), log.final.Seq)
	log.head = regexp.MustCompile(`\d+:[0-9a-f]{32,64}`).FindString(digest)
	require.NotEmpty(t, log.head, "the digest anchors the log: %s", digest)
	return log
}

// verify is what a stranger with the public key is told of these lines.
func (log signedLog) verify(t *testing.T, lines []string, args ...string) (int, string) {
	t.Helper()
	code, out, errs := runWith(nil, append([]string{"audit", "verify", "--export", writeExport(t, []byte(strings.Join(lines, "\n"))), "--key", log.public}, args...)...)
	return code, out + errs
}

// TestASignedLogVerifiesElsewhere as a stranger verifies it: with the export, a head that a digest
// posted, and the public key alone.
func TestASignedLogVerifiesElsewhere(t *testing.T) {
	t.Parallel()
	log := signedLife(t)
	code, out := log.verify(t, log.lines, "--head", log.head)
	require.Zero(t, code, out)
	require.Contains(t, out, fmt.Sprintf("ok: %d entries", len(log.lines)))
	require.Contains(t, out, "signed by "+log.public)
	forger := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, ed25519.SeedSize))
	t.Run("an entry", func(t *testing.T) { spoiledEntries(t, log, forger) })
	t.Run("two entries", func(t *testing.T) { swappedEntries(t, log) })
	t.Run("the tail", func(t *testing.T) { cutTails(t, log) })
	t.Run("all of it", func(t *testing.T) { otherLogs(t, log, forger) })
}

// spoiledEntries changes, drops, doubles and signs anew each entry in turn.
func spoiledEntries(t *testing.T, log signedLog, forger ed25519.PrivateKey) {
	lines := log.lines
	for i := range lines {
		for name, bad := range map[string]struct {
			lines []string
			first int
		}{
			"changed":  {changed(lines, i, func(s string) string { return strings.Replace(s, `"what":"`, `"what":"not `, 1) }), i + 1},
			"dropped":  {slices.Delete(slices.Clone(lines), i, i+1), i + 1},
			"doubled":  {slices.Insert(slices.Clone(lines), i, lines[i]), i + 2},
			"resigned": {resigned(t, lines, i, forger), i + 1},
			"unsigned": {resigned(t, lines, i, nil), i + 1},
		} {
			code, out := log.verify(t, bad.lines, "--head", log.final.String())
			require.Equal(t, terminal.ExitFailed, code, "%s entry %d: %s", name, i+1, out)
			require.Contains(t, out, fmt.Sprintf("usher: entry %d: ", bad.first), "%s entry %d", name, i+1)
		}
	}
}

// swappedEntries puts each two entries into each other's place, and each one into every other place.
func swappedEntries(t *testing.T, log signedLog) {
	tried := 0
	named := func(lines []string, place, found int, how string) {
		tried++
		code, out := log.verify(t, lines, "--head", log.final.String())
		require.Equal(t, terminal.ExitFailed, code, "%s: %s", how, out)
		require.Contains(t, out, fmt.Sprintf("usher: entry %d: found number %d in its place", place+1, found+1), how)
	}
	for i := range log.lines {
		for j := range i {
			swapped := slices.Clone(log.lines)
			swapped[i], swapped[j] = swapped[j], swapped[i]
			named(swapped, j, i, fmt.Sprintf("%d and %d swapped", j+1, i+1))
			forward := slices.Insert(slices.Delete(slices.Clone(log.lines), j, j+1), i, log.lines[j])
			named(forward, j, j+1, fmt.Sprintf("%d moved to %d", j+1, i+1))
			back := slices.Insert(slices.Delete(slices.Clone(log.lines), i, i+1), j, log.lines[i])
			named(back, j, i, fmt.Sprintf("%d moved to %d", i+1, j+1))
		}
	}
	t.Logf("%d orders of %d entries", tried, len(log.lines))
}

// cutTails leaves off the end of the log, from each entry on.
func cutTails(t *testing.T, log signedLog) {
	anchored, err := audit.ParseHead(log.head)
	require.NoError(t, err)
	for n := range log.lines {
		code, out := log.verify(t, log.lines[:n], "--head", log.final.String())
		require.Equal(t, terminal.ExitFailed, code, "cut after %d", n)
		require.Contains(t, out, fmt.Sprintf("usher: entry %d: is missing", n+1))
		require.Contains(t, out, "its tail was cut off")
		if int64(n) < anchored.Seq {
			code, out = log.verify(t, log.lines[:n], "--head", log.head)
			require.Equal(t, terminal.ExitFailed, code, "cut after %d: %s", n, out)
		}
	}
}

// otherLogs are whole logs with the same story, signed by somebody else or by nobody.
func otherLogs(t *testing.T, log signedLog, forger ed25519.PrivateKey) {
	for name, other := range map[string][]string{"signed by another key": resigned(t, log.lines, 0, forger), "not signed": resigned(t, log.lines, 0, nil)} {
		for _, args := range [][]string{nil, {"--head", log.final.String()}, {"--head", log.head}} {
			code, out := log.verify(t, other, args...)
			require.Equal(t, terminal.ExitFailed, code, out)
			require.Contains(t, out, "usher: entry 1: is "+name)
		}
		for _, at := range []string{log.final.String(), log.head} { // the head alone gives it away too
			code, out, errs := runWith(nil, "audit", "verify", "--export", writeExport(t, []byte(strings.Join(other, "\n"))), "--head", at)
			require.Equal(t, terminal.ExitFailed, code, out)
			require.Contains(t, errs, fmt.Sprintf("usher: entry %s: its hash is", strings.Split(at, ":")[0]))
		}
		code, out, _ := runWith(nil, "audit", "verify", "--export", writeExport(t, []byte(strings.Join(other, "\n"))))
		require.Zero(t, code, "it is a valid log, of somebody else: %s", out)
	}
}

func changed(lines []string, i int, f func(string) string) []string {
	out := append([]string{}, lines...)
	out[i] = f(out[i])
	return out
}

// resigned writes history anew from entry i on, with a key of the forger's own or none.
func resigned(t *testing.T, lines []string, i int, forger ed25519.PrivateKey) []string {
	t.Helper()
	out := append([]string{}, lines[:i]...)
	var head approvals.Head
	for n, line := range lines {
		var e approvals.Entry
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		if n < i {
			head = approvals.Head{Seq: e.Seq, Hash: e.Hash}
			continue
		}
		e.Actor = "U0MALLO"
		sealed, next, err := approvals.Seal(e, head, forger)
		require.NoError(t, err)
		out, head = append(out, string(sealed)), next
	}
	return out
}

// TestRunWarnsOfALogThatIsNotSigned in one line at the start, and says nothing where there is a key.
func TestRunWarnsOfALogThatIsNotSigned(t *testing.T) {
	cfg, problems := config.Parse("usher.yml", []byte(demo.Config))
	require.Empty(t, problems)
	over, end := context.WithCancel(t.Context())
	end()
	for _, key := range []ed25519.PrivateKey{nil, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))} {
		var log bytes.Buffer
		env := config.Env{SlackBotToken: "xoxb-1", SlackAppToken: "xapp-1", SlackAPIURL: "http://127.0.0.1:1/api/", SERankingKey: "k", AuditKey: key}
		require.NoError(t, app.Run(over, app.Beginning{Config: cfg, Env: env, Log: logging.New(&log, "warn")}, app.Renewal{}, app.Place{Data: t.TempDir()}))
		const said = `"level":"WARN","msg":"the audit log is not signed: `
		require.Equal(t, key == nil, strings.Contains(log.String(), said), log.String())
		require.LessOrEqual(t, strings.Count(log.String(), said), 1)
	}
}

func TestAnotherKeyOrNoneIsRefused(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	world.In(t, world.Config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Alter = func(s *app.Surroundings) { s.Store.Key = key }
		w.Start()
		w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create p@acme.example P because asked").Wait()
		w.Pass(10 * time.Second)
		require.NoError(t, audit.KeyFits(context.Background(), w.App.Store, key))
		require.ErrorContains(t, audit.KeyFits(context.Background(), w.App.Store, nil), "USHER_AUDIT_KEY is not set")
		require.ErrorContains(t, audit.KeyFits(context.Background(), w.App.Store, other), "USHER_AUDIT_KEY isn't the key that signed the audit log")
	})
}
