package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// requestGuide is the help of the form.
var requestGuide = guide{
	name: "request", usage: "[APP]", options: []string{"app"},
	does:     "opens a form for all that can be asked",
	examples: []string{"/access request"},
	notes:    []approvals.Text{approvals.Sayf("A line that lacks something opens the form too, with everything you've typed filled in.")},
}

// Former is a command that is a form: where one can be opened, that is the whole of it. Run is the answer where none can.
type Former interface {
	Command
	// Form is what is filled in already.
	Form() Draft
}

// Opener is a command that answers in words, beside which the form opens for whoever may ask.
type Opener interface {
	Command
	// Opens is what is filled in already.
	Opens() Draft
}

// requesting is the form.
type requesting struct {
	app     approvals.App
	named   bool
	action  catalog.Verb
	example string
}

func (l *line) request() (Command, *Reply) {
	c := requesting{example: l.speech.example()}
	typed := l.options["app"]
	words := l.words
	if typed == "" && len(words) > 0 {
		typed = write(words)
		if g, ok := l.speech.guideTo(strings.ToLower(words[0].String())); ok && g.action != nil && len(words) == 1 {
			c.app, c.named, c.action = g.app, true, g.action.Key
			return c, nil
		}
		words = nil
	}
	if answer := l.nothingElse(words, command("request", typed)); answer != nil {
		return nil, answer
	}
	if typed == "" {
		return c, nil
	}
	if c.app, c.named = l.speech.named(typed); c.named {
		return c, nil
	}
	return nil, l.noSuchForm(typed)
}

// noSuchForm answers an app that nobody has set up: the form says so, and lets one be picked.
func (l *line) noSuchForm(typed string) *Reply {
	var ids, lines []string
	for _, a := range l.speech.apps {
		ids, lines = append(ids, a.ID), append(lines, command("request", quoted(a.ID)))
	}
	head := approvals.Sayf("I don't know the app “%v”. I have: `%v`.", short(typed), strings.Join(ids, ", "))
	if guess := nearest(typed, ids); guess != "" {
		head, lines = approvals.Sayf("I don't know the app “%v”. Did you mean `%v`?", short(typed), guess), []string{command("request", quoted(guess))}
	}
	answer := choose(l.guide, lines, head)
	answer.Form, answer.Missing = &Draft{Missing: head}, true
	return answer
}

// Keeps implements Command: a form that is open keeps nothing.
func (requesting) Keeps() bool { return false }

// Typed implements Command.
func (c requesting) Typed() string {
	if !c.named {
		return command("request")
	}
	return command("request", quoted(c.app.ID))
}

// Form implements Former.
func (c requesting) Form() Draft {
	d := Draft{Action: c.action}
	if c.named {
		d.App = c.app.ID
	}
	return d
}

func (c requesting) run(context.Context, *House, Call, time.Time) (Reply, error) {
	d := c.Form()
	return Reply{
		Head:     approvals.Sayf("I couldn't open the form just now. Please try again, or write it in one line, for example:"),
		Examples: []string{c.example},
		Form:     &d,
	}, nil
}

// lacking lets the form open in place of an answer that asks for what a line lacks, with what was understood filled in.
func (c asking) lacking(answer *Reply) *Reply {
	if answer != nil {
		answer.Form, answer.Missing = c.drafted(), true
		answer.Form.Missing = approvals.Sayf("I've filled in what you typed. Please add what's missing.")
	}
	return answer
}

// undecided is as much of a command as can be read of a line that names nobody.
func (l *line) undecided() asking {
	c := asking{app: l.guide.app, named: l.options["app"], action: *l.guide.action, reason: l.reason}
	if c.action.Named {
		if names, sure := l.names(l.words); sure && len(names) > 0 {
			c.first, c.last = names[0], strings.Join(names[1:], " ")
		}
	}
	words := l.words
	if c.action.Named || slices.ContainsFunc(words, func(w word) bool { return strings.HasPrefix(w.String(), "@") }) {
		words = nil
	}
	if v, answer := l.values(words); answer == nil {
		c.values = v
	}
	return c
}
