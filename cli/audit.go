package cli

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Check the audit log of the data folder, or an export; name the first bad entry."`
	Export auditExportCmd `cmd:"" help:"Print the audit log as JSON lines."`
	Adopt  auditAdoptCmd  `cmd:"" help:"Sign what was written before there was a key, while the bot isn't running."`
	Key    auditKeyCmd    `cmd:"" help:"Print the public part of the key that signs the log, or make a key."`
}
