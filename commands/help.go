package commands

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

var helpGuide = guide{
	name: "help", usage: "[VERB]",
	does:     "explains one command",
	examples: []string{"/access help status"},
}

// help explains one command at once; without one it is the overview with every verb.
func (l *line) help() (Command, *Reply) {
	if len(l.words) == 0 {
		return everyVerb{}, nil
	}
	typed := l.words[0].String()
	if g, ok := l.speech.guideTo(strings.ToLower(typed)); ok {
		return nil, g.help()
	}
	if guess := l.speech.nearest(typed, l.speech.verbNames()); guess != "" {
		return nil, &Reply{Head: approvals.Sayf("I don't know `%v`. Did you mean `%v`?", short(typed), guess), Examples: []string{command("help", guess)}}
	}
	return everyVerb{unknown: short(typed)}, nil
}

// help is all there is to say about one verb.
func (g guide) help() *Reply {
	lines := append([]approvals.Text{}, g.notes...)
	if g.because {
		lines = append(lines, approvals.Sayf("Approvers see what you write after `because`. Capital letters don't matter; put a name of several words in quotes."))
	}
	return &Reply{Head: approvals.Sayf("`%v` %v.", g.line(), g.does), Lines: lines, Examples: g.examples}
}

// everyVerb lists what somebody can do: what only approvers or admins can stands there for those alone. unknown is a
// verb that was asked about and is none.
type everyVerb struct{ unknown string }

func (everyVerb) Keeps() bool   { return false }
func (everyVerb) Typed() string { return "/access help" }

// run never fails: what somebody may not, or what cannot be found out of them, is left out.
func (c everyVerb) run(ctx context.Context, h *House, call Call, _ time.Time) (Reply, error) {
	reply := Reply{Head: approvals.Sayf("Here's what I understand. `/access help create` explains one of them, with examples.")}
	if c.unknown != "" {
		reply.Head = approvals.Sayf("I don't know `%v`. Here's what I understand:", c.unknown)
	}
	may := map[role]approvals.Ruling{everybody: approvals.May, approvers: h.approver(ctx, call.User), admins: h.Desk.Admin(ctx, call.User)}
	unsure := false
	for _, g := range h.speech().guides() {
		switch may[g.of] {
		case approvals.May:
			reply.Lines = append(reply.Lines, approvals.Sayf("`%v` %v", command(g.name, g.brief()), g.does))
		case approvals.CouldNotTell:
			unsure = true
		}
	}
	if unsure {
		reply.Lines = append(reply.Lines, approvals.Sayf("I couldn't check with Slack just now whether you're an approver or an admin, so what only they can use is left out."))
	}
	return reply, nil
}

// brief is the usage without its options.
func (g guide) brief() string {
	before, _, cut := strings.Cut(g.usage, " [")
	if cut && g.because {
		return before + " … because …"
	}
	return g.usage
}

// asking is the shortest list of what one can do.
func (s speech) asking() (lines []approvals.Text) {
	for _, a := range s.ordered() {
		if a.Entry.Asking != "" {
			lines = append(lines, approvals.Sayf("*Ask* %v", approvals.Fill(a.Entry.Asking, appName(a))))
			continue
		}
		var verbs []approvals.Text
		for _, action := range a.Entry.Actions {
			verbs = append(verbs, approvals.Sayf("`/access %v`", action.Key))
		}
		lines = append(lines, approvals.Sayf("*Ask* %v for %v", approvals.Join(verbs, " · "), a.Name))
	}
	return append(lines, approvals.Sayf("*Follow* `/access status` your requests · `cancel` or `nudge` one · `pending` what's waiting for you"))
}

// looking is what approvers can look at.
func (s speech) looking() approvals.Text {
	line := approvals.Sayf("*Look* `/access accounts` who has a seat · `show` one")
	for _, g := range s.guides() {
		if g.resource != nil && g.resource.Guide.Short != "" {
			line = approvals.Sayf("%v · `%v` %v", line, g.name, approvals.Fill(g.resource.Guide.Short, appName(g.app)))
		}
	}
	return line
}

// overview is the answer to "/access" alone: what one can do, and what is going on. The form opens beside it; its button
// remains for where that can't be, and for later.
type overview struct{}

func (overview) Keeps() bool   { return false }
func (overview) Typed() string { return "/access" }
func (overview) Opens() Draft  { return Draft{} }

// run never fails: what cannot be read is left out.
func (overview) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	reply := Reply{
		Head:     approvals.Sayf("I get people their seats. Ask with the form or in one line; an approver says yes and I set it up."),
		Lines:    h.speech().asking(),
		Examples: []string{h.speech().example()},
		Form:     &Draft{},
	}
	if h.approver(ctx, call.User) == approvals.May {
		reply.Lines = append(reply.Lines, h.speech().looking())
	}
	if h.Desk.Admin(ctx, call.User) == approvals.May {
		reply.Lines = append(reply.Lines, approvals.Sayf("*Report* `/access report` shows one now"))
	}
	if open, err := h.Desk.Every(ctx, approvals.Filter{Of: call.User}); err == nil && len(open) > 0 {
		reply.Lines = append(reply.Lines, approvals.Sayf("You have %v: `/access status`.", plural(len(open), "open request", "open requests")))
	}
	if waits, _, err := h.Desk.WaitingFor(ctx, approvals.Actor(call.User), now); err == nil && len(waits) > 0 {
		reply.Lines = append(reply.Lines, approvals.Sayf("%v for you: `/access pending`.", plural(len(waits), "request is waiting", "requests are waiting")))
	}
	reply.Lines = append(reply.Lines, approvals.Sayf("`/access help` shows everything, `/access help create` one command with examples."))
	return reply, nil
}
