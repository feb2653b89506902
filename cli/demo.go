package cli

import (
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/logging"
)

type demoCmd struct {
	Addr string `help:"Where its page is served." default:"127.0.0.1:3000" placeholder:"HOST:PORT"`
}

func (c demoCmd) Run(s *session) error {
	return demo.Run(s.ctx, c.Addr, s.Data, s.stdout, logging.New(s.stderr, s.LogLevel))
}
