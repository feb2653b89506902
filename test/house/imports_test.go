package house

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/usherbot/usher"

// arrows says who may import whom (docs/architecture.md draws it). A room that is not named here fails
// the test, so a new one is a decision.
var arrows = map[string][]string{
	"":                    {"cli", "terminal", "test/talks"},
	"bench":               {"approvals", "bench/figure", "catalog", "commands", "control", "outbox", "policy", "provision/seranking", "register", "reports", "reports/census", "sim/slacksim", "sim/vendorsim", "store/bolt", "store/cargo", "test/postgres"}, // a program beside Usher, which measures it
	"bench/figure":        nil,
	"bench/rivals/plain":  nil, // a program that has nothing of ours
	"cli":                 {"app", "audit", "backup", "check", "config", "control", "demo", "demo/script", "demo/tour", "logging", "move", "policy", "terminal", "register", "sim/slacksim/alone", "sim/vendorsim/alone", "store", "watch", "apiclient"},
	"forget":              {"approvals", "catalog", "leavers", "outbox", "register", "register/list", "store/cargo"},
	"demo/script":         {"config", "terminal"},
	"demo/stories":        nil,
	"demo/telling":        {"demo/stories", "sim/slacksim", "sim/vendorsim", "terminal"},
	"demo/tour":           {"demo", "demo/stories", "demo/telling", "sim/slacksim", "terminal"},
	"demo":                {"control", "demo/world", "sim/wire", "apiclient", "app", "approvals", "bot/web", "config", "demo/stories", "demo/telling", "register", "reports/history", "reports/units", "sim/door", "sim/pipenet", "sim/slacksim", "sim/vendorsim", "store", "store/postgres", "terminal"},
	"demo/world":          {"approvals", "control", "sim/door", "sim/slacksim", "sim/vendorsim", "sim/wire"},
	"check":               {"apiclient/okta", "apiclient/entra", "apiclient/google", "directory/sources", "config", "provision/semrush", "apiclient/semrush", "reports/units", "control", "logging", "terminal", "bot", "bot/web", "reports", "approvals", "apiclient", "apiclient/seranking", "store/bolt", "store/postgres"},
	"policy":              {"config", "control", "logging", "terminal", "bot/web", "approvals", "catalog"},
	"app":                 {"forget", "register/list", "apiclient/okta", "apiclient/entra", "apiclient/google", "directory", "directory/sources", "provision/manual", "provision/seranking", "provision/semrush", "apiclient/semrush", "reports/census", "reports/history", "reports/units", "audit", "config", "control", "terminal", "bot", "bot/courier", "bot/web", "commands", "reports", "reports/paper", "approvals", "provision", "outbox", "apiclient", "apiclient/seranking", "store", "store/bolt", "store/postgres", "catalog", "register", "reviews", "leavers", "joiners", "watch", "logging", "traces"},
	"traces":              {"apiclient"},
	"watch":               {"terminal"},
	"move":                {"apiclient", "approvals", "config", "control", "terminal", "store/bolt", "store/cargo", "store/postgres"},
	"backup":              {"config", "control", "terminal", "provision", "approvals", "outbox", "store", "store/bolt", "store/cargo", "store/postgres"},
	"audit":               {"config", "control", "terminal", "approvals", "store"},
	"control":             {"forget", "store/cargo", "reviews", "reports", "reports/paper", "terminal", "bot/view", "approvals", "apiclient", "store", "store/bolt", "store/postgres", "catalog", "outbox", "register", "register/list"},
	"config":              {"reports/history", "apiclient/google", "config/strict", "logging", "terminal", "reports", "reports/units", "apiclient/semrush", "approvals", "apiclient", "apiclient/seranking", "catalog", "provision/manual", "provision/seranking"},
	"config/strict":       {"terminal"},
	"logging":             {"apiclient"},
	"terminal":            nil,
	"test/metricstext":    nil,
	"test/pace":           nil,
	"test/postgres":       nil, // a server for tests, which knows nothing of what is kept on it
	"test/manystore":      {"approvals", "joiners", "leavers", "outbox", "register", "reviews", "store", "store/bolt"},
	"test/heldlocks":      {},
	"test/stops":          {"outbox", "sim/ramdisk", "store/bolt"},
	"test/values":         {"apiclient/seranking", "catalog"},
	"test/world":          {"*"},
	"test/bugs":           {"*"},
	"test/apps":           nil, // these hold tests alone, which may import what they look at
	"test/badday":         nil,
	"test/commandline":    nil,
	"test/crash":          nil,
	"test/deploy":         nil,
	"test/house":          nil,
	"test/page":           nil,
	"test/process":        nil,
	"test/simulation":     nil,
	"test/talks":          {"*"}, // `usher demo --script` plays talks too
	"test/years":          nil,
	"test/toyapp":         {"app", "apiclient", "approvals", "catalog", "config", "provision"}, // an app of a kind of its own
	"bot":                 {"bot/view", "bot/web", "commands", "approvals", "outbox", "reviews"},
	"bot/courier":         {"bot/view", "bot/web", "commands", "reports", "reports/units", "approvals", "outbox", "reviews", "leavers"},
	"bot/view":            {"commands", "reports", "reports/history", "reviews", "approvals", "catalog"},
	"bot/web":             {"approvals"},
	"bot/bottest":         {"commands", "approvals", "outbox", "store/bolt", "sim/pipenet", "sim/ramdisk", "sim/slacksim", "catalog", "provision/seranking"},
	"store":               {"store/cargo", "approvals", "outbox", "register", "leavers", "reviews", "joiners"},                                                                                      // what a store must answer; whatever an engine may import, and no more
	"store/conform":       {"store", "store/cargo", "approvals", "catalog", "reports", "outbox", "register", "register/list", "leavers", "reviews", "joiners", "reports/history", "reports/census"}, // it holds stores to their contract; tests alone import it
	"store/cargo":         {"approvals"},
	"store/bolt":          {"store", "store/cargo", "approvals", "outbox", "catalog", "register", "leavers", "reviews", "joiners"},
	"store/postgres":      {"store", "store/cargo", "store/bolt", "apiclient", "approvals", "outbox", "register", "leavers", "reviews", "joiners"}, // a backup of it is a file of store/bolt's
	"commands":            {"reports/history", "approvals", "catalog", "register", "register/list", "reviews", "leavers"},
	"reports":             {"approvals", "outbox", "catalog", "reports/history"},
	"reports/history":     {"approvals"},
	"provision":           {"approvals", "outbox", "apiclient", "catalog"},
	"provision/manual":    {"approvals", "provision", "catalog", "config/strict", "terminal"},
	"provision/seranking": {"approvals", "provision", "apiclient", "apiclient/seranking", "catalog"},
	"reviews":             {"approvals", "register", "outbox", "sheet"},
	"sheet":               nil,
	"reports/paper":       {"reports", "reports/history", "approvals", "catalog", "outbox", "sheet"},
	"register":            {"register/list", "approvals", "catalog", "outbox"},
	"register/list":       nil,
	"directory":           {"register", "register/list", "approvals", "outbox", "apiclient"},
	"directory/sources":   {"directory", "register/list", "apiclient", "apiclient/okta", "apiclient/entra", "apiclient/google"},
	"joiners":             {"approvals", "outbox"},
	"leavers":             {"register", "approvals", "catalog", "outbox"},
	"approvals":           {"outbox", "catalog"},
	"catalog":             nil,
	"outbox":              nil,
	"apiclient":           nil,
	"apiclient/seranking": {"apiclient"},
	"apiclient/semrush":   {"apiclient"},
	"apiclient/fetch":     {"apiclient"},
	"apiclient/okta":      {"apiclient", "apiclient/fetch"},
	"apiclient/entra":     {"apiclient", "apiclient/fetch"},
	"apiclient/google":    {"apiclient", "apiclient/fetch"},
	"provision/semrush":   {"approvals", "apiclient", "apiclient/semrush", "reports/units"},
	"reports/census":      {"reports", "provision", "approvals"},
	"reports/units":       {"approvals", "outbox"},
	"sim/browser":         nil,
	"sim/pipenet":         nil,
	"sim/ramdisk":         nil,
	"sim/otlpsim":         nil,
	"sim/wire":            nil,
	"sim/slacksim":        {"sim/door", "sim/wire"},
	"sim/door":            nil,
	"sim/slacksim/alone":  {"sim/door", "sim/slacksim"},
	"sim/slacksim/cmd":    {"sim/slacksim/alone"},
	"sim/roster":          nil,
	"sim/oktasim":         {"sim/roster"},
	"sim/entrasim":        {"sim/roster"},
	"sim/googlesim":       {"sim/roster"},
	"sim/vendorsim":       {"sim/wire"},
	"sim/vendorsim/alone": {"sim/door", "sim/vendorsim"},
	"sim/vendorsim/cmd":   {"sim/vendorsim", "sim/vendorsim/alone"},
}

// owners says which room alone may import a library.
var owners = map[string][]string{
	"github.com/slack-go/slack":    {"bot", "bot/courier", "bot/view", "bot/web", "bench/rivals/plain"},
	"go.etcd.io/bbolt":             {"store/bolt", "bench/rivals/plain"},
	"github.com/jackc/pgx/v5":      {"store/postgres", "test/postgres"},
	"github.com/robfig/cron/v3":    {"reports", "test/bugs"},
	"github.com/alecthomas/kong":   {"cli"},
	"github.com/goccy/go-yaml":     {"config", "config/strict"},
	"github.com/prometheus":        {"app", "control", "test/metricstext"},
	"golang.org/x/time/rate":       {"apiclient/seranking"},
	"golang.org/x/image":           {"reports/paper"},
	"golang.org/x/oauth2":          {"apiclient/fetch", "apiclient/entra", "apiclient/google"},
	"github.com/gorilla/websocket": {"bot", "sim/slacksim"},
	"github.com/chromedp":          {"sim/browser"},
	"go.opentelemetry.io/proto":    {"traces", "sim/otlpsim"},
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func (p pkg) room() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

// TestImports holds the arrows of the design.
func TestImports(t *testing.T) {
	fromTheRoot(t)
	for _, p := range packages(t) {
		allowed, known := arrows[p.room()]
		require.True(t, known, "%s is a room that nobody has drawn: add it to arrows and to docs/architecture.md, with a reason", p.ImportPath)
		for _, imp := range p.Imports {
			if to, ours := strings.CutPrefix(imp, module+"/"); ours {
				require.True(t, slices.Contains(allowed, "*") || slices.Contains(allowed, to), "%s must not import %s", p.ImportPath, imp)
			}
			for library, rooms := range owners {
				if imp == library || strings.HasPrefix(imp, library+"/") {
					require.Contains(t, rooms, p.room(), "%s imports %s", p.ImportPath, imp)
				}
			}
		}
	}
}

// packages lists every package of the module with what its non-test files import.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	out, err := cmd.Output()
	require.NoError(t, err)
	var list []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		list = append(list, p)
	}
	require.Greater(t, len(list), 10)
	return list
}
