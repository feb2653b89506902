package cli

import "github.com/usherbot/usher/check"

type checkCmd struct {
	JSON bool `name:"json" help:"Print what was found as JSON, and nothing else."`
}

// Run asks Slack, the vendors and the disk whether this configuration can work.
func (c checkCmd) Run(s *session) error {
	return check.Run(s.ctx, check.Question{Config: s.config(), Data: s.data(), Env: s.env, LogLevel: s.LogLevel, JSON: c.JSON, Out: s.stdout, Log: s.stderr})
}
