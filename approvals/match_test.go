package approvals

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

func TestSitesByName(t *testing.T) {
	all := []catalog.Item{
		{ID: "39", Name: "Acme", Host: "acme.example"}, {ID: "40", Name: "Acme UK", Host: "https://www.acme.example/uk/"},
		{ID: "41", Name: "Globex", Host: "globex.example"}, {ID: "42", Name: "Globex", Host: "globex.test", Paused: true},
		{ID: "43", Name: "Rock & Roll – “Live”", Host: "rock.example"}, {ID: "44", Name: "2024", Host: "year.example"},
	}
	for typed, want := range map[string][]string{
		"39": {"39"}, "#39": {"39"}, "039": {"39"}, "Acme": {"39"}, "ACME.EXAMPLE": {"39"}, "https://www.acme.example/": {"39"}, "http://acme.example": {"39"},
		"acme uk": {"40"}, "Acme  UK": {"40"}, "acme.example/uk": {"40"}, "uk": {"40"},
		"globex": {"41", "42"}, "globex.test": {"42"}, "Globex – globex.test (#42)": {"42"}, "globex.": {"41", "42"},
		"rock & roll - \"live\"": {"43"}, "live": {"43"}, "roll": {"43"},
		"2024": {"44"}, "#2024": nil, "7777": nil, "#0": nil, "-39": nil, "99999999999999999999": nil, "www.": nil, "https://": nil, "": nil, "(#41)": {"41"}, "(#77)": nil,
		"example":                          {"39", "40", "41", "43", "44"},
		"http://rock.example/live?x=1#top": {"43"}, "rock.example/live/": {"43"}, "https://www.globex.test:8080/": {"42"}, "year.example?a=b": {"44"},
		"acme.example/uk?x=1": {"40"}, "acme.example/uk/offers": {"40"}, "acme.example/de": {"39"}, "http://example/x": nil, "globex/x": nil, "https://?x": nil, "/": nil,
	} {
		var got []string
		for _, s := range MatchItems(all, typed) {
			got = append(got, s.ID)
		}
		require.Equal(t, want, got, "%q", typed)
	}
}

func TestASiteWithoutNamesIsNeverMeantByAccident(t *testing.T) {
	blank := []catalog.Item{{ID: "7", Nameless: "site"}}
	require.Empty(t, MatchItems(blank, "www."))
	require.Empty(t, MatchItems(blank, "x"))
	require.Empty(t, MatchItems(blank, ".?x"))
	require.Empty(t, MatchItems(blank, "https://x.example/?x"))
	require.Len(t, MatchItems(blank, "7"), 1)
	require.Len(t, MatchItems(blank, "site #7"), 1)
}
