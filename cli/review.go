package cli

type reviewCmd struct {
	Number string `arg:"" name:"n" help:"The review's number, as in 3 or '#3'."`
	Out    string `help:"Write it to this file instead: .csv or .xlsx." placeholder:"FILE"`
	JSON   bool   `name:"json" help:"Print it as JSON, with all there is to know."`
}

// Run prints a review, or writes its report.
func (c reviewCmd) Run(s *session) error {
	return s.data().Review(s.ctx, s.stdout, c.Number, c.Out, c.JSON)
}
