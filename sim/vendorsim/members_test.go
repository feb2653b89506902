package vendorsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

// TestSemrushsListIsWhatItsPageExports: invited, accepted, taken away; and a list that is put there is all there is, or nothing
// of it is.
func TestSemrushsListIsWhatItsPageExports(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{})
	require.NoError(t, v.LoadMembers("Email,Name,Role\nwei@acme.example,Wei Chen,Admin\n"))
	require.NoError(t, v.SetMember(vendorsim.Member{Email: " Jane@acme.example", Name: `Jane "JJ" Smith`, Status: vendorsim.MemberInvited}))
	require.Equal(t, "Email,Name,Role,Status\njane@acme.example,\"Jane \"\"JJ\"\" Smith\",User,Invited\nwei@acme.example,Wei Chen,Admin,Active\n", v.MembersCSV())
	list := v.MembersCSV()
	for said, bad := range map[string]string{
		"the first line names no column Email": "Name\nJane\n",
		`line 3: "jane" isn't an e-mail`:       "Email\nwei@acme.example\njane\n",
		`line 2: "Owner" is no role`:           "Email,Role\nwei@acme.example,Owner\n",
		`line 2: "Gone" is no status`:          "Email,Status\nwei@acme.example,Gone\n",
		"read the list":                        "Email,Role\nwei@acme.example\n",
	} {
		require.ErrorContains(t, v.LoadMembers(bad), said)
	}
	require.Equal(t, list, v.MembersCSV())
	require.True(t, v.RemoveMember("WEI@acme.example"))
	require.False(t, v.RemoveMember("wei@acme.example"))
	require.Len(t, v.State().Members, 1)
}
