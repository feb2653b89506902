package approvals

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

var namedSites = []catalog.Item{
	{ID: "1", Name: "Number one", Host: "one.example"},
	{ID: "39", Name: "Acme", Host: "acme.example"}, {ID: "40", Name: "Acme UK", Host: "https://www.acme.example/uk/"},
	{ID: "41", Name: "Globex Labs", Host: "globex.example"}, {ID: "42", Name: "Wayne, Inc.", Host: "wayne.example", Paused: true},
	{ID: "43", Name: "Rock and Roll", Host: "rock.example"}, {ID: "44", Host: "plain.example"}, {ID: "45", Name: "Rank #1", Host: "rank.example"},
	{ID: "46", Name: "Shop", Host: "shop--old.example"}, {ID: "47", Name: "Store", Host: "shop-old.example"}, {ID: "48", Nameless: "site"},
}

// TestANumberThatContradictsItsNameIsAskedAbout: a label names a website twice, and where the two differ neither is
// taken for what was meant.
func TestANumberThatContradictsItsNameIsAskedAbout(t *testing.T) {
	for typed, want := range map[string]struct {
		ids []string
		one bool
	}{
		"Acme (#39)": {[]string{"39"}, true}, "Acme – acme.example (#39)": {[]string{"39"}, true}, "acme.example (#39)": {[]string{"39"}, true}, "ac… (#39)": {[]string{"39"}, true},
		"Acme #39": {[]string{"39"}, true}, "#39 Acme": {[]string{"39"}, true}, "#39": {[]string{"39"}, true}, "(#39)": {[]string{"39"}, true}, "https://acme.example/ (#39)": {[]string{"39"}, true},
		"Globex Labs (#39)": {[]string{"39", "41"}, false}, "Globex Labs #39": {[]string{"39", "41"}, false}, "#39 Globex Labs": {[]string{"39", "41"}, false}, "Nobody (#39)": {[]string{"39"}, false},
		"Acme UK (#39)": {[]string{"39", "40"}, false}, "Acme (#40)": {[]string{"40", "39"}, false}, "acme.example (#40)": {[]string{"40", "39"}, false},
		"Acme (#77)": {nil, false}, "Rank #1": {[]string{"45"}, true}, "Rank #1 (#45)": {[]string{"45"}, true}, "site #48": {[]string{"48"}, true},
		"Wayne, Inc. – wayne.example (#42) · paused": {[]string{"42"}, true}, "Acme – acme.example (#39) · paused": {[]string{"39"}, false},
	} {
		n := nameItem(namedSites, typed)
		require.Equal(t, want.ids, ids(n.Items), "%q", typed)
		require.Equal(t, want.one, n.One(), "%q", typed)
	}
}

// TestTwoReadingsOfADashAreAskedAbout: a phone makes one dash of two hyphens, so both readings count.
func TestTwoReadingsOfADashAreAskedAbout(t *testing.T) {
	for typed, want := range map[string][]string{
		"shop—old.example": {"46", "47"}, "shop–old.example": {"46", "47"}, "https://shop—old.example/x": {"46", "47"}, "shop--old.example": {"46"}, "shop-old.example": {"47"}, "shop‐old.example": {"47"},
		"shop—old": {"46", "47"}, "globex—labs": nil,
	} {
		require.Equal(t, want, ids(MatchItems(namedSites, typed)), "%q", typed)
	}
	require.Equal(t, []string{"47"}, ids(MatchItems(namedSites[9:], "shop—old.example")), "the reading that exists")
	require.Equal(t, []string{"jane--doe@acme.example", "jane-doe@acme.example"}, Readings("jane—doe@acme.example"))
	require.Equal(t, []string{"jane-doe@acme.example", "jane--doe@acme.example"}, Readings("jane–doe@acme.example"))
	require.Equal(t, []string{"lee@xn--bcher-kva.example"}, Readings("lee@xn—bcher-kva.example"))
	require.Equal(t, []string{"https://a.xn--p1ai/"}, Readings("https://a.xn–p1ai/"))
	require.Equal(t, []string{"a-b"}, Readings("a-b"))
}

// TestListsOfWebsitesAreUnderstoodWhole: names with commas and with "and" in them are put together or taken apart by
// what there is, and nothing that was typed is left out.
func TestListsOfWebsitesAreUnderstoodWhole(t *testing.T) {
	for _, row := range []struct {
		words []string
		want  string
	}{
		{[]string{"Wayne", "Inc. – wayne.example (#42)", "Acme (#39)"}, "42, 39"},
		{[]string{"Acme", "Wayne", "Inc. (#42), paused"}, "39, 42"},
		{[]string{"Acme and Globex Labs"}, "39, 41"}, {[]string{"39 and 41 and 44"}, "39, 41, 44"}, {[]string{"Acme & plain.example"}, "39, 44"},
		{[]string{"Rock and Roll"}, "43"}, {[]string{"Rock and Roll and Acme"}, "43, 43, 39"}, {[]string{"Acme and Nobody"}, "none"}, {[]string{"rock and globex"}, "43, 41"},
		{[]string{"Acme (#39)", "nobody"}, "39, none"},
	} {
		var got string
		for i, n := range NameItems(namedSites, row.words) {
			if i > 0 {
				got += ", "
			}
			switch {
			case n.One():
				got += fmt.Sprint(n.Items[0].ID)
			case len(n.Items) == 0:
				got += "none"
			default:
				got += fmt.Sprint(ids(n.Items))
			}
		}
		require.Equal(t, row.want, got, "%q", row.words)
	}
	both := append(namedSites[:3:3], catalog.Item{ID: "50", Name: "Acme and Number one", Host: "x.example"}, catalog.Item{ID: "51", Name: "The Acme and Number"})
	require.False(t, NameItems(both, []string{"Acme and Number"})[0].One(), "a part of one name, or two names")
	require.True(t, NameItems(both, []string{"Acme and Number one"})[0].One(), "exactly a name")
}

func ids(sites []catalog.Item) (out []string) {
	for _, s := range sites {
		out = append(out, s.ID)
	}
	return out
}
