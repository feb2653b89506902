package cli

import "github.com/usherbot/usher/backup"

type backupCmd struct {
	File string `arg:"" help:"Where the backup goes. An existing file is never overwritten."`
}

// Run makes a backup.
func (c backupCmd) Run(s *session) error { return backup.Make(s.ctx, s.stdout, s.data(), c.File) }
