package cli

import "github.com/usherbot/usher/audit"

type auditExportCmd struct {
	Details bool `help:"Print what is kept beside the entries instead: the addresses, names and reasons in them."`
}

// Run prints the log.
func (c auditExportCmd) Run(s *session) error {
	return audit.Export(s.ctx, s.stdout, s.data(), c.Details)
}
