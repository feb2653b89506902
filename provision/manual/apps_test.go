package manual

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
)

// value is a value of a file as a configuration hands it over.
func value(t *testing.T, text string) strict.Value {
	root, r := strict.Read([]byte("it: "+text), strict.About{})
	require.Empty(t, r.Problems)
	return root.Object("", "it").Get("it")
}

// TestWhatIsBuiltInIsWhole, whatever a company says at set-up: steps that are picked hang on nothing that isn't, and the
// last ends the task.
func TestWhatIsBuiltInIsWhole(t *testing.T) {
	for name, setups := range map[string][]string{"semrush": {""}, "alkami": {""}, "amazinghiring": {""}, "6sense": {"none", "sso", "scim"}} {
		for _, answer := range setups {
			e := entry(t, name, answer)
			require.NoError(t, e.Check(), name)
			require.Equal(t, name == "alkami" || name == "amazinghiring", e.Unverified, name)
			for _, a := range e.Actions {
				require.NotEmpty(t, a.Steps, "%s %s", name, a.Key)
				require.Equal(t, a.Ends, marks(a, catalog.AccessRemoved), "%s %s", name, a.Key)
			}
		}
	}
	require.Equal(t, []string{"6sense", "alkami", "amazinghiring", "semrush"}, BuiltIn())
}

// TestLabelsAreNamesOfOnePlace: what a card says a place was called was never the name of a button in it, nor a guess.
func TestLabelsAreNamesOfOnePlace(t *testing.T) {
	users := []string{"User Management", "User Management (Manage Users)", "Manage Users", "Manage accounts"}
	places := map[string][][]string{"semrush": {
		users,
		{"Folders", "Projects"},
		{"Subscription info > Users > Buy more", "Profile > Subscription Info > Users", "Account Management > Users"},
	}}
	for _, name := range BuiltIn() {
		for _, answer := range []string{"none", "sso", "scim"} {
			for _, s := range stepsOf(entry(t, name, answerOf(name, answer))) {
				if len(s.Labels) > 0 {
					require.Contains(t, places[name], s.Labels, "%s %s", name, s.Key)
					require.Contains(t, s.Where, s.Labels[0], "%s %s: its name now stands in the way there", name, s.Key)
				}
				if name == "semrush" && strings.Contains(s.Where, users[0]) {
					require.Equal(t, users, s.Labels, "%s: with all its names, wherever it is the way", s.Key)
				}
			}
		}
	}
}

// stepsOf are the steps of all actions.
func stepsOf(e *catalog.Entry) (list []catalog.Step) {
	for _, a := range e.Actions {
		list = append(list, a.Steps...)
	}
	return list
}

// answerOf is what is said at set-up to an app that asks.
func answerOf(name, answer string) string {
	if name == "6sense" {
		return answer
	}
	return ""
}

// TestWhoeverGetsARoleIn6sense is given it, however people sign in: by the invitation, or by a step after their user is there.
func TestWhoeverGetsARoleIn6sense(t *testing.T) {
	for answer, keys := range map[string][]string{
		"none": {"licence", "primary", "invite", "accepted", "works"},
		"sso":  {"licence", "primary", "first_login", "role", "works"},
		"scim": {"licence", "primary", "assign", "role", "works"},
	} {
		a, _ := entry(t, "6sense", answer).Action("create")
		var has []string
		for _, s := range a.Steps {
			has = append(has, s.Key)
		}
		require.Equal(t, keys, has, answer)
	}
}

func marks(a catalog.Action, m catalog.Mark) bool {
	for _, s := range a.Steps {
		if s.Marks == m && a.Ends {
			return true
		}
	}
	return false
}

// TestAFieldsWordForSeveral is its key with an s, but where that has one.
func TestAFieldsWordForSeveral(t *testing.T) {
	for key, several := range map[string]string{"team": "teams", "cost_centre": "cost centres", "plugins": "plugins"} {
		root, _ := strict.Read([]byte("create: {fields: {"+key+": {label: X}}, steps: {a: Look.}}"), strict.About{})
		d := &Draft{}
		d.action(root.Entries("actions")[0])
		require.Equal(t, several, d.actions[0].Fields[0].Noun.Many)
	}
}

// entry is an app that is built in, for who answered so at set-up.
func entry(t *testing.T, name, answer string) *catalog.Entry {
	d := Open(value(t, name), "")
	require.NotNil(t, d)
	require.Empty(t, d.Problems())
	said := Answers{}
	if answer != "" {
		said["sign_in"] = answer
	}
	e := d.Entry(name, said, nil)
	require.Empty(t, d.Problems())
	return e
}
