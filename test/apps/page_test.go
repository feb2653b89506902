// Package apps follows docs/apps.md as somebody does who has that page alone: the files that stand there are written into
// a folder of their own, and asked for through the whole program.
package apps

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/terminal"
)

// parts are the pieces of the page that are to be copied, in order.
func parts(t *testing.T) (list []string) {
	page, err := os.ReadFile("../../docs/apps.md")
	require.NoError(t, err)
	for i, part := range strings.Split(string(page), "```") {
		if i%2 == 1 {
			_, text, _ := strings.Cut(part, "\n")
			list = append(list, text)
		}
	}
	require.GreaterOrEqual(t, len(list), 5)
	return list
}

// folder is one as the page has it made, with the demo's policies. It is where the test goes on.
func folder(t *testing.T, page []string, app string) (yml string) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("apps", 0o755))
	require.NoError(t, os.WriteFile(filepath.Join("apps", "acme.yml"), []byte(app), 0o644))
	entry, ok := strings.CutPrefix(page[1], "apps:\n")
	require.True(t, ok)
	return strings.Replace(demo.Config, "bundles:\n", entry+"bundles:\n", 1)
}

// TestThePageIsRight: what it says to write is read as it stands, and a slip is told as it says.
func TestThePageIsRight(t *testing.T) {
	page := parts(t)
	yml := folder(t, page, page[0])
	cfg, problems := config.Parse("usher.yml", []byte(yml))
	require.Empty(t, problems)
	app := cfg.Apps[len(cfg.Apps)-1]
	require.Equal(t, "Acme Board", app.Name)
	require.Equal(t, []string{"create", "delete"}, []string{string(app.Manual.Entry.Actions[0].Key), string(app.Manual.Entry.Actions[1].Key)})
	require.Len(t, app.Manual.Entry.Actions[1].Steps, 4)

	yml = folder(t, page, strings.Replace(page[0], "where: Settings > People > Invite", "wher: Settings > People > Invite", 1))
	_, problems = config.Parse("usher.yml", []byte(yml))
	require.Len(t, problems, 1)
	require.Equal(t, strings.TrimSpace(page[2]), problems[0].In("usher.yml"))
}

// TestThePagesChangesToSteps are read as they stand, and do what stands beside them.
func TestThePagesChangesToSteps(t *testing.T) {
	page := parts(t)
	entry, _ := strings.CutPrefix(page[6], "apps:\n")
	cfg, problems := config.Parse("usher.yml", []byte(strings.Replace(demo.Config, "bundles:\n", entry+"bundles:\n", 1)))
	require.Empty(t, problems)
	remove, _ := cfg.Apps[1].Manual.Entry.Action("delete")
	release, _ := remove.Step("release")
	require.EqualValues(t, "Ours is support@reseller.example.", release.Remember)
	require.EqualValues(t, "link", release.Proof)
	require.EqualValues(t, "Ask Customer Support to drop the paid seat.", release.Do, "what isn't written stays")
	_, has := remove.Step("log")
	require.False(t, has)
	require.Equal(t, "tell", remove.Steps[len(remove.Steps)-1].Key)
	shares, _ := remove.Step("shares")
	require.Empty(t, shares.Remember)
}

// TestThePagesQuestionsAndPool are read as they stand, in the app of the page and in the demo's.
func TestThePagesQuestionsAndPool(t *testing.T) {
	page := parts(t)
	yml := folder(t, page, strings.Replace(page[0], "      role:\n", page[4]+"      level:\n", 1))
	cfg, problems := config.Parse("usher.yml", []byte(yml))
	require.Empty(t, problems)
	role, _ := cfg.Apps[len(cfg.Apps)-1].Manual.Entry.Actions[0].Field("role")
	require.Len(t, role.OfWay("own"), 2)

	entry, _ := strings.CutPrefix(page[7], "apps:\n")
	cfg, problems = config.Parse("usher.yml", []byte(strings.Replace(demo.Config, "bundles:\n", entry+"bundles:\n", 1)))
	require.Empty(t, problems)
	require.Equal(t, []approvals.Limit{{Key: "keywords", Of: 5000}, {Key: "site_audit_pages", Of: 100000}}, cfg.Catalog()[1].Pool)
}

// TestThePagesQuestionsAtSetUp have to be answered, and a step is there for who said so.
func TestThePagesQuestionsAtSetUp(t *testing.T) {
	page := parts(t)
	app := strings.Replace(page[0], "actions:\n", page[5]+"actions:\n", 1)
	app = strings.Replace(app, "        do: See that a licence is free.\n", "        do: See that a licence is free.\n        setup: {sign_in: sso}\n", 1)
	yml := folder(t, page, app)
	_, problems := config.Parse("usher.yml", []byte(yml))
	require.Len(t, problems, 1)
	require.Contains(t, problems[0].Say, "How do people sign in? Expected setup: {sign_in: …} with password (with a password) or sso (through single sign-on)")
	for answer, steps := range map[string]int{"password": 2, "sso": 3} {
		cfg, problems := config.Parse("usher.yml", []byte(strings.Replace(yml, "template: apps/acme.yml\n", "template: apps/acme.yml\n    setup: {sign_in: "+answer+"}\n", 1)))
		require.Empty(t, problems)
		require.Len(t, cfg.Apps[len(cfg.Apps)-1].Manual.Entry.Actions[0].Steps, steps)
	}
}

// TestAFileThatIsNotThere: nothing is started, and the message says which file was looked for.
func TestAFileThatIsNotThere(t *testing.T) {
	page := parts(t)
	yml := folder(t, page, page[0])
	require.NoError(t, os.Remove(filepath.Join("apps", "acme.yml")))
	require.NoError(t, os.WriteFile("usher.yml", []byte(yml), 0o644))
	_, err := config.Load("usher.yml")
	require.IsType(t, terminal.Wrong(""), err)
	require.ErrorContains(t, err, `template is "apps/acme.yml", which isn't there; expected the file apps/acme.yml`)
}
