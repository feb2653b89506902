package cli

import "github.com/usherbot/usher/audit"

type auditAdoptCmd struct {
	Head string `help:"Adopt only a log that holds this entry, as every digest posts it." placeholder:"SEQ:HASH"`
}

// Run vouches for what bears no signature.
func (c auditAdoptCmd) Run(s *session) error {
	return audit.Adopt(s.ctx, s.stdout, s.data(), s.env, c.Head)
}
