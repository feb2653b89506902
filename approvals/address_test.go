package approvals

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// TestADomainInAnotherScriptIsOne: however it is written, and a letter that only looks like another is not it.
func TestADomainInAnotherScriptIsOne(t *testing.T) {
	for _, same := range [][2]string{
		{"lee@bücher.example", "lee@xn--bcher-kva.example"}, {"Lee@BÜCHER.example", "lee@xn--BCHER-kva.example"}, {"lee@bu\u0308cher.example", "lee@bücher.example"}, {"a@bücher。example", "a@bücher.example"},
		{"jörg.test@acme.example", "JO\u0308RG.test@Acme.example"}, {" jane@acme.example", "JANE@acme.example"}, {"a@почта.example", "a@xn--80a1acny.example"}, {"a@straße.example", "a@xn--strae-oqa.example"},
	} {
		require.True(t, SameEmail(same[0], same[1]), "%q", same)
		require.Equal(t, Mailbox(same[0]), Mailbox(same[1]))
	}
	for _, two := range [][2]string{
		{"jаne@acme.example", "jane@acme.example"}, {"jane@аcme.example", "jane@acme.example"}, {"\u212aim@acme.example", "kim@acme.example"}, {"İan@acme.example", "ian@acme.example"}, {"jörg@acme.example", "jorg@acme.example"},
		{"a@strasse.example", "a@straße.example"}, {"a@xn--.example", "a@.example"},
	} {
		require.False(t, SameEmail(two[0], two[1]), "%q", two)
	}
	require.Equal(t, []string{"a@xn--bcher-kva.example", "a@bücher.example"}, spellings("a@xn--bcher-kva.example"))
	require.Equal(t, []string{"a@acme.example"}, spellings("a@acme.example"))
	require.Equal(t, "no host at all", PlainHost("no host at all"))
}

func TestAWebsiteInAnotherScriptIsFoundBothWays(t *testing.T) {
	all := []catalog.Item{{ID: "1", Host: "xn--bcher-kva.example"}, {ID: "2", Host: "https://straße.example/uk/"}, {ID: "3", Name: "Bücher & Co.", Host: "acme.example"}}
	for typed, want := range map[string][]string{
		"bücher.example": {"1"}, "xn--bcher-kva.example": {"1"}, "XN--BCHER-KVA.EXAMPLE": {"1"}, "https://www.bücher.example/a?b": {"1"}, "bu\u0308cher.example": {"1"}, "BÜCHER.example": {"1"}, "xn—bcher-kva.example": {"1"},
		"xn--strae-oqa.example/uk": {"2"}, "strasse.example": nil, "büch": {"1", "3"}, "Bücher & Co.": {"3"}, "bucher.example": nil,
	} {
		require.Equal(t, want, ids(MatchItems(all, typed)), "%q", typed)
	}
}

// TestLettersThatLookLikeOthersAreNamed to whoever decides about an account that exists and has them.
func TestLettersThatLookLikeOthersAreNamed(t *testing.T) {
	for email, want := range map[string]string{"jаne@acme.example": "“а” may look like plain letters but aren't.", "jörg@acme.example": "", "jane@acme.example": "", "jo\u0308rg@bücher.example": ""} {
		_, look := Meant(Request{Action: catalog.Delete, Change: Change{Email: email}}, Lists{Seats: SeatList{Seats: []Seat{{ID: "1", Email: email}}}})
		if want == "" {
			require.Empty(t, look.Against, email)
			continue
		}
		require.Len(t, look.Against, 1)
		require.Contains(t, look.Against[0].Plain(), want)
	}
}

// TestPlainAddressesAreComparedAsTheyAre: nothing is allocated for one that is plain already, as of a hundred thousand accounts nearly all are.
func TestPlainAddressesAreComparedAsTheyAre(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(100, func() { SameEmail("jane.smith@acme.example", "jane.smithe@acme.example") }))
}
