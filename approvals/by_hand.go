package approvals

import "fmt"

// Caution is what people must know of an app whose steps nobody has compared with its screens; nil: there is nothing.
func (a App) Caution() Text {
	if a.Entry == nil || !a.Entry.Unverified {
		return nil
	}
	return Sayf("*Vendor path unverified:* nobody has compared these steps with what %v really shows, so its screens may be called otherwise.", a.Name)
}

// ByPerson says who carries a request out where no program can; nil: a program does.
func (r Request) ByPerson() Text {
	form := r.Form()
	if r.Extends != nil || !form.ByHand() {
		return nil
	}
	r.Task = r.taskOf(form)
	return Sayf("*By hand* somebody does it in %v once it's approved: %v", r.App.Name, r.StepCount())
}

// StepCount says how many steps a task has: those that apply whatever is answered on the way, and those that hang on an answer.
func (r Request) StepCount() string {
	sure, perhaps := 0, 0
	for i := range r.Task.Steps {
		switch r.Applies(i) {
		case Holds:
			sure++
		case Unknown:
			perhaps++
		}
	}
	steps := "1 step"
	if sure != 1 {
		steps = fmt.Sprintf("%d steps", sure)
	}
	if perhaps > 0 {
		steps += fmt.Sprintf(", and perhaps %d more", perhaps)
	}
	return steps
}
