package leavers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/register"
)

// TestWhoseAnAddressIs: what was given to somebody is theirs whatever address it bears; an address alone is theirs, unless somebody
// else has it by now, and what was given to that one is never the leaver's.
func TestWhoseAnAddressIs(t *testing.T) {
	addresses := []string{"sam@acme.example", "sam@old.example"}
	for name, row := range map[string]struct {
		entry  register.Entry
		reused bool
		theirs bool
	}{
		"given to them": {register.Entry{Person: "U0SAM", Email: "else@acme.example"}, false, true},
		"given to them, and the address is another's": {register.Entry{Person: "U0SAM", Email: "sam@acme.example"}, true, true},
		"listed under their address":                  {register.Entry{Email: "Sam@Acme.example", Found: true}, false, true},
		"listed under another address of theirs":      {register.Entry{Email: "sam@old.example", Found: true}, false, true},
		"listed under an address that another has":    {register.Entry{Email: "sam@acme.example", Found: true}, true, false},
		"given to whoever has the address now":        {register.Entry{Person: "U0NEW", Email: "sam@acme.example"}, true, false},
		"given to another":                            {register.Entry{Person: "U0BOB", Email: "sam@acme.example"}, false, false},
		"nobody's":                                    {register.Entry{Email: "lee@acme.example"}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, row.theirs, belongs(row.entry, "U0SAM", addresses, map[string]bool{"sam@acme.example": row.reused}))
		})
	}
}

// TestWhatTakesThingsBack: all that is listed goes in one request, and what is named one at a time in one for each; a field that has
// a default has it.
func TestWhatTakesThingsBack(t *testing.T) {
	held := []catalog.Item{{ID: "101", Name: "Acme"}, {ID: "102", Name: "Globex"}}
	all := things(catalog.Action{Key: "unshare", Effect: catalog.Takes, Fields: []catalog.Field{{Key: "sites", Kind: catalog.Resources, Resource: "sites", Bare: true}}}, held)
	require.Len(t, all, 1)
	require.Equal(t, []string{"101", "102"}, all[0].Change.Values.IDs("sites"))
	one := things(catalog.Action{Key: "unshare", Effect: catalog.Takes, Fields: []catalog.Field{{Key: "project", Kind: catalog.Text, Bare: true},
		{Key: "how", Kind: catalog.OneOf, Default: "gently", Choices: []catalog.Choice{{ID: "gently", Words: "gently"}}}}}, held)
	require.Len(t, one, 2)
	require.Equal(t, "gently", one[1].Change.Values.ID("how"))
	require.False(t, one[0].same(one[1]))
	require.True(t, one[0].same(things(catalog.Action{Key: "unshare", Fields: []catalog.Field{{Key: "project", Bare: true}, {Key: "how", Default: "gently"}}}, held)[0]))
}

// TestTheOrderThatKeepsDataSafe: what may own something first, paid seats last.
func TestTheOrderThatKeepsDataSafe(t *testing.T) {
	owns := &catalog.Entry{Reads: catalog.Reads{Owns: true}}
	in := []register.Entry{
		{App: approvals.App{ID: "owner", Entry: owns}, Seat: true, Cost: "20 USD"},
		{App: approvals.App{ID: "shared"}},
		{App: approvals.App{ID: "free"}, Seat: true},
		{App: approvals.App{ID: "paid"}, Seat: true, Cost: "165 USD"},
	}
	for n, e := range in {
		require.Equal(t, n, rank(e), e.App.ID)
	}
}
