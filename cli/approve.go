package cli

type approveCmd struct {
	Number   string `arg:"" name:"n" help:"The request's number, as in 12 or '#12'."`
	Override bool   `help:"Decide at once, overriding the policy. The card and the audit log show it, with the reason."`
	Reason   string `help:"Why the policy is overridden." placeholder:"TEXT"`
}

// Run says yes. The policy counts it as the yes of one person.
func (c approveCmd) Run(s *session) error {
	return s.data().Approve(s.ctx, s.stdout, c.Number, c.Reason, c.Override)
}
