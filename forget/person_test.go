package forget

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWordsInATextAreToldApart: an address is theirs however it is written and whatever stands around it, and none that only ends or begins
// like it is; a name is theirs as a whole.
func TestWordsInATextAreToldApart(t *testing.T) {
	p := Person{Called: "X", Addresses: []string{"jo@acme.example", "o'brien@xn--bcher-kva.example", "a&b@acme.example"}, Names: []string{"Jo Ann", "Zoë"}}
	for was, is := range map[string]string{
		"JO@acme.example": "X",
		"(<mailto:jo@acme.example|jo@ACME.example>).":              "(<mailto:X|X>).",
		"'jo@acme.example', she said":                              "'X', she said",
		"https://x.example/?email=jo%40acme.example&a=1":           "https://x.example/?email=X&a=1",
		"orphan/seranking/jo@acme.example/jo2@acme.example":        "orphan/seranking/X/jo2@acme.example",
		"banjo@acme.example jo@acme.example.org x-jo@acme.example": "banjo@acme.example jo@acme.example.org x-jo@acme.example",
		"O'Brien@bücher.example":                                   "X-2",
		"for a&b@acme.example.":                                    "for X-3.",
		"Jo Ann and JO ANN, not Jo Anna or Banjo Ann; Jo":          "X and X, not Jo Anna or Banjo Ann; Jo",
	} {
		require.Equal(t, is, p.text(was, false), was)
	}
	require.Equal(t, "X met X and Joanna; X", p.text("ZOË met Jo and Joanna; Jo Ann", true))
}
