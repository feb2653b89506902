package web

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

func TestOnlySlacksOwnAddressesAreAnswered(t *testing.T) {
	for api, rows := range map[string]map[string]bool{
		"https://slack.com/api/": {
			"https://hooks.slack.com/commands/T1/2/x": true, "https://hooks.slack.com/actions/T1/2/x": true, "https://slack.com/x": true,
			"http://hooks.slack.com/commands/T1/2/x": false, "https://hooks.slack.com:8443/x": false, "https://hooks.slack.com.evil.example/x": false,
			"https://hooks.slack.com@evil.example/x": false, "https://u:p@hooks.slack.com/x": false, "https://evil.example/hooks.slack.com": false,
			"http://169.254.169.254/latest/meta-data/": false, "http://127.0.0.1:80/x": false, "file:///etc/passwd": false, "//hooks.slack.com/x": false, "": false, "%zz": false,
		},
		"https://slack-gov.com/api/":  {"https://hooks.slack-gov.com/x": true, "https://hooks.slack.com/x": true, "https://hooks.evil.example/x": false},
		"http://127.0.0.1:4000/api/":  {"http://127.0.0.1:4000/commands/x": true, "http://127.0.0.1:4001/x": false, "https://hooks.slack.com/x": true, "http://hooks.slack.com/x": false},
		"https://gateway.example/api": {"https://gateway.example/x": true, "https://hooks.gateway.example/x": true, "http://gateway.example/x": false},
	} {
		s := New(Config{APIURL: api, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		for address, want := range rows {
			require.Equal(t, want, s.ourSlack(address), "%s with the API at %s", address, api)
		}
	}
}

// lead answers every request with a redirect to where secrets must not go.
type lead struct{ asked []string }

func (l *lead) RoundTrip(r *http.Request) (*http.Response, error) {
	l.asked = append(l.asked, r.URL.Host)
	return &http.Response{StatusCode: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://evil.example/" + r.URL.Path}},
		Request: r, Body: io.NopCloser(strings.NewReader(""))}, nil
}

func TestRedirectsOfSlackAreNotFollowed(t *testing.T) {
	wire := &lead{}
	s := New(Config{BotToken: "xoxb-x", HTTP: &http.Client{Transport: wire}, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	_, err := s.Identity(t.Context())
	require.Error(t, err)
	_, err = s.user(t.Context(), approvals.PersonID(bob))
	require.Error(t, err)
	_, err = s.Post(t.Context(), cards, Message{Text: "x"}, nil)
	require.Error(t, err)
	require.Error(t, s.Respond(t.Context(), "https://hooks.slack.com/commands/T1/2/x", Message{Text: "x"}))
	require.Len(t, wire.asked, 4)
	require.NotContains(t, wire.asked, "evil.example")
}
