package view

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// tasksShown is how many tasks of a list have a button; the others are a line each.
const tasksShown = 8

// taskList is open tasks, what is due first on top; mine says whose reads them.
func taskList(p *page, list []approvals.Request, mine approvals.PersonID) {
	var rest []approvals.Text
	for i, r := range list {
		if i >= tasksShown || p.tight() {
			rest = append(rest, taskLine(r, mine))
			continue
		}
		p.section(taskLine(r, mine))
		p.add(slack.NewActionBlock(fmt.Sprintf("%s-%d", ActionSteps, r.Number), button(ActionSteps, "Show the steps", r.Name(), "")))
	}
	p.list(p.left, rest, func(left int) approvals.Text { return say("and %v more", left) })
}

// taskLine is a task in a line: what it is, whose, how far, and until when.
func taskLine(r approvals.Request, mine approvals.PersonID) approvals.Text {
	done, of := r.Progress()
	whose := say("nobody's")
	switch r.Task.Owner {
	case "":
	case mine:
		whose = say("yours")
	default:
		whose = say("%v's", r.Task.Owner)
	}
	return say("*#%v* · %v · %v · %v of %v steps done, %v", r.Number, toDo(r), whose, done, of, due(r))
}

// toDo is what a task is about: what was asked or, once that is over, that it is to be removed.
func toDo(r approvals.Request) approvals.Text {
	if r.Removing() {
		return say("Time's up, to be removed: %v", subject(r))
	}
	return subject(r)
}

// tasksFor is what somebody is to do by hand, on their Home.
func tasksFor(p *page, h approvals.Home) {
	if len(h.Tasks) == 0 {
		return
	}
	heading(p, "Your tasks")
	taskList(p, h.Tasks, h.Who.ID)
}
