package entra

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzEntraPages: whatever is answered is people with an id, of a whole each says whether they are on, and there is one way on; or it is
// an error.
func FuzzEntraPages(f *testing.F) {
	f.Add(`{"@odata.deltaLink":"https://x.example/v1.0/users/delta?$deltatoken=1","value":[{"id":"1","accountEnabled":true}]}`, true)
	f.Add(`{"@odata.nextLink":"https://x.example","value":[{"id":"1","@removed":{}}]}`, false)
	f.Add(`{"value":null}`, true)
	f.Fuzz(func(t *testing.T, body string, whole bool) {
		p, failed := read([]byte(body), whole)
		if failed != nil {
			return
		}
		require.NotEqual(t, p.Next == "", p.Delta == "")
		for _, c := range p.People {
			require.NotEmpty(t, c.ID)
			require.True(t, !whole || c.Removed != "" || c.Enabled != nil)
			for _, a := range c.Addresses {
				require.Contains(t, a, "@")
			}
		}
	})
}
