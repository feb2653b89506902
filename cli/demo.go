package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/demo/script"
	"github.com/usherbot/usher/demo/tour"
	"github.com/usherbot/usher/logging"
	"github.com/usherbot/usher/terminal"
)

type demoCmd struct {
	Addr string `help:"Where its page is served (default: 127.0.0.1:3000, or the next port that's free)." placeholder:"HOST:PORT"`
	Tour bool   `help:"Play the demo's stories by itself, print what happened, and exit 0 only if all of it came out right."`

	Postgres apiclient.Secret `help:"Have three bots share this PostgreSQL database, empty or a demo's own: postgres://USER@HOST:PORT/DATABASE; the password in PGPASSWORD." placeholder:"URL"`

	Script string `help:"Play a talk such as those of test/talks, in simulated time, and exit 0 only if all of it came out right." placeholder:"FILE"`

	Story string `arg:"" optional:"" help:"With --tour: the one story to play, such as ask."`
}

// program is the key under which a context has the path of this program.
type program struct{}

// Itself is ctx with the path of this program: `usher demo` starts the bot as a process of its own with it, and without it in this one.
func Itself(ctx context.Context, path string) context.Context {
	return context.WithValue(ctx, program{}, path)
}

// Run is the demo, with the apps of a configuration that people set up, if one is named.
func (c demoCmd) Run(s *session) error {
	if err := c.plays(s); err != nil {
		return err
	}
	if c.Script != "" {
		return c.performs(s)
	}
	own, err := s.own()
	if err != nil {
		return err
	}
	setting := demo.Setting{Addr: c.Addr, Data: s.Data, Database: c.Postgres, Own: own, Log: logging.New(s.stderr, s.LogLevel)}
	if path, ok := s.ctx.Value(program{}).(string); ok {
		setting.Bot = demo.Program{Path: path, Args: s.again(), Log: s.stderr}.Begin
	}
	if c.Tour {
		return tour.Run(s.ctx, setting, c.Story, tour.Paper{To: s.stdout, Colours: logging.Terminal(s.stdout) != nil})
	}
	return demo.Run(s.ctx, setting, s.stdout)
}

// player is the key under which a context has who plays talks.
type player struct{}

// Player plays a talk that has been read from a file, says what happens, and returns what went wrong.
type Player func(file string, talk script.Talk, out io.Writer) error

// PlayedBy is ctx with who plays talks: that is no room of the program's.
func PlayedBy(ctx context.Context, plays Player) context.Context {
	return context.WithValue(ctx, player{}, plays)
}

// performs reads a talk whole, and has it played only then.
func (c demoCmd) performs(s *session) error {
	talk, err := script.Read(c.Script)
	if err != nil {
		return err
	}
	plays, ok := s.ctx.Value(player{}).(Player)
	if !ok {
		return errors.New("play a talk: nobody is here who can")
	}
	return plays(c.Script, talk, s.stdout)
}

// plays holds that what is asked of a tour goes together, and quiets the bot's log beside it, where nobody has asked for another.
func (c demoCmd) plays(s *session) error {
	switch {
	case c.Story != "" && !c.Tour:
		return terminal.Wrong(fmt.Sprintf("usher: unexpected %s; expected --tour with it, which plays the demo's stories", terminal.Quoted(c.Story)))
	case c.Script != "" && (c.Tour || c.Postgres != "" || s.Data != "" || s.Config != "" || c.Addr != ""):
		return terminal.Wrong("usher: --script goes with nothing else; expected a file alone, because a talk brings all that it needs")
	case c.Tour && s.Data != "":
		return terminal.Wrong("usher: --data doesn't go with --tour; expected none, because a tour begins with a fresh folder and leaves nothing behind")
	case c.Tour && c.Postgres != "":
		return terminal.Wrong("usher: --postgres doesn't go with --tour; expected none, because a tour begins with nothing kept and leaves nothing behind")
	case c.Tour && s.LogLevel == "info":
		s.LogLevel = "error"
	}
	return nil
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
