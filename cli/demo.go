package cli

import (
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/logging"
)

type demoCmd struct {
	Addr string `help:"Where its page is served." default:"127.0.0.1:3000" placeholder:"HOST:PORT"`
}

// Run is the demo, with the apps of a configuration that people set up, if one is named.
func (c demoCmd) Run(s *session) error {
	var own []config.AppConfig
	if s.Config != "" {
		cfg, err := config.Load(s.Config)
		if err != nil {
			return err
		}
		own = cfg.Apps
	}
	return demo.Run(s.ctx, c.Addr, s.Data, s.stdout, logging.New(s.stderr, s.LogLevel), own...)
}
