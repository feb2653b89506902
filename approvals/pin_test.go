package approvals

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// counted is a company that counts how often Slack is asked whose an address is.
type counted struct {
	company
	asked int
}

func (c *counted) ByEmail(ctx context.Context, email string) (Person, error) {
	c.asked++
	return c.company.ByEmail(ctx, email)
}

// TestAskingWaitsForSlackOnlyWhereItMust: what is remembered pins whom a seat is for, what isn't is left open, and Slack is asked only
// where who decides hangs on it.
func TestAskingWaitsForSlackOnlyWhereItMust(t *testing.T) {
	people := company{"U0ALICE": {Active: true, Email: "alice@acme.example"}, "U0BOB": {Active: true, Email: "bob@acme.example"}, "U0JANE": {Active: true, Email: "jane@acme.example"}}
	remembered := map[string]Person{"bob@acme.example": {ID: "U0BOB", Active: true}, "nobody@acme.example": {}}
	plain := Policy{Name: "seats", Approvers: []string{"U0CAROL"}, Need: 1, ExpiresAfter: time.Hour, Text: "seats"}
	forOthers, managers, elsewhere := plain, plain, plain
	forOthers.When.For, managers.Approvers = ForOther, []string{Manager}
	elsewhere.Name, elsewhere.Actions, elsewhere.When.For = "other", []Action{catalog.Delete}, ForSelf
	for name, row := range map[string]struct {
		email    string
		policies []Policy
		asked    int
		whose    PersonID
		unpinned bool
	}{
		"somebody who is remembered":           {"bob@acme.example", []Policy{plain}, 0, "U0BOB", false},
		"an address that was nobody's":         {"nobody@acme.example", []Policy{plain}, 0, "", false},
		"nobody who is remembered":             {"jane@acme.example", []Policy{plain}, 0, "", true},
		"tagged, and only the tag is unknown":  {"bob+seo@acme.example", []Policy{plain}, 0, "", true},
		"a policy about whose it is":           {"jane@acme.example", []Policy{forOthers}, 1, "U0JANE", false},
		"one about whose it is, of other asks": {"jane@acme.example", []Policy{elsewhere, plain}, 0, "", true},
		"one that a manager decides":           {"jane@acme.example", []Policy{managers}, 1, "U0JANE", false},
	} {
		t.Run(name, func(t *testing.T) {
			in := &counted{company: people}
			d, b := deskOf(Request{}, nil, "U0ALICE", "U0BOB", "U0CAROL")
			d.Directory, d.Policies = in, row.policies
			d.Recalls = func(email string) (Person, bool) { who, ok := remembered[email]; return who, ok }
			_, _, err := d.Open(t.Context(), Ask{Requester: "U0ALICE", App: ranked(), Action: catalog.Create, Change: Change{Email: row.email}}, noon)
			require.NoError(t, err)
			require.Equal(t, []any{row.asked, row.whose, row.unpinned}, []any{in.asked, b.r.Change.Person, b.r.Unpinned})
		})
	}
}

// TestAMemberAsksPeopleWithoutWaiting for Slack to say who they are; what a policy may approve by itself is asked as somebody whom Slack knows
// to be one now.
func TestAMemberAsksPeopleWithoutWaiting(t *testing.T) {
	people := Policy{Name: "seats", Approvers: []string{"U0BOB"}, Need: 1, ExpiresAfter: time.Hour, Text: "seats"}
	itself, elsewhere := people, people
	itself.Name, itself.Auto, itself.When.For = "own", true, ForSelf
	elsewhere.Name, elsewhere.Auto, elsewhere.Actions = "other", true, []Action{catalog.Delete}
	for name, row := range map[string]struct {
		policies []Policy
		who      PersonID
		refused  Code
	}{
		"a member":                               {[]Policy{people}, "U0ALICE", ""},
		"one whom Slack calls a guest by now":    {[]Policy{people}, "U0GINA", ""},
		"a guest who isn't known":                {[]Policy{people}, "U0GUEST", NotAllowed},
		"a member, where one approves by itself": {[]Policy{itself, people}, "U0ALICE", ""},
		"a guest by now, where one does":         {[]Policy{itself, people}, "U0GINA", NotAllowed},
		"a guest by now, where another does":     {[]Policy{elsewhere, people}, "U0GINA", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, b := deskOf(Request{}, nil, "U0ALICE", "U0BOB")
			full, guest := Person{Active: true}, Person{Active: true, Guest: true}
			d.Directory, d.Policies = company{"U0ALICE": full, "U0BOB": full, "U0GINA": guest, "U0GUEST": guest}, row.policies
			d.IsMember = func(id PersonID) bool { return id == "U0ALICE" || id == "U0GINA" }
			_, _, err := d.Open(t.Context(), Ask{Requester: row.who, App: ranked(), Action: catalog.Create, Change: Change{Email: "jane@acme.example"}}, noon)
			if row.refused == "" {
				require.NoError(t, err)
				require.Equal(t, row.who, b.r.Requester)
				return
			}
			require.Equal(t, row.refused, CodeOf(err))
		})
	}
}

// TestWhomItIsForIsFoundAhead of who decides, where nothing is read at the vendor. What nobody could decide then is denied, as it would
// have been refused when it was asked; where somebody has voted, who hands on is seen to.
func TestWhomItIsForIsFoundAhead(t *testing.T) {
	d, b, in := unpinned(t)
	d.Policies[0].Approvers = append(d.Policies[0].Approvers, "U0ALICE")
	in.away, b.r.Rule.Approvers = false, []string{"U0BOB", "U0JANE", "U0ERIN"}
	in.company["U0ERIN"] = Person{Active: true}
	_, unsure, err := d.watch(t.Context(), 12, noon)
	require.NoError(t, err)
	require.NoError(t, unsure)
	require.Equal(t, []any{PersonID("U0JANE"), Pending}, []any{b.r.Change.Person, b.r.State})
	require.NotContains(t, b.r.Eligible().People(), PersonID("U0JANE"))

	d, b, in = unpinned(t)
	_, _, err = d.watch(t.Context(), 12, noon)
	require.NoError(t, err)
	require.Equal(t, []any{PersonID(""), true, Pending}, []any{b.r.Change.Person, b.r.Unpinned, b.r.State}, "Slack doesn't say")
	in.away = false
	_, _, err = d.watch(t.Context(), 12, noon)
	require.NoError(t, err)
	require.Equal(t, Denied, b.r.State)
	require.Contains(t, b.r.Refusal, "there aren't enough approvers")

	d, b, in = unpinned(t)
	_, err = d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: true, At: noon}, noon)
	require.NoError(t, err)
	in.away = false
	_, _, err = d.watch(t.Context(), 12, noon)
	require.NoError(t, err)
	require.Equal(t, []any{PersonID("U0JANE"), Pending}, []any{b.r.Change.Person, b.r.State})
}

// TestALookIsAskedWhoseItIs: while the vendor is still to be read, whose it is isn't kept by itself, and what was found with it counts.
func TestALookIsAskedWhoseItIs(t *testing.T) {
	d, b, in := unpinned(t)
	in.away, b.r.Look = false, &Look{Owed: true}
	b.r.Rule.Approvers = []string{"U0BOB", "U0JANE", "U0ERIN"}
	in.company["U0ERIN"] = Person{Active: true}
	_, _, err := d.watch(t.Context(), 12, noon)
	require.NoError(t, err)
	require.True(t, b.r.Unpinned)
	whose, known := d.Whose(t.Context(), b.r)
	require.Equal(t, []any{PersonID("U0JANE"), true}, []any{whose, known})
	change := b.r.Change
	change.Person = whose
	r, err := d.Record(t.Context(), 12, Seen{Change: change, Look: Look{At: noon}, Whose: true, Edition: b.r.Edition()}, noon)
	require.NoError(t, err)
	require.Equal(t, []any{PersonID("U0JANE"), false}, []any{r.Change.Person, r.Unpinned})
	r.Look.Owed, r.Unpinned, r.Change.Person, r.Rule.Approvers = true, true, "", []string{"U0BOB", "U0JANE"}
	b.r = r
	r, err = d.Record(t.Context(), 12, Seen{Change: change, Look: Look{At: noon}, Whose: true, Edition: b.r.Edition()}, noon)
	require.NoError(t, err)
	require.Equal(t, Denied, r.State, "nobody could decide it")
}
