package commands

import (
	"context"
	"errors"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/leavers"
)

// House is everything that commands need of the rest of Usher.
type House struct {
	Desk      *approvals.Desk
	Inventory approvals.Inventory
	Directory approvals.Directory
	// Reports may be nil where no report is configured.
	Reports Reports
	// Rooms may be nil: then it is not known where the bot can post.
	Rooms Rooms
	// Register may be nil: then nobody is shown who holds what.
	Register Register
	// People is what the list of people is called that admins may add; "": none is taken.
	People string
	// Reviews may be nil: then nothing is reviewed.
	Reviews Reviews
	// Past may be nil: then nothing is remembered of apps.
	Past Past
	// Units may be nil: then nobody's units are known.
	Units Units
	// Leavers may be nil: then nobody can say who leaves.
	Leavers *leavers.Desk
	// Main is the app that is meant where none is named; "": the first.
	Main string
	// Bundles are what can be asked by name.
	Bundles []approvals.Bundle
	// Cards is the channel of the approval cards; "" leaves it unsaid.
	Cards approvals.ChannelID
	// Link leads to the card of a key, for whoever may read of its request; "": it isn't known where that stands. It may be nil.
	Link func(ctx context.Context, card string) string
}

// Command is something Usher was told to do, read but not yet done. Its methods are called once.
type Command interface {
	// Keeps reports whether it changes something durable, so that it is acknowledged only afterwards.
	Keeps() bool
	// Typed is how one would write it: mended, complete, ready to be copied.
	Typed() string
	run(ctx context.Context, h *House, c Call, now time.Time) (Reply, error)
}

// stop is an answer found deep inside a command. Run turns it into a Reply; nothing was changed.
type stop struct{ reply Reply }

func (s *stop) Error() string { return "answered: " + s.reply.Head.Plain() }

// Plan reads what was typed. Exactly one of its results is set.
func (h *House) Plan(c Call) (Command, *Reply) { return parse(h.speech(), c.Text) }

// Do reads a call and carries it out. An *approvals.Error is a sentence for the person who typed;
// every other error is for the log.
func (h *House) Do(ctx context.Context, c Call, now time.Time) (Reply, error) {
	cmd, answer := h.Plan(c)
	switch {
	case answer != nil:
		return *answer, nil
	case cmd == nil:
		return Reply{}, nil
	}
	return h.Run(ctx, cmd, c, now)
}

// Run carries out a command that Plan has read; its errors are those of Do.
func (h *House) Run(ctx context.Context, cmd Command, c Call, now time.Time) (Reply, error) {
	reply, err := cmd.run(ctx, h, c, now)
	var s *stop
	if errors.As(err, &s) {
		return s.reply, nil
	}
	if next, say := nextBest(err); next != nil {
		return Reply{Head: say, Form: next, Offer: h.labelOf(*next)}, nil
	}
	h.linked(ctx, err)
	return reply, err
}

// linked gives a refusal by a request that stands in the way the link to its card.
func (h *House) linked(ctx context.Context, err error) {
	var e *approvals.Error
	if errors.As(err, &e) && e.Card != "" && h.Link != nil {
		e.Link = h.Link(ctx, e.Card)
	}
}

// nextBest is what can be asked for instead of what was refused, and the refusal; nil: nothing.
func nextBest(err error) (*Draft, approvals.Text) {
	var p placed
	var e *approvals.Error
	if !errors.As(err, &p) || p.instead == nil || !errors.As(err, &e) {
		return nil, nil
	}
	return p.instead, e.Say
}

// labelOf is what a form calls the action of a draft.
func (h *House) labelOf(d Draft) string {
	if c, ok := h.speech().drafted(d); ok {
		return c.action.Label
	}
	return ""
}
