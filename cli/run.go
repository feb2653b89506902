package cli

import (
	"context"
	"os"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/logging"
	"github.com/usherbot/usher/watch"
)

type runCmd struct {
	Listen string `help:"Where /metrics, /healthz and /readyz are served (default: nowhere)." placeholder:"HOST:PORT"`
	// Lease is for tests, which wait for it to run out.
	Lease time.Duration `hidden:"" help:"For how long what this process has begun in a database is its own when it is heard of no more."`
}

// signals is the key under which a context has the signals that ask to read the configuration again.
type signals struct{}

// ReadAgainOn is ctx with signals (SIGHUP) on each of which `usher run` reads its configuration again.
func ReadAgainOn(ctx context.Context, again <-chan os.Signal) context.Context {
	return context.WithValue(ctx, signals{}, again)
}

// Run reads what it needs, all of it, and starts the bot only then.
func (c runCmd) Run(s *session) error {
	if c.Listen != "" {
		if err := watch.Address(c.Listen); err != nil {
			return err
		}
	}
	first, err := s.beginning()
	if err != nil {
		return err
	}
	again, _ := s.ctx.Value(signals{}).(<-chan os.Signal) // nil: it is never asked to
	return app.Run(s.ctx, first, app.Renewal{Asked: again, Read: s.beginning}, app.Place{Data: s.data().Dir, Listen: c.Listen, Lease: c.Lease, Terminal: logging.Terminal(s.stderr)})
}

// beginning is what a life of the bot begins with, as it stands now.
func (s *session) beginning() (b app.Beginning, err error) {
	if b.Config, b.Env, err = config.Read(s.config(), s.env); err != nil {
		return b, err
	}
	b.Log = logging.New(s.stderr, s.LogLevel, b.Env.Secrets()...)
	for _, note := range b.Env.Notes {
		b.Log.Warn(note + "; " + config.MendNote)
	}
	for _, f := range b.Env.Files {
		if f.Exposed != "" {
			b.Log.Warn("a file with a secret "+f.Exposed, "name", f.Name, "path", f.Path, "mend", f.Mend())
		}
	}
	return b, nil
}
