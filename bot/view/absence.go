package view

import "github.com/usherbot/usher/approvals"

// absences says who of those that decide the present step is away, until when, and who decides for them.
func absences(r approvals.Request) approvals.Text {
	if r.State != approvals.Pending || r.Rule.Itself() {
		return nil
	}
	var all []approvals.Text
	for _, a := range r.Absent(r.Present()) {
		all = append(all, a.Text())
	}
	if rest := len(all) - someNames; rest > 0 {
		all = append(all[:someNames], say("%v more are away", rest))
	}
	if len(all) == 0 {
		return nil
	}
	return say("*Away* %v", approvals.Join(all, " · "))
}
