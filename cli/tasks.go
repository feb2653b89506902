package cli

import "github.com/usherbot/usher/control"

type tasksCmd struct {
	JSON bool `name:"json" help:"Print them as JSON, with each step."`
}

// Run lists the open tasks of the running Usher, what is due first on top.
func (c tasksCmd) Run(s *session) error { return s.data().Tasks(s.ctx, s.stdout, c.JSON) }

type tickCmd struct {
	Number string `arg:"" name:"n" help:"The request's number, as in 12 or '#12'."`
	Step   string `arg:"" name:"step" help:"The step, by its number or its key."`
	Answer string `help:"The answer, of a step that is a question: yes or no." placeholder:"yes|no"`
	Skip   bool   `help:"It doesn't apply here."`
	Undo   bool   `help:"Take the tick back; after a minute it needs --note."`
	Note   string `help:"What shows that it's done, in a few words." placeholder:"TEXT"`
	Link   string `help:"Where one can see that it's done." placeholder:"URL"`
}

// Run says of a step of a task that it's done.
func (c tickCmd) Run(s *session) error {
	return s.data().Tick(s.ctx, s.stdout, c.Number, control.Ticking{Step: c.Step, Answer: c.Answer, Skip: c.Skip, Undo: c.Undo, Note: c.Note, Link: c.Link})
}
