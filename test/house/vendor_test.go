package house

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision/seranking"
)

// knowNoVendor are the rooms that are told by a catalog entry what an app calls things.
var knowNoVendor = []string{"approvals", "commands", "bot", "bot/view", "bot/courier", "bot/web", "reports"}

// common are words of the entry that are also everybody's: the language of this program, of the product, or of any app. What is
// meant by them cannot be told from the word.
var common = []string{"type", "types", "language", "languages", "period", "periods", "seat", "seats", "day", "week", "month", "client", "user", "text"}

// vendorWords are the words by which one knows the app: what it is called, what it calls its accounts, resources and
// fields; and keys are the keys of its fields, which would stand in quotes.
func vendorWords(e *catalog.Entry) (words, keys []string) {
	words = []string{"SE Ranking", e.Kind, e.Seat.One, e.Seat.Many}
	for _, r := range e.Resources {
		words, keys = append(words, r.Noun.One, r.Noun.Many, r.Nameless), append(keys, r.Key)
		if r.Verb != "" {
			keys = append(keys, r.Verb)
		}
	}
	for _, a := range e.Actions {
		for _, f := range a.Fields {
			words, keys = append(words, f.Noun.One, f.Noun.Many), append(keys, f.Key)
			if f.Key == e.Sort {
				for _, c := range f.Choices {
					words, keys = append(words, c.Words, c.Plural), append(keys, c.ID)
				}
			}
		}
	}
	slices.Sort(words)
	slices.Sort(keys)
	mine := func(w string) bool { return w == "" || slices.Contains(common, w) }
	return slices.DeleteFunc(slices.Compact(words), mine), slices.DeleteFunc(slices.Compact(keys), mine)
}

var hump = regexp.MustCompile(`([a-z])([A-Z])`)

// slacks are words of Slack's own, which mean nothing of an app.
var slacks = strings.NewReplacer(`"no_permission"`, "", `json:"permissions"`, "")

// named finds the first word of a vendor's in a text: in names, comments and sentences alike, whatever their case.
func named(text string, words, keys []string) string {
	text = slacks.Replace(text)
	spread := strings.ToLower(strings.NewReplacer("_", " ", "\n//", " ").Replace(hump.ReplaceAllString(text, "$1 $2")))
	spread = strings.Join(strings.Fields(spread), " ")
	for _, w := range words {
		if found := regexp.MustCompile(`\b` + regexp.QuoteMeta(strings.ToLower(w)) + `\b`).FindString(spread); found != "" {
			return found
		}
	}
	for _, k := range keys {
		for _, q := range []string{`"` + k + `"`, "`" + k + "`", `"` + k + `,`} {
			if strings.Contains(text, q) {
				return q
			}
		}
	}
	return ""
}

// TestTheDomainNamesNoVendor: the words of SE Ranking's entry occur in no file of these rooms, so the next app
// changes none of them.
func TestTheDomainNamesNoVendor(t *testing.T) {
	fromTheRoot(t)
	words, keys := vendorWords(seranking.Entry())
	for _, want := range []string{"SE Ranking", "seranking", "website", "websites", "permission", "permissions", "client seat", "user seat", "money limit", "site"} {
		require.Contains(t, words, want)
	}
	require.Equal(t, []string{"access", "amount", "lang", "sites"}, keys)
	read := 0
	for _, s := range sources(t) {
		if s.test || !slices.Contains(knowNoVendor, s.room) {
			continue
		}
		raw, err := os.ReadFile(s.path)
		require.NoError(t, err)
		read++
		if found := named(string(raw), words, keys); found != "" {
			t.Errorf("%s says %q, which is a word of SE Ranking's entry; let it be told by the catalog", s.path, found)
		}
	}
	require.Greater(t, read, 100)
}

// TestAVendorsWordIsFound wherever it may hide.
func TestAVendorsWordIsFound(t *testing.T) {
	words, keys := vendorWords(seranking.Entry())
	for text, want := range map[string]string{
		"// the Websites of it": "websites", "func sharedSite()": "site", `case "lang":`: `"lang"`, "// a user\n// seat": "user seat", "se_ranking": "se ranking", "hasPermission": "permission",
		"an account and what it holds": "", "the user types": "", "parasite": "", "/access share": "", "permissive": "",
	} {
		require.Equal(t, want, named(text, words, keys), "%q", text)
	}
}
