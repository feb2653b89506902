package web

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/bottest"
	"github.com/usherbot/usher/sim/slacksim"
)

func small(int64) error { return nil }

// TestAFileIsFetched: what somebody added to a form is read whole, and not at all where it doesn't fit or isn't there.
func TestAFileIsFetched(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		id := w.Attach(erin, "members.csv", []byte("Email\njane@acme.example\n"))[0].(map[string]any)["id"].(string)
		raw, err := w.slack.Fetch(t.Context(), id, 0, small)
		require.NoError(t, err)
		require.Equal(t, "Email\njane@acme.example\n", string(raw))

		large := errors.New("too large")
		_, err = w.slack.Fetch(t.Context(), id, 0, func(size int64) error { require.Equal(t, int64(24), size); return large })
		require.Equal(t, large, err)
		require.Len(t, w.CallsOf(pseudoDownload), 1, "what doesn't fit isn't begun")

		for _, kind := range []slacksim.Kind{slacksim.OtherID, slacksim.NoID, slacksim.Torn, slacksim.Status500, slacksim.Cut} {
			w.Plan(slacksim.Fault{Method: pseudoDownload, Kind: kind})
			_, err = w.slack.Fetch(t.Context(), id, pagesBorne, small)
			require.Equal(t, Unknown, FaultOf(err), kind)
			require.Empty(t, approvals.CodeOf(err), "it may be there the next time")
		}
		w.Plan(slacksim.Fault{Method: pseudoDownload, Kind: slacksim.RetryAfter, Delay: 30 * time.Second})
		for range 2 {
			_, err = w.slack.Fetch(t.Context(), id, 0, small)
			require.Equal(t, Limited, FaultOf(err))
		}
		w.Pass(30 * time.Second)

		w.Plan(slacksim.Fault{Method: pseudoDownload, Kind: slacksim.HTML, Times: 2})
		_, err = w.slack.Fetch(t.Context(), id, 0, small)
		require.ErrorIs(t, err, errPage)
		require.Empty(t, approvals.CodeOf(err), "trouble of Slack's passes")
		_, err = w.slack.Fetch(t.Context(), id, pagesBorne, small)
		require.Equal(t, approvals.Unavailable, approvals.CodeOf(err))
		require.ErrorContains(t, err, "sign-in page in place of that file")

		w.DeleteFile(id)
		for _, gone := range []string{id, "F0NONE"} {
			_, err = w.slack.Fetch(t.Context(), gone, 0, small)
			require.Equal(t, approvals.NotFound, approvals.CodeOf(err))
		}
	})
}

// TestWithoutTheScopeNoFileIsRead: it is said as that, before anybody adds one where Slack says which scopes there are.
func TestWithoutTheScopeNoFileIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bottest.Open(t, slacksim.Options{Scopes: Scopes()}, true)
		id := w.Attach(erin, "members.csv", []byte("Email\n"))[0].(map[string]any)["id"].(string)
		open := func() *Client {
			return New(Config{BotToken: bottest.BotToken, AppToken: bottest.AppToken, APIURL: bottest.APIURL, HTTP: w.HTTP(), Now: time.Now, Log: w.Log.Logger()})
		}
		require.True(t, open().CanReadFiles(t.Context()))
		w.Grant("chat:write")
		s := open()
		require.False(t, s.CanReadFiles(t.Context()))
		_, err := s.Fetch(t.Context(), id, 0, small)
		require.Equal(t, approvals.Unavailable, approvals.CodeOf(err))
		require.ErrorContains(t, err, "the app lacks the scope files:read")
		require.Empty(t, w.CallsOf(pseudoDownload))
		w.Behave(slacksim.Manners{NoScopes: true})
		require.True(t, open().CanReadFiles(t.Context()), "whose scopes Slack doesn't say is tried")
	})
}

// answers is Slack's API and its files by host and path; it keeps to whom the token was shown.
type answers struct {
	file  string            // the address that files.info names
	leads map[string]string // where an address leads; one that isn't there has the file
	shown []string
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	say := func(status int, h http.Header, body string) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: h, Request: r, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
	if strings.HasSuffix(r.URL.Path, "/files.info") {
		return say(http.StatusOK, http.Header{"Content-Type": {"application/json"}}, `{"ok":true,"file":{"id":"F1","size":6,"url_private_download":"`+a.file+`"}}`)
	}
	if r.Header.Get("Authorization") != "" {
		a.shown = append(a.shown, r.URL.Host)
	}
	if to := a.leads[r.URL.String()]; to != "" {
		return say(http.StatusFound, http.Header{"Location": {to}}, "")
	}
	return say(http.StatusOK, http.Header{"Content-Type": {"text/csv"}}, "Email\n")
}

// TestTheTokenGoesToSlacksFilesAlone: wherever a file is said to be, or leads to, the token goes to no other host.
func TestTheTokenGoesToSlacksFilesAlone(t *testing.T) {
	for _, row := range []struct {
		api, file string
		leads     map[string]string
		read      bool
		shown     []string
	}{
		{file: "https://files.slack.com/files-pri/T1-F1/download/m.csv", read: true, shown: []string{"files.slack.com"}},
		{file: "https://slack.com/files-pri/T1-F1/m.csv", read: true, shown: []string{"slack.com"}},
		{api: "https://slack-gov.com/api/", file: "https://files.slack-gov.com/f", read: true, shown: []string{"files.slack-gov.com"}},
		{api: "http://127.0.0.1:4000/api/", file: "http://127.0.0.1:4000/f", read: true, shown: []string{"127.0.0.1:4000"}},
		{api: "http://127.0.0.1:4000/api/", file: "http://127.0.0.1:4001/f"},
		{file: "https://evil.example/f"},
		{file: "http://files.slack.com/f"},
		{file: "https://files.slack.com.evil.example/f"},
		{file: "https://files.slack.com@evil.example/f"},
		{file: "https://drive.example/f"},
		{file: ""},
		{file: "https://files.slack.com/f", leads: map[string]string{"https://files.slack.com/f": "https://files.slack.com/g"}, read: true, shown: []string{"files.slack.com", "files.slack.com"}},
		{file: "https://files.slack.com/f", leads: map[string]string{"https://files.slack.com/f": "https://acme.slack.com/?redir=f"}, shown: []string{"files.slack.com"}},
		{file: "https://files.slack.com/f", leads: map[string]string{"https://files.slack.com/f": "https://evil.example/f"}, shown: []string{"files.slack.com"}},
		{file: "https://files.slack.com/f", leads: map[string]string{"https://files.slack.com/f": "https://files.slack.com/f"}, shown: []string{"files.slack.com", "files.slack.com", "files.slack.com", "files.slack.com"}},
	} {
		wire := &answers{file: row.file, leads: row.leads}
		s := New(Config{BotToken: bottest.BotToken, APIURL: row.api, HTTP: &http.Client{Transport: wire}, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		raw, err := s.Fetch(t.Context(), "F1", 0, small)
		require.Equal(t, row.read, err == nil, "%+v: %v", row, err)
		require.Equal(t, row.read, string(raw) == "Email\n", row.file)
		require.Equal(t, row.shown, wire.shown, row.file)
		if err != nil {
			require.NotContains(t, err.Error(), bottest.BotToken)
		}
	}
}
