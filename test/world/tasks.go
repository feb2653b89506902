package world

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
)

// What a person carries out: a task is somebody's, each of its steps is ticked once, and its last step alone ends it.

// working is Config with an app that a person carries out, of whose removal two steps are left, and a second person's look.
var working = strings.Replace(Config, "bundles:\n", `  hiring:
    kind: manual
    template: amazinghiring
    owners: [U0BOB, U0DAVE]
    confirm_removals: true
    steps:
      delete:
        hand_over: {drop: true}
        remove: {drop: true}
        extension: {drop: true}
bundles:
`, 1)

// LateTask is a person's task that is left alone until it is late.
func LateTask() Scenario {
	s := Of("a person's task")
	s.config, s.Decide = strings.Replace(working, "owners: [U0BOB, U0DAVE]\n", "owners: [U0BOB, U0DAVE]\n    due: 30m\n", 1), lateAndWorked
	return s
}

// lateAndWorked is worked, begun after whoever has it was reminded.
func lateAndWorked(p *Played) {
	owner := p.given()
	p.Live(36 * time.Minute)
	require.Len(p.T, p.withKey(owner, approvals.OverdueKey(1, 1, owner)), 1, "reminders of a task")
	p.goesThrough(owner)
}

// TaskWithFile is a person's task, beside whose first step a file is kept.
func TaskWithFile() Scenario {
	s := Of("a person's task")
	s.Decide = func(p *Played) {
		owner := p.given()
		p.does(owner, 1, "File…", map[string]any{view.FieldFile: []any{map[string]any{"id": "F0PROOF", "name": "proof.png", "size": 900, "permalink": "https://files.example/F0PROOF"}}},
			func() bool { r, _ := p.request(); return len(r.Task.Steps[0].Notes) > 0 })
		p.goesThrough(owner)
		r, _ := p.request()
		require.Len(p.T, r.Task.Steps[0].Notes, 1, "kept once")
	}
	return s
}

// worked is Erin's yes, and all that it takes.
func worked(p *Played) {
	p.goesThrough(p.given())
}

// given is the yes after which it is somebody's turn: Bob's, or, where Slack can't say whether he is there, Dave's.
func (p *Played) given() (owner string) {
	p.approves("U0ERIN", p.decided)
	p.until("the turn", func() bool { return false }, func() bool {
		r, _ := p.request()
		if r.Working() {
			owner = string(r.Task.Owner)
		}
		return owner != ""
	})
	return owner
}

// goesThrough is the two ticks of whoever has it, one of them with a note in a form, and the second person's look.
func (p *Played) goesThrough(first string) {
	p.ticks(first, 1, nil)
	p.ticks(first, 2, map[string]any{view.FieldNote: "dropped in May"})
	second := ""
	p.until("the second person", func() bool { return false }, func() bool {
		r, _ := p.request()
		second = string(r.Task.Owner)
		return second != "" && second != first
	})
	p.ticks(second, 3, nil)
}

// lentByHand is a seat that Bob gives by hand for a time, that Dave takes away by hand at its end, and Bob's look.
func lentByHand(p *Played) {
	p.approves("U0ERIN", p.decided)
	given := func(who approvals.PersonID) func() bool {
		return func() bool { r, _ := p.request(); return r.Working() && r.Task.Owner == who }
	}
	never := func() bool { return false }
	p.until("the turn", never, given("U0BOB"))
	for i := range 3 {
		p.ticks("U0BOB", i+1, nil)
	}
	p.until("the end", func() bool { p.Live(45 * time.Minute); return false }, given("U0DAVE"))
	p.ticks("U0DAVE", 1, nil)
	p.ticks("U0DAVE", 2, map[string]any{view.FieldNote: "dropped in May"})
	p.until("the second person", never, given("U0BOB"))
	p.ticks("U0BOB", 3, nil)
}

// ticks is somebody choosing Done beside a step, counted from 1, and sending the form that it takes, until it is ticked.
func (p *Played) ticks(who string, step int, fills map[string]any) {
	p.does(who, step, "Done", fills, func() bool { r, _ := p.request(); return r.Task.Steps[step-1].Tick != nil })
}

// does is somebody choosing an option beside a step, and sending the form that it takes, until it has worked.
func (p *Played) does(who string, step int, option string, fills map[string]any, worked func() bool) {
	p.until(fmt.Sprintf("%s of step %d", option, step), func() bool {
		m := p.taskCard()
		before := len(p.N.Slack.Ephemerals(who))
		p.N.Slack.CloseAllViews(who)
		out := p.N.Slack.Choose(who, m.Channel, m.TS, fmt.Sprintf("step-%d", step), option).Wait()
		p.Pass(time.Second)
		if fills == nil {
			return out.Acked && len(p.N.Slack.Ephemerals(who)) == before
		}
		views := p.N.Slack.Views(who)
		if len(views) == 0 {
			return false
		}
		out = p.N.Slack.Submit(who, views[len(views)-1].ID, fills).Wait()
		p.N.Slack.CloseAllViews(who)
		return out.Acked && !strings.Contains(string(out.Payload), "errors")
	}, worked)
}

// taskCard is the message of the task where the cards are, waited for.
func (p *Played) taskCard() slacksim.Message {
	for range 60 {
		key := approvals.TaskKey(1)
		if r, _ := p.request(); r.Removing() {
			key = approvals.RemovalKey(1)
		}
		for _, m := range p.taskIn(key) {
			return m
		}
		p.Live(10 * time.Second)
	}
	p.T.Fatalf("the task has no message")
	return slacksim.Message{}
}

// taskIn are the messages of one task where the cards are.
func (p *Played) taskIn(key string) []slacksim.Message {
	return slices.DeleteFunc(p.tasksIn("C0APPROVE"), func(m slacksim.Message) bool { return KeyOf(m) != key })
}

// tasksIn are the messages of tasks in a channel.
func (p *Played) tasksIn(channel string) []slacksim.Message {
	return slices.DeleteFunc(p.ours(p.N.Slack.Messages(channel)), func(m slacksim.Message) bool { return outbox.Kind(KeyOf(m)) != approvals.KindTask })
}

// cardsIn are the other messages of ours in a channel.
func (p *Played) cardsIn(channel string) []slacksim.Message {
	return slices.DeleteFunc(p.ours(p.N.Slack.Messages(channel)), func(m slacksim.Message) bool { return outbox.Kind(KeyOf(m)) == approvals.KindTask })
}

// tasksShown holds a task to one message where the cards are and one to each whose it was, which show what is so, and the log to
// one word on each step.
func (p *Played) tasksShown(r approvals.Request) {
	if r.Task == nil {
		require.Empty(p.T, p.tasksIn("C0APPROVE"))
		return
	}
	first := r.Giving()
	ticked, given := p.taskShown(first, approvals.TaskKey(r.Number), approvals.TaskOfKey)
	if r.Removing() {
		t, g := p.taskShown(r, approvals.RemovalKey(r.Number), approvals.RemovalOfKey)
		ticked, given = ticked+t, given+g
	}
	require.Equal(p.T, ticked, strings.Count(p.log(), `"what":"step ticked"`), "ticks in the log")
	require.Equal(p.T, given, strings.Count(p.log(), `"what":"task given"`), "each had it once")
}

// progressShown holds what whoever asked sees of a task to one message that shows what is so.
func (p *Played) progressShown(r approvals.Request, progress []slacksim.Message) {
	require.Len(p.T, progress, One(r.Task != nil), "messages that show how far a task is")
	for _, m := range progress {
		Shows(p.T, view.Progress(r.Giving().Heard()), m, "how far a task is")
	}
}

// taskShown is tasksShown of one task: how many ticks it has, and how often it was given to somebody.
func (p *Played) taskShown(r approvals.Request, key string, of func(int64, approvals.PersonID) string) (ticked, given int) {
	cards := p.taskIn(key)
	require.Len(p.T, cards, 1, "messages of a task")
	Shows(p.T, view.TaskCard(r), cards[0], "the task")
	for _, who := range r.Task.Had {
		own := p.withKey(string(who), of(r.Number, who))
		require.LessOrEqual(p.T, len(own), 1, "messages of a task to one person")
		for _, m := range own {
			Shows(p.T, view.TaskOf(r, who), m, "what somebody has of a task")
		}
	}
	for _, who := range r.Task.Had {
		for round := 1; round <= r.Task.Round(); round++ {
			require.LessOrEqual(p.T, len(p.withKey(string(who), approvals.OverdueKey(r.Number, round, string(who)))), 1, "reminders of one occasion")
		}
	}
	for _, s := range r.Task.Steps {
		ticked += One(s.Tick != nil)
	}
	return ticked, len(r.Task.Had)
}
