package cli

import "github.com/usherbot/usher/backup"

type compactCmd struct{}

// Run makes the database's file smaller.
func (c compactCmd) Run(s *session) error { return backup.Compact(s.ctx, s.stdout, s.data()) }
