package cli

import "github.com/usherbot/usher/audit"

type auditVerifyCmd struct {
	Export  string `help:"Check this file, made by \"usher audit export\", instead of the data folder." placeholder:"FILE"`
	Details string `help:"With --export: what was kept beside its entries, made by \"usher audit export --details\"." placeholder:"FILE"`
	Head    string `help:"An entry that the log must hold, as every digest posts it; shows a cut tail." placeholder:"SEQ:HASH"`
	Key     string `help:"The public key (hex) that must have signed or adopted every entry. The data folder's log is held to the key in USHER_AUDIT_KEY without it." placeholder:"HEX"`
}

// Run says whether the log is whole.
func (c auditVerifyCmd) Run(s *session) error {
	return audit.Verify(s.ctx, s.stdout, s.data(), s.env, audit.Against{Export: c.Export, Details: c.Details, Head: c.Head, Key: c.Key})
}
