package entra_test

import (
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/entra"
	"github.com/usherbot/usher/sim/entrasim"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/roster"
)

const (
	tenant = "5a6e2c1b-0000-4444-8888-2f1d9c3b7a60"
	app    = "0d2f9c3b-1111-4444-8888-7a605a6e2c1b"
	secret = apiclient.Secret("Zk8Q~cVbNmKjHgFdSaPoIuYtReW1xLsAqWsEdRf")
)

func beside(t *testing.T, f func(t *testing.T, e *entrasim.Entra, c *entra.Client)) {
	synctest.Test(t, func(t *testing.T) {
		e := entrasim.New(roster.New(roster.Options{Now: time.Now, Violation: func(format string, args ...any) { t.Errorf("violation: "+format, args...) }}), tenant, app, secret.Reveal())
		e.Put(roster.Person{ID: "1", Email: "ann@acme.example", Also: []string{"ann.old@acme.example"}, Private: "ann@elsewhere.example"},
			roster.Person{ID: "2", Email: "ben@acme.example"}, roster.Person{ID: "3", Email: "guest@elsewhere.example", Guest: true})
		transport, end := pipenet.Serve("entra.test", e)
		defer func() {
			require.NoError(t, end())
			synctest.Wait()
		}()
		c, err := entra.New(entra.Config{BaseURL: "http://entra.test", LoginURL: "http://entra.test", AllowHTTP: true, Tenant: tenant, ClientID: app, Secret: secret,
			HTTP: &http.Client{Transport: transport}, Now: time.Now, Random: rand.NewChaCha8([32]byte{2})})
		require.NoError(t, err)
		f(t, e, c)
	})
}

// TestADeltaTellsWhoChanged: behind the whole only changes are read, of them what Graph says of each; and who was deleted.
func TestADeltaTellsWhoChanged(t *testing.T) {
	beside(t, func(t *testing.T, e *entrasim.Entra, c *entra.Client) {
		whole, err := c.Users(t.Context(), "")
		require.NoError(t, err)
		require.True(t, whole.Full)
		require.Len(t, whole.People, 3)
		require.Equal(t, []string{"ann@acme.example", "ann@acme.example", "ann@acme.example", "ann.old@acme.example"}, whole.People[0].Addresses, "and none that she wrote herself")
		require.True(t, *whole.People[2].Guest)

		again, err := c.Users(t.Context(), whole.Link)
		require.NoError(t, err)
		require.False(t, again.Full)
		require.Empty(t, again.People)

		e.SwitchOff("2")
		e.Change("1", func(p *roster.Person) { p.Deleted = time.Now() })
		changed, err := c.Users(t.Context(), again.Link)
		require.NoError(t, err)
		require.Len(t, changed.People, 2)
		require.Equal(t, "changed", changed.People[0].Removed)
		require.False(t, *changed.People[1].Enabled)
		require.Nil(t, changed.People[1].Guest, "what didn't change isn't said")
	})
}

// TestAForgottenLinkIsReadFromTheStart, whether it expired, or Graph lost it, or it is from another host.
func TestAForgottenLinkIsReadFromTheStart(t *testing.T) {
	beside(t, func(t *testing.T, e *entrasim.Entra, c *entra.Client) {
		whole, err := c.Users(t.Context(), "")
		require.NoError(t, err)
		for name, link := range map[string]func() string{
			"expired": func() string { <-time.After(8 * 24 * time.Hour); return whole.Link },
			"lost":    func() string { e.Forget(); return whole.Link },
			"foreign": func() string { return "https://graph.microsoft.us/v1.0/users/delta?$deltatoken=x" },
		} {
			again, err := c.Users(t.Context(), link())
			require.NoError(t, err, name)
			require.True(t, again.Full, name)
			require.Len(t, again.People, 3, name)
		}
	})
}

// TestWhoMayNotReadWhetherSomebodyIsOnIsTold: without the permission the field isn't there, and that is no "off" and no "on".
func TestWhoMayNotReadWhetherSomebodyIsOnIsTold(t *testing.T) {
	beside(t, func(t *testing.T, e *entrasim.Entra, c *entra.Client) {
		e.Blind = true
		_, err := c.Users(t.Context(), "")
		require.Equal(t, apiclient.NotAllowed, apiclient.KindOf(err))
		require.ErrorContains(t, err, "User.Read.All")
	})
}

func TestEntraConfigurationIsRefused(t *testing.T) {
	good := entra.Config{Tenant: tenant, ClientID: app, Secret: secret, Now: time.Now, Random: rand.NewChaCha8([32]byte{})}
	_, err := entra.New(good)
	require.NoError(t, err)
	for name, wrong := range map[string]func(*entra.Config){
		"no tenant":   func(c *entra.Config) { c.Tenant = "" },
		"a path":      func(c *entra.Config) { c.Tenant = "a/../b" },
		"dots":        func(c *entra.Config) { c.Tenant = ".." },
		"no id":       func(c *entra.Config) { c.ClientID = "" },
		"no secret":   func(c *entra.Config) { c.Secret = "" },
		"plain http":  func(c *entra.Config) { c.BaseURL = "http://graph.microsoft.com" },
		"plain login": func(c *entra.Config) { c.LoginURL = "http://login.microsoftonline.com" },
		"no clock":    func(c *entra.Config) { c.Now = nil },
	} {
		c := good
		wrong(&c)
		_, err := entra.New(c)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), secret.Reveal())
	}
}
