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
		for _, m := range p.tasksIn("C0APPROVE") {
			return m
		}
		p.Live(10 * time.Second)
	}
	p.T.Fatalf("the task has no message")
	return slacksim.Message{}
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
	cards := p.tasksIn("C0APPROVE")
	require.Len(p.T, cards, 1, "messages of a task")
	Shows(p.T, view.TaskCard(r), cards[0], "the task")
	for _, who := range r.Task.Had {
		own := p.withKey(string(who), approvals.TaskOfKey(r.Number, who))
		require.LessOrEqual(p.T, len(own), 1, "messages of a task to one person")
		for _, m := range own {
			Shows(p.T, view.TaskOf(r, who), m, "what somebody has of a task")
		}
	}
	ticked := 0
	for _, s := range r.Task.Steps {
		ticked += One(s.Tick != nil)
	}
	require.Equal(p.T, ticked, strings.Count(p.log(), `"what":"step ticked"`), "ticks in the log")
	require.Equal(p.T, len(r.Task.Had), strings.Count(p.log(), `"what":"task given"`), "each had it once")
}
