package seranking

import (
	"context"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
)

const (
	unifiedSites = "GET project-management/sites"
	legacySites  = "GET sites"
)

func base(url string) func(*Config) { return func(cfg *Config) { cfg.BaseURL = url } }

func TestAutoFindsTheDialect(t *testing.T) {
	notFound := status(404, `{"message":"Not found"}`)
	for name, c := range map[string]struct {
		base            string
		unified, legacy reply
		want            Dialect
		first           string
	}{
		"unified":                  {"https://vendor.test/v1", ok(`[]`), notFound, Unified, unifiedSites},
		"legacy below /v1":         {"https://vendor.test/v1/", notFound, ok(`[]`), Legacy, unifiedSites},
		"legacy host":              {"https://api4.seranking.com", notFound, ok(`[]`), Legacy, legacySites},
		"no version":               {"https://vendor.test", ok(`[]`), notFound, Unified, legacySites},
		"a page for an unknown":    {"https://vendor.test/v1", status(404, htmlPage), ok(`[]`), Legacy, unifiedSites},
		"a page with 200":          {"https://vendor.test/v1", ok(htmlPage), ok(`[]`), Legacy, unifiedSites},
		"an object with 200":       {"https://vendor.test/v1", ok(`{"message":"hello"}`), ok(`[]`), Legacy, unifiedSites},
		"403 for an unknown":       {"https://vendor.test/v1", status(403, `{"message":"No token"}`), ok(`[]`), Legacy, unifiedSites},
		"a redirect to the manual": {"https://vendor.test/v1", status(302, ``), ok(`[]`), Legacy, unifiedSites},
	} {
		v := newVendor(t)
		v.on(unifiedSites, c.unified)
		v.on(legacySites, c.legacy)
		client := v.client(Auto, base(c.base))
		for range 3 {
			d, err := client.Dialect(t.Context())
			require.NoError(t, err, name)
			require.Equal(t, c.want, d, name)
		}
		require.Equal(t, c.first, v.calls[0].route, name)
		require.LessOrEqual(t, len(v.calls), 2, "%s: asked once and remembered", name)
	}
}

func TestAutoRemembersNothingInconclusive(t *testing.T) {
	for name, failing := range map[string]reply{
		"500": status(500, ``), "429": status(429, ``), "cut": cut(io.ErrUnexpectedEOF), "slow": slow(time.Hour),
		"502 page": status(502, htmlPage), "half a list": ok(`[{"id":1`),
	} {
		synctest.Test(t, func(t *testing.T) {
			v := newVendor(t)
			v.on(unifiedSites, failing)
			v.on(legacySites, ok(`[]`))
			c := v.client(Auto)
			_, err := c.Dialect(t.Context())
			require.Contains(t, []apiclient.Kind{apiclient.Temporary, apiclient.RateLimited}, apiclient.KindOf(err), name)
			require.Empty(t, v.asked(legacySites), "%s says nothing about the dialect", name)
			v.on(unifiedSites, ok(`[]`))
			d, err := c.Dialect(t.Context())
			require.NoError(t, err)
			require.Equal(t, Unified, d)
		})
	}
}

func TestAutoTellsABadKeyFromABadAddress(t *testing.T) {
	v := newVendor(t)
	c := v.client(Auto)
	v.on(unifiedSites, status(401, `{"message":"Unauthorized"}`))
	_, err := c.Dialect(t.Context())
	kind(t, apiclient.NotAllowed, err)
	v.on(unifiedSites, status(404, ``))
	_, err = c.ListAccounts(t.Context())
	kind(t, apiclient.Rejected, err)
	require.ErrorContains(t, err, "neither dialect")
	_, err = c.Create(t.Context(), ann)
	kind(t, apiclient.Rejected, err)
	require.Empty(t, v.asked("POST users"), "no write before the dialect is known")
}

// A vendor whose gateway shows a page must not end a deed as refused.
func TestAutoTakesAGatewaysPageForNoRefusal(t *testing.T) {
	v := newVendor(t)
	c := v.client(Auto)
	v.on(unifiedSites, ok("<html><title>Back soon</title></html>"), ok("[]"))
	v.on(legacySites, ok("<html><title>Back soon</title></html>"))
	_, err := c.ListAccounts(t.Context())
	kind(t, apiclient.Temporary, err)
	require.ErrorContains(t, err, "base URL")
	d, err := c.Dialect(t.Context())
	require.NoError(t, err)
	require.Equal(t, Unified, d)
}

func TestAGivenDialectIsNotProbed(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		d, err := c.Dialect(t.Context())
		require.NoError(t, err)
		require.Equal(t, at.d, d)
		require.Empty(t, v.calls)
	})
}

func TestManyCallersProbeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		late := ok(`[]`)
		late.after = 2 * time.Second
		v.on(unifiedSites, late)
		c := v.client(Auto)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				d, err := c.Dialect(t.Context())
				require.NoError(t, err)
				require.Equal(t, Unified, d)
			})
		}
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			<-time.After(time.Millisecond) // the others are probing by now, on the bubble's clock
			_, err := c.Dialect(ctx)
			require.ErrorIs(t, err, context.DeadlineExceeded, "waiting for another's probe ends with the context")
		})
		wg.Wait()
		require.Len(t, v.calls, 1)
	})
}

func TestAnOperationKeepsItsDialect(t *testing.T) {
	v := newVendor(t)
	c := v.client(Auto, base("https://vendor.test/v1"))
	v.on(unifiedSites, status(404, ``))
	v.on(legacySites, ok(`[]`))
	v.on("GET users/7/shared-sites", ok(`[39]`), ok(`[39,44]`))
	v.on("POST users/7/shared-sites", status(201, `[]`))
	r, err := c.Share(t.Context(), 7, []int64{44})
	require.NoError(t, err)
	require.Equal(t, []int64{39, 44}, r.After)
	var all []string
	for _, s := range v.calls {
		all = append(all, s.route)
	}
	require.Equal(t, []string{unifiedSites, legacySites, "GET users/7/shared-sites", "POST users/7/shared-sites", "GET users/7/shared-sites"}, all)
}

func TestNewRefusesMistakes(t *testing.T) {
	good := Config{Key: key, Now: time.Now, Random: seeded()}
	_, err := New(good)
	require.NoError(t, err)
	for name, spoil := range map[string]func(*Config){
		"no key":     func(c *Config) { c.Key = "" },
		"key of two": func(c *Config) { c.Key = "a b" },
		"newline":    func(c *Config) { c.Key = "abc\n" },
		"dialect":    func(c *Config) { c.Dialect = "latin" },
		"no clock":   func(c *Config) { c.Now = nil },
		"no chance":  func(c *Config) { c.Random = nil },
		"plain http": base("http://api.seranking.com/v1"),
		"query":      base("https://api.seranking.com/v1?apikey=1"),
	} {
		cfg := good
		spoil(&cfg)
		_, err := New(cfg)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "a b")
	}
}
