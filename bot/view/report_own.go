package view

import (
	"slices"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// Own is what one reader is told of what is theirs: what needs them, or what their people have.
func Own(o reports.Own) Message {
	if o.Team != nil {
		return yourPeople(o)
	}
	return needsSomebody(o)
}

// needsSomebody lists what waits for somebody, what has waited longest first. It is said once and stays as it is, so its buttons
// decide nothing: they show what there is to decide or to do as it is when they're pressed.
func needsSomebody(o reports.Own) Message {
	var foot []slack.Block
	if len(o.Waiting) > 0 {
		foot = append(foot, slack.NewActionBlock(blockRemind, button(ActionOpen, opening(len(o.Waiting)), o.Waiting[0].Name(), "")))
	}
	p := newPage(foot...)
	p.section(needsHead(o))
	var lines []approvals.Text
	for _, r := range o.Waiting {
		lines = append(lines, say("*#%v* · %v · %v asks, since %v%v", r.Number, subject(r), r.Asker(), r.Since(), escalatedShort(r)))
	}
	if len(lines) > 0 {
		p.list(p.left-2*lastWord-len(o.Tasks[:min(len(o.Tasks), mostTasks)])*taskRoom, lines, func(left int) approvals.Text { return say("and %v more; `/access pending` lists them all", left) })
	}
	for i, r := range o.Tasks {
		if i == mostTasks || p.tight() {
			p.small("", say("and %v; `/access tasks` lists them all", count(len(o.Tasks)-i, "task more", "tasks more")))
			break
		}
		p.section(say("*#%v* · %v is a task of yours, %v.", r.Number, toDo(r), due(r)))
		p.add(slack.NewActionBlock("", button(ActionSteps, "Show the steps", r.Name(), "")))
	}
	p.small("", say("I only send this when something needs you. Away? `/access away until=… deputy=@…`"))
	return p.message()
}

const (
	// mostTasks is how many tasks have a line and a button of their own, and taskRoom the characters that each may take.
	mostTasks = 10
	taskRoom  = 900
)

func needsHead(o reports.Own) approvals.Text {
	waiting, tasks := count(len(o.Waiting), "request waits for your decision", "requests wait for your decision"), count(len(o.Tasks), "task is yours", "tasks are yours")
	switch {
	case len(o.Tasks) == 0:
		return say("*%v*, the oldest since %v", waiting, o.Waiting[0].Since())
	case len(o.Waiting) == 0:
		return say("*%v*", tasks)
	}
	return say("*%v, and %v*", waiting, tasks)
}

// yourPeople is what a manager reads of those who report to them: what they have, what is asked for them, what they are to do and
// what ends, somebody a part, with a button each for the first that do.
func yourPeople(o reports.Own) Message {
	var foot []slack.Block
	if b := extending(ends(o)); b != nil {
		foot = append(foot, b)
	}
	p := newPage(foot...)
	p.section(peopleHead(o))
	var lines []approvals.Text
	for _, m := range o.Team {
		lines = append(lines, mateLines(m)...)
	}
	p.list(p.left-2*lastWord, lines, func(left int) approvals.Text {
		return say("and %v more; `/access who @person` shows what one of them has", left)
	})
	p.small("", say("This is what I set up by requests. `/access who @person` also shows what one of them had before, or got another way."))
	return p.message()
}

// ends is what somebody's people have for a time, the first end first.
func ends(o reports.Own) (all []approvals.Request) {
	for _, m := range o.Team {
		all = append(all, m.Ending...)
	}
	slices.SortStableFunc(all, func(a, b approvals.Request) int { return a.EndsAt.Compare(b.EndsAt) })
	return all
}

func peopleHead(o reports.Own) approvals.Text {
	things, waiting, tasks, ending := 0, 0, 0, 0
	for _, m := range o.Team {
		things, waiting, tasks, ending = things+len(m.Holds), waiting+len(m.Waiting), tasks+len(m.Tasks), ending+len(m.Ending)
	}
	parts := []approvals.Text{say("%v with %v", count(len(o.Team), "person", "people"), count(things, "account", "accounts"))}
	for _, c := range o.Cost {
		parts = append(parts, say("%v", c.String()))
	}
	if len(o.Costless) > 0 {
		parts = append(parts, say("what %v costs isn't known", appNames(o.Costless)))
	}
	if waiting > 0 {
		parts = append(parts, say("%v", count(waiting, "request waits", "requests wait")))
	}
	if tasks > 0 {
		parts = append(parts, say("%v", count(tasks, "open task", "open tasks")))
	}
	if ending > 0 {
		parts = append(parts, say("%v", count(ending, "ends by itself", "end by themselves")))
	}
	return say("*Your people* — %v", approvals.Join(parts, " · "))
}

func appNames(apps []approvals.App) approvals.Text {
	var names []approvals.Text
	for _, a := range apps {
		names = append(names, say("%v", appName(a)))
	}
	return approvals.Join(names, ", ")
}

// mateLines are what one of somebody's people has, and what goes on about it, a line each under their name.
func mateLines(m reports.Mate) (lines []approvals.Text) {
	for _, h := range m.Holds {
		lines = append(lines, say("%v: %v", m.Who, heldLine(h)))
	}
	for _, r := range m.Waiting {
		lines = append(lines, say("%v: *#%v* · %v is waiting for a yes, since %v", m.Who, r.Number, subject(r), r.Since()))
	}
	for _, r := range m.Tasks {
		lines = append(lines, say("%v: *#%v* · %v is theirs to do, %v", m.Who, r.Number, toDo(r), due(r)))
	}
	for _, r := range m.Ending {
		lines = append(lines, say("%v: %v", m.Who, approvals.Join(filled([]approvals.Text{say("*#%v* · %v ends %v", r.Number, subject(r), r.EndsAt), askedFor(r)}), " · ")))
	}
	return lines
}
