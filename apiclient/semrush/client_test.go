package semrush

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
)

const key = apiclient.Secret("4f0e9a7bc2d14e55a0b37c9d18e6f201")

// vendor answers in process and holds the client to the protocol.
type vendor func(*http.Request) (*http.Response, error)

func (v vendor) RoundTrip(r *http.Request) (*http.Response, error) { return v(r) }

func answering(status int, body string) vendor {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

func client(t *testing.T, v vendor) *Client {
	t.Helper()
	c, err := New(Config{Key: key, HTTP: &http.Client{Transport: v}})
	require.NoError(t, err)
	return c
}

func TestUnitsAsksTheFreeAddressOverHTTPS(t *testing.T) {
	var asked *http.Request
	c := client(t, func(r *http.Request) (*http.Response, error) {
		asked = r
		return answering(200, "48210\n")(r)
	})
	n, err := c.Units(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 48210, n)
	require.Equal(t, http.MethodGet, asked.Method)
	require.Equal(t, "https://www.semrush.com/users/countapiunits.html?key="+key.Reveal(), asked.URL.String())
}

func TestUnitsReadsWholeNumbersAlone(t *testing.T) {
	for body, want := range map[string]int64{
		"0": 0, "1,000": 1000, " 1 000\n": 1000, "1\u00a0000": 1000, "1\u202f000\u202f000": 1_000_000,
		"1.000": -1, "1,0": -1, "1,": -1, "12,34": -1, "1234,567": -1, ",000": -1, "1,,000": -1, "1 2": -1, "-5": -1, "": -1, "\n": -1, ",": -1, "1e6": -1, "12 units": -1, "٣": -1,
		"<html><title>Sign in 2026</title></html>": -1, "99999999999999999999": -1, `{"units":5}`: -1,
	} {
		n, err := client(t, answering(200, body)).Units(t.Context())
		if want < 0 {
			require.Equal(t, apiclient.Temporary, apiclient.KindOf(err), "%q: %v", body, err)
			continue
		}
		require.NoError(t, err, "%q", body)
		require.Equal(t, want, n, "%q", body)
	}
}

func TestErrorsAreTypedByTheirText(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   apiclient.Kind
	}{
		{200, "ERROR 120 :: WRONG KEY - ID PAIR", apiclient.NotAllowed},
		{403, "ERROR 120 :: WRONG KEY - ID PAIR", apiclient.NotAllowed},
		{200, "Error 132 :: Api units balance is zero\n", apiclient.LimitReached},
		{200, "ERROR 134 :: API UNITS BALANCE IS ZERO", apiclient.LimitReached},
		{200, "ERROR 131 :: LIMIT EXCEEDED", apiclient.LimitReached},
		{200, "ERROR 130 :: API DISABLED", apiclient.NotAllowed},
		{200, "ERROR 133 :: DB ACCESS DENIED", apiclient.NotAllowed},
		{200, "ERROR 121 :: WRONG FORMAT OR EMPTY HASH", apiclient.NotAllowed},
		{200, "ERROR 40 :: MANDATORY PARAMETER MISSING", apiclient.Rejected},
		{401, "", apiclient.NotAllowed},
		{404, "<html>", apiclient.Rejected},
		{410, "", apiclient.Rejected},
		{302, "", apiclient.Rejected},
		{429, "", apiclient.RateLimited},
		{503, "", apiclient.Temporary},
		{403, "1,000", apiclient.NotAllowed},
		{401, `{"meta":{"success":false,"status_code":401},"error":{"code":401,"message":"Unauthorized","retryable":false}}`, apiclient.NotAllowed},
		{200, `{"meta":{"success":true,"status_code":200},"data":48210}`, apiclient.Rejected},
		{200, `{"error":{"code":403,"message":"no units","description":""}}`, apiclient.Temporary},
	} {
		n, err := client(t, answering(c.status, c.body)).Units(t.Context())
		require.Equal(t, c.want, apiclient.KindOf(err), "%d %q: %v", c.status, c.body, err)
		require.Zero(t, n)
	}
}

func TestWhatStandsInPlaceOfANumberIsTold(t *testing.T) {
	for body, want := range map[string]error{
		"<!DOCTYPE html><title>Log in</title>": ErrPage, `{"meta":{"success":false},"error":{"message":"x"}}`: ErrNewer,
	} {
		_, err := client(t, answering(200, body)).Units(t.Context())
		require.ErrorIs(t, err, want, body)
	}
}

func TestTheKeyReachesNoError(t *testing.T) {
	for name, v := range map[string]vendor{
		"echoed":   answering(200, "ERROR 122 :: WRONG KEY "+key.Reveal()),
		"cut":      answering(200, "ERROR 122 :: WRONG KEY "+key.Reveal()[:12]+"..."),
		"no line":  func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
		"redirect": answering(302, ""),
	} {
		_, err := client(t, v).Units(t.Context())
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), key.Reveal()[:8], name)
		require.NotContains(t, err.Error(), "key=", name)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	asked := 0
	c := client(t, func(r *http.Request) (*http.Response, error) {
		asked++
		resp, err := answering(302, "")(r)
		resp.Header.Set("Location", "https://elsewhere.example/login?key="+key.Reveal())
		return resp, err
	})
	_, err := c.Units(t.Context())
	require.Equal(t, apiclient.Rejected, apiclient.KindOf(err))
	require.Equal(t, 1, asked)
}

func TestUnitsEndsWithItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := client(t, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		start := time.Now()
		_, err := c.Units(t.Context())
		require.Equal(t, apiclient.Temporary, apiclient.KindOf(err))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, defaultTimeout, time.Since(start))
	})
}

func TestNewRefusesMistakes(t *testing.T) {
	for name, cfg := range map[string]Config{
		"no key":     {},
		"split key":  {Key: "a b"},
		"plain http": {Key: key, BaseURL: "http://www.semrush.com"},
	} {
		_, err := New(cfg)
		require.Error(t, err, name)
	}
	_, err := New(Config{Key: key, BaseURL: "http://127.0.0.1:9/"})
	require.NoError(t, err)
	require.NotEmpty(t, KeyWarning("semrtkn-abc"))
	require.Empty(t, KeyWarning(key))
}
