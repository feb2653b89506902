package apiclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

const key = Secret("0f3b8a77-55aa-4c1e-9d10-3f2b7c6d5e4f")

func TestSecretNeverPrints(t *testing.T) {
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&out, verb+"\n", key)
		fmt.Fprintf(&out, verb+"\n", struct{ K Secret }{key})
		fmt.Fprintf(&out, verb+"\n", map[Secret]Secret{key: key})
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("key", "key", key, "in", struct{ K Secret }{key})
	}
	require.NoError(t, json.NewEncoder(&out).Encode(map[string]any{"key": []Secret{key}}))
	text, err := key.MarshalText()
	require.NoError(t, err)
	out.Write(text)
	require.NotContains(t, out.String(), key.Reveal())
	require.NotContains(t, strings.ToLower(out.String()), fmt.Sprintf("%x", key.Reveal()))
	require.Contains(t, out.String(), veil)
}

func TestRedact(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"whole key":      {"bad token " + key.Reveal() + "!", "bad token [secret]!"},
		"upper case":     {"bad token " + strings.ToUpper(key.Reveal()), "bad token [secret]"},
		"cut short":      {"token 0f3b8a77-55… refused", "token [secret]… refused"},
		"masked inside":  {"0f3b8a77****7c6d5e4f", "[secret]****[secret]"},
		"somebody's hex": {"see 0123456789abcdef0123456789abcdef01234567 now", "see [secret] now"},
		"address":        {"go to https://u:p@x.example/guest/abc?apikey=1 now", "go to https://x.example/… now"},
		"white space":    {"a\r\n\tb\x00c", "a b c"},
		"nothing":        {"E-mail is in use", "E-mail is in use"},
	} {
		require.Equal(t, c.want, Redact(c.in, key), name)
	}
	odd := Secret("p@ss w/ord+1")
	require.Equal(t, "x=[secret]", Redact("x="+url.QueryEscape(odd.Reveal()), odd))
	require.Equal(t, 200, utf8.RuneCountInString(Redact(strings.Repeat("é ", 900))))
	require.Equal(t, "a [secret] b", Redact("a pin b", "pin"), "a short secret is hidden whole")
	require.Equal(t, Redact(strings.Repeat("x ", redactMost/2), key), Redact(strings.Repeat("x ", 8<<20), key), "megabytes cost no more than a page")
}

func TestErrorTextAndKind(t *testing.T) {
	e := &Error{Op: "create account", Kind: Rejected, Status: 400, Words: "E-mail is in use"}
	require.EqualError(t, e, "create account: rejected (400): E-mail is in use")
	require.Equal(t, Rejected, KindOf(fmt.Errorf("do deed 12: %w", e)))
	require.Empty(t, KindOf(nil))
	require.Empty(t, KindOf(errors.New("other")))
}

func TestCleanHidesTheAddressAndKeepsTheCause(t *testing.T) {
	raw := &url.Error{Op: "Get", URL: "https://x.example/?key=" + key.Reveal(), Err: context.DeadlineExceeded}
	err := Clean(raw, key)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.EqualError(t, err, "context deadline exceeded")
	_, leaks := errors.AsType[*url.Error](err)
	require.False(t, leaks)
	require.NoError(t, Clean(nil))
}

func TestBaseURL(t *testing.T) {
	for raw, ok := range map[string]bool{
		"https://api.seranking.com/v1": true,
		"http://127.0.0.1:8080/v1":     true,
		"http://localhost:8080":        true,
		"http://[::1]:8080":            true,
		"http://api.seranking.com/v1":  false,
		"http://127.0.0.1.example/v1":  false,
		"ftp://localhost/":             false,
		"api.seranking.com/v1":         false,
		"https://u:p@x.example":        false,
		"https://x.example?apikey=1":   false,
		"":                             false,
		"https://x.example/%zz":        false,
	} {
		_, err := BaseURL(raw, false)
		require.Equal(t, ok, err == nil, "%s: %v", raw, err)
	}
	_, err := BaseURL("http://vendors.test/v1", true)
	require.NoError(t, err, "plain http where the caller allows it")
	for raw, path := range map[string]string{"https://x.example": "/", "https://x.example/": "/", "https://x.example/v1/": "/v1"} {
		u, err := BaseURL(raw, false)
		require.NoError(t, err)
		require.Equal(t, path, u.Path)
		require.Equal(t, "/users/7", strings.TrimPrefix(u.JoinPath("users/7").EscapedPath(), "/v1"))
	}
}
