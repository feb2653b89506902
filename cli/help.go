package cli

type helpCmd struct {
	Command []string `arg:"" optional:"" help:"The command to explain."`
}

// Run is the command's own --help.
func (c helpCmd) Run(s *session) error {
	return dispatch(s.ctx, append(c.Command, "--help"), s.env, s.stdout, s.stderr)
}
