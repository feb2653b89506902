package cli

import "github.com/usherbot/usher/audit"

type auditExportCmd struct{}

// Run prints the log.
func (auditExportCmd) Run(s *session) error { return audit.Export(s.ctx, s.stdout, s.data()) }
