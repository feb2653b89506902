package manual

import (
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
