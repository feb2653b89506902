package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/reports/units"
)

// errNoLook is what comes of jumping to a look that isn't promised: a bot that has just begun promises it in a moment.
var errNoLook = errors.New("the bot hasn't planned its next look yet: try again in a moment")

// nextLook is when Usher will have looked at each vendor once more by itself.
func (s *Stage) nextLook(ctx context.Context) (at time.Time, err error) {
	folder := s.answers()
	if !folder.Running() {
		return at, errNoBot
	}
	g, err := folder.Glance(ctx)
	if err != nil {
		return at, fmt.Errorf("ask the bot when it looks next: %w", err)
	}
	if at = lookOf(g.Promises, s.clock.Now()); at.IsZero() {
		return at, errNoLook
	}
	return at, nil
}

// lookOf is the first moment at which, of each app, one of the readings is due that are promised for later; zero: none is.
func lookOf(promises []control.Promised, now time.Time) (at time.Time) {
	first := map[string]time.Time{}
	for _, p := range promises {
		kind, rest, _ := strings.Cut(p.Key, "/")
		app, _, _ := strings.Cut(rest, "/")
		if kind != approvals.KindSweep && kind != units.Kind || !p.Due.After(now) {
			continue
		}
		if due, known := first[kind+"/"+app]; !known || p.Due.Before(due) {
			first[kind+"/"+app] = p.Due
		}
	}
	for _, due := range first {
		if due.After(at) {
			at = due
		}
	}
	return at
}

// look has Usher look at the vendors now, and says what comes next.
func (s *Stage) look(ctx context.Context) (said string, err error) {
	if err := s.Jump(ctx, "look"); err != nil {
		return "", errors.New(sentence(err))
	}
	there, err := time.LoadLocation(zone)
	if err != nil {
		return "", fmt.Errorf("look up the demo's zone: %w", err)
	}
	return fmt.Sprintf("It's %s in London now, and Usher is reading SE Ranking's accounts and Semrush's units. Few units? It warns in #access-approvals. "+
		"An account that nobody asked for? Carol has it on her Home in Usher. Somebody blocked? She reads it in Monday's digest, or at once with /access accounts blocked.",
		s.clock.Now().In(there).Format("Monday, 15:04")), nil
}
