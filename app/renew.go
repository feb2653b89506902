package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/traces"
	"github.com/usherbot/usher/watch"
)

// A running program takes up another configuration by beginning a new life in the same process: it finishes what is in
// hand while it still hears people, then closes the store and opens it again under what was read. Whatever is open is
// kept in the store, and so goes on as across any restart. A crash anywhere leaves what a crash leaves; the next start
// reads the file that stands there.

// Beginning is what a life begins with.
type Beginning struct {
	Config *config.Config
	Env    config.Env
	Log    *slog.Logger
}

// Renewal is how a running program is asked to take up its configuration anew.
type Renewal struct {
	// Asked brings one for each time somebody asks (SIGHUP); nil: nobody does.
	Asked <-chan os.Signal
	// Read reads it: all of it, or the error says every problem.
	Read func() (Beginning, error)
}

// Place is where a running program is found.
type Place struct {
	// Data is the folder in which everything is kept.
	Data string
	// Listen is the address of metrics and health; "": there is none.
	Listen string
	// Lease is for how long what was begun in a database is this process's own when it is heard of no more; 0: as usual.
	Lease time.Duration
	// Terminal is where somebody watches the program start; nil: nobody does.
	Terminal io.Writer
	// watch is what is served there.
	watch *watch.Server
	// traces takes what is told of each life; nil: nobody watches.
	traces *traces.Sender
}

// Run is `usher run`: it returns nil after ctx ended and everything in hand was finished or put back.
func Run(ctx context.Context, b Beginning, again Renewal, at Place) (err error) {
	if err := control.KeepPrivate(at.Data, b.Log); err != nil {
		return err
	}
	if at.watch, err = watch.Open(at.Listen, b.Log); err != nil {
		return err
	}
	if at.traces, err = openTraces(b.Env.Traces, b.Log); err != nil {
		return errors.Join(err, at.watch.Close())
	}
	defer closeTraces(at.traces)
	defer context.AfterFunc(ctx, at.watch.Stopping)()
	defer slimming(ctx, b.Log)()
	b.Log.InfoContext(ctx, "usher is up", "version", Version(), "data", at.Data, "kept_in", kept(b.Env, at.Data))
	return announced(ctx, b.Log, func() error { return errors.Join(lives(ctx, b, again, at), at.watch.Close()) })
}

// lives are one life after another, each under the configuration that was read last.
func lives(ctx context.Context, b Beginning, again Renewal, at Place) error {
	for first := true; ; first = false {
		if b.Env.AuditKey == nil {
			b.Log.WarnContext(ctx, "the audit log is not signed: anybody who can write to the file can rewrite it unnoticed", "set", config.AuditKeyName)
		}
		next, err := live(ctx, b, again, at, first)
		if err != nil || next == nil {
			return err
		}
		b = *next
		at.traces.Under(b.Env.Traces.Headers)
		b.Log.InfoContext(ctx, "usher goes on under the configuration that it has read again", "policies", len(b.Config.Rules), "apps", len(b.Config.Apps))
	}
}

// live is one life, until ctx ends or another configuration was read; next is what that says, and nil at the end. The first
// begins only where its policies reach somebody; of the others that was seen before the one before them made way.
func live(ctx context.Context, b Beginning, again Renewal, at Place, first bool) (next *Beginning, err error) {
	around := Outside()
	around.Traces, around.Database.Lease = at.traces, at.Lease
	a, err := New(ctx, b.Config, b.Env, around, Options{DataDir: at.Data, Log: b.Log})
	if err != nil {
		return nil, unlessStopped(ctx, err)
	}
	if first {
		if err := a.Reaches(ctx, b.Config); err != nil {
			return nil, a.unopened(unlessStopped(ctx, err))
		}
	}
	listening, end := context.WithCancel(ctx)
	heard := make(chan *Beginning, 1)
	go func() { heard <- a.listen(listening, b.Config, again) }()
	go a.greet(listening, at.Terminal, b.Config, kept(b.Env, at.Data))
	at.watch.Watch(a.watched())
	err = a.Serve(ctx, at.Data)
	at.watch.Watch(nil)
	end()
	if next = <-heard; ctx.Err() != nil {
		next = nil
	}
	return next, err
}

// unlessStopped is what kept a life from beginning; nothing where that was only that it was told to end.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, approvals.ErrAway)) {
		return nil
	}
	return err
}

// listen waits until it is asked for another configuration and one can be read, and lets this life make way for it. What
// can't be read changes nothing: the log has every problem, and the admins hear of it once.
func (a *App) listen(ctx context.Context, cfg *config.Config, again Renewal) *Beginning {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-again.Asked:
		}
		next, err := again.Read()
		if err == nil {
			err = a.admits(ctx, next)
		}
		if err == nil {
			err = a.Reaches(ctx, next.Config)
		}
		if err == nil {
			a.renew()
			return &next
		}
		a.unreadable(ctx, cfg, err)
	}
}

// unreadable tells what is wrong with a configuration that was to be read again.
func (a *App) unreadable(ctx context.Context, cfg *config.Config, err error) {
	problems := strings.Split(err.Error(), "\n")
	for _, p := range problems {
		a.Log.ErrorContext(ctx, "the configuration can't be read again, so nothing has changed", "problem", p)
	}
	sum := sha256.Sum256([]byte(err.Error()))
	say := approvals.Sayf("I was asked to read my configuration again, but it has %v, so nothing has changed: %v. `usher check` shows everything.",
		terminal.Plural(len(problems), "problem", "problems"), strings.Join(problems[:min(len(problems), 3)], " · "))
	a.alarm(cfg.Slack.Admins, a.Clock.Now)(ctx, "configuration "+hex.EncodeToString(sum[:4]), say)
}
