package cli

import "github.com/usherbot/usher/backup"

type restoreCmd struct {
	File    string `arg:"" help:"A file made by \"usher backup\"."`
	DryRun  bool   `help:"Check that the backup is complete and print what it holds; change nothing."`
	Replace bool   `help:"Put aside what a PostgreSQL database holds, as a schema of another name. Without it only an empty one is restored into; a file is always kept."`
	Next    int64  `help:"The next request's number. Default: past every number that can have been used since the backup." placeholder:"N"`
}

// Run puts a backup in the place of the database, or only says whether it could.
func (c restoreCmd) Run(s *session) error {
	if c.DryRun {
		return backup.Prove(s.ctx, s.stdout, c.File)
	}
	return backup.Restore(s.ctx, s.stdout, s.data(), c.File, backup.Restoring{Next: c.Next, Replace: c.Replace})
}
