package cli

import "github.com/usherbot/usher/move"

type migrateCmd struct {
	From   string `required:"" placeholder:"SOURCE" help:"What moves: a data folder, postgres://…, or env:NAME for an address that the environment has under NAME (a password on a command line can be seen by others on the machine)."`
	To     string `required:"" placeholder:"TARGET" help:"Where to: the same, and empty."`
	DryRun bool   `help:"Say what would move and what stands against it; change nothing."`
}

// Run moves everything, or only says whether it could.
func (c migrateCmd) Run(s *session) error {
	from, err := move.Read(s.env, "--from", c.From)
	if err != nil {
		return err
	}
	to, err := move.Read(s.env, "--to", c.To)
	if err != nil {
		return err
	}
	return move.Migrate(s.ctx, s.stdout, s.progress(), from, to, c.DryRun)
}
