package approvals

// Caution is what people must know of an app whose steps nobody has compared with its screens; nil: there is nothing.
func (a App) Caution() Text {
	if a.Entry == nil || !a.Entry.Unverified {
		return nil
	}
	return Sayf("*Vendor path unverified:* nobody has compared these steps with what %v really shows, so its screens may be called otherwise.", a.Name)
}

// ByPerson says who carries a request out where no program can; nil: a program does.
func (r Request) ByPerson() Text {
	steps := len(r.Form().Steps)
	switch {
	case r.Extends != nil || steps == 0:
		return nil
	case steps == 1:
		return Sayf("*By hand* somebody does it in %v once it's approved: 1 step", r.App.Name)
	}
	return Sayf("*By hand* somebody does it in %v once it's approved: %v steps", r.App.Name, steps)
}
