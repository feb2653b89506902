package cli

type whoCmd struct {
	Whom string `arg:"" name:"whom" help:"A member id (U…), an e-mail address, or app=ID for everybody in an app."`
	JSON bool   `name:"json" help:"Print it as JSON, with all there is to know."`
}

// Run prints who holds what.
func (c whoCmd) Run(s *session) error { return s.data().Who(s.ctx, s.stdout, c.Whom, c.JSON) }
