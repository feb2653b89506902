package tour

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/demo/telling"
	"github.com/usherbot/usher/sim/slacksim"
)

// act does what a step says.
func (p *player) act(ctx context.Context, s stories.Step) error {
	switch {
	case s.World != "":
		return p.Happen(ctx, s)
	case s.Type != "":
		return telling.Acked(ctx, p.Slack.Type(s.As, p.Channel(s.As, s.In), s.Type))
	case s.Hands > 0:
		return p.Happen(ctx, s)
	case s.Press != "":
		return p.presses(ctx, s)
	}
	return errors.New("there is nothing to do in this step")
}

// presses uses a button or a menu, and fills in the form that opens then. A card is drawn anew while what a yes would do is being
// read; a press that came too early for it is made again, as people are asked to.
func (p *player) presses(ctx context.Context, s stories.Step) error {
	for {
		early, m, err := len(p.Uncounted(s.As)), slacksim.Message{}, error(nil)
		if err = p.until(ctx, func() (there bool) { m, there = p.ToPress(s); return there }); err != nil {
			return fmt.Errorf("%w: something to press that says %s", err, s.Press)
		}
		if err = telling.Acked(ctx, p.Slack.Choose(s.As, m.Channel, m.TS, s.Press, picked(s))); err != nil {
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
		if again = len(p.Uncounted(s.As)) > early; again {
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

// fills fills in the form that opened, and sends it.
func (p *player) fills(ctx context.Context, s stories.Step) error {
	var form slacksim.View
	if err := p.until(ctx, func() bool {
		there := false
		form, there = p.Form(s.As)
		return there
	}); err != nil {
		return fmt.Errorf("%w: a form", err)
	}
	values := map[string]any{}
	for label, text := range s.Fill {
		block := telling.FieldOf(form, label)
		if block == "" {
			return fmt.Errorf("the form has no %s", label)
		}
		values[block] = text
	}
	return telling.Acked(ctx, p.Slack.Submit(s.As, form.ID, values))
}
