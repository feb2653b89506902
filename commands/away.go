package commands

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

var awayGuide = guide{
	name: "away", usage: "until=DATE [deputy=@person]",
	of:      approvers,
	does:    "lets your deputy decide for you until you're back, what's waiting already too",
	options: []string{"until", "deputy"},
	notes: []approvals.Text{
		approvals.Sayf("To name a deputy, add `deputy=`, type @ and pick the person. Without one nobody decides for you; whoever else is named still can."),
		approvals.Sayf("`until=` is the last day you're away, in your own time zone. You can still decide yourself."),
		approvals.Sayf("Your deputy decides only what you could decide and what isn't for them. If they're away too, their own deputy can't step in for you."),
	},
	examples: []string{"/access away until=2026-12-31"},
}

var backGuide = guide{
	name:     "back",
	of:       approvers,
	does:     "ends your absence: you decide again, and your deputy no more",
	examples: []string{"/access back"},
}

// away lets somebody's deputy decide for them until the end of a day.
type away struct {
	until  string // a date; "": what is so is shown
	deputy whom
}

func (l *line) away() (Command, *Reply) {
	c := away{until: l.options["until"]}
	if answer := l.nothingElse(l.words, l.guide.examples[0]); answer != nil {
		return nil, answer
	}
	if typed := l.options["deputy"]; typed != "" {
		id, label, ok := mention(typed)
		if !ok {
			return nil, correct(l.guide, l.instead("deputy", ""), approvals.Sayf("I can't tell who “%v” is from the letters alone. For `deputy=`, type @ and pick the person from Slack's list.", short(typed)))
		}
		c.deputy = whom{person: id, label: label}
	}
	if _, err := time.Parse(time.DateOnly, c.until); c.until != "" && err != nil {
		return nil, correct(l.guide, l.instead("until", "until=2026-12-31"), approvals.Sayf("“%v” isn't a date I can read. Write the last day you're away as year, month and day: `until=2026-12-31`.", short(c.until)))
	}
	if c.until == "" && c.deputy.person != "" {
		return nil, correct(l.guide, l.guide.examples[0], approvals.Sayf("Until when are you away? Add the last day, as in `until=2026-12-31`. Nothing was changed."))
	}
	return c, nil
}

func (c away) Keeps() bool { return c.until != "" }

func (c away) Typed() string {
	until := ""
	if c.until != "" {
		until = "until=" + c.until
	}
	return command("away", until, c.deputyTyped())
}

func (c away) deputyTyped() string {
	if c.deputy.person == "" {
		return ""
	}
	return "deputy=" + c.deputy.typed()
}

func (c away) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	if c.until == "" {
		return h.whetherAway(ctx, call.User, now)
	}
	who, err := h.Directory.Person(ctx, call.User)
	if err != nil {
		return Reply{}, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack which time zone you're in, so nothing was changed. Please try again in a minute.").Because(err)
	}
	until, err := endOfDay(c.until, who.TZ)
	if err != nil {
		return Reply{}, err
	}
	a, err := h.Desk.Leave(ctx, approvals.Absence{Person: call.User, Deputy: c.deputy.person, Until: until}, surface, now)
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{Head: approvals.Sayf("You're away until %v.", a.Until)}
	if a.Deputy == "" {
		reply.Lines = []approvals.Text{approvals.Sayf("Nobody decides for you meanwhile; whoever else is named on a request still can, and so can you. To name a deputy, add `deputy=@person`.")}
	} else {
		reply.Head = approvals.Sayf("You're away until %v; %v decides for you.", a.Until, a.Deputy)
		reply.Lines = append(reply.Lines, approvals.Sayf("That goes for what's waiting already too. You can still decide anything yourself."))
		if o, also, err := h.Desk.Away(ctx, a.Deputy, now); err == nil && also {
			reply.Lines = append(reply.Lines, approvals.Sayf("%v is away too, until %v. They can still decide for you, but their own deputy can't.", a.Deputy, o.Until))
		}
	}
	reply.Lines = append(reply.Lines, approvals.Sayf("Back earlier? `/access back`"))
	return reply, nil
}

// whetherAway is the answer to "/access away" alone.
func (h *House) whetherAway(ctx context.Context, id approvals.PersonID, now time.Time) (Reply, error) {
	a, is, err := h.Desk.Away(ctx, id, now)
	switch {
	case err != nil:
		return Reply{}, err
	case !is:
		return Reply{Head: approvals.Sayf("You aren't away. Say until when, and who decides for you meanwhile:"), Examples: awayGuide.examples}, nil
	case a.Deputy == "":
		return Reply{Head: approvals.Sayf("You're away until %v, and nobody decides for you.", a.Until), Examples: []string{"/access back"}}, nil
	}
	return Reply{Head: approvals.Sayf("You're away until %v; %v decides for you.", a.Until, a.Deputy), Examples: []string{"/access back"}}, nil
}

// endOfDay is the last second of a date where somebody is, whatever clocks do that night: so it reads as that date.
func endOfDay(date, zone string) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(date))
	if err != nil {
		return time.Time{}, approvals.Refuse(approvals.Invalid, "I can't read the date “%v”.", short(date)).Because(err)
	}
	return time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, zoned(zone)).Add(-time.Second).UTC(), nil
}

// zoned is a time zone by its name; UTC for one that only Slack knows.
func zoned(name string) *time.Location {
	where, err := time.LoadLocation(name)
	if err != nil || name == "" || strings.EqualFold(name, "local") {
		return time.UTC
	}
	return where
}

// back ends one's own absence.
type back struct{}

func (l *line) back() (Command, *Reply) {
	if answer := l.nothingElse(l.words, "/access back"); answer != nil {
		return nil, answer
	}
	return back{}, nil
}

func (back) Keeps() bool   { return true }
func (back) Typed() string { return command("back") }

func (back) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	a, was, err := h.Desk.Back(ctx, call.User, surface, now)
	switch {
	case err != nil:
		return Reply{}, err
	case !was:
		return Reply{Head: approvals.Sayf("You're not away. What's waiting for you is in `/access pending`.")}, nil
	}
	reply := Reply{Head: approvals.Sayf("Welcome back. You decide again.")}
	if a.Deputy != "" {
		reply.Head = approvals.Sayf("Welcome back. You decide again, and %v no longer does for you.", a.Deputy)
		reply.Lines = append(reply.Lines, approvals.Sayf("What they decided meanwhile stands."))
	}
	reply.Lines = append(reply.Lines, approvals.Sayf("What's waiting for you is in `/access pending`."))
	return reply, nil
}
