package tour

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/sim/slacksim"
)

// act does what a step says.
func (p *player) act(ctx context.Context, s stories.Step) error {
	switch {
	case s.World != "":
		return p.happens(ctx, s)
	case s.Type != "":
		return acked(ctx, p.Slack.Type(s.As, p.channel(s.As, s.In), s.Type))
	case s.Hands > 0:
		return p.hands(ctx, s)
	case s.Press != "":
		return p.presses(ctx, s)
	}
	return errors.New("there is nothing to do in this step")
}

// channel is where somebody is: a channel, or their own conversation with Usher.
func (p *player) channel(who, in string) string {
	if in == "" {
		return p.Slack.DMChannel(who)
	}
	return in
}

// acked waits until the bot has heard of something.
func acked(ctx context.Context, d *slacksim.Delivery) error {
	select {
	case <-d.Done():
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	switch out := d.Outcome(); {
	case out.Error != "":
		return fmt.Errorf("told %s by Slack", out.Error)
	case len(out.Errors) > 0:
		return fmt.Errorf("the form wasn't taken: %v", out.Errors)
	}
	return nil
}

// presses uses a button or a menu, and fills in the form that opens then. A card is drawn anew while what a yes would do is being
// read; a press that came too early for it is made again, as people are asked to.
func (p *player) presses(ctx context.Context, s stories.Step) error {
	for {
		early, m, err := len(p.uncounted(s.As)), slacksim.Message{}, error(nil)
		if err = p.until(ctx, func() (there bool) { m, there = p.findsToPress(s); return there }); err != nil {
			return fmt.Errorf("%w: something to press that says %s", err, s.Press)
		}
		if err = acked(ctx, p.Slack.Choose(s.As, m.Channel, m.TS, s.Press, picked(s))); err != nil {
			return err
		}
		if len(s.Fill) > 0 {
			return p.fills(ctx, s)
		}
		if again, err := p.again(ctx, s, m, early); !again || err != nil {
			return err
		}
	}
}

// again waits until a press has changed the message, or was said not to count.
func (p *player) again(ctx context.Context, s stories.Step, was slacksim.Message, early int) (again bool, err error) {
	err = p.until(ctx, func() bool {
		if again = len(p.uncounted(s.As)) > early; again {
			return true
		}
		is, there := p.Slack.Message(was.Channel, was.TS)
		return !there || slacksim.PlainText(is) != slacksim.PlainText(was)
	})
	return again, err
}

// picked is what is chosen in a menu; nil for a button.
func picked(s stories.Step) any {
	if s.Pick == "" {
		return nil
	}
	return s.Pick
}

// uncounted are the answers to somebody that a yes of theirs wasn't counted.
func (p *player) uncounted(who string) (list []string) {
	for _, m := range p.Slack.Ephemerals(who) {
		if m.TS > p.began && strings.Contains(slacksim.PlainText(m), "haven't counted your yes") {
			list = append(list, m.TS)
		}
	}
	return list
}

// findsToPress is the newest message in front of somebody that holds the words of a step and has what it presses.
func (p *player) findsToPress(s stories.Step) (slacksim.Message, bool) {
	list := p.before(s.As, s.In)
	for i := len(list) - 1; i >= 0; i-- {
		if m := list[i]; holds(m, s.On) && (has(m.Blocks, s.Press) || s.Pick != "" && hasMenu(m.Blocks, s.Press)) {
			return m, true
		}
	}
	return slacksim.Message{}, false
}

// fills fills in the form that opened, and sends it.
func (p *player) fills(ctx context.Context, s stories.Step) error {
	var form slacksim.View
	if err := p.until(ctx, func() bool {
		views := p.Slack.Views(s.As)
		if len(views) > 0 {
			form = views[len(views)-1]
		}
		return len(views) > 0
	}); err != nil {
		return fmt.Errorf("%w: a form", err)
	}
	values := map[string]any{}
	for label, text := range s.Fill {
		block := blockOf(form, label)
		if block == "" {
			return fmt.Errorf("the form has no %s", label)
		}
		values[block] = text
	}
	return acked(ctx, p.Slack.Submit(s.As, form.ID, values))
}

// blockOf is the id of the form's field that has a label.
func blockOf(form slacksim.View, label string) string {
	blocks, _ := form.View["blocks"].([]any)
	for _, one := range blocks {
		b, _ := one.(map[string]any)
		if text, _ := b["label"].(map[string]any); text["text"] == label {
			id, _ := b["block_id"].(string)
			return id
		}
	}
	return ""
}
