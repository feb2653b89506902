package web

import (
	"context"
	"errors"
	"net"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
)

func TestErrorsAreTyped(t *testing.T) {
	word := func(code string) error { return slack.SlackErrorResponse{Err: code} }
	rows := []struct {
		err  error
		want Fault
	}{
		{word("ratelimited"), Limited},
		{&slack.RateLimitedError{RetryAfter: 7 * time.Second}, Limited},
		{slack.StatusCodeError{Code: 429}, Limited},
		{slack.StatusCodeError{Code: 503}, Unknown},
		{slack.StatusCodeError{Code: 404}, Declined},
		{word("internal_error"), Unknown},
		{word("fatal_error"), Unknown},
		{errors.New("invalid character '<' looking for beginning of value"), Unknown},
		{&url.Error{Op: "Post", URL: "https://hooks.slack.com/secret", Err: errors.New("EOF")}, Unknown},
		{context.DeadlineExceeded, Unknown},
		{&url.Error{Op: "Post", URL: "x", Err: &net.OpError{Op: "dial", Err: errors.New("refused")}}, NotSent},
		{&url.Error{Op: "Post", URL: "x", Err: &net.OpError{Op: "read", Err: errors.New("reset")}}, Unknown},
		{word("token_revoked"), Refused},
		{word("missing_scope"), Misconfigured},
		{word("not_in_channel"), Misconfigured},
		{word("user_disabled"), NoPerson},
		{word("message_not_found"), NoMessage},
		{word("edit_window_closed"), Fixed},
		{word("invalid_blocks"), Unfit},
		{word("something_new"), Declined},
		{nil, NoFault},
	}
	for _, row := range rows {
		err := apiError(MethodPost, row.err)
		require.Equal(t, row.want, FaultOf(err), "%v", row.err)
		if err != nil {
			require.NotContains(t, err.Error(), "secret", "a response URL is a key")
			require.ErrorIs(t, errors.Join(err), err)
		}
	}
	require.Equal(t, limitedFor, apiError(MethodPost, word("ratelimited")).(*Error).After, "Slack did not say how long")
	require.Equal(t, 7*time.Second, apiError(MethodPost, &slack.RateLimitedError{RetryAfter: 7 * time.Second}).(*Error).After)
}

func TestNoWordMeansTwoThings(t *testing.T) {
	seen := map[string]Fault{}
	for fault, words := range faultByCode {
		for _, word := range words {
			other, twice := seen[word]
			require.False(t, twice, "%s is both %d and %d", word, fault, other)
			seen[word] = fault
		}
	}
}

func TestTokensNeverShow(t *testing.T) {
	token := Token("xoxb-very-secret")
	raw, err := token.MarshalJSON()
	require.NoError(t, err)
	for _, shown := range []string{token.String(), token.GoString(), token.LogValue().String(), string(raw)} {
		require.NotContains(t, shown, "xoxb")
	}
}

func TestScopesAreSortedAndOnce(t *testing.T) {
	all := Scopes()
	require.True(t, slices.IsSorted(all))
	require.Equal(t, slices.Compact(slices.Clone(all)), all)
	require.Contains(t, all, "commands")
}
