package commands

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
)

// StillNeeded is the question which accounts of outsiders somebody still needs, as it is now.
type StillNeeded struct {
	Head, Foot approvals.Text
	Accounts   []StillOne
	// Open is how many of them nobody has answered.
	Open int
}

// StillOne is one account, with App and Email for its buttons; Open says that it is still asked, and Takes that a request can take it
// back.
type StillOne struct {
	Say         approvals.Text
	App, Email  string
	Open, Takes bool
}

// Needed is what somebody was asked on a day, as it is now.
func (h *House) Needed(ctx context.Context, day string, who approvals.PersonID) (out StillNeeded, err error) {
	if h.Register == nil {
		return out, nil
	}
	all, err := h.Register.Needed(ctx, day, who)
	if err != nil {
		return out, fmt.Errorf("read what somebody was asked: %w", err)
	}
	round := 0
	for _, s := range all {
		one := StillOne{Say: stillText(s, who), App: s.App.ID, Email: s.Email, Open: s.Said == nil}
		if m, ok := s.TakeBack(); ok {
			one.Takes = h.mending(m) != nil
		}
		if one.Open {
			out.Open, round = out.Open+1, max(round, s.Round)
		}
		out.Accounts = append(out.Accounts, one)
	}
	slices.SortStableFunc(out.Accounts, func(a, b StillOne) int { return one(b.Open) - one(a.Open) })
	out.Head, out.Foot = stillHead(out.Open, len(all), round), approvals.Sayf("*Take away…* opens a request that removes the account; it's approved as usual, so nothing goes at once. What you keep I ask about again in three months.")
	if out.Open == 0 {
		out.Foot = nil
	}
	return out, nil
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// stillHead is the first line: what it is about, and why now.
func stillHead(open, all, round int) approvals.Text {
	what := plural(open, "account of somebody outside", "accounts of people outside")
	switch {
	case all == 0:
		return approvals.Sayf("*Still needed?* There's nothing left to answer here.")
	case open == 0:
		return approvals.Sayf("*Still needed?* All answered, thanks.")
	case round == 2:
		return approvals.Sayf("*Still needed?* Two weeks ago I asked about %v, and I haven't heard. After two more weeks I'll ask the app's owners.", what)
	case round > 2:
		return approvals.Sayf("*Still needed?* For four weeks nobody has answered for %v, so I'm asking you, who look after the app.", what)
	}
	return approvals.Sayf("*Still needed?* %v: nobody has said so for three months.", what)
}

// stillText is one account: whose, in what, since when and by which request; and what was said of it.
func stillText(s register.Still, reader approvals.PersonID) approvals.Text {
	parts := []approvals.Text{approvals.Sayf("*%v*", s.Email), approvals.Sayf("%v", s.App.Name)}
	if s.As != "" {
		parts = append(parts, approvals.Sayf("%v", s.As))
	}
	parts = append(parts, approvals.Sayf("since %v by *#%v*", s.Given, s.Request))
	switch {
	case s.By == reader:
		parts = append(parts, approvals.Sayf("you asked for it"))
	case s.By != "":
		parts = append(parts, approvals.Sayf("%v asked for it", s.By))
	}
	if s.Said != nil {
		parts = append(parts, approvals.Sayf("kept by %v %v", s.Said.By.Text(), s.Said.At))
	}
	return approvals.Join(parts, " · ")
}

// KeepNeeded keeps that somebody said that an outsider's account is still needed.
func (h *House) KeepNeeded(ctx context.Context, id approvals.PersonID, appID, email string, now time.Time) error {
	s, err := h.askedAbout(ctx, id, appID, email)
	if err != nil {
		return err
	}
	if err := h.Register.Keep(ctx, s.App.ID, s.Email, register.Said{By: approvals.Actor(id), At: now.UTC()}, "slack"); err != nil {
		return fmt.Errorf("keep that an account is needed: %w", err)
	}
	return nil
}

// TakingBack is the form that takes an outsider's account away, filled in.
func (h *House) TakingBack(ctx context.Context, id approvals.PersonID, appID, email string) (Draft, error) {
	s, err := h.askedAbout(ctx, id, appID, email)
	if err != nil {
		return Draft{}, err
	}
	if m, ok := s.TakeBack(); ok {
		if d := h.mending(m); d != nil {
			return *d, nil
		}
	}
	return Draft{}, approvals.Refuse(approvals.Unavailable, "%v can't take that away by a request, as it's set up now.", s.App.Name)
}

// askedAbout is an outsider's account for somebody who is asked about it, or who looks after its app.
func (h *House) askedAbout(ctx context.Context, id approvals.PersonID, appID, email string) (register.Still, error) {
	app, ok := h.speech().named(appID)
	if !ok || h.Register == nil {
		return register.Still{}, approvals.Refuse(approvals.NotFound, "I don't look after “%v” any more.", short(appID))
	}
	s, ok, err := h.Register.Outsider(ctx, app.ID, email)
	switch {
	case err != nil:
		return s, err
	case ok && slices.Contains(s.Whom, id):
		return s, nil
	}
	switch h.looksAfter(ctx, id, app) {
	case approvals.MayNot:
		return s, approvals.Refuse(approvals.NotAllowed, "Only the person I asked about it, and whoever looks after %v, can answer that.", app.Name)
	case approvals.CouldNotTell:
		return s, untold()
	}
	if !ok {
		return s, approvals.Refuse(approvals.Conflict, "%v isn't in %v any more, so there's nothing to answer.", short(email), app.Name)
	}
	return s, nil
}
