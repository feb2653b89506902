package commands

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// found is what FuzzParse has found: each row stands as a seed of the same name in testdata/fuzz/FuzzParse.
var found = []struct{ seed, typed, wrong, now string }{
	{"quotation_mark_within_a_last_name", `CreAte 0@0.A 0 0"00 0 BeCAuse 0`,
		"the line for copying turned the mark into an apostrophe, so that the copy asked for somebody called 0'00 0",
		`keeps "/access create 0@0.a 0 0\"00 0 because 0"` + "\n"},
	{"comma_within_a_quoted_last_name", `CreAte 0@0.A 00 "0, 0" BeCAuse 0`,
		"the line for copying quoted each word of the name by itself, and the copy lost the comma",
		`keeps "/access create 0@0.a 00 \"0, 0\" because 0"` + "\n"},
	{"first_name_that_is_a_semicolon", `CreAte 0@0.A "; " BeCAuse 0`,
		"a lone semicolon in quotes counted as a name, and the line for copying named nobody",
		"What's the person's first name? It goes right after the address; the last name can follow.\n> /access create 0@0.a <first name> <last name> because 0\n"},
	{"site_that_ends_in_an_at_sign", `shAre 0@0.A "0@" BeCAuse 0`,
		"the line for copying wrote the website bare, where it is taken for a second address",
		`keeps "/access share 0@0.a \"0@\" because 0"` + "\n"},
}

// TestWhatFuzzingFoundInTheParser holds each find to the exact answer it gets now.
func TestWhatFuzzingFoundInTheParser(t *testing.T) {
	for _, f := range found {
		t.Run(f.seed, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join("testdata", "fuzz", "FuzzParse", f.seed))
			require.NoError(t, err)
			require.Contains(t, string(raw), strconv.Quote(f.typed), "the seed is what the row says")
			require.Equal(t, f.now, told(parsed(f.typed)), "before: %s", f.wrong)
		})
	}
	seeds, err := os.ReadDir(filepath.Join("testdata", "fuzz", "FuzzParse"))
	require.NoError(t, err)
	require.Len(t, seeds, len(found), "every seed has its row")
}
