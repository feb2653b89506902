package cli

type metricsCmd struct{}

// Run prints the numbers of the running Usher.
func (metricsCmd) Run(s *session) error { return s.data().Metrics(s.ctx, s.stdout) }
