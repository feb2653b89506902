package view

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// The forms of a task and their fields. They never change their meaning.
const (
	CallbackStep     = "step"
	CallbackHandOver = "hand_over"
	CallbackCouldNot = "could_not"
	FieldNote        = "note"
	FieldLink        = "link"
	FieldFile        = "file"
	FieldStep        = "which"
	FieldWhat        = "what"
	FieldWho         = "who"
)

// Op is what somebody does with a step, as a menu's option and a form bear it.
type Op string

// The ops. OpAny is a form in which step and op are chosen.
const (
	OpDone Op = "done"
	OpYes  Op = "yes"
	OpNo   Op = "no"
	OpSkip Op = "skip"
	OpNote Op = "note"
	OpFile Op = "file"
	OpUndo Op = "undo"
	OpAny  Op = "any"
)

// stepValue is what bears one op on one step, counted from 0: "v2:12:NONCE/3/done", and of a task that takes away what another
// one of the request gave "v2:12:NONCE/3/done/removes".
func stepValue(r approvals.Request, i int, op Op) string {
	value := fmt.Sprintf("%s/%s", QuestionValue(r.Name(), i+1), op)
	if r.Removing() {
		value += "/" + approvals.Removes
	}
	return value
}

// Stepped takes apart a value that stepValue made.
func Stepped(value string) (request string, f StepFilled) {
	request, rest, _ := strings.Cut(value, "/")
	step, rest, _ := strings.Cut(rest, "/")
	op, task, _ := strings.Cut(rest, "/")
	f = StepFilled{Step: -1, Op: Op(op), Task: cmp.Or(task, approvals.GivesIt)}
	if n, err := strconv.Atoi(step); err == nil && n >= 1 && strconv.Itoa(n) == step {
		f.Step = n - 1
	}
	return request, f
}

// opLabels are what ops are called.
var opLabels = map[Op]string{OpDone: "Done", OpYes: "Yes", OpNo: "No", OpSkip: "Not applicable", OpNote: "Note or link…", OpFile: "File…", OpUndo: "Undo"}

// opsOf are what can be done with a step now.
func opsOf(r approvals.Request, s approvals.TaskStep, i int) []Op {
	switch {
	case !r.Working() || s.Tick == nil && r.Applies(i) != approvals.Holds:
		return nil
	case s.Tick != nil:
		return []Op{OpUndo, OpNote, OpFile}
	case s.Asks != "":
		return []Op{OpYes, OpNo, OpSkip, OpNote, OpFile}
	case s.Confirms:
		return []Op{OpDone, OpNote, OpFile}
	}
	return []Op{OpDone, OpSkip, OpNote, OpFile}
}

// stepMenu is the menu beside a step; nil where nothing can be done with it.
func stepMenu(r approvals.Request, s approvals.TaskStep, i int) *slack.Accessory {
	var options []*slack.OptionBlockObject
	for _, op := range opsOf(r, s, i) {
		options = append(options, option(stepValue(r, i, op), opLabels[op]))
	}
	if len(options) == 0 {
		return nil
	}
	return slack.NewAccessory(slack.NewOverflowBlockElement(ActionStep, options...))
}

// Needy reports whether an op on a step takes a form: a step that needs proof, a note, a file, and undoing what is older.
func Needy(s approvals.TaskStep, op Op) bool {
	return op == OpNote || op == OpFile || s.Proof != "" && (op == OpDone || op == OpYes || op == OpNo)
}

// StepForm asks for what an op on a step takes.
func StepForm(r approvals.Request, i int, op Op) slack.ModalViewRequest {
	p := newPage()
	proof := ""
	if op == OpAny {
		chooseStep(p, r)
	} else {
		s := r.TaskSteps()[i]
		proof = string(s.Proof)
		p.section(say("%v — step %v", taskTitle(r), i+1), say("%v", clip(worded(r, s.Do).Plain(), stepLength)))
		p.section(details(r, s, i)...)
	}
	evidenceFields(p, op, proof)
	head := say("#%v, step %v", r.Number, i+1)
	if op == OpAny {
		head, i = say("Steps of #%v", r.Number), 0
	}
	return wordsForm(CallbackStep, stepValue(r, i, op), head, "Save", p)
}

// chooseStep are the two menus of the form for any step.
func chooseStep(p *page, r approvals.Request) {
	p.section(taskTitle(r), marked(r))
	var which []*slack.OptionBlockObject
	for i, s := range r.TaskSteps() {
		if len(opsOf(r, s, i)) > 0 {
			box := "☐"
			if s.Tick != nil {
				box = "☑"
			}
			which = append(which, option(strconv.Itoa(i+1), fmt.Sprintf("%s %d %s", box, i+1, worded(r, s.Do).Plain())))
		}
	}
	if len(which) == 0 {
		return
	}
	var what []*slack.OptionBlockObject
	for _, op := range []Op{OpDone, OpYes, OpNo, OpSkip, OpNote, OpUndo} {
		what = append(what, option(string(op), strings.TrimSuffix(opLabels[op], "…")))
	}
	p.blocks = append(p.blocks, slack.NewInputBlock(FieldStep, typed("Which step?"), nil, one(FieldStep, which, nil)),
		slack.NewInputBlock(FieldWhat, typed("What about it?"), typed("Yes and No answer a step that is a question."), one(FieldWhat, what, nil)))
}

// marked is how far a task is.
func marked(r approvals.Request) approvals.Text {
	done, of := r.Progress()
	return say("%v of %v steps are done, %v.", done, of, due(r))
}

// evidenceFields are those for what shows that a step was done.
func evidenceFields(p *page, op Op, proof string) {
	needs := func(field string) bool { return proof == field && (op == OpDone || op == OpYes || op == OpNo) }
	input := func(field, label, hint string, e slack.BlockElement, required bool) {
		b := slack.NewInputBlock(field, typed(label), nil, e)
		if hint != "" {
			b.Hint = typed(hint)
		}
		b.Optional = !required
		p.blocks = append(p.blocks, b)
	}
	if op != OpFile {
		note := &slack.PlainTextInputBlockElement{Type: slack.METPlainTextInput, ActionID: FieldNote, Multiline: true, MaxLength: approvals.MostWords}
		label := "Note"
		if op == OpUndo {
			label = "Why is it undone?"
		}
		input(FieldNote, label, "", note, op == OpUndo || needs(FieldNote))
	}
	if op == OpUndo {
		return
	}
	if op != OpFile {
		link := &slack.PlainTextInputBlockElement{Type: slack.METPlainTextInput, ActionID: FieldLink, MaxLength: approvals.MostLink}
		input(FieldLink, "Link", "Where one can see that it's done, beginning with https://", link, needs(FieldLink))
	}
	file := slack.NewFileInputBlockElement(FieldFile).WithMaxFiles(1)
	input(FieldFile, "File", fmt.Sprintf("A screenshot or a document, up to %d MB. It stays in Slack; I keep its name.", approvals.MostFile>>20), file, op == OpFile || needs(FieldFile))
}

// HandOverForm asks to whom a task goes.
func HandOverForm(r approvals.Request) slack.ModalViewRequest {
	p := newPage()
	p.section(taskTitle(r), marked(r))
	who := &slack.SelectBlockElement{Type: slack.OptTypeUser, ActionID: FieldWho, Placeholder: typed("Pick somebody")}
	p.blocks = append(p.blocks, slack.NewInputBlock(FieldWho, typed("Who does it from here?"), typed("They get the task by direct message. What's ticked stays ticked."), who))
	return wordsForm(CallbackHandOver, ButtonValue(r.Name()), say("Hand over #%v", r.Number), "Hand over", p)
}

// CouldNotForm asks why a task could not be done.
func CouldNotForm(r approvals.Request) slack.ModalViewRequest {
	p := newPage()
	then := say("%v hears why, and an admin can start it again. What's ticked stays ticked.", r.HearsOf())
	if r.Removing() {
		then = say("The admins hear why. It's somebody's task again a day later. What's ticked stays ticked.")
	}
	p.section(taskTitle(r), then)
	p.blocks = append(p.blocks, wordsInput("Why could it not be done?", "What stood in the way?"))
	return wordsForm(CallbackCouldNot, ButtonValue(r.Name()), say("#%v", r.Number), "Send", p)
}

// StepFilled is what was filled in about a step. Step is counted from 0, and -1 where it could not be read.
type StepFilled struct {
	Step int
	Op   Op
	// Task is which task of the request is meant.
	Task     string
	Evidence approvals.Evidence
}

// ReadStep reads the form for a step; out is what it bears, and files those in its field for files.
func ReadStep(out StepFilled, inputs []Input, files []approvals.Attached) StepFilled {
	op := out.Op
	for _, in := range inputs {
		value := strings.TrimSpace(strings.Join(in.Values, ""))
		switch in.Block {
		case FieldNote:
			out.Evidence.Note = value
		case FieldLink:
			out.Evidence.Link = value
		case FieldFile:
			if len(files) > 0 {
				out.Evidence.File = &files[0]
			}
		case FieldStep:
			if n, err := strconv.Atoi(value); op == OpAny && err == nil {
				out.Step = n - 1
			}
		case FieldWhat:
			if op == OpAny {
				out.Op = Op(value)
			}
		}
	}
	return out
}
