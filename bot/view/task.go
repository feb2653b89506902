package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// The actions of a task's buttons, and of the menu beside each of its steps. They never change their meaning.
const (
	ActionStep     = "step"
	ActionSteps    = "steps"
	ActionTake     = "take"
	ActionPutBack  = "put_back"
	ActionHandOver = "hand_over"
	ActionCouldNot = "could_not"

	blockTask = "task"
)

// How long a step's words may be: of what is to be done, and of each further thing that is said of one that is next.
const (
	stepLength   = 260
	manyLength   = 80 // where there are many
	asideLength  = 60 // of one that isn't needed
	detailLength = 240
	manySteps    = 15
	// menuRoom is kept for the menus of those steps that have theirs soonest, however many steps there are.
	menuRoom = 1900
)

// TaskCard is the message that shows a task where the cards are.
func TaskCard(r approvals.Request) Message { return taskCard(r, taskHead(r)) }

// TaskOf is what somebody has of a task that is or was theirs.
func TaskOf(r approvals.Request, who approvals.PersonID) Message {
	switch {
	case r.Working() && r.Task.Owner == who:
		return taskCard(r, say("%v — yours, %v", taskTitle(r), due(r)))
	case r.Working() && r.Task.Owner != "":
		return overTo(say("%v — with %v now", taskTitle(r), r.Task.Owner))
	case r.Working():
		return overTo(say("%v — put back", taskTitle(r)))
	}
	return taskCard(r, taskHead(r))
}

func overTo(head approvals.Text) Message {
	p := newPage()
	p.section(head, say("There's nothing left for you to do here."))
	return p.message()
}

// taskTitle is what a task is about, with its number.
func taskTitle(r approvals.Request) approvals.Text {
	return say("*#%v · %v*", r.Number, toDo(r))
}

// taskHead says in the first line whose the task is, or what came of it.
func taskHead(r approvals.Request) approvals.Text {
	switch {
	case !r.Working():
		return say("%v — %v", taskTitle(r), state(r))
	case r.Task.Owner == "":
		return say("%v — needs somebody, %v", taskTitle(r), due(r))
	case r.Task.Stand:
		return say("%v — %v's, %v. No owner of %v can do it right now, so it's with an admin.", taskTitle(r), r.Task.Owner, due(r), appName(r.App))
	}
	return say("%v — %v's, %v", taskTitle(r), r.Task.Owner, due(r))
}

// due says until when a task is to be done; what is past does not change by itself, so no card says "late".
func due(r approvals.Request) approvals.Text {
	if r.Task.Due.IsZero() {
		return say("due soon")
	}
	return say("due %v", r.Task.Due)
}

// taskCard draws a task: its head, what it is for, its steps, a block each, and the buttons while it is to be done.
func taskCard(r approvals.Request, head approvals.Text) Message {
	var foot []slack.Block
	if r.Working() {
		foot = append(foot, slack.NewActionBlock(blockTask, taskButtons(r)...))
	}
	p := newPage(foot...)
	how := result(r)
	if r.Working() {
		done, of := r.Progress()
		how = say("%v of %v steps done", done, of)
	}
	p.section(head, how)
	p.small("", taskFacts(r)...)
	p.small("", taskMarks(r)...)
	if r.Working() {
		p.small("", r.App.Caution())
	}
	p.small("", pools(r)...)
	taskSteps(p, r)
	return p.message()
}

// taskFacts is who asked for it, for whom, and with which values.
func taskFacts(r approvals.Request) []approvals.Text {
	facts := []approvals.Text{say("Asked by %v, %v", r.Asker(), r.Asked), decision(r)}
	if r.Removing() {
		facts = append(facts, over(r))
	}
	facts = append(facts, hasByRequest(r))
	if len(r.Task.Steps) > manySteps {
		return facts // the approval card has the rest
	}
	return append(facts, changes(r, fewItems)...)
}

// taskMarks are the facts of a task with a date of their own, a line each.
func taskMarks(r approvals.Request) (lines []approvals.Text) {
	names := map[string]string{"access removed": "Access removed", "seat released": "Paid seat released"}
	for _, m := range r.Marks() {
		name := names[string(m.Mark)]
		switch {
		case !m.At.IsZero():
			lines = append(lines, say("*%v* %v, by %v", name, m.At, m.By.Text()))
		case m.Never:
			lines = append(lines, say("*%v* no", name))
		default:
			lines = append(lines, say("*%v* not yet", name))
		}
	}
	return lines
}

func taskButtons(r approvals.Request) []slack.BlockElement {
	out := []slack.BlockElement{button(ActionSteps, "Any step", r.Name(), "")}
	if r.Task.Owner == "" {
		out = append([]slack.BlockElement{button(ActionTake, "Take it", r.Name(), slack.StylePrimary)}, out...)
	} else {
		out = append(out, button(ActionPutBack, "Put back", r.Name(), ""))
	}
	return append(out, button(ActionHandOver, "Hand over", r.Name(), ""), button(ActionCouldNot, "Could not be done", r.Name(), slack.StyleDanger))
}

// soonest is how many steps have their menu before any has more said of it: the next ones, and what was ticked last.
const soonest = 4

// taskSteps draws each step in a block, and those that aren't needed in one line after them. All have their line; what more there is to say of one, and its menu, goes to those first
// that are next, then to what was ticked last, and so on while there is room: each can be reached by "Any step" too.
func taskSteps(p *page, r approvals.Request) {
	list := r.TaskSteps()
	aside, unneeded := notNeeded(r, list)
	if len(aside) > 0 {
		p.left -= weight(asideBlock(aside))
	}
	room := (p.left-menuRoom)/max(len(list), 1) - blockFrame
	text, blocks := make([][]approvals.Text, len(list)), make([]*slack.SectionBlock, len(list))
	for i := range list {
		if unneeded[i] {
			continue
		}
		text[i] = []approvals.Text{stepLine(r, list[i], i, len(list) > manySteps)}
		blocks[i] = stepBlock(room, text[i], i, nil)
		p.left -= weight(blocks[i])
	}
	order := nextFirst(r, list)
	for _, i := range order[:min(len(order), soonest)] {
		enrich(p, blocks, i, stepBlock(room, text[i], i, stepMenu(r, list[i], i)))
	}
	for _, i := range order {
		long, menu := slices.Concat(text[i], details(r, list[i], i)), stepMenu(r, list[i], i)
		if !enrich(p, blocks, i, stepBlock(maxObject, long, i, menu)) {
			enrich(p, blocks, i, stepBlock(room, text[i], i, menu))
			continue
		}
		text[i] = long
	}
	for i, b := range blocks {
		if b != nil && len(p.blocks)+len(p.foot) < p.most {
			p.blocks, p.lines = append(p.blocks, b), append(p.lines, text[i]...)
		}
	}
	if len(aside) > 0 && len(p.blocks)+len(p.foot) < p.most {
		p.blocks, p.lines = append(p.blocks, asideBlock(aside)), append(p.lines, aside)
	}
}

func asideBlock(line approvals.Text) *slack.ContextBlock {
	return slack.NewContextBlock("", markup(mrkdwn(maxObject, line)))
}

// notNeeded is one line about the steps that what was asked or answered has ruled out: whoever reads on a phone has those first that
// are theirs to do. Each keeps its number. of says which they are.
func notNeeded(r approvals.Request, list []approvals.TaskStep) (line approvals.Text, of map[int]bool) {
	of = map[int]bool{}
	var all []approvals.Text
	for i, s := range list {
		if s.Tick != nil || r.Applies(i) != approvals.Fails {
			continue
		}
		of[i] = true
		one := say("*%v*", i+1)
		if len(list) <= manySteps {
			one = say("%v %v", one, strings.TrimSuffix(clip(worded(r, s.Do).Plain(), asideLength), "."))
		}
		all = append(all, one)
	}
	if len(all) == 0 {
		return nil, of
	}
	return say("Not needed here: %v", approvals.Join(all, " · ")), of
}

// enrich puts a step's block in place of a shorter one; false: there is no room for it.
func enrich(p *page, blocks []*slack.SectionBlock, i int, richer *slack.SectionBlock) bool {
	more := weight(richer) - weight(blocks[i])
	if p.left-more < 2*blockFrame {
		return false
	}
	p.left, blocks[i] = p.left-more, richer
	return true
}

// nextFirst is the order in which steps get what there is room for: the next three, the last that was ticked, the others
// that are open, and the rest.
func nextFirst(r approvals.Request, list []approvals.TaskStep) (order []int) {
	var open, ticked []int
	last := -1
	for i, s := range list {
		switch {
		case s.Tick == nil && r.Applies(i) == approvals.Holds:
			open = append(open, i)
		case s.Tick != nil:
			if last < 0 || list[last].Tick.At.Before(s.Tick.At) {
				last = i
			}
			ticked = append(ticked, i)
		}
	}
	order = append(order, open[:min(len(open), 3)]...)
	if last >= 0 {
		order = append(order, last)
	}
	order = append(order, open[min(len(open), 3):]...)
	for _, i := range slices.Backward(ticked) {
		if i != last {
			order = append(order, i)
		}
	}
	return order
}

func stepBlock(room int, lines []approvals.Text, i int, menu *slack.Accessory) *slack.SectionBlock {
	b := slack.NewSectionBlock(markup(mrkdwn(min(room, maxObject), lines...)), nil, menu, slack.SectionBlockOptionExpand(true))
	b.BlockID = fmt.Sprintf("%s-%d", ActionStep, i+1)
	return b
}

// stepLine is a step in one line: done or not, what it is, and what came of it; of many in short.
func stepLine(r approvals.Request, s approvals.TaskStep, i int, short bool) approvals.Text {
	do := clip(worded(r, s.Do).Plain(), stepLength)
	if s.Tick != nil || r.Applies(i) != approvals.Holds || len(s.Notes) > 0 {
		do = strings.TrimSuffix(do, ".") // it goes on behind a dash
	}
	if short {
		do = clip(do, manyLength)
	}
	switch {
	case short && s.Tick != nil && s.Tick.Skipped:
		return say("☒ *%v* %v", i+1, do)
	case short && s.Tick != nil:
		return say("☑ *%v* %v", i+1, do)
	case s.Tick != nil && s.Tick.Skipped:
		return say("☒ *%v* %v — not applicable, %v %v%v", i+1, do, s.Tick.By.Text(), s.Tick.At, evidence(s.Tick.Evidence))
	case s.Tick != nil && s.Tick.Answer != "":
		return say("☑ *%v* %v *%v*, %v %v%v", i+1, do, capital(s.Tick.Answer), s.Tick.By.Text(), s.Tick.At, evidence(s.Tick.Evidence))
	case s.Tick != nil:
		return say("☑ *%v* %v — %v %v%v", i+1, do, s.Tick.By.Text(), s.Tick.At, evidence(s.Tick.Evidence))
	case r.Applies(i) == approvals.Unknown:
		return say("☐ *%v* %v — depends on an answer above", i+1, do)
	}
	return say("☐ *%v* %v%v", i+1, do, remnant(s))
}

// evidence is what was given with a tick or a note.
func evidence(e approvals.Evidence) approvals.Text {
	var all []approvals.Text
	if e.Note != "" {
		all = append(all, say(" · “%v”", clip(e.Note, detailLength)))
	}
	if e.Link != "" {
		all = append(all, say(" · %v", clip(e.Link, detailLength)))
	}
	if e.File != nil {
		all = append(all, say(" · file “%v”", clip(e.File.Name, nameLength)))
	}
	return approvals.Join(all, "")
}

// remnant is the last note beside a step that is open.
func remnant(s approvals.TaskStep) approvals.Text {
	if len(s.Notes) == 0 {
		return nil
	}
	n := s.Notes[len(s.Notes)-1]
	if n.Undid {
		return say(" — undone by %v %v%v", n.By.Text(), n.At, evidence(n.Evidence))
	}
	return say(" — %v %v%v", n.By.Text(), n.At, evidence(n.Evidence))
}

// whereOf says where a step is carried out, and what that place has been called before: the first label is its name now, which
// may stand in the way there already.
func whereOf(s approvals.TaskStep) approvals.Text {
	var name string
	if len(s.Labels) > 0 {
		name = s.Labels[0]
	}
	way, also := clip(s.Where, detailLength), s.Labels[min(len(s.Labels), 1):]
	within := name != s.Where && strings.Contains(s.Where, name)
	if !strings.Contains(s.Where, name) {
		way = strings.TrimPrefix(way+" → "+clip(name, nameLength), " → ")
	}
	switch {
	case len(also) == 0:
		return say("*Where* %v", way)
	case within:
		return say("*Where* %v (“%v” was called %v)", way, clip(name, nameLength), clip(joined(also), detailLength))
	}
	return say("*Where* %v (was called %v)", way, clip(joined(also), detailLength))
}

// details are what else there is to say of an open step: where, under which names, what to see, what not to forget.
func details(r approvals.Request, s approvals.TaskStep, i int) (lines []approvals.Text) {
	if s.Tick != nil || r.Applies(i) != approvals.Holds || !r.Working() {
		return nil
	}
	if s.Where != "" || len(s.Labels) > 0 {
		lines = append(lines, whereOf(s))
	}
	if s.Check != "" {
		lines = append(lines, say("*Check* %v", clip(worded(r, s.Check).Plain(), detailLength)))
	}
	if s.Remember != "" {
		lines = append(lines, say("*Don't forget* %v", clip(worded(r, s.Remember).Plain(), detailLength)))
	}
	if s.Proof != "" {
		lines = append(lines, say("*Needs* a %v", string(s.Proof)))
	}
	return lines
}

func joined(names []string) string {
	var out string
	for i, n := range names {
		if i > 0 {
			out += ", "
		}
		out += "“" + n + "”"
	}
	return out
}

// Overdue reminds a person, or a user group in the approvals channel, of a task that should be done by now.
func Overdue(who string, r approvals.Request) Message {
	p := newPage(slack.NewActionBlock(blockRemind, button(ActionSteps, "Show the steps", r.Name(), "")))
	done, of := r.Progress()
	switch {
	case string(r.Task.Owner) == who:
		p.section(say("%v — your task was due %v, and %v of %v steps are done.", taskTitle(r), r.Task.Due, done, of))
	case r.Task.Owner == "":
		p.section(say("%v — this task was due %v and is nobody's; %v of %v steps are done.%v", taskTitle(r), r.Task.Due, done, of, forGroup(who)))
	default:
		p.section(say("%v — %v's task was due %v, and %v of %v steps are done.%v", taskTitle(r), r.Task.Owner, r.Task.Due, done, of, forGroup(who)))
	}
	p.small("", say("Away, or stuck? *Hand over* and *Could not be done* are on the task's card."))
	return p.message()
}

// forGroup says to whom of a channel something is said.
func forGroup(who string) approvals.Text {
	if approvals.IsGroup(who) {
		return say(" Anyone in %v can take it.", approvals.GroupID(who))
	}
	return say(" You can take it: *Hand over* on its card.")
}
