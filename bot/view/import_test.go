package view

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// TestFindingsFitWhateverIsInThem: each has its button as long as that can bear it, and the message stays within Slack's limits.
func TestFindingsFitWhateverIsInThem(t *testing.T) {
	all := map[string]string{"long": strings.Repeat("x", 254), "wide": strings.Repeat("\u0001\"", 120)}
	for name, s := range hostile {
		all[name] = s
	}
	for name, s := range all {
		r := commands.Reply{Head: approvals.Sayf("*%v* · %v", s, s), Amiss: approvals.Sayf("*Not as it should be*"), More: &commands.More{App: "semrush", From: 10, Left: 990},
			Which: &commands.Unsorted{App: "semrush", File: "F1", Name: s}}
		for range 10 {
			r.Findings = append(r.Findings, commands.Finding{Say: approvals.Sayf("%v · *there but never approved*: listed, and no request gave it.", s), About: s, App: "semrush", Key: "there but never approved/semrush/" + s, Offer: "Remove…"})
		}
		for range 2000 {
			r.Lines = append(r.Lines, approvals.Sayf("• %v", s))
		}
		m := Reply(r)
		raw := string(held(t, m))
		require.Contains(t, raw, `"action_id":"findings"`, name)
		require.Contains(t, raw, `"action_id":"columns"`, name)
		if name == "long" || name == "wide" {
			require.Equal(t, 10, strings.Count(string(JSON(m.Blocks)), "listed, and no request gave it."), "%s: each is shown", name)
		}
		if name == "long" {
			require.Equal(t, 10, strings.Count(raw, `"action_id":"mend"`))
		}
	}
}

// TestTheFormsOfAList: the form takes one file, and the other offers every column that a menu has room for, with what is understood
// chosen.
func TestTheFormsOfAList(t *testing.T) {
	app := approvals.App{ID: "semrush", Name: "Semrush"}
	raw := string(heldView(t, ImportForm(app, "C0GENERAL")))
	require.Contains(t, raw, `"type":"file_input"`)
	b, err := ParseImport(ImportForm(app, "C0GENERAL").PrivateMetadata)
	require.NoError(t, err)
	require.Equal(t, ImportBorne{commands.Unsorted{App: "semrush"}, "C0GENERAL"}, b)
	require.True(t, ReadImport([]Input{{Block: FieldList, Values: []string{"F1"}}, {Block: FieldLook, Values: []string{"look"}}}))
	require.False(t, ReadImport([]Input{{Block: FieldLook}}))

	b = ImportBorne{commands.Unsorted{App: "semrush", File: "F1", Name: strings.Repeat("ü", 300) + ".csv", Look: true}, ""}
	heldView(t, ReadingForm(b))
	w := commands.Which{App: app, Chosen: map[string]string{"email": "=2"}}
	for i := range 200 {
		w.Cells, w.Names = append(w.Cells, []string{"Contact", "", hostile["mentions"], strings.Repeat("long ", 50)}[i%4]), append(w.Names, fmt.Sprintf("=%d", i+1))
	}
	form := ColumnsForm(w, b)
	raw = string(heldView(t, form))
	require.Equal(t, 9*100+1, strings.Count(raw, `"value":"=`), "a hundred columns in nine menus, and the one that is chosen")
	require.Contains(t, raw, `"text":"2 · no name"`)
	require.Equal(t, map[string]string{"email": "=1"}, ReadColumns([]Input{{Block: "column:email", Values: []string{"=1"}}, {Block: "column:role"}, {Block: "else", Values: []string{"x"}}}))
}

// TestWhatAListsButtonsBear: what this version drew is read, another's is told from what was never ours.
func TestWhatAListsButtonsBear(t *testing.T) {
	v, err := ParseMend(`v1:{"a":"semrush","k":"left the company/semrush/a@b.example","n":10}`)
	require.NoError(t, err)
	require.Equal(t, MendValue{App: "semrush", Key: "left the company/semrush/a@b.example", From: 10}, v)
	for s, other := range map[string]bool{"v2:{}": true, "v1:x": false, "x": false, "": false} {
		_, err = ParseMend(s)
		require.Error(t, err)
		require.Equal(t, other, errors.Is(err, ErrOtherVersion), s)
		_, err = ParseImport(s)
		require.Error(t, err)
	}
}

// TestTheFormThatPutsAFindingOff: it says what it's about, whatever is in that, and reads back what was filled in.
func TestTheFormThatPutsAFindingOff(t *testing.T) {
	for _, s := range hostile {
		form := LaterForm(commands.Finding{Say: approvals.Sayf("%v · *left the company*: still there.", s), App: "semrush", Key: "left the company/semrush/a@b.example"}, "C0GENERAL")
		heldView(t, form)
		v, err := ParseMend(form.PrivateMetadata)
		require.NoError(t, err)
		require.Equal(t, MendValue{App: "semrush", Key: "left the company/semrush/a@b.example", Channel: "C0GENERAL"}, v)
	}
	for want, days := range map[int]string{30: "30", 180: "180", 0: "31"} {
		got, why := ReadLater([]Input{{Block: FieldReason, Values: []string{"they are on leave"}}, {Block: FieldHowLong, Values: []string{days}}})
		require.Equal(t, []any{want, "they are on leave"}, []any{got, why})
	}
	require.Nil(t, laterButton(commands.Finding{App: "semrush", Key: "x", Off: true}))
}
