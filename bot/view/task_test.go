package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// tasked is a task of Dave's in which three of six steps are done.
func tasked() approvals.Request {
	r := sample(catalog.Create, approvals.Running)
	r.Nonce, r.Decided, r.DecidedBy, r.Attempt, r.Started = "abcdefghijklmnop", clock(9, 20), "U0BOB", 1, clock(9, 20)
	step := func(key string, s catalog.Step) approvals.TaskStep { s.Key = key; return approvals.TaskStep{Step: s} }
	r.Task = &approvals.Task{Owner: "U0DAVE", Since: clock(9, 20), Had: []approvals.PersonID{"U0DAVE"}, Due: clock(9, 20).AddDate(0, 0, 2), Steps: []approvals.TaskStep{
		step("seat", catalog.Step{Do: "Is a seat free?", Asks: "free", Check: "4 of 5 used"}),
		step("invite", catalog.Step{Do: "Invite {who} as User", Where: "Settings → Users", Labels: []string{"Add people", "Invite"}, Check: "the invitation is listed", Proof: catalog.Note}),
		step("joined", catalog.Step{Do: "{who} has joined", Where: "User Management", Check: "their row says Active", Remember: "the invitation expires after a week"}),
		step("buy", catalog.Step{Do: "Buy a seat", If: "not free"}),
		step("old", catalog.Step{Do: "Take the old seat away", Marks: catalog.AccessRemoved}),
		step("paid", catalog.Step{Do: "Have the old seat dropped", Marks: catalog.SeatReleased, Proof: catalog.Link}),
	}}
	tick := func(i int, t approvals.Tick) { t.By, t.At = "U0DAVE", clock(10, i); r.Task.Steps[i].Tick = &t }
	tick(0, approvals.Tick{Answer: "yes"})
	tick(1, approvals.Tick{Evidence: approvals.Evidence{Note: "sent 10:12", File: &approvals.Attached{ID: "F1", Name: "invitation.png"}}})
	tick(4, approvals.Tick{})
	r.Task.Steps[2].Notes = []approvals.Remnant{{By: "U0CAROL", At: clock(10, 30), Undid: true, Evidence: approvals.Evidence{Note: "she hasn't yet"}}}
	return r
}

// menus are what can be chosen beside the steps of a message, by their blocks.
func menus(m Message) map[string][]string {
	out := map[string][]string{}
	for _, b := range m.Blocks {
		s, ok := b.(*slack.SectionBlock)
		if !ok || s.Accessory == nil {
			continue
		}
		for _, o := range s.Accessory.OverflowElement.Options {
			out[s.BlockID] = append(out[s.BlockID], o.Text.Text)
		}
	}
	return out
}

// TestTaskCards: in the channel, to whoever has it, to whom had it, nobody's, an admin's, and over.
func TestTaskCards(t *testing.T) {
	r := tasked()
	m := TaskCard(r)
	golden(t, "task-card", held(t, m))
	require.Equal(t, map[string][]string{
		"step-1": {"Undo", "Note or link…", "File…"}, "step-2": {"Undo", "Note or link…", "File…"}, "step-5": {"Undo", "Note or link…", "File…"},
		"step-3": {"Done", "Not applicable", "Note or link…", "File…"}, "step-6": {"Done", "Not applicable", "Note or link…", "File…"},
	}, menus(m))
	require.Equal(t, []string{"Any step", "Put back", "Hand over", "Could not be done"}, buttonsOf(t, m))
	golden(t, "task-own", held(t, TaskOf(r, "U0DAVE")))
	golden(t, "task-anothers", held(t, TaskOf(r, "U0ERIN")))
	golden(t, "task-progress", held(t, Progress(r)))
	r.Task.Stand = true
	require.Contains(t, TaskCard(r).Text, "No owner of SE Ranking can do it right now, so it's with an admin.")
	r.Task.Owner = ""
	m = TaskCard(r)
	held(t, m)
	require.Equal(t, []string{"Take it", "Any step", "Hand over", "Could not be done"}, buttonsOf(t, m))
	held(t, TaskOf(r, "U0DAVE"))

	r.State, r.Outcome = approvals.Done, &approvals.Outcome{At: clock(12, 0), Text: say("Done by hand, in 5 steps; %v ticked the last one.", approvals.PersonID("U0DAVE"))}
	m = TaskCard(r)
	golden(t, "task-done", held(t, m))
	require.Empty(t, menus(m))
	require.Empty(t, buttonsOf(t, m))
}

// TestFortyStepsFit in one message, each in a block, whatever was noted: the next have their menu, and every other is reached by
// "Any step".
func TestFortyStepsFit(t *testing.T) {
	r := tasked()
	r.Task.Steps = nil
	for i := range 40 {
		long := strings.Repeat("Do this & that <!channel> ", 10)
		r.Task.Steps = append(r.Task.Steps, approvals.TaskStep{Step: catalog.Step{Key: fmt.Sprint("s", i), Do: catalog.Words(long), Where: long, Check: catalog.Words(long), Remember: catalog.Words(long), Labels: []string{long, long}}})
	}
	for done := range 40 {
		m := TaskCard(r)
		held(t, m)
		blocks := 0
		for _, b := range m.Blocks {
			if strings.HasPrefix(b.ID(), "step-") {
				blocks++
			}
		}
		require.Equal(t, 40, blocks)
		require.Contains(t, menus(m), fmt.Sprintf("step-%d", done+1), "the next step has its menu")
		require.GreaterOrEqual(t, len(menus(m)), soonest, "those that come soonest have theirs")
		if done > 0 {
			require.Contains(t, menus(m), fmt.Sprintf("step-%d", done), "so does the last that was ticked")
		}
		r.Task.Steps[done].Tick = &approvals.Tick{By: "U0DAVE", At: clock(10, done), Evidence: approvals.Evidence{Note: strings.Repeat("because ", 60), Link: "https://a.example/" + strings.Repeat("x", 1900)}}
	}
	heldView(t, StepForm(r, 0, OpAny))
}

// TestWhatIsNotNeededComesLast, in one line, under the numbers it has: those that are needed are what one sees first.
func TestWhatIsNotNeededComesLast(t *testing.T) {
	r := tasked()
	m := TaskCard(r)
	require.True(t, strings.HasSuffix(m.Text, "\nNot needed here: 4 Buy a seat"), m.Text)
	var ids []string
	for _, b := range m.Blocks {
		if strings.HasPrefix(b.ID(), "step-") {
			ids = append(ids, b.ID())
		}
	}
	require.Equal(t, []string{"step-1", "step-2", "step-3", "step-5", "step-6"}, ids)

	for i := range 14 {
		r.Task.Steps = append(r.Task.Steps, approvals.TaskStep{Step: catalog.Step{Key: fmt.Sprint("s", i), Do: "Buy & share", If: "not free"}})
	}
	m = TaskCard(r)
	held(t, m)
	require.True(t, strings.HasSuffix(m.Text, "\nNot needed here: 4 · 7 · 8 · 9 · 10 · 11 · 12 · 13 · 14 · 15 · 16 · 17 · 18 · 19 · 20"), "of many, the numbers: %s", m.Text)
	r.Task.Steps[0].Tick = nil
	require.NotContains(t, TaskCard(r).Text, "Not needed here", "what hangs on an answer stays where it is")
}

// TestTheFormsOfATask, and what is read out of them.
func TestTheFormsOfATask(t *testing.T) {
	r := tasked()
	golden(t, "task-form-done", heldView(t, StepForm(r, 5, OpDone)))
	golden(t, "task-form-any", heldView(t, StepForm(r, 0, OpAny)))
	golden(t, "task-form-undo", heldView(t, StepForm(r, 1, OpUndo)))
	golden(t, "task-form-file", heldView(t, StepForm(r, 2, OpFile)))
	golden(t, "task-form-hand-over", heldView(t, HandOverForm(r)))
	golden(t, "task-form-could-not", heldView(t, CouldNotForm(r)))
	for _, s := range []struct {
		value string
		i     int
		op    Op
	}{{"v2:12:abcdefghijklmnop/3/done", 2, OpDone}, {"v2:12:abcdefghijklmnop/0/done", -1, OpDone}, {"v2:12:abcdefghijklmnop", -1, ""}, {"v2:12:abcdefghijklmnop/03/done", -1, OpDone}} {
		request, f := Stepped(s.value)
		require.Equal(t, "v2:12:abcdefghijklmnop", request)
		require.Equal(t, StepFilled{Step: s.i, Op: s.op, Task: approvals.GivesIt}, f)
	}
	_, f := Stepped("v2:12:abcdefghijklmnop/3/done/removes")
	require.Equal(t, StepFilled{Step: 2, Op: OpDone, Task: approvals.Removes}, f)
	files := []approvals.Attached{{ID: "F1", Name: "a.png"}}
	got := ReadStep(StepFilled{Op: OpAny}, []Input{{FieldFile, []string{"F1"}}, {FieldLink, []string{" https://a.example "}}, {FieldNote, []string{"so"}}, {FieldStep, []string{"4"}}, {FieldWhat, []string{"skip"}}}, files)
	require.Equal(t, StepFilled{Step: 3, Op: OpSkip, Evidence: approvals.Evidence{Note: "so", Link: "https://a.example", File: &files[0]}}, got)
	require.Equal(t, StepFilled{Step: 2, Op: OpDone}, ReadStep(StepFilled{Step: 2, Op: OpDone}, []Input{{FieldStep, []string{"4"}}, {FieldWhat, []string{"skip"}}}, nil), "only that form chooses")
}

// TestOverdue: to whose it is, to another, and to a group.
func TestOverdue(t *testing.T) {
	r := tasked()
	golden(t, "task-overdue", held(t, Overdue("U0DAVE", r)))
	require.Contains(t, Overdue("U0CAROL", r).Text, "<@U0DAVE>'s task was due")
	require.Contains(t, Overdue("S0LEADS", r).Text, "Anyone in <!subteam^S0LEADS> can take it.")
	r.Task.Owner = ""
	held(t, Overdue("S0LEADS", r))
}

// TestWhereAStepIsCarriedOut says the way once, and what its place was called before.
func TestWhereAStepIsCarriedOut(t *testing.T) {
	for _, row := range []struct {
		where  string
		labels []string
		want   string
	}{
		{"Settings > People", nil, "*Where* Settings > People"},
		{"Settings > People > Invite", []string{"People"}, "*Where* Settings > People > Invite"},
		{"Settings > People > Invite", []string{"People", "Members"}, "*Where* Settings > People > Invite (“People” was called “Members”)"},
		{"Settings > People", []string{"Settings > People", "Admin > Users"}, "*Where* Settings > People (was called “Admin > Users”)"},
		{"Settings", []string{"People", "Members"}, "*Where* Settings → People (was called “Members”)"},
		{"", []string{"People", "Members", "Users"}, "*Where* People (was called “Members”, “Users”)"},
	} {
		require.Equal(t, strings.ReplaceAll(row.want, ">", "&gt;"), mrkdwn(maxObject, whereOf(approvals.TaskStep{Step: catalog.Step{Where: row.where, Labels: row.labels}})), "%v %v", row.where, row.labels)
	}
}
