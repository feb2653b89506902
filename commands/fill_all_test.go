package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestAFormForSeveralAsksForWhatItsTypedLineAsks: a request for each, all or none, and nothing twice where it is sent again.
func TestAFormForSeveralAsksForWhatItsTypedLineAsks(t *testing.T) {
	for typed, d := range map[string]Draft{
		"create jane@acme.example Jane Doe, sam@acme.example Sam type=client because they join":                      {Action: "create", People: "jane@acme.example Jane Doe\n\n sam@acme.example, Sam\n", Chosen: map[string][]string{"type": {"client"}}},
		"delete dale@globex.example,ann@acme.example because they join":                                              {Action: "delete", People: "dale@globex.example; ann@acme.example\nDALE@globex.example"},
		"share ann@acme.example 39,40, dale@globex.example \"Acme UK\",40, ann@acme.example 41,40 because they join": {Action: "share", People: "ann@acme.example 39\n\"Acme UK\" dale@globex.example\nann@acme.example 41", Typed: map[string]string{"sites": "40"}},
		"unshare ann@acme.example,dale@globex.example 40 because they join":                                          {Action: "unshare", People: "ann@acme.example\ndale@globex.example", Chosen: map[string][]string{"sites": {"40"}}},
		"update ann@acme.example,dale@globex.example access=report_manual because they join":                         {Action: "update", People: "ann@acme.example\ndale@globex.example", Chosen: map[string][]string{"access": {"report_manual"}}},
	} {
		d.For, d.Reason = ForSeveral, "they join"
		w := newWorld(t)
		c, wrong := w.House.fillAll(d.clone(), "U0ALICE")
		require.Empty(t, wrong, typed)
		require.Equal(t, "/access "+typed, c.Typed())
		again, wrong := w.House.fillAll(*c.drafted(), "U0ALICE")
		require.Empty(t, wrong, typed)
		require.Equal(t, c.Typed(), again.Typed(), "a form that is filled in by a line asks what the line asks")
	}
}

// TestWhatIsWrongWithOneOfSeveralIsSaidWhereTheyAreWritten.
func TestWhatIsWrongWithOneOfSeveralIsSaidWhereTheyAreWritten(t *testing.T) {
	w := newWorld(t)
	many := ""
	for i := range approvals.MostTogether + 1 {
		many += string(rune('a'+i)) + "@acme.example Ann\n"
	}
	for people, want := range map[string]string{
		"":                                     "one a line",
		"jane@acme.example Jane\nSam":          "no e-mail address in “Sam”",
		"jane@acme.example Jane\nsam@acme Sam": "sam@acme: That isn't an e-mail address",
		"jane@acme.example Jane\nsam@acme.example":       "sam@acme.example: What's the person's first name?",
		"jane@acme.example Jane, Sam s@acme.example Sue": "I can't tell whose is what",
		many: "I take 10 in one go",
	} {
		_, wrong := w.House.fillAll(Draft{Action: "create", For: ForSeveral, People: people, Reason: "x"}, "U0ALICE")
		require.Contains(t, wrong[PlaceWhom].Plain(), want, people)
	}
}

// TestWhatIsWrongWithTheWebsitesOfOneOfSeveralNamesIt; where none has any of its own it stands at the field for all.
func TestWhatIsWrongWithTheWebsitesOfOneOfSeveralNamesIt(t *testing.T) {
	w := newWorld(t)
	none := Draft{Action: "share", For: ForSeveral, People: "ann@acme.example\ndale@globex.example", Reason: "x"}
	_, wrong := w.House.fillAll(none, "U0BOB")
	require.Equal(t, "This one's needed.", wrong[PlaceOf("sites")].Plain())
	none.People = "ann@acme.example 39\ndale@globex.example"
	_, wrong = w.House.fillAll(none, "U0BOB")
	require.Equal(t, "dale@globex.example: This one's needed.", wrong[PlaceWhom].Plain())
	require.Len(t, wrong, 1)
}

// TestARefusalOfOneOfSeveralLosesNothingOfTheRest: the line without it can be copied, and a button opens the form with it.
func TestARefusalOfOneOfSeveralLosesNothingOfTheRest(t *testing.T) {
	w := newWorld(t)
	reply, err := w.Do(t.Context(), Call{User: "U0BOB", Key: "T1", Text: "share ann@acme.example 39, nobody@acme.example 40, ann@acme.example 41 for=30d because of the audit"}, noon)
	require.NoError(t, err)
	said := says(reply)
	require.Contains(t, said, "Nothing was sent: 1 of the 3 can't be asked for.")
	require.Contains(t, said, "nobody@acme.example, 40: ")
	require.Equal(t, []string{"/access share ann@acme.example 39, ann@acme.example 41 for=30d because of the audit"}, reply.Examples)
	require.Equal(t, "Ask for the rest", reply.Offer)
	again, wrong := w.House.fillAll(*reply.Form, "U0BOB")
	require.Empty(t, wrong)
	require.Equal(t, reply.Examples[0], again.Typed())
	require.Empty(t, w.book.requests)
}

// TestSeveralColleaguesAreARequestEach, with the names that were written, or else as Slack has them; what is wrong with one
// is said with their name, each at its place.
func TestSeveralColleaguesAreARequestEach(t *testing.T) {
	w := newWorld(t)
	d := Draft{Action: "create", For: ForColleague, Persons: []approvals.PersonID{"U0DAVE", "U0ERIN"}, Reason: "they join",
		Names: map[approvals.PersonID]string{"U0DAVE": `"Dave Lee" Diaz`}}
	reply, wrong, err := w.sends("U0ALICE", d, "form V1")
	require.NoError(t, err)
	require.Empty(t, wrong)
	require.Contains(t, reply.Head.Plain(), "2 requests sent")
	named := d.clone()
	w.House.nameAll(t.Context(), &named)
	c, wrong := w.House.fillAll(named, "U0ALICE")
	require.Empty(t, wrong)
	require.Equal(t, [2]string{"Dave Lee", "Diaz"}, [2]string{c.each[0].first, c.each[0].last})
	require.Equal(t, approvals.PersonID("U0ERIN"), c.each[1].whom.person)
	require.NotEmpty(t, c.each[1].first, "as Slack has it")
	require.Equal(t, named.Persons, c.drafted().Persons)
	require.Equal(t, named.Names, c.drafted().Names)

	_, wrong, err = w.sends("U0BOB", d.with(func(d *Draft) { d.Persons = []approvals.PersonID{"U0GONE", "U0CAROL"} }), "form V2")
	require.NoError(t, err)
	require.Len(t, wrong, 1)
	require.Contains(t, wrong[PlaceWhom].Plain(), "deactivated")
	_, wrong = w.House.fillAll(d, "U0ALICE")
	require.Contains(t, wrong[PlaceFirst].Plain(), "U0ERIN: What's the person's first name?")
	_, wrong = w.House.fillAll(d.with(func(d *Draft) { d.Unmatched = 3 }), "U0ALICE")
	require.Equal(t, Mistakes{PlaceFirst: approvals.Sayf("That's 3 names for 2 people. Please write one name a line, in the order above.")}, wrong)
	many := make([]approvals.PersonID, approvals.MostTogether+1)
	_, wrong = w.House.fillAll(d.with(func(d *Draft) { d.Persons = many }), "U0ALICE")
	require.Contains(t, wrong[PlaceWhom].Plain(), "I take 10 in one go")
}
