package cli

import (
	"context"
	"os"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/logging"
)

type demoCmd struct {
	Addr string `help:"Where its page is served (default: 127.0.0.1:3000, or the next port that's free)." placeholder:"HOST:PORT"`
}

// program is the key under which a context has the path of this program.
type program struct{}

// Itself is ctx with the path of this program: `usher demo` starts the bot as a process of its own with it, and without it in this one.
func Itself(ctx context.Context, path string) context.Context {
	return context.WithValue(ctx, program{}, path)
}

// Run is the demo, with the apps of a configuration that people set up, if one is named.
func (c demoCmd) Run(s *session) error {
	own, err := s.own()
	if err != nil {
		return err
	}
	setting := demo.Setting{Addr: c.Addr, Data: s.Data, Own: own, Log: logging.New(s.stderr, s.LogLevel)}
	if path, ok := s.ctx.Value(program{}).(string); ok {
		setting.Bot = demo.Program{Path: path, Args: s.again(), Log: s.stderr}.Begin
	}
	return demo.Run(s.ctx, setting, s.stdout)
}

// own are the apps of the configuration that is named.
func (s *session) own() ([]config.AppConfig, error) {
	if s.Config == "" {
		return nil, nil
	}
	cfg, err := config.Load(s.Config)
	if err != nil {
		return nil, err
	}
	return cfg.Apps, nil
}

// again is the command line of the demo's bot.
func (s *session) again() []string {
	args := []string{"demo-bot", "--log-level", s.LogLevel}
	if s.Config != "" {
		args = append(args, "--config", s.Config)
	}
	return args
}

// demoBotCmd is what the demo starts.
type demoBotCmd struct{}

// Run is one life of the demo's bot.
func (demoBotCmd) Run(s *session) error {
	own, err := s.own()
	if err != nil {
		return err
	}
	return demo.Child(s.ctx, os.Stdin, s.stdout, logging.New(s.stderr, s.LogLevel), own)
}
