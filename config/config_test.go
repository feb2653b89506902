package config

import (
	"cmp"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/terminal"
)

var updateConfig = flag.Bool("update", false, "write the golden files of the configuration anew")

// TestConfigProblems holds every line of testdata/config/*.txtar: in each archive NAME.yml is a
// configuration and NAME.txt the exact lines it is answered with ("warning: " before a warning).
func TestConfigProblems(t *testing.T) {
	files, err := filepath.Glob("testdata/config/*.txtar")
	require.NoError(t, err)
	rows := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(t, err)
		require.Zero(t, len(archive.Files)%2, "%s: a file without its pair", file)
		for i := 0; i < len(archive.Files); i += 2 {
			pair := archive.Files[i : i+2]
			name := strings.TrimSuffix(pair[0].Name, ".yml")
			require.Equal(t, name+".txt", pair[1].Name)
			rows++
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, func(t *testing.T) {
				said := answers(pair[0].Data)
				if *updateConfig {
					archive.Files[i+1].Data = []byte(strings.TrimLeft(said+"\n", "\n"))
					return
				}
				require.Equal(t, strings.TrimSpace(string(pair[1].Data)), said)
			})
		}
		if *updateConfig {
			require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
		}
	}
	require.GreaterOrEqual(t, rows, 35)
}

func answers(yml []byte) string {
	cfg, problems := Parse("usher.yml", yml)
	prefix := ""
	if cfg != nil {
		problems, prefix = cfg.Warnings, "warning: "
	}
	var lines []string
	for _, p := range problems {
		lines = append(lines, prefix+p.In("usher.yml"))
	}
	return strings.Join(lines, "\n")
}

func TestExampleIsWhole(t *testing.T) {
	raw, err := os.ReadFile("../usher.example.yml")
	require.NoError(t, err)
	cfg, r := parseConfig("usher.yml", raw, kinds{byapi.Entry()})
	require.Empty(t, r.Problems)
	require.Empty(t, r.Warnings)
	require.Equal(t, slices.Sorted(maps.Keys(r.Known)), slices.Sorted(maps.Keys(r.Seen)), "every known key is in the example")
	require.Equal(t, AppConfig{ID: "seranking", Kind: KindSERanking, Name: "SE Ranking", BaseURL: "https://api.seranking.com/v1",
		Dialect: seranking.Auto, Seats: 25, Owners: []string{"U0DAVE", "S0MKTOPS"}, Price: approvals.Price{Amount: 2000, Currency: "USD"}, At: cfg.Apps[0].At}, cfg.Apps[0])
	require.Equal(t, 72*time.Hour, cfg.Rules[0].ExpiresAfter)
	rule := cfg.RulesOf(cfg.Rules[0])[0]
	require.Equal(t, 24*time.Hour, rule.RemindAfter)
	require.Equal(t, 48*time.Hour, rule.EscalateAfter)
	require.Equal(t, []string{"U0CAROL"}, rule.EscalateTo)
	require.Equal(t, []approvals.Action{catalog.Delete}, cfg.Rules[0].Actions)
	require.Equal(t, "Europe/London", cfg.Reports[0].Timezone.String())
	require.Equal(t, approvals.Limits{Pending: approvals.DefaultPending, PerMinute: approvals.DefaultPerMinute, PerDay: approvals.DefaultPerDay}, cfg.People.Requests, "what holds where it is left out")
}

// TestExampleExplainsEveryKey: a comment stands right above each key of the example but those that
// open a section under a comment of their own entry.
func TestExampleExplainsEveryKey(t *testing.T) {
	raw, err := os.ReadFile("../usher.example.yml")
	require.NoError(t, err)
	explained := map[string]bool{}
	lines := strings.Split(string(raw), "\n")
	for i, line := range lines {
		key, _, ok := strings.Cut(strings.TrimLeft(line, " -"), ":")
		if ok && i > 0 && strings.HasPrefix(strings.TrimSpace(lines[i-1]), "#") && !strings.HasPrefix(strings.TrimSpace(line), "#") {
			explained[key] = true
		}
	}
	_, r := parseConfig("usher.yml", raw, kinds{byapi.Entry()})
	for path := range r.Known {
		key := path[strings.LastIndex(path, ".")+1:]
		if path != "slack" { // its comment is the file's own
			require.True(t, explained[key], "%s has no comment above it", path)
		}
	}
}

const leastConfig = `slack:
  approvals_channel: "#access"
  admins: [U0ADMIN]
apps:
  seranking:
    kind: seranking
policies:
  - name: seats
    steps:
      - approvers: [S0LEADS]
`

func TestConfigDefaults(t *testing.T) {
	cfg, problems := Parse("usher.yml", []byte(leastConfig))
	require.Empty(t, problems)
	require.Equal(t, "#access", cfg.Slack.ApprovalsChannel)
	require.Equal(t, 2, cfg.Slack.Connections)
	require.Equal(t, AppConfig{ID: "seranking", Kind: KindSERanking, Name: "seranking", BaseURL: seranking.DefaultBaseURL,
		Dialect: seranking.Auto, At: Position{Line: 6, Column: 5}}, cfg.Apps[0])
	p := cfg.Policies()[0]
	require.Equal(t, 1, p.Need)
	require.Equal(t, 7*24*time.Hour, p.ExpiresAfter)
	require.Equal(t, 24*time.Hour, p.RemindAfter)
	require.Zero(t, p.EscalateAfter)
	require.True(t, p.Matches("seranking", catalog.Delete))
	require.Equal(t, []approvals.App{{ID: "seranking", Name: "seranking", Entry: byapi.Entry()}}, cfg.Catalog())

	cfg, problems = Parse("usher.yml", []byte(strings.Replace(leastConfig, "kind: seranking", "{kind: seranking, dialect: legacy}", 1)))
	require.Empty(t, problems)
	require.Equal(t, legacyBaseURL, cfg.Apps[0].BaseURL)

	cfg, problems = Parse("usher.yml", []byte(strings.Replace(leastConfig, "  admins", "  reports_channel: C0REPORTS\n  admins", 1)+
		"reports:\n  - {name: weekly, schedule: \"0 9 * * 1\"}\n"))
	require.Empty(t, problems)
	require.Equal(t, "C0REPORTS", cfg.Reports[0].Channel)
	require.Equal(t, time.UTC, cfg.Reports[0].Timezone)
}

// TestPolicyText: what is hashed into the audit is the policy as it stands, and no neighbour's change touches it.
func TestPolicyText(t *testing.T) {
	const first = "- name: one   # removals\n    actions: [delete]\n    steps:\n      - approvers: [S0LEADS]"
	head := leastConfig[:strings.Index(leastConfig, "policies:")]
	for name, rest := range map[string]string{
		"last of the file":     "policies:\n  " + first + "\n",
		"comment after it":     "policies:\n  " + first + "\n\n  # the next one\n  - {name: two, steps: [{approvers: [S0X]}]}\n",
		"a section after it":   "policies:\n  " + first + "\n\nreports:\n  - {name: r, schedule: '0 9 * * *', channel: C0X}\n",
		"no line break at end": "policies:\n  " + first,
	} {
		cfg, problems := Parse("usher.yml", []byte(head+rest))
		require.Empty(t, problems, name)
		require.Equal(t, strings.TrimPrefix(first, "- "), strings.TrimPrefix(cfg.Policies()[0].Text, "- "), name)
	}
	cfg, problems := Parse("usher.yml", []byte(head+"policies: [{name: é, steps: [{approvers: [S0X]}]}, {name: two,\n  steps: [{approvers: [S0Y]}]}]\n"))
	require.Empty(t, problems)
	require.Equal(t, "{name: é, steps: [{approvers: [S0X]}]}", cfg.Policies()[0].Text)
	require.Equal(t, "{name: two,\n  steps: [{approvers: [S0Y]}]}", cfg.Policies()[1].Text)
}

func TestConfigBytesThatAreNoText(t *testing.T) {
	require.Equal(t, "usher.yml:2:4: not UTF-8 text; save the file as UTF-8", answers([]byte("é: 1\nabé\xff")))
}

// TestConfigNeverHangs: what would make other readers expand, recurse or wait has an answer; one that waited would run
// into the test's own end.
func TestConfigNeverHangs(t *testing.T) {
	bomb := "a: &a [x,x]\n"
	for c := 'b'; c < 'z'; c++ {
		bomb += string(c) + ": &" + string(c) + " [*" + string(c-1) + ",*" + string(c-1) + "]\n"
	}
	for name, yml := range map[string]string{
		"aliases":  bomb,
		"brackets": strings.Repeat("[", configLimit),
		"braces":   strings.Repeat("{a: ", configLimit/4),
		"dashes":   strings.Repeat("- ", configLimit/2),
		"question": strings.Repeat("? ", configLimit/2),
		"quotes":   strings.Repeat("'", configLimit-1),
		"one word": strings.Repeat("x", configLimit),
		"colons":   strings.Repeat("a: ", configLimit/3),
		"comment":  "#" + strings.Repeat("#", configLimit-1),
		"lines":    strings.Repeat("\n", configLimit),
		"keys":     strings.Repeat("k: v\n", configLimit/5),
	} {
		_, problems := Parse("usher.yml", []byte(yml))
		require.NotEmpty(t, problems, name)
	}
}

func TestLoadConfigFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, data, 0o600))
		return path
	}
	good := write("good.yml", []byte(leastConfig))
	cfg, err := Load(good)
	require.NoError(t, err)
	require.Equal(t, good, cfg.File)

	for path, want := range map[string]string{
		filepath.Join(dir, "none.yml"):         "there's no such file; copy usher.example.yml",
		dir:                                    "is a folder; expected a file",
		write("big.yml", make([]byte, 10<<20)): "is larger than 64 KiB",
		write("empty.yml", nil):                ":1:1: the file is empty; expected the sections",
		write("comment.yml", []byte("# nothing\n")):  ":1:1: the file is empty; expected the sections",
		write("utf16.yml", []byte("\xff\xfes\x00")):  ":1:1: not UTF-8 text; save the file",
		write("zero.yml", []byte("slack:\n  a\x00")): ":2:4: a zero byte; save the file",
	} {
		_, err := Load(path)
		require.ErrorContains(t, err, path, path)
		require.ErrorContains(t, err, want)
		var exit *terminal.Error
		require.ErrorAs(t, err, &exit)
		require.Equal(t, terminal.ExitWrong, exit.Code)
	}
	bom, err := Load(write("bom.yml", []byte("\ufeff"+strings.ReplaceAll(leastConfig, "\n", "\r\n"))))
	require.NoError(t, err, "a byte order mark and Windows line ends")
	require.Equal(t, Position{Line: 8, Column: 5}, bom.Rules[0].At)
}

func TestProblemsAreSorted(t *testing.T) {
	_, problems := Parse("usher.yml", []byte("reports: 1\nslack: 2\napps: 3\nzzz: 4\n"))
	require.Len(t, problems, 4)
	require.True(t, slices.IsSortedFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) }))
}

func TestParseDuration(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"7d": 7 * day, "72h": 72 * time.Hour, "1d12h": 36 * time.Hour, "90m": 90 * time.Minute, "1h30m5s": 5405 * time.Second, "0d1s": time.Second,
	} {
		got, err := ParseDuration(s)
		require.NoError(t, err, s)
		require.Equal(t, want, got, s)
	}
	for _, s := range []string{"", "7", "d", "0d", "0s", "-1h", "1d-1h", "+1h", "1.5d", "-7d", "7 d", "1h1d", "7d7d", "99999999999d", "seven days", "1e3h", "7D"} {
		_, err := ParseDuration(s)
		require.Error(t, err, s)
	}
}

// FuzzParseConfig: whatever stands in the file, there is a configuration or there are problems, each at a place.
func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(leastConfig))
	files, err := filepath.Glob("testdata/config/*.txtar")
	require.NoError(f, err)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(f, err)
		for pair := range slices.Chunk(archive.Files, 2) {
			f.Add(pair[0].Data)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		cfg, problems := Parse("usher.yml", raw)
		require.Equal(t, cfg == nil, len(problems) > 0)
		for _, p := range problems {
			require.Positive(t, p.Line)
			require.Positive(t, p.Column)
			require.NotContains(t, p.Say, "\n", "a problem is one line")
		}
		if cfg != nil {
			require.NotEmpty(t, cfg.Apps)
			require.NotEmpty(t, cfg.Slack.Admins)
			for _, p := range cfg.Policies() {
				require.NotEmpty(t, p.Text)
				require.Equal(t, p.Auto || p.Refusal != "", len(p.Approvers) == 0, "somebody decides, or it does so itself")
				require.Positive(t, p.ExpiresAfter)
			}
		}
	})
}
