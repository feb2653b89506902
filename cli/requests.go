package cli

type requestsCmd struct {
	JSON bool `name:"json" help:"Print them as JSON, with all there is to know."`
	All  bool `help:"Closed requests too."`
}

// Run lists the requests of the running Usher, newest first.
func (c requestsCmd) Run(s *session) error { return s.data().Requests(s.ctx, s.stdout, c.All, c.JSON) }
