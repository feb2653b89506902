package app

import (
	"context"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store"
)

// Several processes on one database share whose turn it is to call a vendor or to post, and who is at work on an account. Here it
// is decided who keeps that: the database, or, with a file, which one process has to itself, each room in its memory.

// sharing is what a store on a database keeps of it.
type sharing interface {
	web.Turns
	apiclient.Turns
	apiclient.Locks
	// Others is how many connections to Slack other processes keep.
	Others() int
	// Current is an error once a newer program has changed the database.
	Current(ctx context.Context) error
	// Listen calls wake whenever another process has promised something that is due, and told with each word of Tell, until ctx ends.
	Listen(ctx context.Context, wake func(), told func(word string))
	Tell(ctx context.Context, word string) error
}

// shared is there once the store is open, as lateMemory is: nothing is called before. Nil: this process is alone.
type shared struct{ sharing }

// sharedOf is what is shared under an environment.
func sharedOf(env config.Env) *shared {
	if env.DatabaseURL == "" {
		return nil
	}
	return &shared{}
}

// opened hands over the store to those who were joined before it was open.
func (a Around) opened(memory *lateMemory, s store.Store) {
	memory.Memory = s
	if a.shared != nil {
		a.shared.sharing, _ = s.(sharing)
	}
}

// turns are for Slack's client; nil: it keeps them.
func (s *shared) turns() web.Turns {
	if s == nil {
		return nil
	}
	return s
}

// others are for who counts connections to Slack; nil: there is nobody else.
func (s *shared) others() func() int {
	if s == nil {
		return nil
	}
	return func() int { return s.Others() }
}

// locks are of accounts; nil: each room keeps them.
func (s *shared) locks() apiclient.Locks {
	if s == nil {
		return nil
	}
	return s
}

// every is how often the worker asks what there is to do; 0: there are no others, and it's told.
func (s *shared) every() time.Duration {
	if s == nil {
		return 0
	}
	return outbox.OthersWithin
}

// listening has the worker look at once when another process has promised something, and forgets whom another has heard something of.
func (a *App) listening(ctx context.Context) {
	if s, ok := a.Store.(sharing); ok {
		s.Listen(ctx, a.worker.Wake, a.slack.ChangedElsewhere)
	}
}

// spreads lets the other processes know of whom Slack has said something new: it says so to one of them, and each remembers people for
// some minutes. One that doesn't hear it finds out when these are over.
func (a *App) spreads(ctx context.Context, who string) {
	if s, ok := a.Store.(sharing); ok {
		if err := s.Tell(ctx, who); err != nil {
			a.Log.InfoContext(ctx, "cannot tell the other Ushers whom Slack has said something new of; they find out within minutes", "who", who, "err", err)
		}
	}
}

// pace is that of a vendor's key; nil: its client keeps it.
func (s *shared) pace(vendor string, key apiclient.Secret, perSecond int, now func() time.Time) apiclient.Pace {
	if s == nil {
		return nil
	}
	return apiclient.Shared{Turns: s, Name: apiclient.KeyName(vendor, key), Gap: time.Second / time.Duration(perSecond), Now: now}
}
