package okta

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient/fetch"
)

// FuzzOktaPages: whatever is answered is users with an id and a status, or an error; and a next page is an address or none.
func FuzzOktaPages(f *testing.F) {
	f.Add(200, `[{"id":"1","status":"ACTIVE","profile":{"login":"a@x.example"}}]`, `<https://acme.okta.com/api/v1/users?after=1>; rel="next"`)
	f.Add(200, `{}`, `<; rel="next"`)
	f.Add(429, `{"errorCode":"E0000047","errorSummary":"too fast"}`, "")
	c := &Client{now: func() time.Time { return time.Unix(0, 0) }}
	f.Fuzz(func(t *testing.T, status int, body, link string) {
		users, failed := c.judge(fetch.Answer{Status: status, Body: []byte(body)})
		require.True(t, failed == nil || users == nil)
		for _, u := range users {
			require.NotEmpty(t, u.ID)
			require.NotEmpty(t, u.Status)
		}
		require.NotContains(t, nextOf([]string{link}), ">")
	})
}
