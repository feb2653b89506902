package commands

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// limitsGuide is the help of the drawing of a pool.
func (s speech) limitsGuide() guide {
	g := guide{
		name: "limits", usage: "APP",
		of:       approvers,
		does:     "shows an app's shared limits: what's left, and who has how much (admins, approvers and the app's owners)",
		options:  []string{"app"},
		examples: []string{"/access limits"},
	}
	for _, a := range s.apps {
		if len(a.Pool) > 0 {
			g.examples = []string{command("limits", quoted(a.ID))}
			break
		}
	}
	return g
}

// limits draws how an app's pool is spread.
type limits struct {
	// app is as it was typed; "": the one that has a pool, or is meant where none is named.
	app string
}

func (l *line) limits() (Command, *Reply) {
	c, words := limits{app: l.options["app"]}, l.words
	if c.app == "" && len(words) > 0 {
		c.app, words = write(words), nil
	}
	if answer := l.nothingElse(words, c.Typed()); answer != nil {
		return nil, answer
	}
	return c, nil
}

// Keeps implements Command.
func (c limits) Keeps() bool { return false }

// Typed implements Command.
func (c limits) Typed() string {
	if c.app == "" {
		return command("limits")
	}
	return command("limits", quoted(c.app))
}

func (c limits) run(ctx context.Context, h *House, call Call, _ time.Time) (Reply, error) {
	app, err := c.of(h.speech())
	if err != nil {
		return Reply{}, err
	}
	if err := h.mayReadPool(ctx, call.User, app); err != nil {
		return Reply{}, err
	}
	if len(app.Pool) == 0 {
		return Reply{Head: approvals.Sayf("%v has no shared limits: no `pool` is set up for it.", app.Name)}, nil
	}
	now, err := h.Desk.Pool(ctx, app.ID)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Head: poolHead(app, now), Lines: poolLines(now)}, nil
}

// of finds the app that is meant.
func (c limits) of(s speech) (approvals.App, error) {
	if len(s.apps) == 0 {
		return approvals.App{}, noApp()
	}
	if c.app != "" {
		if a, ok := s.named(c.app); ok {
			return a, nil
		}
		return approvals.App{}, &stop{s.unknownApp(c.app, func(guess string) string { return command("limits", quoted(guess)) })}
	}
	for _, a := range s.apps {
		if len(a.Pool) > 0 {
			return a, nil
		}
	}
	a, _ := s.unnamed()
	return a, nil
}

// mayReadPool refuses to show who has how much to everybody but those who decide about it or look after it.
func (h *House) mayReadPool(ctx context.Context, id approvals.PersonID, app approvals.App) error {
	reads, owns := h.approver(ctx, id), h.looksAfter(ctx, id, app)
	switch {
	case reads == approvals.May || owns == approvals.May:
		return nil
	case reads == approvals.CouldNotTell || owns == approvals.CouldNotTell:
		return untold()
	}
	return approvals.Refuse(approvals.NotAllowed, "Only admins, approvers and the owners of %v can see how its limits are shared out.", app.Name)
}

// poolHead says how the whole is, in a line.
func poolHead(app approvals.App, now approvals.Pooled) approvals.Text {
	over := false
	for _, s := range now.Limits {
		over = over || s.Over() > 0
	}
	switch {
	case over:
		return approvals.Sayf("*%v* · more is handed out than the pool has. No more of it can be given until it fits again; what people have stays theirs.", app.Name)
	case len(now.People) == 0:
		return approvals.Sayf("*%v* · nothing is handed out yet.", app.Name)
	}
	return approvals.Sayf("*%v* · shared limits, spread over %v", app.Name, plural(len(now.People), "person", "people"))
}

// poolLines are the limits, a bar each, and then who has how much.
func poolLines(now approvals.Pooled) (lines []approvals.Text) {
	for _, s := range now.Limits {
		lines = append(lines, limitLine(s))
	}
	for _, p := range now.People {
		var parts []approvals.Text
		for _, s := range now.Limits {
			if part := shareText(s.Limit, p); part != nil {
				parts = append(parts, part)
			}
		}
		lines = append(lines, approvals.Sayf("• %v: %v", p.Email, approvals.Join(parts, " · ")))
	}
	return lines
}

// shareText is what somebody has of a limit, and will have; nil: nothing.
func shareText(l approvals.Limit, p approvals.Sharer) approvals.Text {
	has, will := p.Has[l.Key], p.Promised[l.Key]
	switch {
	case will > 0 && has > 0:
		return approvals.Sayf("%v %v, soon %v", approvals.Grouped(has), l.Words(), approvals.Grouped(will))
	case will > 0:
		return approvals.Sayf("%v %v soon", approvals.Grouped(will), l.Words())
	case has > 0:
		return approvals.Sayf("%v %v", approvals.Grouped(has), l.Words())
	}
	return nil
}

// limitLine draws one limit: "Keywords ██████░░░░ 3,200 of 5,000 handed out · 500 promised · 1,300 left".
func limitLine(s approvals.Spread) approvals.Text {
	line := approvals.Sayf("*%v* %v %v of %v handed out", s.Label(), bar(s.Taken(), s.Of), approvals.Grouped(s.Out), approvals.Grouped(s.Of))
	if s.Promised > 0 {
		line = approvals.Sayf("%v · %v promised", line, approvals.Grouped(s.Promised))
	}
	if s.Over() > 0 {
		return approvals.Sayf("%v · *over by %v*", line, approvals.Grouped(s.Over()))
	}
	return approvals.Sayf("%v · %v left", line, approvals.Grouped(s.Left()))
}

// barCells is how many cells a bar has.
const barCells = 10

// bar is how much of something is taken. Anything at all is a cell, and what isn't all leaves one.
func bar(taken, of int64) string {
	full := int(min(taken, of) * barCells / of)
	switch {
	case taken > 0 && full == 0:
		full = 1
	case taken < of && full == barCells:
		full--
	}
	return strings.Repeat("█", full) + strings.Repeat("░", barCells-full)
}
