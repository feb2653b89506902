package approvals

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/test/values"
)

// TestAYesToWhoHasLeftIsRefused: nobody says yes to giving something to somebody who has left; no, and taking
// away, stay possible. Whoever asked may have left: their wish may be decided, and the voter hears of it.
func TestAYesToWhoHasLeftIsRefused(t *testing.T) {
	gone, here := Person{}, Person{Active: true, Email: "x@acme.example"}
	for name, row := range map[string]struct {
		people company
		action Action
		c      Change
		no     bool
		code   Code
		state  State
		left   []PersonID
		says   string
	}{
		"all are here":               {company{"U0ALICE": here, "U0JANE": here}, catalog.Create, Change{}, false, "", Approved, nil, ""},
		"a seat for who left":        {company{"U0ALICE": here, "U0JANE": gone}, catalog.Create, Change{}, false, Conflict, Pending, []PersonID{"U0JANE"}, "@U0JANE, who it's for, has left (deactivated in Slack), so it can only be denied."},
		"a website for who left":     {company{"U0ALICE": here, "U0JANE": gone}, catalog.Share, Change{}, false, Conflict, Pending, []PersonID{"U0JANE"}, "can only be denied"},
		"a limit for who left":       {company{"U0ALICE": here, "U0JANE": gone}, catalog.Update, Change{Values: values.Of{HasLimit: true}.Values()}, false, Conflict, Pending, []PersonID{"U0JANE"}, "can only be denied"},
		"permissions taken":          {company{"U0ALICE": here, "U0JANE": gone}, catalog.Update, Change{Values: values.Of{HasAccess: true}.Values()}, false, "", Approved, []PersonID{"U0JANE"}, "@U0JANE, who it's for, has left (deactivated in Slack)."},
		"websites taken":             {company{"U0ALICE": here, "U0JANE": gone}, catalog.Unshare, Change{}, false, "", Approved, []PersonID{"U0JANE"}, "has left"},
		"an account taken":           {company{"U0ALICE": here, "U0JANE": gone}, catalog.Delete, Change{}, false, "", Approved, []PersonID{"U0JANE"}, "has left"},
		"no to who left":             {company{"U0ALICE": here, "U0JANE": gone}, catalog.Create, Change{}, true, "", Denied, []PersonID{"U0JANE"}, ""},
		"who asked has left":         {company{"U0ALICE": gone, "U0JANE": here}, catalog.Create, Change{}, false, "", Approved, []PersonID{"U0ALICE"}, "@U0ALICE, who asked, has left (deactivated in Slack)."},
		"both have left":             {company{"U0ALICE": gone, "U0JANE": gone}, catalog.Create, Change{}, false, Conflict, Pending, []PersonID{"U0JANE", "U0ALICE"}, "@U0ALICE, who asked"},
		"who cannot be looked up":    {company{}, catalog.Create, Change{}, false, "", Approved, nil, ""},
		"asked for themselves, left": {company{"U0ALICE": gone}, catalog.Create, Change{Person: "U0ALICE"}, false, Conflict, Pending, []PersonID{"U0ALICE"}, "who it's for, has left"},
	} {
		t.Run(name, func(t *testing.T) {
			row.people["U0BOB"] = Person{Active: true, Email: "bob@acme.example"}
			r := pendingRequest()
			r.Action, row.c.Email = row.action, "jane@acme.example"
			if r.Change = row.c; r.Change.Person == "" {
				r.Change.Person = "U0JANE"
			}
			d, b := deskOf(r, row.people)
			ballot, err := d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: !row.no, At: noon}, noon)
			require.Equal(t, row.code, CodeOf(err))
			require.Equal(t, row.state, b.r.State)
			require.Equal(t, row.left, b.r.Left)
			require.Contains(t, b.r.LeftSay().Plain(), row.says)
			if row.code == "" && row.left != nil && !row.no {
				require.True(t, ballot.Telling())
				require.Contains(t, ballot.Counts().Plain(), row.says)
			}
			if row.code == "" {
				return
			}
			require.ErrorContains(t, err, "so there's nobody to give it to and nothing was approved")
			_, err = d.Override(t.Context(), 12, Overridden{By: "os:root", Yes: true, Reason: "fire"}, "command line", noon)
			require.Equal(t, row.code, CodeOf(err), "nor past the policy")
			row.people[r.Change.Person] = here
			_, err = d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: true, At: noon}, noon)
			require.NoError(t, err, "who is back may be given it")
			require.NotContains(t, b.r.Left, r.Change.Person)
		})
	}
}
