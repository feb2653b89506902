package catalog

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestValues: what was mentioned is told from what was not, and nothing that is made of values alters them.
func TestValues(t *testing.T) {
	v := Values{{Key: "rights"}, {Key: "role", Items: []Item{{ID: "guest"}}}}
	require.True(t, v.Has("rights"), "none is not the same as not mentioned")
	require.False(t, v.Has("lang"))
	require.Empty(t, v.ID("rights"))
	require.Equal(t, "guest", v.ID("role"))
	more := v.With(Value{Key: "lang", Items: []Item{{ID: "de"}, {ID: "en"}}}).With(Value{Key: "role", Items: []Item{{ID: "member"}}})
	require.Equal(t, "guest", v.ID("role"))
	require.Equal(t, "member", more.ID("role"))
	require.Equal(t, []string{"de", "en"}, more.IDs("lang"))
	require.Empty(t, more.ID("lang"), "two are not one")
	require.Len(t, more.Without("lang"), 2)
	require.False(t, more.Typed())
	typed := more.With(Value{Key: "boards", Items: []Item{{ID: "7", Name: "Q1", Host: "q1.example"}}, Typed: []string{"q2"}})
	require.True(t, typed.Typed())
	boards, _ := typed.Get("boards")
	require.Equal(t, []string{"q1.example", "“q2”"}, boards.Names())
	raw, err := json.Marshal(typed)
	require.NoError(t, err)
	require.Equal(t, `[{"key":"rights"},{"key":"role","items":[{"id":"member"}]},{"key":"lang","items":[{"id":"de"},{"id":"en"}]},`+
		`{"key":"boards","items":[{"id":"7","name":"Q1","host":"q1.example"}],"typed":["q2"]}]`, string(raw))
}

// TestLabels: two resources of one name differ, and one without a name is called by its number.
func TestLabels(t *testing.T) {
	for _, row := range []struct {
		item         Item
		label, short string
	}{
		{Item{ID: "39", Name: "Acme UK", Host: "acme.example"}, "Acme UK – acme.example (#39)", "acme.example"},
		{Item{ID: "39", Host: "acme.example"}, "acme.example (#39)", "acme.example"},
		{Item{ID: "39", Name: "acme.example", Host: "acme.example"}, "acme.example (#39)", "acme.example"},
		{Item{ID: "39", Name: "Acme UK"}, "Acme UK (#39)", "Acme UK"},
		{Item{ID: "39", Nameless: "board"}, "board #39", "board #39"},
		{Item{ID: "39"}, "#39", "#39"},
	} {
		require.Equal(t, row.label, row.item.Label())
		require.Equal(t, row.short, row.item.Short())
	}
}

// TestSentencesHavePlaces that are told in order.
func TestSentencesHavePlaces(t *testing.T) {
	format, places := Words("*Gives* {holder} {sort}: {boards+} of {boards}").Format()
	require.Equal(t, "*Gives* %v %v: %v of %v", format)
	require.Equal(t, []string{"holder", "sort", "boards+", "boards"}, places)
}
