package main

type runCmd struct{}

// Run reads what it needs, all of it, and starts the bot only then.
func (runCmd) Run(s *session) error {
	cfg, env, err := Configured(s.Config, s.env)
	if err != nil {
		return err
	}
	log := newLogger(s.stderr, s.LogLevel, env.secrets()...)
	for _, note := range env.Notes {
		log.Warn(note + "; " + mendNote)
	}
	return runApp(s.ctx, cfg, env, Options{DataDir: string(s.data()), Log: log})
}
