package google

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzGooglePages: whatever is answered is people with an id and an address, or an error.
func FuzzGooglePages(f *testing.F) {
	f.Add(`{"kind":"admin#directory#users","users":[{"id":"1","primaryEmail":"a@x.example","suspended":false}],"nextPageToken":"p"}`, false)
	f.Add(`{"kind":"admin#directory#users"}`, false)
	f.Add(`{}`, true)
	f.Fuzz(func(t *testing.T, body string, deleted bool) {
		users, _, failed := read([]byte(body), deleted)
		require.True(t, failed == nil || users == nil)
		for _, u := range users {
			require.NotEmpty(t, u.ID)
			require.NotEmpty(t, u.Primary)
		}
	})
}
