package cli

type denyCmd struct {
	Number   string `arg:"" name:"n" help:"The request's number, as in 12 or '#12'."`
	Reason   string `help:"Why. The requester reads it." required:"" placeholder:"TEXT"`
	Override bool   `help:"Override the policy. The card and the audit log show it, with the reason."`
}

// Run says no. One no by somebody who may decide is enough.
func (c denyCmd) Run(s *session) error {
	return s.data().Deny(s.ctx, s.stdout, c.Number, c.Reason, c.Override)
}
