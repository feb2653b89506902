package main

type demoCmd struct {
	Addr string `help:"Where its page is served." default:"127.0.0.1:3000" placeholder:"HOST:PORT"`
}

func (c demoCmd) Run(s *session) error {
	return runDemo(s.ctx, c.Addr, s.Data, s.stdout, newLogger(s.stderr, s.LogLevel))
}
