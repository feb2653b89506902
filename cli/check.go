package cli

import "github.com/usherbot/usher/check"

type checkCmd struct {
	JSON  bool `name:"json" help:"Print what was found as JSON, and nothing else." xor:"asks"`
	Alive bool `help:"Only ask the Usher that runs on the data folder whether it lives; exit 1 if not." xor:"asks"`
	Ready bool `help:"Only ask it whether it's ready too: Slack is heard, the store answers, nothing is long overdue." xor:"asks"`
}

// Run asks Slack, the vendors and the disk whether this configuration can work, or the running Usher how it is.
func (c checkCmd) Run(s *session) error {
	if c.Alive || c.Ready {
		return s.data().Health(s.ctx, s.stdout, c.Ready)
	}
	return check.Run(s.ctx, check.Question{Config: s.config(), Data: s.data(), Env: s.env, LogLevel: s.LogLevel, JSON: c.JSON, Out: s.stdout, Log: s.stderr})
}
