// Package tour plays the demo's stories by itself: it does what people do, waits until they see what the story says they see, and
// in the end counts what was promised against what stands in the vendor's books.
//
// It acts through the simulated Slack alone, as people with hands would, and knows nothing of the program under it but what people
// read and what the neighbours hold. It waits for what must happen and never for time to pass, so a busy machine makes it slower
// and not wrong. A bot that is in the middle of something is pressed again where it says that it hasn't counted a click.
//
//	run.go    a demo to play them in
//	tour.go   the stories one after another, and what is printed of them
//	act.go    one deed of somebody's
//	paper.go  where it's told
//
// What somebody sees, what happens beside the workspace and what is counted in the end is demo/telling's.
package tour

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/demo/telling"
	"github.com/usherbot/usher/terminal"
)

// Stage is what a tour is played on.
type Stage struct {
	telling.Stage
	// Patience is how long anything that must happen may take.
	Patience time.Duration
}

// Paper is where a tour is told.
type Paper struct {
	To      io.Writer
	Colours bool // it's a terminal
}

// Wrong is a story that didn't come out right, and why.
type Wrong struct{ Story, Step, Why string }

// Error says which story and step it was.
func (w *Wrong) Error() string {
	return fmt.Sprintf("“%s” didn't come out right. %s: %s", w.Story, strings.TrimSuffix(w.Step, "."), w.Why)
}

// player plays one story.
type player struct {
	*telling.Telling
	patience time.Duration
	paper    Paper
}

// Play plays stories in their order and counts what came of them. It ends at the first that doesn't come out right, with a *Wrong.
func Play(ctx context.Context, stage Stage, paper Paper, list []stories.Story) error {
	begun := time.Now()
	book := telling.Open(stage.Vendor)
	for i, story := range list {
		p := &player{Telling: telling.Begin(stage.Stage, story), patience: stage.Patience, paper: paper}
		p.paper.story(i+1, len(list), story)
		if err := p.until(ctx, p.heard); err != nil {
			return p.ended(p.wrong("Usher isn't connected to Slack.", err), i, len(list))
		}
		for _, step := range story.Steps {
			if err := p.step(ctx, step); err != nil {
				return p.ended(err, i, len(list))
			}
		}
		if left := p.Left(); left != "" {
			paper.line("\n  %s", left)
		}
		book.Promised(story.Deeds)
	}
	c := book.Count(stage.Stage)
	paper.counted(c, len(list), time.Since(begun))
	if c.Doubled+c.Lost+c.Unasked > 0 {
		return fmt.Errorf("the stories came out right, and what was done doesn't add up: %v", c)
	}
	return nil
}

// ended is why a story stopped: somebody stopped the tour, or it didn't come out right.
func (p *player) ended(err error, done, of int) error {
	if _, wrong := errors.AsType[*Wrong](err); wrong {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("the tour was stopped after %d of %s", done, terminal.Plural(of, "story", "stories"))
	}
	return err
}

// step does one step and waits until all of it is seen.
func (p *player) step(ctx context.Context, s stories.Step) error {
	s = p.Cast(s)
	p.paper.deed(p.told(s))
	if err := p.act(ctx, s); err != nil {
		return p.wrong(s.Say, err)
	}
	for i, sight := range s.Sees {
		sight = telling.By(s, sight)
		if err := p.until(ctx, func() bool { return p.Seen(sight) }); err != nil {
			p.paper.seen(false, sight.Say)
			return p.wrong(s.Say, fmt.Errorf("%w: %s%s", err, sight.Say, p.Instead(sight)))
		}
		p.paper.seen(true, p.Cast(s).Sees[i].Say) // whose a task is may be known by now
	}
	return nil
}

// wrong is an error of a step; one of somebody who has stopped the tour is none of the story's.
func (p *player) wrong(step string, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return &Wrong{Story: p.Story.Title, Step: step, Why: err.Error()}
}

// heard reports whether a bot is there that hears people.
func (p *player) heard() bool { return p.Slack.Connections() > 0 }

var errWaited = errors.New("waited in vain")

// glance is how often somebody who waits looks again, though nothing seems to have changed.
const glance = 250 * time.Millisecond

// until waits for something to be so, looking again whenever anything changed in Slack or at the vendor.
func (p *player) until(ctx context.Context, so func() bool) error {
	slack, stop := p.Slack.Subscribe()
	defer stop()
	vendor, stopVendor := p.Vendor.Subscribe()
	defer stopVendor()
	late := time.NewTimer(p.patience)
	defer late.Stop()
	again := time.NewTicker(glance)
	defer again.Stop()
	for !so() {
		select {
		case <-again.C:
		case <-slack:
		case <-vendor:
		case <-late.C:
			return errWaited
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}
