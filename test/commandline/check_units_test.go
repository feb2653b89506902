package commandline

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// watching is an outset in which the units of an app are watched.
func watching(t *testing.T) *outset {
	w := newOutset(t, slacksim.Options{Scopes: web.Scopes()})
	at := regexp.MustCompile(`base_url: (\S+)/v1`).FindStringSubmatch(w.config)[1]
	w.config = strings.Replace(w.config, "    seats: 25\n", "    seats: 25\n  semrush:\n    kind: manual\n    template: semrush\n    owners: [U0BOB]\n    units: {base_url: \""+at+"\"}\n", 1)
	w.env["SEMRUSH_API_KEY"] = w.vendor.Key(vendorsim.Semrush)
	w.vendor.SetUnits(48_210)
	return w
}

func TestCheckReadsTheUnits(t *testing.T) {
	t.Parallel()
	w := watching(t)
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Empty(t, troubles(table), table)
	require.Contains(t, table, "ok key for the units of semrush is there, and isn't one of API version 4\n")
	require.Contains(t, table, "ok units of semrush 48210 left; they're read by API version 3, which ends at the end of 2027 as announced\n")
}

func TestCheckSaysWhyTheUnitsAreNotKnown(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(w *outset)
		code   int
		says   []string
	}{
		"a newer key": {func(w *outset) { w.env["SEMRUSH_API_KEY"] = "semrtkn-0000111122223333" }, terminal.ExitFailed, []string{
			`^warning key for the units of semrush this looks like a Semrush key of API version 4; .* → put the account's version 3 key into SEMRUSH_API_KEY`,
			`^failed units of semrush the balance isn't known: the key in SEMRUSH_API_KEY is one of API version 4`}},
		"another key": {func(w *outset) { w.env["SEMRUSH_API_KEY"] = "4f0e9a7bc2d14e55a0b37c9d18e6f201" }, terminal.ExitFailed, []string{
			`^failed units of semrush the balance isn't known: it doesn't take the key in SEMRUSH_API_KEY \(“ERROR 120 :: WRONG KEY - ID PAIR”\)`}},
		"a sign-in page": {func(w *outset) { w.vendor.SetQuirks(vendorsim.Quirks{UnitsBody: "<html>Log in 2026</html>"}) }, terminal.ExitFailed, []string{
			`^failed units of semrush the balance isn't known: it answered with a web page instead of a number`}},
		"none bought": {func(w *outset) { w.vendor.SetUnits(0) }, terminal.ExitDone, []string{
			`^warning units of semrush none are left → buy some`}},
	} {
		t.Run(name, func(t *testing.T) {
			w := watching(t)
			row.change(w)
			code, table := w.check(t)
			require.Equal(t, row.code, code, table)
			found := troubles(table)
			require.Len(t, found, len(row.says), table)
			for i, pattern := range row.says {
				require.Regexp(t, pattern, found[i])
			}
		})
	}
}

// TestWatchedUnitsNeedTheirKey: without it nothing is started, and what is said names the variable.
func TestWatchedUnitsNeedTheirKey(t *testing.T) {
	w := watching(t)
	delete(w.env, "SEMRUSH_API_KEY")
	a := world.Usher(t, w.env, "check", "--config", world.WriteConfig(t, w.config), "--data", w.data)
	require.Equal(t, terminal.ExitWrong, a.Code)
	require.Contains(t, a.Errors, "SEMRUSH_API_KEY is not set in the environment; expected the account's API key of version 3")
}
