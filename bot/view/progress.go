package view

import "github.com/usherbot/usher/approvals"

// Progress is what whoever asked sees of a task while somebody carries it out, and after that.
func Progress(r approvals.Request) Message {
	p := newPage()
	if !r.Working() {
		p.section(say("%v — %v", title(r), state(r)))
		return p.message()
	}
	p.section(say("%v — %v", title(r), howFar(r)))
	p.small("", whoHasIt(r), say("This keeps up with them, and I'll message you when it's done."))
	return p.message()
}

// howFar is how many steps of a task are done, of so many as are known to apply.
func howFar(r approvals.Request) approvals.Text {
	done, of := r.Progress()
	if done == 0 {
		return say("it's about to be done by hand, in %v", r.StepCount())
	}
	return say("%v of %v steps done", done, of)
}

func whoHasIt(r approvals.Request) approvals.Text {
	if r.Task.Owner == "" {
		return say("It's waiting for somebody to take it, %v.", due(r))
	}
	return say("%v is on it, %v.", r.Task.Owner, due(r))
}
