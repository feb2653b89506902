package seranking

import (
	"testing"

	"github.com/stretchr/testify/require"

	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/catalog"
)

// TestTheEntryIsWhole: no slip in it, and everything that the API can do stands there.
func TestTheEntryIsWhole(t *testing.T) {
	e := Entry()
	require.NoError(t, e.Check())
	var keys []catalog.Verb
	for _, a := range e.Actions {
		keys = append(keys, a.Key)
		require.NotEmpty(t, a.Guide.Examples, a.Key)
	}
	require.Equal(t, []catalog.Verb{catalog.Create, catalog.Share, catalog.Unshare, catalog.Update, catalog.Delete}, keys)
	made, _ := e.Action(catalog.Create)
	kind, _ := made.Field(keyType)
	user, _ := kind.Choice(api.TypeUser)
	require.Equal(t, "sees every website, and may edit and delete them", user.Warning)
	access, _ := made.Field(keyAccess)
	require.Len(t, access.Choices, len(api.AccessCodes))
	for _, c := range access.Choices {
		require.NotEmpty(t, c.Group, c.ID)
		require.NotEqual(t, c.ID, c.Words, "people read a name")
	}
	require.True(t, e.Reads.Used && e.Reads.Bought && e.Reads.Details && e.Reads.Blocked && e.Reads.Holds && e.Reads.Owns)
}
