package cli

import (
	"crypto/rand"

	"github.com/usherbot/usher/audit"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Check the audit log of the data folder, or an export; name the first bad entry."`
	Export auditExportCmd `cmd:"" help:"Print the audit log as JSON lines."`
	Adopt  auditAdoptCmd  `cmd:"" help:"Sign what was written before there was a key, while the bot isn't running."`
	Key    auditKeyCmd    `cmd:"" help:"Print the public part of the key that signs the log, or make a key."`
}

type auditVerifyCmd struct {
	Export string `help:"Check this file, made by \"usher audit export\", instead of the data folder." placeholder:"FILE"`
	Head   string `help:"An entry that the log must hold, as every digest posts it; shows a cut tail." placeholder:"SEQ:HASH"`
	Key    string `help:"The public key (hex) that must have signed or adopted every entry. The data folder's log is held to the key in USHER_AUDIT_KEY without it." placeholder:"HEX"`
}

// Run says whether the log is whole.
func (c auditVerifyCmd) Run(s *session) error {
	return audit.Verify(s.ctx, s.stdout, s.data(), s.env, audit.Against{Export: c.Export, Head: c.Head, Key: c.Key})
}

type auditExportCmd struct{}

// Run prints the log.
func (auditExportCmd) Run(s *session) error { return audit.Export(s.ctx, s.stdout, s.data()) }

type auditAdoptCmd struct {
	Head string `help:"Adopt only a log that holds this entry, as every digest posts it." placeholder:"SEQ:HASH"`
}

// Run vouches for what bears no signature.
func (c auditAdoptCmd) Run(s *session) error {
	return audit.Adopt(s.ctx, s.stdout, s.data(), s.env, c.Head)
}

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
