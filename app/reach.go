package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
)

// reachWithin is how long a start, or a configuration that is read again, waits for Slack's word on who can decide.
const reachWithin = 3 * time.Second

// ranUnder is the name under which the store keeps which policies a life has run under.
const ranUnder = "approvers"

// Reaches refuses a configuration with a policy of which Slack says that nobody can decide what it rules. What Slack can't
// say in time refuses nothing: the admins are told once it is known. Nor does it where these same policies have run before
// and somebody has left since, because a restart must change nothing for all others: that is told, too.
func (a *App) Reaches(ctx context.Context, cfg *config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, reachWithin)
	defer cancel()
	sum, err := peopleIn(cfg)
	if err != nil {
		return err
	}
	if ran, err := a.Store.Learned(ctx, ranUnder); err == nil && string(ran) == sum {
		return nil
	}
	if _, err := a.slack.SignIn(ctx); err != nil {
		a.Log.DebugContext(ctx, "nobody can be looked up before the start", "err", err)
		return nil // a token that can't do it ends the start, which says what it lacks
	}
	desk := *a.Desk
	desk.Policies, desk.Apps, desk.Admins = cfg.Policies(), cfg.Catalog(), cfg.Slack.Admins
	list, unsure := desk.Unreached(ctx)
	var problems []string
	for _, u := range list {
		if u.Escalates {
			continue // and the roll tells the admins
		}
		for _, p := range cfg.Rules {
			if p.Name == u.Policy {
				problems = append(problems, fmt.Sprintf("%s:%d:%d: policy %q reaches nobody: of those its step %d names %d must say yes, and %d can (%s: no active member); name somebody else",
					cfg.File, p.At.Line, p.At.Column, u.Policy, u.Step+1, u.Need, u.Left, strings.Join(u.Gone, ", ")))
			}
		}
	}
	switch {
	case len(problems) > 0:
		return terminal.Wrong(problems...)
	case unsure != nil:
		a.Log.DebugContext(ctx, "not everybody whom a policy names could be looked up before the start", "err", unsure)
		return nil
	}
	if err := a.Store.Learn(ctx, ranUnder, []byte(sum)); err != nil {
		a.Log.WarnContext(ctx, "cannot keep which policies have run; the next start looks again whether they reach anybody", "err", err)
	}
	return nil
}

// peopleIn is what tells one set of policies, with the people behind their words, from another.
func peopleIn(cfg *config.Config) (string, error) {
	owners := map[string][]string{}
	for _, a := range cfg.Apps {
		owners[a.ID] = a.Owners
	}
	raw, err := json.Marshal([]any{cfg.Policies(), owners, cfg.Slack.Admins})
	if err != nil {
		return "", fmt.Errorf("encode policies: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// unopened ends a life that never began.
func (a *App) unopened(err error) error { return errors.Join(err, a.Store.Close()) }
