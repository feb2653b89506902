package commands

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/reports/history"
)

// Past is what is remembered of apps, day by day.
type Past interface {
	// Trend is an app over so many weeks until now, a point for each; a week in which it couldn't be read is a gap.
	Trend(ctx context.Context, app string, weeks int, now time.Time) (history.Trend, error)
}

// Units says what is left of what an app's calls are paid from; ok is false where nobody watches that.
type Units interface {
	Balance(ctx context.Context, app string) (b approvals.Balance, ok bool, err error)
}

// Trended is an app over some weeks until At, to be drawn.
type Trended struct {
	App approvals.App
	history.Trend
	// Units are what is left of its units, and was; nil: nobody watches them.
	Units *approvals.Balance
	At    time.Time
}

// trendGuide is the help of trends.
func (s speech) trendGuide() guide {
	g := guide{
		name: "trend", usage: "app=ID", options: []string{"app"},
		of:       approvers,
		does:     "shows how many seats of an app were used over the last twelve weeks (admins and approvers)",
		notes:    []approvals.Text{approvals.Sayf("I look each app over once a day and remember that. A week in which I couldn't is a gap. Where units are watched, you see them over the last 30 days.")},
		examples: []string{"/access trend app=ID"},
	}
	if a, ok := s.unnamed(); ok {
		g.examples = []string{trend{app: a.ID}.Typed()}
	}
	return g
}

// trend draws an app over the last weeks.
type trend struct {
	// app is as it was typed; "": the one that is meant where none is named.
	app string
}

func (l *line) trend() (Command, *Reply) {
	c, words := trend{app: l.options["app"]}, l.words
	if c.app == "" && len(words) > 0 {
		c.app, words = write(words), nil
	}
	if answer := l.nothingElse(words, c.Typed()); answer != nil {
		return nil, answer
	}
	return c, nil
}

// Keeps implements Command.
func (c trend) Keeps() bool { return false }

// Typed implements Command.
func (c trend) Typed() string { return command("trend", appTyped(c.app)) }

func (c trend) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	if err := h.reader(ctx, call.User, "who has which seat"); err != nil {
		return Reply{}, err
	}
	app, err := h.app(c.app, c)
	if err != nil {
		return Reply{}, err
	}
	if h.Past == nil {
		return Reply{}, approvals.Refuse(approvals.Unavailable, "What apps were like isn't remembered here.")
	}
	t, err := h.Past.Trend(ctx, app.ID, history.Weeks, now)
	if err != nil {
		return Reply{}, err
	}
	reply := trendOf(app, t)
	return reply, h.units(ctx, app, now, &reply)
}

// units has a reply show an app's units too, where they are watched.
func (h *House) units(ctx context.Context, app approvals.App, now time.Time, reply *Reply) error {
	if h.Units == nil {
		return nil
	}
	b, watched, err := h.Units.Balance(ctx, app.ID)
	if err != nil || !watched {
		return err
	}
	if reply.Trend == nil {
		reply.Trend = &Trended{App: app}
	}
	reply.Trend.Units, reply.Trend.At = &b, now
	return nil
}

// trendOf is what is said of an app over the last weeks.
func trendOf(app approvals.App, t history.Trend) Reply {
	last, known := t.Last()
	switch {
	case t.From.IsZero():
		return nothingYet(app)
	case !known:
		return Reply{Head: approvals.Sayf("*%v* · nothing is known of the last %v: I couldn't read it.", app.Name, plural(len(t.Points), "week", "weeks")),
			Lines: []approvals.Text{approvals.Sayf("I try once a day. `/access accounts` tries now.")}}
	}
	reply := Reply{Head: approvals.Sayf("*%v* · %v, %v · read %v", app.Name, seatsUsed(app, last), since(t), last.At), Trend: &Trended{App: app, Trend: t}}
	for _, p := range t.Points {
		if p.Known {
			reply.Lines = append(reply.Lines, weekLine(app, p))
		}
	}
	return reply
}

// nothingYet is the answer where nothing is remembered of an app, and how that comes to change.
func nothingYet(app approvals.App) Reply {
	if app.Entry == nil || !app.Entry.Reads.Used {
		return Reply{Head: approvals.Sayf("*%v* · I remember nothing of it yet: it doesn't tell me who's in it.", app.Name),
			Lines: []approvals.Text{approvals.Sayf("Give me its own member list now and then, and I'll remember each for its day: `/access import %v`", app.ID)}}
	}
	return Reply{Head: approvals.Sayf("*%v* · I remember nothing of it yet.", app.Name),
		Lines: []approvals.Text{approvals.Sayf("I look each app over once a day, early in the morning by UTC. Ask again tomorrow.")}}
}

// seatOf is what an app calls a seat.
func seatOf(app approvals.App) catalog.Noun {
	if app.Entry == nil || app.Entry.Seat.One == "" {
		return catalog.Noun{One: "seat", Many: "seats"}
	}
	return app.Entry.Seat
}

// seatsUsed is "22 of 25 seats used", or "22 seats used" where the number bought isn't known.
func seatsUsed(app approvals.App, p history.Point) approvals.Text {
	if p.Bought == 0 {
		return approvals.Sayf("%v used", seatOf(app).Count(p.Used))
	}
	return approvals.Sayf("%v of %v used", approvals.Grouped(p.Used), seatOf(app).Count(p.Bought))
}

// since is by how much that differs from the first week that is known: "+3 in twelve weeks".
func since(t history.Trend) approvals.Text {
	first, last, two := t.Ends()
	if !two {
		return approvals.Sayf("with no other week to compare yet")
	}
	weeks := plural(int(last.At.Sub(first.At).Round(7*24*time.Hour)/(7*24*time.Hour)), "week", "weeks")
	switch n := last.Used - first.Used; {
	case n > 0:
		return approvals.Sayf("+%v in %v", approvals.Grouped(n), weeks)
	case n < 0:
		return approvals.Sayf("−%v in %v", approvals.Grouped(-n), weeks)
	}
	return approvals.Sayf("as many as %v before", weeks)
}

// weekLine is one week that is known, by its last day: "31 Aug 2026: 19 of 25 seats used · 3 blocked by limits", and how many see nothing.
func weekLine(app approvals.App, p history.Point) approvals.Text {
	parts := []approvals.Text{approvals.Sayf("%v: %v", p.At.UTC().Format("2 Jan 2006"), seatsUsed(app, p))}
	if app.Entry != nil && app.Entry.Reads.Blocked {
		parts = append(parts, approvals.Sayf("%v blocked by limits", approvals.Grouped(p.Blocked)))
	}
	if held, ok := app.Entry.Held(); ok && app.Entry.Reads.Holds {
		parts = append(parts, approvals.Sayf("%v without %v", approvals.Grouped(p.Idle), held.Noun.A()))
	}
	return approvals.Sayf("• %v", approvals.Join(parts, " · "))
}
