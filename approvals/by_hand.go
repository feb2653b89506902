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

// StepCount says how many steps a task has: at least those that apply whatever is answered on the way, at most those beside them that hang on an answer.
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
	switch {
	case perhaps == 0 && sure == 1:
		return "1 step"
	case perhaps == 0:
		return fmt.Sprintf("%d steps", sure)
	case sure == 0:
		return fmt.Sprintf("at most %d steps", perhaps)
	case perhaps == 1:
		return fmt.Sprintf("%d or %d steps", sure, sure+1)
	}
	return fmt.Sprintf("%d to %d steps", sure, sure+perhaps)
}
