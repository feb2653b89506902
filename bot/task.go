package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
)

// stepped answers the menu beside a step. What takes no words is committed, and then acknowledged: it shows on the card. For the
// rest a form is opened, which keeps nothing.
func (b *Bot) stepped(live context.Context, e *envelope, s said) {
	value, f := view.Stepped(s.value)
	name, ok := b.named(live, e, s, value)
	if !ok {
		return
	}
	by := approvals.Actor(s.who)
	if b.takesWords(live, e, name.Number, f) {
		b.opens(live, e, s, name.Number, stepForm(b.desk, name.Number, f, by))
		return
	}
	b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
		return b.onStep(ctx, name.Number, by, f, now)
	})
}

// takesWords reports whether an op on a step takes a form, by how the step is now.
func (b *Bot) takesWords(live context.Context, e *envelope, n int64, f view.StepFilled) bool {
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	r, err := b.desk.Request(ctx, n)
	list := r.TaskSteps()
	if err != nil || f.Step < 0 || f.Step >= len(list) || f.Task != r.TaskIs() {
		return false // what is wrong is said where it is done
	}
	step := list[f.Step]
	return view.Needy(step, f.Op) || f.Op == view.OpUndo && step.Tick != nil && !step.Fresh(b.now())
}

// stepForm is the form for an op on a step, for somebody who may do it.
func stepForm(d Desk, n int64, f view.StepFilled, by approvals.Actor) opening {
	return opening{"Any step", "that step", taskForm(d, n, by, func(r approvals.Request) slack.ModalViewRequest { return view.StepForm(r, f.Step, f.Op) })}
}

// taskForm makes a form about a task, for somebody who may do it.
func taskForm(d Desk, n int64, by approvals.Actor, draw func(approvals.Request) slack.ModalViewRequest) func(context.Context, time.Time) (slack.ModalViewRequest, error) {
	return func(ctx context.Context, now time.Time) (slack.ModalViewRequest, error) {
		r, err := d.MayWork(ctx, n, by, now)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return draw(r), nil
	}
}

// tasked answers the buttons below the steps.
func (b *Bot) tasked(live context.Context, e *envelope, s said, n int64, by approvals.Actor) {
	switch s.action {
	case view.ActionSteps:
		b.opens(live, e, s, n, stepForm(b.desk, n, view.StepFilled{Op: view.OpAny}, by))
	case view.ActionHandOver:
		b.opens(live, e, s, n, opening{"Hand over", "handing it over", taskForm(b.desk, n, by, view.HandOverForm)})
	case view.ActionCouldNot:
		b.opens(live, e, s, n, opening{"Could not be done", "the reason", taskForm(b.desk, n, by, view.CouldNotForm)})
	case view.ActionTake:
		b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
			_, err := b.desk.TakeTask(ctx, n, by, surface, now)
			return err
		})
	case view.ActionPutBack:
		b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
			_, err := b.desk.PutTaskBack(ctx, n, by, surface, now)
			return err
		})
	default:
		b.log.WarnContext(live, "button that Usher does not know", "envelope", e.id, "action", s.action)
		b.puzzled(live, e, s)
	}
}

// worked takes the forms about a step and for handing over: what they ask is committed first, then the ack closes the form, or
// says in it why it cannot. Sent again, or after a crash between the two, it finds what it did and changes nothing.
func (b *Bot) worked(live context.Context, e *envelope, s said) {
	value, f := view.Stepped(s.bears)
	name, err := view.ParseButtonValue(value)
	switch {
	case err != nil:
		b.log.WarnContext(live, "form that another version drew", "envelope", e.id, "form", s.form, "bears", brief(s.bears), "err", err)
		b.refuse(live, e, s, approvals.Refuse(approvals.Conflict, "This form comes from another version of Usher, so I changed nothing. Close it and press the button again."))
		return
	case len(s.inputs) == 0:
		b.log.WarnContext(live, "form that cannot be read", "envelope", e.id, "request", name.Number, "user", s.who)
		b.refuse(live, e, s, approvals.Refuse(approvals.Invalid, "Slack didn't pass on what you filled in, so #%v stays as it is. Please send it again. If it keeps happening, an admin can find this in my log under %v.", name.Number, e.reference()))
		return
	}
	if err := b.meant(live, e, name); err != nil {
		b.closeForm(live, e, s, err)
		return
	}
	ctx, cancel := b.inTime(live, e)
	defer cancel()
	now, by := b.now(), approvals.Actor(s.who)
	if s.form == view.CallbackHandOver {
		_, err = b.desk.HandOver(ctx, name.Number, by, chosenPerson(s.inputs), surface, now)
	} else {
		err = b.onStep(ctx, name.Number, by, view.ReadStep(f, s.inputs, s.files), now)
	}
	s.wrong = fieldOf(s, err)
	b.closeForm(live, e, s, err)
}

// fieldOf is the field of the form for a step under which it is said why it was not taken.
func fieldOf(s said, err error) string {
	want := view.FieldNote
	switch {
	case s.form != view.CallbackStep:
		return ""
	case errors.Is(err, approvals.ErrLink):
		want = view.FieldLink
	case errors.Is(err, approvals.ErrFile):
		want = view.FieldFile
	}
	if slices.ContainsFunc(s.inputs, func(in view.Input) bool { return in.Block == want }) {
		return want
	}
	return ""
}

// onStep does with a step what was chosen.
func (b *Bot) onStep(ctx context.Context, n int64, by approvals.Actor, f view.StepFilled, now time.Time) (err error) {
	tick := approvals.Tick{By: by, Surface: surface, Evidence: f.Evidence, Task: f.Task}
	note := approvals.Remnant{By: by, Surface: surface, Evidence: f.Evidence, Task: f.Task}
	switch f.Op {
	case view.OpDone:
	case view.OpYes, view.OpNo:
		tick.Answer = string(f.Op)
	case view.OpSkip:
		tick.Skipped = true
	case view.OpUndo:
		_, err = b.desk.Untick(ctx, n, f.Step, note, now)
		return err
	case view.OpNote, view.OpFile:
		_, err = b.desk.NoteStep(ctx, n, f.Step, note, now)
		return err
	default:
		return approvals.Refuse(approvals.Invalid, "Please choose a step and what about it. Nothing was changed.")
	}
	_, err = b.desk.Tick(ctx, n, f.Step, tick, now)
	return err
}

// chosenPerson is who was picked in a form; "": nobody.
func chosenPerson(inputs []view.Input) approvals.PersonID {
	for _, in := range inputs {
		if in.Block == view.FieldWho && len(in.Values) == 1 {
			return approvals.PersonID(in.Values[0])
		}
	}
	return ""
}
