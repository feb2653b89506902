package cli

type showCmd struct {
	Number string `arg:"" name:"n" help:"The request's number, as in 12 or '#12'."`
	JSON   bool   `name:"json" help:"Print it as JSON, with all there is to know."`
}

// Run prints what the request's card shows.
func (c showCmd) Run(s *session) error { return s.data().Show(s.ctx, s.stdout, c.Number, c.JSON) }
