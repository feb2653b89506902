package commandline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/entrasim"
	"github.com/usherbot/usher/sim/googlesim"
	"github.com/usherbot/usher/sim/oktasim"
	"github.com/usherbot/usher/sim/roster"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// known is an outset in which people are known from every kind of directory.
type known struct {
	*outset
	okta   *oktasim.Okta
	entra  *entrasim.Entra
	google *googlesim.Google
	list   string
}

func knowing(t *testing.T) *known {
	w := newOutset(t, slacksim.Options{Scopes: web.Scopes()})
	people := func() *roster.Roster {
		r := roster.New(roster.Options{Now: time.Now, Violation: func(format string, args ...any) { t.Errorf(format, args...) }})
		for i := range 30 {
			r.Put(roster.Person{ID: string(rune('A' + i)), Email: strings.Repeat("x", i+1) + "@acme.example", Created: time.Now()})
		}
		return r
	}
	key, err := googlesim.Key()
	require.NoError(t, err)
	k := &known{outset: w, okta: oktasim.New(people(), "00okta-token-of-a-reader"), entra: entrasim.New(people(), "acme.example", "app", "entra-secret-of-the-app"),
		google: googlesim.New(people(), "admin@acme.example", key), list: filepath.Join(t.TempDir(), "people.csv")}
	require.NoError(t, os.WriteFile(k.list, []byte("Email\nann@acme.example\nben@acme.example\n"), 0o600))
	w.config = "people:\n  directories:\n    - {kind: csv, name: HR list, path: " + k.list + "}\n    - {kind: csv, name: Interns}\n    - {kind: okta, base_url: \"" + serve(t, k.okta) + "\"}\n    - {kind: entra, tenant: acme.example, client_id: app, base_url: \"ENTRA\", login_url: \"ENTRA\"}\n    - {kind: google, admin: admin@acme.example, base_url: \"GOOGLE\", login_url: \"GOOGLE/token\"}\n" + w.config
	w.config = strings.NewReplacer("ENTRA", serve(t, k.entra), "GOOGLE", serve(t, k.google)).Replace(w.config)
	w.env["OKTA_TOKEN"], w.env["ENTRA_CLIENT_SECRET"], w.env["GOOGLE_SERVICE_ACCOUNT_KEY"] = "00okta-token-of-a-reader", "entra-secret-of-the-app", k.google.KeyFile()
	return k
}

func TestCheckReadsTheDirectories(t *testing.T) {
	t.Parallel()
	w := knowing(t)
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Empty(t, troubles(table), table)
	for _, row := range []string{"ok directory Interns is added by an admin, with /access import people\n", "ok directory HR list can be read; it lists 2 people\n", "ok directory Okta can be read; the first page lists 20 people, and there are more\n",
		"ok directory Entra ID can be read; the first page lists 20 people, and there are more\n", "ok directory Google Workspace can be read; the first page lists 25 people, and there are more\n"} {
		require.Contains(t, table, row)
	}
	require.Len(t, w.okta.Calls(), 1, "one page alone")
}

func TestCheckSaysWhatADirectoryLacks(t *testing.T) {
	t.Parallel()
	w := knowing(t)
	w.env["OKTA_TOKEN"] = "00another-token-altogether"
	w.entra.Blind = true
	w.google.Roleless = true
	require.NoError(t, os.WriteFile(w.list, []byte("Name\nAnn\n"), 0o600))
	code, table := w.check(t)
	require.Equal(t, terminal.ExitFailed, code, table)
	found := troubles(table)
	require.Len(t, found, 4, table)
	for i, pattern := range []string{
		`^failed directory HR list .*can't tell which column has the e-mail addresses.* → see that path names the exported list`,
		`^failed directory Okta .*Invalid token provided.* → put a valid API token into OKTA_TOKEN`,
		`^failed directory Entra ID .*needs the permission User.Read.All.* → put a valid client secret into ENTRA_CLIENT_SECRET`,
		`^failed directory Google Workspace .*Not Authorized.* → in Google's admin console allow`,
	} {
		require.Regexp(t, pattern, found[i])
	}
}

// TestADirectoryNeedsItsSecret: without it nothing is started, and what is said names the variable and shows none.
func TestADirectoryNeedsItsSecret(t *testing.T) {
	w := knowing(t)
	delete(w.env, "OKTA_TOKEN")
	delete(w.env, "ENTRA_CLIENT_SECRET")
	w.env["GOOGLE_SERVICE_ACCOUNT_KEY"] = "no key at all, and secret all the same"
	a := world.Usher(t, w.env, "check", "--config", world.WriteConfig(t, w.config), "--data", w.data)
	require.Equal(t, terminal.ExitWrong, a.Code)
	require.Contains(t, a.Errors, "OKTA_TOKEN is not set in the environment; expected an API token of a read-only administrator")
	require.Contains(t, a.Errors, "ENTRA_CLIENT_SECRET is not set in the environment")
	require.Contains(t, a.Errors, "GOOGLE_SERVICE_ACCOUNT_KEY is neither JSON nor base64")
	require.NotContains(t, a.Errors, "secret all the same")
}
