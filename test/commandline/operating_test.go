package commandline

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/cli"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/postgres"
	"github.com/usherbot/usher/test/values"
	"github.com/usherbot/usher/test/world"
)

// triedElsewhere are the lines of docs/operating.md that aren't Usher's own commands, or go on until they are ended, by how they begin, and
// what tries them.
var triedElsewhere = map[string]string{
	"systemctl ":           "TestTheUnitLetsUsherWork",
	"deploy/image ":        ".ci/deploy/image",
	"docker ":              ".ci/deploy/image",
	"kubectl create ":      "TestSeveralOnADatabase",
	"helm install ":        "TestSeveralOnADatabase",
	"CREATE ":              "TestAnOrdinaryUserMayReadTheHistory",
	"USHER_DATABASE_URL=":  "TestMovingToADatabaseAndBack",
	"export OTEL_EXPORTER": "TestOneTraceFromTheEnvelopeToTheLastThingSaid",
	"usher run":            "TestProcesses",
	"mv ":                  "TestSecretsComeFromFiles",
}

// TestEachCommandOfOperatingIsTried: every command of Usher's in docs/operating.md is carried out as it stands there, on a data folder of its own
// with thirteen requests, beside a simulated Slack and vendor and a PostgreSQL. Whatever else is said there is tried where triedElsewhere says.
func TestEachCommandOfOperatingIsTried(t *testing.T) {
	o := operated{outset: newOutset(t, slacksim.Options{}), base: private(t), kept: t.TempDir(), database: postgres.Own(t).URL("postgres")}
	o.file = world.WriteConfig(t, o.config)
	o.asks(t)
	o.running = filepath.Join(private(t), "data")
	o.copies(t, o.running)
	o.runs(t, o.running)
	elsewhere := slices.Collect(maps.Keys(triedElsewhere))
	n := 0
	for _, line := range commandsOf(t, "../../docs/operating.md") {
		if !slices.ContainsFunc(elsewhere, func(b string) bool { return strings.HasPrefix(line, b) }) {
			t.Run(line, func(t *testing.T) { o.tries(t, line) })
			n++
		}
	}
	require.Greater(t, n, 20)
}

// TestWhatTriesTheRestIsThere.
func TestWhatTriesTheRestIsThere(t *testing.T) {
	var tests strings.Builder
	require.NoError(t, filepath.WalkDir("../..", func(path string, _ os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			tests.WriteString(readText(t, path))
		}
		return err
	}))
	for line, by := range triedElsewhere {
		if strings.HasPrefix(by, "Test") {
			require.Contains(t, tests.String(), "func "+by+"(", line)
		} else {
			require.FileExists(t, "../../"+by, line)
		}
	}
}

// commandsOf are the lines in the fenced blocks of a page, those that go on in the next one as one.
func commandsOf(t *testing.T, page string) (lines []string) {
	t.Helper()
	for _, m := range regexp.MustCompile("(?ms)^```\\w*\n(.*?)^```").FindAllStringSubmatch(readText(t, page), -1) {
		for line := range strings.Lines(strings.ReplaceAll(m[1], "\\\n", " ")) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// operated is where the commands are tried: base is a data folder that each gets a copy of, kept what they leave for each other.
type operated struct {
	*outset
	base, kept, file, database string
	// running is the data folder of an Usher that runs.
	running string
	head    approvals.Head
}

// asks fills the base with thirteen requests.
func (o *operated) asks(t *testing.T) {
	t.Helper()
	db, err := bolt.Open(o.base, bolt.Options{Life: store.Life{ID: "a-life"}, Key: keyFrom(t, checkKey), Random: rand.Reader})
	require.NoError(t, err)
	desk := &approvals.Desk{Apps: configured(), Book: db, Directory: standIn{}, Log: slog.New(slog.DiscardHandler), Wake: func() {},
		Nonce:    func() (string, error) { return "nonce", nil },
		Policies: []approvals.Policy{{Name: "seats", Approvers: []string{"U0BOB", "S0LEADS"}, Need: 1, ExpiresAfter: time.Hour, Text: "seats"}}}
	for n := range 13 {
		_, _, err := desk.Open(t.Context(), approvals.Ask{Origin: approvals.Origin{Key: fmt.Sprint(n)}, Requester: []approvals.PersonID{"U0ALICE", "U0DAVE"}[n%2], Action: catalog.Create, App: configured()[0],
			Change: approvals.Change{Email: fmt.Sprintf("jane%d@acme.example", n), Values: values.Of{Type: "client"}.Values()}, Reason: "launch"}, time.Now())
		require.NoError(t, err)
	}
	o.head, err = db.Head(t.Context())
	require.NoError(t, errors.Join(err, db.Close()))
}

// standsBehind is what a command may stand behind: what has it carried out elsewhere, or as somebody else.
var standsBehind = regexp.MustCompile(`^(docker exec \S+ /|kubectl exec \S+ -- /|runuser -u usher -- )?usher `)

// asksWhoRuns is what is asked of a running Usher.
var asksWhoRuns = regexp.MustCompile(`^(check --alive|check --ready|metrics|requests|show|approve|deny)\b`)

// tries carries out a line.
func (o *operated) tries(t *testing.T, line string) {
	require.Regexp(t, standsBehind, line, "who tries this?")
	command := standsBehind.ReplaceAllString(line, "")
	data := filepath.Join(private(t), "data")
	if !strings.HasPrefix(command, "restore /") && !strings.HasPrefix(command, "migrate --from env:") {
		o.copies(t, data)
	}
	if strings.HasPrefix(command, "migrate ") { // and back
		o.env["USHER_DATABASE_URL"] = o.database
		defer delete(o.env, "USHER_DATABASE_URL")
	}
	command, into, _ := strings.Cut(command, " > ")
	var args []string
	for _, m := range regexp.MustCompile(`"([^"]*)"|(\S+)`).FindAllStringSubmatch(command, -1) {
		args = append(args, strings.NewReplacer("/var/lib/usher/data", data, "/var/lib/usher", data, "/etc/usher/usher.yml", o.file, "/backups", o.kept,
			"usher-audit.jsonl", filepath.Join(o.kept, "log"), "PUBLIC_KEY", checkKeyPublic, "412:9f3c…", o.head.String()).Replace(m[1]+m[2]))
	}
	if asksWhoRuns.MatchString(command) {
		data = o.running
	}
	a, code := world.Usher(t, o.env, append(args, "--config", o.file, "--data", data)...), terminal.ExitDone
	if command == "forget jane@acme.example" {
		code = terminal.ExitWrong // here's no terminal to ask at
	}
	require.Equal(t, code, a.Code, "%v: %s%s", args, a.Out, a.Errors)
	if into != "" {
		require.NoError(t, os.WriteFile(filepath.Join(o.kept, "log"), []byte(a.Out), 0o600))
	}
}

func (o *operated) copies(t *testing.T, data string) {
	require.NoError(t, os.CopyFS(data, os.DirFS(o.base)))
	require.NoError(t, errors.Join(os.Chmod(data, 0o700), os.Chmod(filepath.Join(data, bolt.File), 0o600)))
}

// runs runs Usher on a folder until the test ends.
func (o *operated) runs(t *testing.T, data string) {
	ctx, stop := context.WithCancel(t.Context())
	var logs world.LockedBuffer
	code := make(chan int, 1)
	go func() {
		code <- cli.Run(ctx, []string{"run", "--config", o.file, "--data", data}, lookupIn(o.env), &logs, &logs)
	}()
	t.Cleanup(func() {
		stop()
		require.Equal(t, terminal.ExitDone, <-code, logs.String())
	})
	require.True(t, world.Waited(world.Patience, func() bool {
		return world.Usher(t, o.env, "check", "--ready", "--data", data).Code == terminal.ExitDone
	}), logs.String())
}
