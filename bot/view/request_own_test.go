package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
)

// owned is the sheet of somebody who may not read what vendors hold, with these words in its field of websites.
func owned(typed string, words ...string) commands.Sheet {
	s := sheetOf(commands.Draft{Action: "share", For: commands.ForOutside, Email: "jane@acme.example", Reason: "She audits it", Typed: map[string]string{"sites": typed}, Chosen: map[string][]string{}}, false)
	s.Own = map[string][]commands.Own{}
	for _, w := range words {
		s.Own["sites"] = append(s.Own["sites"], commands.Own{Typed: w, Words: []string{strings.Trim(w, `"`)}})
	}
	return s
}

// takes is what the field of websites in a form takes, and the form's draft when nothing in it is touched.
func takes(t *testing.T, v slack.ModalViewRequest) (string, commands.Draft, Borne) {
	t.Helper()
	heldView(t, v)
	b, err := ParseBorne(v.PrivateMetadata)
	require.NoError(t, err)
	d, b := ReadRequest(b, filledIn(t, v))
	for _, block := range v.Blocks.BlockSet {
		if in, ok := block.(*slack.InputBlock); ok && FieldKey(in.BlockID) == "sites" {
			_, kind, _ := fieldOfBlock(in.BlockID)
			return kind, d, b
		}
	}
	t.Fatal("the form has no websites")
	return "", d, b
}

// TestOwnWordsAreReadBack: what is picked is what was typed, as a menu where it fits into one, else in a plain field; and
// so is what stands in the plain field of a form that an earlier version drew.
func TestOwnWordsAreReadBack(t *testing.T) {
	kind, d, _ := takes(t, RequestForm(owned(`acme.example, "Acme, the shop"`, "acme.example", `"Acme, the shop"`), Borne{}))
	require.Equal(t, []string{takesOwn, `acme.example, "Acme, the shop"`}, []string{kind, d.Typed["sites"]})
	kind, d, _ = takes(t, RequestForm(owned(""), Borne{}))
	require.Equal(t, []string{takesOwn, ""}, []string{kind, d.Typed["sites"]})
	for name, words := range map[string][]string{"long": {"acme.example", strings.Repeat("é", 151)}, "many": strings.Split(strings.Repeat("a,", 50)+"a", ","), "nothing that could be picked": nil} {
		typed := strings.Join(words, ", ") + ","
		kind, d, _ = takes(t, RequestForm(owned(typed, words...), Borne{}))
		require.Equal(t, []string{takesText, typed}, []string{kind, d.Typed["sites"]}, name)
	}

	const old = "f:sites:text-resources811c9dc5:seranking"
	d, b := ReadRequest(Borne{App: "seranking"}, []Input{{FieldAction, []string{"share"}}, {FieldFor, []string{"me"}}, {old, []string{"acme.example, Globex"}}})
	require.Equal(t, "acme.example, Globex", d.Typed["sites"])
	v := RequestForm(owned("acme.example, Globex", "acme.example", "Globex"), b)
	kind, d, b = takes(t, v)
	require.Equal(t, []string{takesOwn, "acme.example, Globex"}, []string{kind, d.Typed["sites"]})
	var out []Input
	for _, in := range filledIn(t, v) {
		if FieldKey(in.Block) == "sites" {
			in.Values = nil
		}
		out = append(out, in)
	}
	d, _ = ReadRequest(b, out)
	require.Empty(t, d.Typed["sites"], "what was taken out doesn't come back from the old field")
}

// TestOwnOptionsFitIntoAnAck, and into an option each: what doesn't is left out. Nothing stands there twice.
func TestOwnOptionsFitIntoAnAck(t *testing.T) {
	var many []commands.Own
	for i := range 200 {
		word := fmt.Sprint(strings.Repeat("網", 140), i)
		many = append(many, commands.Own{Typed: word, Words: []string{word}})
	}
	raw := string(JSON(OwnOptions(commands.Owns{Typing: append(many[:3:3], many[:3]...), Before: many})))
	require.Less(t, len(raw), 18_000)
	require.True(t, strings.Contains(raw, `"option_groups":[`))
	require.Equal(t, 1, strings.Count(raw, many[0].Typed+`"`))
	long := strings.Repeat("x", 151)
	require.JSONEq(t, `{"options":[]}`, string(JSON(OwnOptions(commands.Owns{Typing: []commands.Own{{Typed: long, Words: []string{long}}, {Typed: " ", Words: []string{" "}}}}))))
	require.Contains(t, string(JSON(OwnOptions(commands.Owns{Typing: []commands.Own{{Typed: "a, b", Words: []string{"a", "b"}}}}))), `"text":"All 2: a, b"`)
}

// TestAFormThatAnAckCannotHoldIsNotInIt: then what is wrong is said under its fields instead.
func TestAFormThatAnAckCannotHoldIsNotInIt(t *testing.T) {
	s := owned("acme.example", "acme.example")
	s.Cards = []commands.Card{{Number: 12, Link: "https://acme.slack.com/archives/C0APPROVE/p1"}}
	answer, is := Redrawn(RequestForm(s, Borne{}))
	require.True(t, is)
	require.Contains(t, string(JSON(answer)), "See the card of #12")
	s.Notes = filled(nil)
	for range 30 {
		s.Notes = append(s.Notes, say("%v", strings.Repeat("é", 900)))
	}
	_, is = Redrawn(RequestForm(s, Borne{}))
	require.False(t, is)
}

// TestOwnWordsAreReadBackInAnEdit: a manager who decides and may not read what vendors hold edits the words that were written,
// and what they leave alone stays as it was written.
func TestOwnWordsAreReadBackInAnEdit(t *testing.T) {
	s := owned(`acme.example, "Acme, the shop"`, "acme.example", `"Acme, the shop"`)
	kind, d, b := takes(t, EditForm(sample(catalog.Share, approvals.Pending), s, "C0APPROVE"))
	require.Equal(t, []string{takesOwn, `acme.example, "Acme, the shop"`}, []string{kind, d.Typed["sites"]})
	s.Draft = d
	kind, d, _ = takes(t, EditFormAgain(sample(catalog.Share, approvals.Pending), s, b))
	require.Equal(t, []string{takesOwn, `acme.example, "Acme, the shop"`}, []string{kind, d.Typed["sites"]})
}
