package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// threeSteps is a request that waits at a step, counted from 0, of three.
func threeSteps(step int) approvals.Request {
	r := sample(catalog.Create, approvals.Pending)
	r.Rule.Then = []approvals.Stage{
		{Approvers: []string{"U0DAVE", "U0ERIN", "S0OPS"}, Need: 2},
		{Approvers: []string{"U0CAROL"}, Need: 1, Again: true},
	}
	yes := [][]approvals.Actor{{"U0BOB"}, {"U0DAVE", "U0ERIN"}, nil}
	t := approvals.Tally{Step: step, Reached: step, Steps: make([][]approvals.Actor, 3)}
	for i := range step {
		t.Steps[i] = yes[i]
		for _, who := range yes[i] {
			t.Counted = append(t.Counted, who)
			r.Votes = append(r.Votes, approvals.Vote{By: who, Yes: true, Step: i, At: clock(9, 20+i)})
		}
	}
	r.Tally = &t
	return r
}

// TestACardShowsItsStepsInOrder: done, present and to come; its buttons say which step they decide.
func TestACardShowsItsStepsInOrder(t *testing.T) {
	undone := threeSteps(0)
	undone.Tally = &approvals.Tally{Reached: 1, Steps: [][]approvals.Actor{nil, {"U0DAVE"}, nil}, SetAside: []approvals.Discard{{By: "U0BOB", Reason: "left"}}}
	half := threeSteps(1)
	half.Tally.Steps[1] = []approvals.Actor{"U0ERIN"}
	for name, row := range map[string]struct {
		r     approvals.Request
		want  string
		block string
	}{
		"first":  {threeSteps(0), "1 <@U0BOB> or anyone in <!subteam^S0LEADS> decides now · 2 then 2 of <@U0DAVE>, <@U0ERIN> or anyone in <!subteam^S0OPS> · 3 then <@U0CAROL>", "decide"},
		"second": {threeSteps(1), "1 <@U0BOB> said yes <!date^", "decide.2"},
		"half":   {half, "decides now (1 of 2 said yes: <@U0ERIN>) · 3 then <@U0CAROL>", "decide.2"},
		"third":  {threeSteps(2), "2 <@U0DAVE> and <@U0ERIN> said yes · 3 <@U0CAROL> decides now", "decide.3"},
		"undone": {undone, "3 then <@U0CAROL> · Not counted: <@U0BOB> (can't approve any more)", "decide"},
	} {
		t.Run(name, func(t *testing.T) {
			m := Card(row.r)
			golden(t, "card-steps-"+name, held(t, m))
			require.Contains(t, m.Text, row.want)
			require.Contains(t, string(held(t, m)), `"block_id":"`+row.block+`"`)
			require.Len(t, buttonsOf(t, m), 4)
		})
	}
}

// TestWhoseStepIsOverHasNoButtons, and reads who decides now.
func TestWhoseStepIsOverHasNoButtons(t *testing.T) {
	r := threeSteps(1)
	m := ApproverCard(r, "U0BOB")
	golden(t, "approver-step-over", held(t, m))
	require.Empty(t, buttonsOf(t, m))
	require.Contains(t, m.Text, "Nothing is left for you to decide here.")
	require.Equal(t, Card(r), ApproverCard(r, "U0DAVE"))
}

// TestABlockSaysWhichStepItDecides, and that of a card with one step bears the name it always had.
func TestABlockSaysWhichStepItDecides(t *testing.T) {
	for _, block := range []string{BlockDecide, BlockUnread, BlockWaiting + "12"} {
		require.Equal(t, block, onStep(block, 0))
		for step := range 3 {
			name, of := Shown(onStep(block, step))
			require.Equal(t, []any{block, step}, []any{name, of})
		}
	}
	for _, foreign := range []string{"decide.", "decide.x", "decide.0", "decide.-4", "decide.1"} {
		_, step := Shown(foreign)
		require.Zero(t, step, foreign)
	}
}

// TestEnormousSteps: ten steps of 300 people each, with names as long as they come, are cut, and the buttons still there.
func TestEnormousSteps(t *testing.T) {
	r := sample(catalog.Create, approvals.Pending)
	r.Rule.Approvers, r.Rule.Need = nil, 300
	tally := approvals.Tally{Step: 8, Reached: 8}
	for i := range 10 {
		s := approvals.Stage{Need: 300}
		var yes []approvals.Actor
		for j := range 300 {
			id := fmt.Sprintf("U%s%d%04d", strings.Repeat("W", 25), i, j)
			s.Approvers = append(s.Approvers, id)
			if i < 9 {
				yes = append(yes, approvals.Actor(id))
				tally.SetAside = append(tally.SetAside, approvals.Discard{By: approvals.Actor(id), Earlier: true})
			}
		}
		tally.Steps = append(tally.Steps, yes)
		if i == 0 {
			r.Rule.Approvers = s.Approvers
			continue
		}
		r.Rule.Then = append(r.Rule.Then, s)
	}
	r.Tally = &tally
	m := Card(r)
	golden(t, "enormous-steps", held(t, m))
	require.Len(t, buttonsOf(t, m), 4)
	require.Contains(t, m.Text, "and 297 more said yes")
	held(t, ApproverCard(r, "U0NOBODY"))
}
