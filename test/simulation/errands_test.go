package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// What people do about tasks.

// errands is what the test remembers of that.
type errands struct {
	// tried is what somebody did about a step, or a task, at any time; sure what of it was acknowledged, and must be there.
	tried map[stepped]bool
	sure  []stepped
	notes int
	lists
}

func newErrands() errands { return errands{tried: map[stepped]bool{}, lists: newLists()} }

// stepped is something that somebody did about a step of a request's task, by its key.
type stepped struct {
	n    int64
	step string
	who  string
	op   view.Op
}

// atMachine is who sits at the command line.
const atMachine = "os:root"

// task is an open task, if there is any.
func (s *simulation) task() (approvals.Request, bool) {
	if s.App == nil || s.Life.Over() {
		return approvals.Request{}, false
	}
	open := slices.DeleteFunc(s.requests(), func(r approvals.Request) bool { return !r.Working() })
	if len(open) == 0 {
		return approvals.Request{}, false
	}
	return pickOf(s, open), true
}

// worker is who does something about a task: mostly whoever has it, now and then another who may.
func (s *simulation) worker(r approvals.Request) string {
	if r.Task.Owner != "" && s.rng.IntN(4) > 0 {
		return string(r.Task.Owner)
	}
	return pickOf(s, append(owners, helpers...))
}

// nextOf is a step that can be ticked now, counted from 0: mostly the first. -1: none can.
func (s *simulation) nextOf(r approvals.Request) int {
	var open []int
	for i, st := range r.Task.Steps {
		if st.Tick == nil && r.Applies(i) == approvals.Holds {
			open = append(open, i)
		}
	}
	switch {
	case len(open) == 0:
		return -1
	case s.rng.IntN(3) > 0:
		return open[0]
	}
	return pickOf(s, open)
}

// opFor is what is said of a step that is done, or, now and then, doesn't apply.
func (s *simulation) opFor(st approvals.TaskStep) view.Op {
	switch {
	case !st.Confirms && s.rng.IntN(9) == 0:
		return view.OpSkip
	case st.Asks != "":
		return pickOf(s, []view.Op{view.OpYes, view.OpNo})
	}
	return view.OpDone
}

// works lets somebody tick a step.
func (s *simulation) works() {
	if r, ok := s.task(); ok {
		if i := s.nextOf(r); i >= 0 {
			s.doesStep(s.worker(r), r, i, s.opFor(r.Task.Steps[i]))
		}
	}
}

// worksThrough lets whoever has a task tick several of its steps, one after the other.
func (s *simulation) worksThrough() {
	if r, ok := s.task(); ok {
		s.worksOff(r.Number)
	}
}

// worksOff lets whoever has a task, or an owner, tick its steps in order until it is done.
func (s *simulation) worksOff(n int64) {
	for range 12 {
		r, ok := s.request(n)
		if !ok || !r.Working() {
			return
		}
		i := slices.IndexFunc(r.Task.Steps, func(st approvals.TaskStep) bool { return st.Tick == nil })
		for i >= 0 && i < len(r.Task.Steps)-1 && (r.Task.Steps[i].Tick != nil || r.Applies(i) != approvals.Holds) {
			i++
		}
		op := view.OpDone
		if r.Task.Steps[i].Asks != "" {
			op = pickOf(s, []view.Op{view.OpYes, view.OpNo})
		}
		who := string(r.Task.Owner)
		if who == "" {
			who = pickOf(s, owners)
		}
		s.doesStep(who, r, i, op)
	}
}

// meddles lets anybody do anything about any step of any request.
func (s *simulation) meddles() {
	r, ok := s.request(s.number())
	if t, some := s.task(); some && s.rng.IntN(3) > 0 {
		r, ok = t, true
	}
	if !ok {
		return
	}
	who, i := pickOf(s, slices.Concat(owners, strangers, strangers)), s.rng.IntN(7)
	s.count("tasks: meddled with")
	if r.Working() && s.rng.IntN(2) == 0 {
		if i = s.nextOf(r); i >= 0 {
			s.doesStep(who, r, i, s.opFor(r.Task.Steps[i]))
		}
		return
	}
	s.doesStep(who, r, i, pickOf(s, []view.Op{view.OpDone, view.OpYes, view.OpNo, view.OpSkip, view.OpNote, view.OpFile, view.OpUndo}))
}

// undoes lets somebody take a tick back, mostly one of a moment ago.
func (s *simulation) undoes() {
	r, ok := s.task()
	if !ok {
		return
	}
	last := -1
	for i, st := range r.Task.Steps {
		if st.Tick != nil && (last < 0 || st.Tick.At.After(r.Task.Steps[last].Tick.At)) {
			last = i
		}
	}
	if last < 0 {
		return
	}
	s.doesStep(s.worker(r), r, last, view.OpUndo)
}

// keyOfStep is the key of a step, counted from 0.
func keyOfStep(r approvals.Request, i int) string {
	if r.Task == nil || i >= len(r.Task.Steps) {
		return fmt.Sprint(i)
	}
	return r.Task.Steps[i].Key
}

// doesStep lets somebody do something with a step in Slack: by the menu beside it, in a form where one opens. What was acknowledged
// in good weather, and without a word against it, must be there.
func (s *simulation) doesStep(who string, r approvals.Request, i int, op view.Op) {
	did := stepped{r.Number, keyOfStep(r, i), who, op}
	s.note("%s does %s with step %s of #%d", who, op, did.step, r.Number)
	s.count("tasks: " + string(op))
	s.N.Slack.CloseAllViews(who)
	s.tried[did] = true
	private, well, life := len(s.N.Slack.Ephemerals(who)), s.isWell() && !s.everLeft(who), s.lives
	out := s.done(s.chooses(who, r, i, op))
	s.spend(4 * time.Second)
	if views := s.N.Slack.Views(who); len(views) > 0 {
		s.count("tasks: in a form")
		out = s.done(s.N.Slack.Submit(who, views[len(views)-1].ID, s.fills(views[len(views)-1], op)))
		well = well && !strings.Contains(string(out.Payload), "response_action")
		s.spend(2 * time.Second)
		s.N.Slack.CloseAllViews(who)
	} else if st := r.TaskSteps(); i < len(st) && (view.Needy(st[i], op) || op == view.OpUndo) {
		well = well && op == view.OpUndo && st[i].Fresh(time.Now().Add(10*time.Second)) // else a form should have opened
	}
	if out.Acked && well && life == s.lives && s.isWell() && len(s.N.Slack.Ephemerals(who)) == private && op != view.OpFile {
		s.sure = append(s.sure, did)
	}
}

// chooses picks an option in the menu beside a step: on the card, on the message of their own, or, where there is none (any
// more), as a phone that lags still shows it.
func (s *simulation) chooses(who string, r approvals.Request, i int, op view.Op) *slacksim.Delivery {
	s.heard[who]++
	defer func() { s.pressed = time.Now() }()
	m, stands := s.taskCard(who, r.Number)
	if stands && s.rng.IntN(6) > 0 {
		if d := s.N.Slack.Choose(who, m.Channel, m.TS, fmt.Sprintf("%s-%d", view.ActionStep, i+1), labelOf[op]); d.Outcome().Error == "" {
			s.last, s.lastBy, s.lastAt = d, who, time.Now()
			return d
		}
	}
	f := slacksim.Forged{Channel: m.Channel, TS: m.TS, ActionID: view.ActionStep, Value: fmt.Sprintf("%s/%d/%s", s.bears(r.Number), i+1, op)}
	if r.Removing() {
		f.Value += "/" + approvals.Removes
	}
	s.last, s.lastBy, s.lastAt = s.N.Slack.ClickForged(who, f), who, time.Now()
	return s.last
}

// labelOf are the options of the menu beside a step.
var labelOf = map[view.Op]string{view.OpDone: "Done", view.OpYes: "Yes", view.OpNo: "No", view.OpSkip: "Not applicable", view.OpNote: "Note or link…", view.OpFile: "File…", view.OpUndo: "Undo"}

// taskCard is a message that shows a task to somebody: their own, or the one where the cards are.
func (s *simulation) taskCard(who string, n int64) (slacksim.Message, bool) {
	r, _ := s.request(n)
	own, all := approvals.TaskOfKey(n, approvals.PersonID(who)), s.N.Slack.DM(who)
	if r.Removing() {
		own = approvals.RemovalOfKey(n, approvals.PersonID(who))
	}
	if s.rng.IntN(2) == 0 {
		own, all = approvals.TaskKey(n), s.N.Slack.Messages("C0APPROVE")
		if r.Removing() {
			own = approvals.RemovalKey(n)
		}
	}
	for _, m := range all {
		if world.KeyOf(m) == own {
			return m, true
		}
	}
	return slacksim.Message{Channel: "C0APPROVE", TS: "946684800.000001"}, false
}

// fills is what somebody fills into the form for a step: rightly, and now and then wrongly.
func (s *simulation) fills(v slacksim.View, op view.Op) map[string]any {
	s.notes++
	out, has := map[string]any{}, inputsOf(v)
	if slices.Contains(has, view.FieldNote) {
		out[view.FieldNote] = fmt.Sprintf("note %d", s.notes)
	}
	if slices.Contains(has, view.FieldLink) {
		out[view.FieldLink] = pickOf(s, []string{"https://photos.example/1", "https://photos.example/2", "https://photos.example/3", "nowhere", "ftp://photos.example"})
	}
	if slices.Contains(has, view.FieldFile) {
		size := pickOf(s, []int{900, 900, 900, approvals.MostFile + 1})
		out[view.FieldFile] = []any{map[string]any{"id": fmt.Sprintf("F0FILE%d", s.notes), "name": "proof.png", "size": size, "permalink": "https://files.example/F0FILE"}}
	}
	if op == view.OpNote && s.rng.IntN(2) == 0 {
		delete(out, view.FieldFile)
	}
	return out
}

// inputsOf are the fields of a form.
func inputsOf(v slacksim.View) (out []string) {
	blocks, _ := v.View["blocks"].([]any)
	for _, b := range blocks {
		if b, _ := b.(map[string]any); b["type"] == "input" {
			out = append(out, fmt.Sprint(b["block_id"]))
		}
	}
	return out
}

// worksAtOnce lets several people tick one step in the same moment, in Slack and at the command line.
func (s *simulation) worksAtOnce() {
	r, ok := s.task()
	if !ok {
		return
	}
	i := s.nextOf(r)
	if i < 0 {
		return
	}
	s.note("several at once on step %s of #%d", keyOfStep(r, i), r.Number)
	s.count("tasks: several at once")
	hands := slices.Concat(owners, helpers)
	s.rng.Shuffle(len(hands), func(i, j int) { hands[i], hands[j] = hands[j], hands[i] })
	var all []*slacksim.Delivery
	var machine chan struct{}
	for _, who := range hands[:2+s.rng.IntN(2)] {
		op := s.opFor(r.Task.Steps[i])
		s.tried[stepped{r.Number, keyOfStep(r, i), who, op}] = true
		s.N.Slack.CloseAllViews(who)
		all = append(all, s.chooses(who, r, i, op))
		<-time.After(time.Duration(1 + s.rng.IntN(1e6)))
		if machine == nil && s.rng.IntN(2) == 0 {
			machine = make(chan struct{})
			done, tick := machine, s.ticksAtMachine(r, i, s.opFor(r.Task.Steps[i]))
			go func() { defer close(done); tick() }()
			<-time.After(time.Duration(1 + s.rng.IntN(1e6)))
		}
	}
	for _, d := range all {
		s.done(d)
	}
	if machine != nil {
		<-machine
	}
	s.spend(4 * time.Second)
	for _, who := range hands {
		s.N.Slack.CloseAllViews(who)
	}
}

// takesTask, putsBack, handsOver and givesUp press the buttons below the steps.
func (s *simulation) takesTask() { s.pressesTask("Take it", view.ActionTake, nil) }
func (s *simulation) putsBack()  { s.pressesTask("Put back", view.ActionPutBack, nil) }
func (s *simulation) givesUp() {
	s.pressesTask("Could not be done", view.ActionCouldNot, map[string]any{view.FieldWords: "the printer is broken"})
}
func (s *simulation) handsOver() {
	to := pickOf(s, slices.Concat(owners, owners, helpers, []string{"U0ALICE", "U0FRED", "U0GUEST"}))
	s.pressesTask("Hand over", view.ActionHandOver, map[string]any{view.FieldWho: to})
}

// pressesTask presses a button below the steps, and fills in the form that opens.
func (s *simulation) pressesTask(label, action string, fill map[string]any) {
	r, ok := s.task()
	if !ok {
		return
	}
	who := s.worker(r)
	if s.rng.IntN(6) == 0 {
		who = pickOf(s, strangers)
	}
	s.note("%s presses %s on the task of #%d, %v", who, label, r.Number, fill)
	s.count("tasks: pressed " + label)
	s.heard[who]++
	s.tried[stepped{r.Number, "", who, view.Op(action)}] = true
	s.N.Slack.CloseAllViews(who)
	m, stands := s.taskCard(who, r.Number)
	var d *slacksim.Delivery
	if stands && slices.Contains(world.Buttons(m), label) {
		d = s.N.Slack.Click(who, m.Channel, m.TS, label)
	} else {
		d = s.N.Slack.ClickForged(who, slacksim.Forged{Channel: m.Channel, TS: m.TS, ActionID: action, Value: s.bears(r.Number)})
	}
	s.last, s.lastBy, s.lastAt, s.pressed = d, who, time.Now(), time.Now()
	s.done(d)
	s.spend(4 * time.Second)
	if views := s.N.Slack.Views(who); fill != nil && len(views) > 0 {
		s.done(s.N.Slack.Submit(who, views[len(views)-1].ID, fill))
		s.spend(2 * time.Second)
	}
	s.N.Slack.CloseAllViews(who)
}
