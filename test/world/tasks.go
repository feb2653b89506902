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

// worked is Bob's yes, his two ticks, one of them with a note in a form, and Dave's look.
func worked(p *Played) {
	p.approves("U0ERIN", p.decided)
	p.until("the turn", func() bool { return false }, func() bool { r, _ := p.request(); return r.Working() && r.Task.Owner == "U0BOB" })
	p.ticks("U0BOB", 1, nil)
	p.ticks("U0BOB", 2, map[string]any{view.FieldNote: "dropped in May"})
	p.until("the second person", func() bool { return false }, func() bool { r, _ := p.request(); return r.Task.Owner == "U0DAVE" })
	p.ticks("U0DAVE", 3, nil)
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
	p.until(fmt.Sprintf("the tick of step %d", step), func() bool {
		m := p.taskCard()
		before := len(p.N.Slack.Ephemerals(who))
		p.N.Slack.CloseAllViews(who)
		out := p.N.Slack.Choose(who, m.Channel, m.TS, fmt.Sprintf("step-%d", step), "Done").Wait()
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
	}, func() bool { r, _ := p.request(); return r.Task.Steps[step-1].Tick != nil })
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
	for _, s := range r.Task.Steps {
		ticked += One(s.Tick != nil)
	}
	return ticked, len(r.Task.Had)
}
