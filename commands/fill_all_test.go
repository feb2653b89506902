package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestAFormForSeveralAsksForWhatItsTypedLineAsks: a request for each, all or none, and nothing twice where it is sent again.
func TestAFormForSeveralAsksForWhatItsTypedLineAsks(t *testing.T) {
	for typed, d := range map[string]Draft{
		"create jane@acme.example Jane Doe, sam@acme.example Sam type=client because they join": {Action: "create", People: "jane@acme.example Jane Doe\n\n sam@acme.example, Sam\n", Chosen: map[string][]string{"type": {"client"}}},
		"delete dale@globex.example,ann@acme.example because they join":                         {Action: "delete", People: "dale@globex.example; ann@acme.example\nDALE@globex.example"},
	} {
		d.For, d.Reason = ForSeveral, "they join"
		w := newWorld(t)
		c, wrong := w.House.fillAll(d.clone(), "U0ALICE")
		require.Empty(t, wrong, typed)
		require.Equal(t, "/access "+typed, c.Typed())
		require.Equal(t, d.People != "", c.drafted().People != "")
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
