package okta

import (
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient/fetch"
)

// TestNextLinksAreFoundAsOktaSendsThem: a header of its own for each link, or all in one, and none of another kind.
func TestNextLinksAreFoundAsOktaSendsThem(t *testing.T) {
	const self, next = `<https://acme.okta.com/api/v1/users?limit=200>; rel="self"`, `<https://acme.okta.com/api/v1/users?after=00u1&limit=200>; rel="next"`
	for name, links := range map[string][]string{"apart": {self, next}, "in one": {self + ", " + next}, "alone": {next}} {
		require.Equal(t, "https://acme.okta.com/api/v1/users?after=00u1&limit=200", nextOf(links), name)
	}
	require.Empty(t, nextOf([]string{self}))
	require.Empty(t, nextOf(nil))
}

func TestOktaPagesAreReadStrictly(t *testing.T) {
	c, err := New(Config{BaseURL: "https://acme.okta.com", Token: "00token", Now: time.Now, Random: rand.NewChaCha8([32]byte{})})
	require.NoError(t, err)
	for body, ok := range map[string]bool{
		`[]`: true,
		`[{"id":"1","status":"ACTIVE","profile":{"login":"a@x.example"}}]`:                                                                   true,
		`[{"id":"1","status":"A_NEW_WORD","statusChanged":null,"profile":{}}]`:                                                               true,
		`[{"id":"1","status":"DEPROVISIONED","statusChanged":"2026-11-03T08:00:00.000Z","created":"2020-01-01T00:00:00.000Z","profile":{}}]`: true,
		`[{"id":"","status":"ACTIVE","profile":{}}]`:                                                                                         false,
		`[{"id":"1","profile":{}}]`:                                               false,
		`[{"id":"1","status":"ACTIVE"}]`:                                          false,
		`[{"id":"1","status":"ACTIVE","statusChanged":"yesterday","profile":{}}]`: false,
		`null`: false, `{}`: false, ``: false, `"x"`: false, `[1]`: false,
	} {
		_, failed := c.judge(fetch.Answer{Status: 200, Body: []byte(body)})
		require.Equal(t, ok, failed == nil, "%s: %v", body, failed)
	}
}

// TestATenthOfTheLimitIsLeftToOthers: people sign in by the same limit.
func TestATenthOfTheLimitIsLeftToOthers(t *testing.T) {
	now := time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)
	c := &Client{now: func() time.Time { return now }}
	head := func(limit, left, reset string) http.Header {
		h := http.Header{}
		h.Set("X-Rate-Limit-Limit", limit)
		h.Set("X-Rate-Limit-Remaining", left)
		h.Set("X-Rate-Limit-Reset", reset)
		return h
	}
	require.Zero(t, c.spare(head("600", "61", "1795939230")))
	require.Equal(t, 31*time.Second, c.spare(head("600", "60", "1795939230")))
	require.Equal(t, time.Second, c.spare(head("600", "0", "1795939000")), "a clock that is ahead")
	require.Equal(t, time.Minute, c.spare(head("600", "0", "1795999999")), "a minute at most")
	require.Zero(t, c.spare(http.Header{}))
	require.Zero(t, c.spare(head("0", "0", "1795939230")))
}

func TestOktaConfigurationIsRefused(t *testing.T) {
	good := Config{BaseURL: "https://acme.okta.com", Token: "00token", Now: time.Now, Random: rand.NewChaCha8([32]byte{})}
	for name, wrong := range map[string]func(*Config){
		"no token":    func(c *Config) { c.Token = "" },
		"split token": func(c *Config) { c.Token = "a b" },
		"plain http":  func(c *Config) { c.BaseURL = "http://acme.okta.com" },
		"no address":  func(c *Config) { c.BaseURL = "" },
		"no clock":    func(c *Config) { c.Now = nil },
		"no lots":     func(c *Config) { c.Random = nil },
	} {
		c := good
		wrong(&c)
		_, err := New(c)
		require.Error(t, err, name)
	}
}
