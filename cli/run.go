package cli

import (
	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/logging"
)

type runCmd struct{}

// Run reads what it needs, all of it, and starts the bot only then.
func (runCmd) Run(s *session) error {
	cfg, env, err := config.Read(s.Config, s.env)
	if err != nil {
		return err
	}
	log := logging.New(s.stderr, s.LogLevel, env.Secrets()...)
	for _, note := range env.Notes {
		log.Warn(note + "; " + config.MendNote)
	}
	return app.Run(s.ctx, cfg, env, app.Options{DataDir: string(s.data()), Log: log})
}
