package google_test

import (
	"crypto/rsa"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/google"
	"github.com/usherbot/usher/sim/googlesim"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/roster"
)

const admin = "admin@acme.example"

func beside(t *testing.T, key *rsa.PrivateKey, alter func(*google.Config), f func(t *testing.T, g *googlesim.Google, c *google.Client)) {
	synctest.Test(t, func(t *testing.T) {
		g := googlesim.New(roster.New(roster.Options{Now: time.Now, Violation: func(format string, args ...any) { t.Errorf("violation: "+format, args...) }}), admin, key)
		g.Put(roster.Person{ID: "1", Email: "ann@acme.example", Also: []string{"ann.old@acme.example"}}, roster.Person{ID: "2", Email: "ben@other.example"},
			roster.Person{ID: "3", Email: "gone@acme.example", Deleted: time.Now().Add(-time.Hour)})
		transport, end := pipenet.Serve("google.test", g)
		defer func() {
			require.NoError(t, end())
			synctest.Wait()
		}()
		cfg := google.Config{BaseURL: "http://google.test", TokenURL: "http://google.test/token", AllowHTTP: true, Key: apiclient.Secret(g.KeyFile()), Subject: admin,
			HTTP: &http.Client{Transport: transport}, Now: time.Now, Random: rand.NewChaCha8([32]byte{2})}
		alter(&cfg)
		c, err := google.New(cfg)
		require.NoError(t, err)
		f(t, g, c)
	})
}

func TestAServiceAccountReadsForAnAdmin(t *testing.T) {
	key, err := googlesim.Key()
	require.NoError(t, err)
	beside(t, key, func(*google.Config) {}, func(t *testing.T, g *googlesim.Google, c *google.Client) {
		users, err := c.Users(t.Context())
		require.NoError(t, err)
		require.Len(t, users, 3)
		require.Equal(t, []string{"ann.old@acme.example"}, users[0].Aliases)
		require.True(t, users[2].Gone)
		require.False(t, users[2].Deleted.IsZero())
		n, more, err := c.First(t.Context())
		require.NoError(t, err)
		require.Equal(t, 2, n)
		require.False(t, more)
		for _, call := range g.Calls() {
			require.NotContains(t, call.Query, "relations", "only what is needed is asked for")
		}
	})
	beside(t, key, func(c *google.Config) { c.Domain = "other.example" }, func(t *testing.T, _ *googlesim.Google, c *google.Client) {
		users, err := c.Users(t.Context())
		require.NoError(t, err)
		require.Len(t, users, 1)
	})
}

// TestWhoMayNotReadIsTold: an admin for whom the account may not sign, an admin without the role, a key that was revoked. The address to
// which a key file itself would have its signatures sent is never asked.
func TestWhoMayNotReadIsTold(t *testing.T) {
	key, err := googlesim.Key()
	require.NoError(t, err)
	other, err := googlesim.Key()
	require.NoError(t, err)
	revoked := googlesim.New(roster.New(roster.Options{}), admin, other).KeyFile()
	for name, row := range map[string]struct {
		alter    func(*google.Config)
		roleless bool
		says     string
	}{
		"another admin": {func(c *google.Config) { c.Subject = "somebody@acme.example" }, false, "Invalid email or User ID"},
		"revoked":       {func(c *google.Config) { c.Key = apiclient.Secret(revoked) }, false, "Invalid JWT Signature"},
		"no role":       {func(*google.Config) {}, true, "Not Authorized"},
	} {
		beside(t, key, row.alter, func(t *testing.T, g *googlesim.Google, c *google.Client) {
			g.Roleless = row.roleless
			_, err := c.Users(t.Context())
			require.Equal(t, apiclient.NotAllowed, apiclient.KindOf(err), "%s: %v", name, err)
			require.ErrorContains(t, err, row.says, name)
			require.NotContains(t, err.Error(), "PRIVATE")
		})
	}
}

func TestGoogleConfigurationIsRefused(t *testing.T) {
	key, err := googlesim.Key()
	require.NoError(t, err)
	file := googlesim.New(roster.New(roster.Options{}), admin, key).KeyFile()
	good := google.Config{Key: apiclient.Secret(file), Subject: admin, Now: time.Now, Random: rand.NewChaCha8([32]byte{})}
	_, err = google.New(good)
	require.NoError(t, err)
	for name, wrong := range map[string]func(*google.Config){
		"no key":  func(c *google.Config) { c.Key = "" },
		"no JSON": func(c *google.Config) { c.Key = "-----BEGIN PRIVATE KEY-----" },
		"of a user": func(c *google.Config) {
			c.Key = apiclient.Secret(strings.Replace(file, "service_account", "authorized_user", 1))
		},
		"cut key":    func(c *google.Config) { c.Key = apiclient.Secret(strings.Replace(file, "MII", "", 1)) },
		"no subject": func(c *google.Config) { c.Subject = "admin" },
		"plain http": func(c *google.Config) { c.BaseURL = "http://admin.googleapis.com" },
		"no clock":   func(c *google.Config) { c.Now = nil },
	} {
		c := good
		wrong(&c)
		_, err := google.New(c)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "MII", name)
	}
}
