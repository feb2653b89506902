package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
)

// edited is a request that Erin changed after Bob had said yes.
func edited(st approvals.State) approvals.Request {
	r := sample(catalog.Create, st)
	r.Edits = []approvals.Edit{{By: "U0ERIN", At: clock(9, 20), Why: "Let's see how *January* goes", Votes: []approvals.Vote{{By: "U0BOB", Yes: true}},
		Changed: []approvals.Altered{{Field: "sites", Label: "Websites", Was: "Acme – acme.example (#101), Careers – careers.acme.example (#106)", Is: "Acme – acme.example (#101)", Heard: "“acme”, “careers”"}}}}
	return r
}

// TestACardShowsWhatWasEdited, how it was and how it is, while it waits and after; so do lists, the terminal and what who asked hears.
func TestACardShowsWhatWasEdited(t *testing.T) {
	for _, st := range []approvals.State{approvals.Pending, approvals.Done} {
		m := Card(edited(st))
		golden(t, "card-edited-"+string(st), held(t, m))
		require.Contains(t, m.Text, "Edited by <@U0ERIN> <!date^")
		require.Contains(t, m.Text, "“Let's see how ∗January∗ goes”\n• Websites Acme – acme.example (#101), Careers – careers.acme.example (#106) → Acme – acme.example (#101)\n<@U0BOB> said yes before that, so it doesn't count any more.")
	}
	r := edited(approvals.Pending)
	r.Rule.ByHand, r.Rule.Policy = true, "small"
	for _, m := range []Message{Reply(commands.Reply{Request: &r}), ApproverCard(r, "U0BOB"), Reply(commands.Reply{Head: say("One:"), Waiting: []approvals.Request{r}})} {
		require.Contains(t, m.Text, "The policy “small” would approve it by itself. It was edited, so it takes a click.")
	}
	require.Contains(t, approvals.Join(CardLines(r), "\n").Plain(), "@U0BOB said yes before that")
	golden(t, "edited-told", held(t, Edited(r, 1)))
	golden(t, "edited-saved", held(t, Saved(r)))
	r.Said = &approvals.Said{Blind: true}
	require.Contains(t, Edited(r, 1).Text, "“acme”, “careers” → Acme – acme.example (#101)", "in their own words")
	require.NotContains(t, Edited(r, 1).Text, "#106")
}

// TestAButtonBearsWhatWasShown: which step, and how often it had been edited; one of before any edit bears nothing of it.
func TestAButtonBearsWhatWasShown(t *testing.T) {
	r := edited(approvals.Pending)
	r.Rule.Then = []approvals.Stage{{Approvers: []string{"U0DAVE"}, Need: 1}}
	r.Tally = &approvals.Tally{Step: 1, Steps: make([][]approvals.Actor, 2)}
	require.Equal(t, "decide.2+1", decidingOn(r))
	require.Contains(t, string(JSON(Reply(commands.Reply{Head: say("One:"), Waiting: []approvals.Request{r}}))), `"block_id":"decide-12.2+1"`)
	for block, want := range map[string][]any{"decide.2+1": {"decide", 1, 1}, "decide": {"decide", 0, 0}, "decide-unread+3": {"decide-unread", 0, 3},
		"decide-12.2+1": {"decide-12", 1, 1}, "decide+x": {"decide", 0, 0}, "decide+-1": {"decide", 0, 0}} {
		name, step := Shown(block)
		require.Equal(t, want, []any{name, step, Edition(block)}, block)
	}
}

// TestManyLongEdits stay within Slack's limits, and the last ones stay on the card.
func TestManyLongEdits(t *testing.T) {
	r := edited(approvals.Pending)
	for _, long := range []string{strings.Repeat("網站", 250), strings.Repeat("&<>", 160), strings.Repeat("*_`~", 120)} {
		r.Edits = nil
		for i := range approvals.MostEdits {
			e := approvals.Edit{By: "U0ERIN", At: clock(10, i), Why: fmt.Sprint(i, long)}
			for k := range 30 {
				e.Changed = append(e.Changed, approvals.Altered{Field: fmt.Sprint(k), Label: long, Was: strings.Repeat(long, 9), Is: long})
			}
			r.Edits = append(r.Edits, e)
		}
		m := Card(r)
		held(t, m)
		require.Equal(t, []string{"Approve", "Deny", "Edit", "Ask"}, buttonsOf(t, m))
		require.Contains(t, string(JSON(m.Blocks)), "7 changes were made earlier")
		held(t, Edited(r, 10))
		held(t, ApproverCard(r, "U0BOB"))
	}
}

// TestTheFormForEditing has what was asked, and not whom it is for.
func TestTheFormForEditing(t *testing.T) {
	s := sheetOf(commands.Draft{Action: "create", For: commands.ForOutside, Email: "jane@acme.example", First: "Jane", Chosen: map[string][]string{"type": {"client"}}}, true)
	s.Items["sites"] = twoShops
	r := edited(approvals.Pending)
	r.Tally = &approvals.Tally{Counted: []approvals.Actor{"U0BOB"}}
	form := EditForm(r, s, "C0APPROVE")
	golden(t, "edit-form", heldView(t, form))
	b, err := ParseBorne(form.PrivateMetadata)
	require.NoError(t, err)
	name, err := ParseButtonValue(b.Of)
	require.NoError(t, err)
	require.Equal(t, []any{r.Name(), 1, "C0APPROVE"}, []any{name, b.Edition, b.Channel})
	d, _ := ReadRequest(b, []Input{{Block: "first:outside", Values: []string{"Janet"}}, {Block: FieldReason, Values: []string{"her name"}}})
	require.Equal(t, []any{"seranking", catalog.Create, "Janet", "her name"}, []any{d.App, d.Action, d.First, d.Reason})
	require.Equal(t, 1, strings.Count(string(JSON(form)), `"dispatch_action":true`), "nothing in it changes the form but for how long")
	require.False(t, AsksHowLong([]Input{{Block: "first:outside"}}), "a form that was drawn before it could be asked")

	// chosen anew, it's drawn anew, and stays the form of the edition that it was opened for
	d, b = ReadRequest(b, []Input{{Block: FieldLong, Values: []string{commands.LongWhile}}, {Block: FieldReason, Values: []string{"her name"}}})
	s.Draft, r.Edits = d, append(r.Edits, r.Edits...)
	again := EditFormAgain(r, s, b)
	for _, has := range []string{`"block_id":"while"`, `"initial_value":"her name"`} {
		require.Contains(t, string(JSON(again)), has)
	}
	b, err = ParseBorne(again.PrivateMetadata)
	require.NoError(t, err)
	require.Equal(t, []any{1, "C0APPROVE", map[string][]string{FieldAction: {"create"}, FieldFor: {"outside"}}}, []any{b.Edition, b.Channel, b.Kept})
}
