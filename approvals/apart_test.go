package approvals

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tellingMuch is an entry that says a good deal of somebody.
func tellingMuch() Entry {
	return Entry{At: noon, Actor: "U0ALICE", What: "asked", Surface: "slack", Request: 12, After: Pending,
		Detail: json.RawMessage(`{"app":"seranking","action":"create","change":{"email":"jane@acme.example","person":"U0JANE","first_name":"Jane","values":[{"key":"sites","items":[{"id":"103","name":"Acme <Shop>"}]}]},"reason":"Jane audits it","rule":{"policy":"seats","need":1,"at":"2026-11-23T12:00:00Z"},"odd":["~1",true,null,1.50]}`),
		Why:    []string{"overridden by os:root", "reason: she's my niece"}}
}

func apart(t *testing.T) (Entry, []byte) {
	t.Helper()
	e, beside, err := Apart(tellingMuch(), rand.NewChaCha8([32]byte{1}))
	require.NoError(t, err)
	return e, beside
}

// TestNothingOfAnybodyStandsInTheLog, and all of it beside: together they are what was said.
func TestNothingOfAnybodyStandsInTheLog(t *testing.T) {
	e, beside := apart(t)
	raw, err := json.Marshal(e)
	require.NoError(t, err)
	for _, word := range []string{"jane@", "Jane", "audits", "niece", "Shop"} {
		require.NotContains(t, string(raw), word)
		require.Contains(t, strings.ReplaceAll(string(beside), `\u003c`, "<"), word)
	}
	for _, word := range []string{`"policy":"seats"`, "U0JANE", `"id":"103"`, "overridden by os:root", `"need":1`, "1.50"} {
		require.Contains(t, string(raw), word)
	}
	whole, err := e.Together(beside)
	require.NoError(t, err)
	require.JSONEq(t, string(tellingMuch().Detail), string(whole.Detail))
	require.Equal(t, tellingMuch().Why, whole.Why)
	none := Entry{Detail: json.RawMessage(`{"seq":2,"hash":"9f3c9f3c9f3c9f3c"}`)}
	plain, beside, err := Apart(none, nil)
	require.NoError(t, err)
	require.Nil(t, beside)
	require.Equal(t, none, plain, "what says nothing of anybody stays whole, and needs no key")
}

// TestWhatAnEditChangedStandsBesideToo: what was asked before it and after has names in it.
func TestWhatAnEditChangedStandsBesideToo(t *testing.T) {
	said := Entry{At: noon, Actor: "U0ALICE", What: (Edited{}).what(), Request: 12, Why: Edit{By: "U0ALICE", Why: "she married",
		Changed: []Altered{{Field: "last name", Was: "Smith", Is: "Jones: → Smythe"}}, Votes: []Vote{{By: "U0BOB", Yes: true}}}.reasons()}
	e, beside, err := Apart(said, rand.NewChaCha8([32]byte{1}))
	require.NoError(t, err)
	require.Equal(t, []string{"last name: ~0", said.Why[1], "reason: ~1"}, e.Why)
	require.Contains(t, said.Why[1], "U0BOB")
	whole, err := e.Together(beside)
	require.NoError(t, err)
	require.Equal(t, said.Why, whole.Why)
	old := Entry{What: said.What, Why: said.Why[:1]}
	whole, err = old.Together(nil)
	require.NoError(t, err)
	require.Equal(t, old.Why, whole.Why, "what was sealed before stays as it is")
}

// TestWhatStandsBesideIsWhatWasWritten, or somebody hears.
func TestWhatStandsBesideIsWhatWasWritten(t *testing.T) {
	e, beside := apart(t)
	other, _, err := Apart(tellingMuch(), rand.NewChaCha8([32]byte{2}))
	require.NoError(t, err)
	require.NotEqual(t, other.Personal, e.Personal, "another key gives another hash: nothing can be tried against it")
	for name, forged := range map[string][]byte{
		"another word":   bytes.Replace(beside, []byte("audits"), []byte("steals"), 1),
		"a word less":    regexp.MustCompile(`,\{"text":"[^"]*"\}\]`).ReplaceAll(beside, []byte("]")),
		"another key":    bytes.Replace(beside, []byte(`"key":"`), []byte(`"key":"00`), 1),
		"nothing":        nil,
		"something else": []byte("[]"),
	} {
		require.NotEqual(t, beside, forged, name)
		_, err := e.Together(forged)
		require.ErrorIs(t, err, errBeside, name)
	}
	_, err = Entry{}.Together(beside)
	require.ErrorIs(t, err, errBeside, "beside an entry that had nothing to keep")
}

// TestWhatIsForgottenIsGone: the words, and the keys that would let somebody try words; what is left is held to the entry all the same, and the
// others' words stand. Once more changes nothing.
func TestWhatIsForgottenIsGone(t *testing.T) {
	e, raw := apart(t)
	b, err := e.Holds(raw)
	require.NoError(t, err)
	forgot, err := b.Forget("forgotten-7f3c", func(_ int, text string) bool { return strings.Contains(strings.ToLower(text), "jane") })
	require.NoError(t, err)
	left, err := json.Marshal(forgot)
	require.NoError(t, err)
	require.NotContains(t, strings.ToLower(string(left)), "jane")
	require.NotContains(t, string(left), b.Key, "the key of all words is that of the forgotten too")
	for n, w := range forgot.Words {
		key, err := b.key(n)
		require.NoError(t, err)
		require.Equal(t, w.Mark == "", strings.Contains(string(left), hex.EncodeToString(key)))
	}
	whole, err := e.Together(left)
	require.NoError(t, err)
	require.Contains(t, string(whole.Detail), `"email":"forgotten-7f3c"`)
	require.Contains(t, string(whole.Detail), `"reason":"forgotten-7f3c"`)
	require.Contains(t, string(whole.Detail), "Shop")
	require.Contains(t, whole.Why[1], "niece")
	again, err := forgot.Forget("forgotten-1111", func(_ int, text string) bool { return text == "" })
	require.NoError(t, err)
	require.Equal(t, forgot, again)
	rest, err := forgot.Forget("forgotten-2222", func(int, string) bool { return true })
	require.NoError(t, err)
	left, err = json.Marshal(rest)
	require.NoError(t, err)
	_, err = e.Together(left)
	require.NoError(t, err)
	require.Equal(t, len(rest.Words), rest.Forgotten())
}

// TestAStrangerVerifiesAnEntryWithoutItsDetails: by the rule of every entry, the hash over the line without its hash and signature.
func TestAStrangerVerifiesAnEntryWithoutItsDetails(t *testing.T) {
	e, _ := apart(t)
	_, key, err := ed25519.GenerateKey(rand.NewChaCha8([32]byte{3}))
	require.NoError(t, err)
	line, head, err := Seal(e, Head{}, key)
	require.NoError(t, err)
	var c Chain
	_, err = c.Next(line)
	require.NoError(t, err)
	bare := regexp.MustCompile(`"hash":"[0-9a-f]{64}"`).ReplaceAllString(regexp.MustCompile(`,"sig":"[0-9a-f]{128}"`).ReplaceAllString(string(line), ""), `"hash":""`)
	sum := sha256.Sum256([]byte(bare))
	require.Equal(t, head.Hash, hex.EncodeToString(sum[:]))
	_, err = (&Chain{}).Next(bytes.Replace(line, []byte(`"personal":"`), []byte(`"personal":"0`), 1))
	require.Error(t, err, "what is kept beside it is held by the chain")
}
