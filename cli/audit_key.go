package cli

import (
	"crypto/rand"

	"github.com/usherbot/usher/audit"
)

type auditKeyCmd struct {
	New bool `help:"Make a new key and print it with its public part."`
}

// Run prints a key's public part, or makes a key.
func (c auditKeyCmd) Run(s *session) error {
	if c.New {
		return audit.NewKey(s.stdout, rand.Reader)
	}
	return audit.PrintKey(s.stdout, s.env)
}
