package view

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// mendable is a table of so many accounts that are blocked, drawn.
func mendable(t *testing.T, n int) Message {
	t.Helper()
	seats := someSeats(n, "blocked")
	table := Table{Title: say("*Blocked*"), Caption: "Blocked", Head: []string{"Account"}, More: func(int) approvals.Text { return say("and more") }}
	for _, s := range seats {
		table.Rows = append(table.Rows, Row{Cells: []approvals.Text{say("%v", s.Email)}, Line: say("• %v", s.Email)})
	}
	p := newPage()
	p.table(p.left, table.remedied(seRanking(), clock(9, 0), seats, commands.IsBlocked))
	m := p.message()
	held(t, m)
	return m
}

// TestEveryRowMendsItsAccount: by a button of its own in Slack's own table; in the lines that stand in its place the first few have one
// each, and of many one is picked.
func TestEveryRowMendsItsAccount(t *testing.T) {
	for n, plain := range map[int]int{1: 1, 3: 3, 4: 0, 90: 0} {
		m := mendable(t, n)
		native, lines := string(JSON(m.Blocks)), string(JSON(m.Plain))
		require.Equal(t, n, strings.Count(native, `"action_id":"`+ActionRemedy+rowMark), "of %d", n)
		require.Equal(t, plain, strings.Count(lines, `"action_id":"`+ActionRemedy+rowMark), "of %d", n)
		require.Equal(t, n > mostDirect, strings.Contains(lines, ActionRemedyPick), "of %d", n)
	}
}

// TestARemedyNamesItsAccount, and bears it there and back.
func TestARemedyNamesItsAccount(t *testing.T) {
	a := commands.Ailing{App: "seranking", ID: "12", Email: "jane@acme.example", Wrong: commands.IsBlocked, Day: "2026-11-23"}
	v, err := ParseRemedy(remedyValue(a).String())
	require.NoError(t, err)
	require.Equal(t, a, v.Of())
	_, err = ParseRemedy("v9:{}")
	require.ErrorIs(t, err, ErrOtherVersion)
	require.Nil(t, remedyButton(commands.Ailing{Email: strings.Repeat("x", longestButton)}, "Mend…"))
	m := Remedy(commands.Remedy{Of: a, Lines: []approvals.Text{say("*jane@acme.example*")}, Ways: []commands.Way{commands.RaiseIt, commands.TakeIt}, Cards: []commands.Card{{Number: 12, Link: "https://acme.slack.com/x"}, {Number: 13}}}, "C0REPORTS")
	raw, err := json.Marshal(m.Blocks)
	require.NoError(t, err)
	for _, label := range []string{"Raise the limit…", "Take it away…", "See #12"} {
		require.Contains(t, string(raw), label)
	}
	require.NotContains(t, string(raw), "See #13", "nothing leads to it")
}
