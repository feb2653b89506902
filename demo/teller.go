package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/demo/telling"
	"github.com/usherbot/usher/sim/slacksim"
)

// teller follows whoever lives through a story on the page, one story at a time, however many look.
type teller struct {
	stage *Stage
	doing sync.Mutex // one thing happens at a time

	mu    sync.Mutex
	now   *telling.Telling // nil: none is told
	begun map[string]int
	told  map[string]int // to their end
	over  bool           // the one that is told came to its end, which is counted
}

// Telling is what stories are told on here.
func (s *Stage) Telling() telling.Stage {
	return telling.Stage{Slack: s.Slack, Vendor: s.Vendor, Kill: s.Kill, Jump: s.Jump, Killed: s.killed, Ahead: s.clock.Ahead}
}

// killed is how often a bot was.
func (s *Stage) killed() (n int) {
	for _, k := range s.bots {
		n += k.state(0).Killed
	}
	return n
}

func newTeller(s *Stage) *teller {
	return &teller{stage: s, begun: map[string]int{}, told: map[string]int{}}
}

// page is what the page knows of it.
func (t *teller) page() *slacksim.PageStories {
	return &slacksim.PageStories{Look: t.look, Begin: t.begin, Do: t.do}
}

// all are the stories as they would begin by now.
func (t *teller) all() []stories.Story {
	known := t.known()
	return stories.All(stories.Scene{Now: t.stage.clock.Now(), Taken: func(email string) bool { return strings.Contains(known, email) }, Told: t.begun})
}

// known has the address of everybody who has an account, or was asked for.
func (t *teller) known() string {
	var all strings.Builder
	for _, a := range t.stage.Vendor.Accounts() {
		fmt.Fprintln(&all, a.Email)
	}
	for _, m := range t.stage.Slack.Messages("C0APPROVE") {
		fmt.Fprintln(&all, slacksim.PlainText(m))
	}
	return all.String()
}

// not says why a story can't be told now; "": it can.
func (t *teller) not(s stories.Story) string {
	for _, must := range s.Begins {
		if !(&telling.Telling{Stage: t.stage.Telling()}).Seen(must) {
			return must.Say + " Start the demo again to live through it once more."
		}
	}
	return ""
}

// begin begins a story, from its start; what another left half-way is taken back first. "" leaves it at that.
func (t *teller) begin(name string) error {
	t.doing.Lock()
	defer t.doing.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	all := t.all()
	at := slices.IndexFunc(all, func(s stories.Story) bool { return s.Name == name })
	if at < 0 && name != "" {
		return fmt.Errorf("there's no story called %q", name)
	}
	if t.now != nil {
		t.now.Tidy()
	}
	t.now, t.over = nil, false
	if name == "" {
		return nil
	}
	if why := t.not(all[at]); why != "" {
		return errors.New(strings.TrimSuffix(why, "."))
	}
	t.begun[name]++
	t.now = telling.Begin(t.stage.Telling(), all[at])
	return nil
}

// do has the thing happen that a step says. Who presses twice has it happen once.
func (t *teller) do(ctx context.Context, step int) error {
	t.doing.Lock()
	defer t.doing.Unlock()
	now, at, err := t.happening()
	if err != nil || at != step {
		return err
	}
	return now.Happen(ctx, now.Story.Steps[at])
}

var errNothing = errors.New("no story is told now")

// happening is the story that is told, and the step that one is at in it; -1: one in which nothing happens by itself, or no more.
func (t *teller) happening() (*telling.Telling, int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now == nil {
		return nil, -1, errNothing
	}
	p := t.now.Look()
	if p.Over() || p.Next.Does == "" {
		return t.now, -1, nil
	}
	return t.now, p.At, nil
}

// look is how it stands, as the page reads it.
func (t *teller) look() (out slacksim.PageTelling) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now != nil {
		now := t.following(t.now.Look())
		out.Now = &now
	}
	for _, s := range t.all() {
		out.All = append(out.All, slacksim.PageStory{Name: s.Name, Title: s.Title, Why: s.Why, Told: t.told[s.Name], Not: t.not(s)})
	}
	return out
}

// following is the story that is told. It needs the lock.
func (t *teller) following(p telling.Progress) slacksim.PageStoryNow {
	s := t.now.Story
	out := slacksim.PageStoryNow{PageStory: slacksim.PageStory{Name: s.Name, Title: s.Title, Why: s.Why}, At: p.At}
	for i, step := range s.Steps {
		step = t.now.Cast(step)
		one := slacksim.PageStoryStep{Say: step.Say, You: step.You, Sees: []slacksim.PageStorySight{}}
		for n, sight := range step.Sees {
			one.Sees = append(one.Sees, slacksim.PageStorySight{Say: sight.Say, Seen: p.Seen[i][n]})
		}
		out.Steps = append(out.Steps, one)
	}
	if n := p.Next; n != nil {
		out.Next = &slacksim.PageStoryNext{As: n.As, Channel: n.Channel, Type: n.Type, TS: n.TS, Press: n.Press, Block: n.Block, Pick: n.Pick, Fill: n.Fill,
			Does: n.Does, Whom: n.Whom, Waits: n.Waits, Late: n.Late}
		return out
	}
	if !t.over {
		t.over = true
		t.told[s.Name]++
	}
	out.Left = t.now.Left()
	if came := t.now.Came(); came.Promised > 0 {
		came.Unasked = 0 // whatever else was asked for meanwhile is nothing of the story's
		out.Count = came.String()
	}
	return out
}
