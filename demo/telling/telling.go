// Package telling is a story of the demo under way: what somebody sees by now, what there is to press, what happens beside the
// workspace, and what came of it in the end. A tour plays stories by it (demo/tour), and the page follows by it whoever lives
// through one by hand: there is one way to tell that a step is done.
//
// It knows nothing of the program under it but what people read and what the neighbours hold, and it waits for nothing: whoever
// plays or follows looks again when something has changed.
//
//	telling.go  the story, and since when
//	see.go      what somebody sees
//	cast.go     who has a task that is somebody's by turns
//	press.go    what there is to press
//	world.go    what happens beside the workspace
//	follow.go   how far somebody has come who does it by hand
//	next.go     what they do next
//	count.go    promised, done, doubled, lost
package telling

import (
	"context"
	"time"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// Stage is what stories are told on: the demo's neighbours, beside which a bot runs.
type Stage struct {
	Slack  *slacksim.Server
	Vendor *vendorsim.Vendor
	// Kill ends the bot this instant and reports whether there was one; it's begun again by itself.
	Kill func() bool
	// Jump moves every clock to a moment of this name.
	Jump func(ctx context.Context, name string) error
	// Killed is how often the bot was killed by now, and Ahead how far the clocks were moved; whoever plays the stories needs neither.
	Killed func() int
	Ahead  func() time.Duration
}

// Telling is a story under way. Began is the newest message of before it.
type Telling struct {
	Stage
	Story stories.Story
	Began string

	book   *Book
	filled []string
	doer   string // who has the story's task by hand; "": it isn't known yet
	// Where it's followed: the step that somebody is at, which sights they had, and how it was before. Anywhere: their answers count
	// wherever they asked.
	at       int
	had      [][]bool
	early    []bool // those of the step's that there were already when they came to it
	killed   int
	late     bool // what a kill was to hit was over before
	ahead    time.Duration
	anywhere bool
}

// Begin begins a story: what stands in Slack by now is from before it.
func Begin(stage Stage, story stories.Story) *Telling {
	t := &Telling{Stage: stage, Story: story, Began: newest(stage.Slack), book: Open(stage.Vendor)}
	for _, s := range story.Steps {
		t.had = append(t.had, make([]bool, len(s.Sees)))
	}
	if stage.Killed != nil && stage.Ahead != nil {
		t.killed, t.ahead = stage.Killed(), stage.Ahead()
	}
	return t
}

// newest is the ts of the newest message of the workspace.
func newest(slack *slacksim.Server) (ts string) {
	for _, c := range slack.Channels() {
		for _, m := range slack.Messages(c.ID) {
			ts = max(ts, m.TS)
		}
	}
	for _, u := range slack.Users() {
		for _, m := range slack.Ephemerals(u.ID) {
			ts = max(ts, m.TS)
		}
	}
	return ts
}
