package leavers

import (
	"context"
	"errors"
	"testing"
	"time"

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

// listing is a register of which only the newest lists are known: the addresses in them.
type listing map[string]bool

func (listing) Where(context.Context, func(register.Entry) bool) (register.Holdings, error) {
	return register.Holdings{}, nil
}

func (l listing) Listed(_ context.Context, app, email string) (bool, time.Time, register.How, error) {
	if app == "silent" {
		return false, time.Time{}, "", errors.New("it can't be read")
	}
	return l[email], time.Time{}, register.ByAPI, nil
}

// TestAnAccountIsTakenWhole: where a request gave only what is shared with an account that is listed under an address of theirs, the
// account is asked about; not where somebody else has the address by now, and of an app that can't be read nothing is guessed.
func TestAnAccountIsTakenWhole(t *testing.T) {
	d, app := &Desk{Register: listing{"sam@acme.example": true, "new@acme.example": true}}, approvals.App{ID: "seats", Entry: &catalog.Entry{}}
	in := []register.Entry{
		{App: app, Email: "sam@acme.example"},
		{App: app, Email: "sam@old.example"},
		{App: app, Email: "new@acme.example"},
		{App: app, Email: "sam@acme.example", Missing: true},
		{App: approvals.App{ID: "silent", Entry: &catalog.Entry{}}, Email: "sam@acme.example"},
		{App: approvals.App{ID: "gone"}, Email: "sam@acme.example"},
	}
	out, err := d.withAccounts(t.Context(), in, map[string]bool{"new@acme.example": true}, []string{"silent"})
	require.NoError(t, err)
	for i, seat := range []bool{true, false, false, false, false, false} {
		require.Equal(t, seat, out[i].Seat, i)
		require.False(t, in[i].Seat, "what was read stays as it was read")
	}
	_, err = d.withAccounts(t.Context(), in, nil, nil)
	require.ErrorContains(t, err, "it can't be read", "what isn't known is looked at again")
}
