package seranking

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
)

func asError(t *testing.T, err error) *apiclient.Error {
	t.Helper()
	e, ok := errors.AsType[*apiclient.Error](err)
	require.True(t, ok, "%v", err)
	return e
}

var ann = NewAccount{Email: "ann@acme.example", FirstName: "Ann"}

const htmlPage = `<html><head><title>502 Bad Gateway</title></head></html>`

// TestEveryAnswerHasItsKind is the fault table of single answers: what a read makes of each,
// and what create, the write that is never repeated, makes of it.
func TestEveryAnswerHasItsKind(t *testing.T) {
	const temporary, unknown = apiclient.Temporary, apiclient.OutcomeUnknown
	reset := errors.New("read tcp 10.0.0.1:5: connection reset by peer")
	for name, c := range map[string]struct {
		answer        reply
		reads, writes apiclient.Kind
	}{
		"400":              {status(400, `{"message":"no"}`), apiclient.Rejected, apiclient.Rejected},
		"409":              {status(409, `{"message":"no"}`), apiclient.Rejected, apiclient.Rejected},
		"422":              {status(422, `{"message":"no"}`), apiclient.Rejected, apiclient.Rejected},
		"401":              {status(401, `{"message":"Unauthorized"}`), apiclient.NotAllowed, apiclient.NotAllowed},
		"403 page":         {status(403, htmlPage), apiclient.NotAllowed, apiclient.NotAllowed},
		"402":              {status(402, ``), apiclient.LimitReached, apiclient.LimitReached},
		"404":              {status(404, `{"message":"Not found"}`), apiclient.NotFound, apiclient.NotFound},
		"404 empty":        {status(404, ``), apiclient.NotFound, apiclient.NotFound},
		"404 page":         {status(404, htmlPage), temporary, unknown},
		"429":              {status(429, ``), apiclient.RateLimited, apiclient.RateLimited},
		"408":              {status(408, ``), temporary, unknown},
		"500":              {status(500, `{"message":"oops"}`), temporary, unknown},
		"502 page":         {status(502, htmlPage), temporary, unknown},
		"503":              {status(503, ``), temporary, unknown},
		"302":              {status(302, ``), apiclient.Rejected, unknown},
		"200 page":         {ok(htmlPage), temporary, unknown},
		"200 empty":        {ok(``), temporary, unknown},
		"200 odd shape":    {ok(`{"name":"x"}`), temporary, unknown},
		"200 with a limit": {ok(`{"error":{"code":403,"message":"Limit reached"}}`), apiclient.LimitReached, unknown},
		"200 id 0":         {ok(`{"id":0}`), temporary, unknown},
		"broken off":       {broken(200, `{"id":3`), temporary, unknown},
		"too large":        {ok(`{"id":3,"pad":"` + strings.Repeat("x", 2<<20) + `"}`), temporary, unknown},
		"connection reset": {cut(reset), temporary, unknown},
		"cut":              {cut(io.ErrUnexpectedEOF), temporary, unknown},
		"too slow":         {slow(time.Hour), temporary, unknown},
		"dialing failed":   {cut(&net.OpError{Op: "dial", Err: errors.New("connection refused")}), temporary, temporary},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVendor(t)
				client := v.client(Unified)
				v.on("GET project-management/users/me", c.answer)
				v.on("POST project-management/users", c.answer)
				_, err := client.Profile(t.Context())
				kind(t, c.reads, err)
				id, err := client.Create(t.Context(), ann)
				kind(t, c.writes, err)
				require.Zero(t, id)
				require.Len(t, v.asked("POST project-management/users"), 1, "create is asked once, whatever comes")
			})
		})
	}
}

func TestErrorsQuoteTheVendorWithoutSecrets(t *testing.T) {
	v := newVendor(t)
	c := v.client(Unified)
	v.do("POST project-management/users", func(s seen) reply {
		_, rest, _ := strings.Cut(s.body, `account_password":"`)
		password, _, _ := strings.Cut(rest, `"`)
		return status(400, `{"message":"Weak: `+password+` for `+key.Reveal()[:20]+`… see https://online.seranking.com/guest/abc?token=1 `+strings.Repeat("very ", 99)+`"}`)
	})
	_, err := c.Create(t.Context(), ann)
	kind(t, apiclient.Rejected, err)
	require.Contains(t, err.Error(), "create account: rejected (400): Weak: [secret] for [secret]… see https://online.seranking.com/… very")
	require.LessOrEqual(t, len([]rune(asError(t, err).Words)), 200)
	for _, p := range v.passwords() {
		require.NotContains(t, err.Error(), p)
	}
}

func TestErrorsOfTheNetworkBearNoAddress(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer server.Close()
	v := newVendor(t)
	overTCP := func(cfg *Config) { cfg.BaseURL, cfg.HTTP = server.URL+"/v1", server.Client() }
	_, err := v.client(Unified, overTCP).Create(t.Context(), ann)
	kind(t, apiclient.OutcomeUnknown, err)
	err = v.client(Unified, overTCP).patchOnce(t.Context(), 7)
	kind(t, apiclient.OutcomeUnknown, err)
	require.NotContains(t, err.Error(), "user_id")
	require.NotContains(t, err.Error(), "http")
}

// patchOnce sends an update and does not repeat it.
func (c *Client) patchOnce(ctx context.Context, id int64) error {
	q := call{op: "update account", method: http.MethodPatch, safety: once, body: []byte(`[]`)}
	q.decode = func([]byte) error { return nil }
	q.locate(Unified, userAt, id)
	return c.send(ctx, q)
}

func TestNothingIsInDoubtBeforeAConnection(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	for name, base := range map[string]string{
		"refused":         "http://" + closed.Addr().String() + "/v1",
		"TLS unavailable": "https://" + plain.Listener.Addr().String() + "/v1",
	} {
		c := newVendor(t).client(Unified, func(cfg *Config) { cfg.BaseURL, cfg.HTTP = base, &http.Client{Transport: &http.Transport{}} })
		_, err := c.Create(t.Context(), ann)
		kind(t, apiclient.Temporary, err)
		require.Zero(t, asError(t, err).Status, name)
	}
}

func TestRedirectsAreNeverFollowed(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		away := status(302, htmlPage)
		away.headers = map[string]string{"Location": "https://elsewhere.example/steal?apikey=" + key.Reveal()}
		for _, route := range []string{at.me(), at.create(), at.user("DELETE", 7)} {
			v.on(route, away)
		}
		_, err := c.Profile(t.Context())
		kind(t, apiclient.Rejected, err)
		_, err = c.Create(t.Context(), ann)
		kind(t, apiclient.OutcomeUnknown, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		kind(t, apiclient.OutcomeUnknown, c.Delete(ctx, 7))
		require.Len(t, v.calls, 3)
	})
}

func TestIdsOfZeroAndLessAreRefusedUnsent(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, _ routes) {
		for _, id := range []int64{0, -1} {
			_, details := c.Account(t.Context(), id)
			_, update := c.Update(t.Context(), id, Patch{Lang: "en"})
			_, shared := c.SharedSites(t.Context(), id)
			_, owned := c.OwnedSites(t.Context(), id)
			_, share := c.Share(t.Context(), id, []int64{39})
			_, unshare := c.Unshare(t.Context(), id, []int64{39})
			for _, err := range []error{details, update, shared, owned, share, unshare, c.Delete(t.Context(), id)} {
				kind(t, apiclient.Rejected, err)
			}
		}
		require.Empty(t, v.calls)
	})
}

func TestAnAddressThatLostItsAccountIsNotSent(t *testing.T) {
	v := newVendor(t)
	c := v.client(Unified)
	for _, d := range []Dialect{Unified, Legacy} {
		q := call{op: "delete account", method: http.MethodDelete, safety: repeatable}
		q.locate(d, userAt, 7)
		u, err := c.url(q)
		require.NoError(t, err)
		require.True(t, carriesAccount(u, 7))
		require.False(t, carriesAccount(u, 70))
		q.query.Del("user_id")
		q.path = "users"
		kind(t, apiclient.Rejected, c.send(t.Context(), q))
	}
	require.Empty(t, v.calls)
}

func TestBodyCapIsTheCallersOrTheDefault(t *testing.T) {
	v := newVendor(t)
	site := `{"id":39,"title":"` + strings.Repeat("x", 3<<20) + `"}`
	v.on("GET project-management/sites", ok("["+site+"]"))
	sites, err := v.client(Unified).Sites(t.Context())
	require.NoError(t, err, "websites have no pages, so their cap is larger")
	require.Len(t, sites, 1)
	_, err = v.client(Unified, func(cfg *Config) { cfg.BodyCap = 1 << 20 }).Sites(t.Context())
	kind(t, apiclient.Temporary, err)
	require.ErrorIs(t, err, errTooLarge)
}

func TestCreateChecksBeforeItSends(t *testing.T) {
	v := newVendor(t)
	c := v.client(Unified)
	minus, one := int64(-1), int64(1)
	for name, a := range map[string]NewAccount{
		"no address": {FirstName: "Ann"}, "no name": {Email: "a@acme.example"},
		"type":   {Email: "a@acme.example", FirstName: "Ann", Type: "admin"},
		"lang":   {Email: "a@acme.example", FirstName: "Ann", Lang: "eng"},
		"minus":  {Email: "a@acme.example", FirstName: "Ann", Amount: &minus, Period: "day"},
		"year":   {Email: "a@acme.example", FirstName: "Ann", Amount: &one, Period: "year"},
		"amount": {Email: "a@acme.example", FirstName: "Ann", Amount: &one},
		"period": {Email: "a@acme.example", FirstName: "Ann", Period: "day"},
	} {
		_, err := c.Create(t.Context(), a)
		kind(t, apiclient.Rejected, err)
		require.Empty(t, v.calls, name)
	}
	_, err := c.Update(t.Context(), 7, Patch{})
	kind(t, apiclient.Rejected, err)
	require.Empty(t, v.calls)
}
