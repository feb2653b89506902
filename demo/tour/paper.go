package tour

import (
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/demo/telling"
	"github.com/usherbot/usher/terminal"
)

// The colours of a terminal.
const (
	plain = "\x1b[0m"
	bold  = "\x1b[1m"
	faint = "\x1b[2m"
	green = "\x1b[32m"
	red   = "\x1b[31m"
)

func (p Paper) in(colour, text string) string {
	if !p.Colours {
		return text
	}
	return colour + text + plain
}

func (p Paper) line(format string, args ...any) {
	_, _ = fmt.Fprintf(p.To, format+"\n", args...) // nobody fails for want of being watched
}

func (p Paper) story(n, of int, s stories.Story) {
	if n > 1 {
		p.line("")
	}
	p.line("%s", p.in(bold, fmt.Sprintf("%d of %d · %s", n, of, s.Title)))
	p.line("%s", p.in(faint, s.Why))
}

func (p Paper) deed(say, how string) {
	p.line("\n  %s", say)
	if how != "" {
		p.line("  %s", p.in(faint, how))
	}
}

func (p Paper) seen(yes bool, say string) {
	if yes {
		p.line("    %s %s", p.in(green, "✓"), say)
		return
	}
	p.line("    %s %s", p.in(red, "✗"), say)
}

func (p Paper) counted(c telling.Count, n int, took time.Duration) {
	p.line("\n%s in %s: %s", terminal.Plural(n, "story", "stories"), took.Round(time.Second/10), p.in(bold, c.String()))
}

// told is a step in words, and how it's done.
func (p *player) told(s stories.Step) (say, how string) {
	switch {
	case s.Type != "":
		return s.Say, fmt.Sprintf("%s in %s: %s", p.name(s.As), p.place(s.In), s.Type)
	case s.Pick != "":
		return s.Say, fmt.Sprintf("%s in %s: %s, %s", p.name(s.As), p.place(s.In), strings.Replace(s.Press, "-", " ", 1), s.Pick)
	case s.Press != "" && s.As != "":
		return s.Say, fmt.Sprintf("%s in %s: [%s]", p.name(s.As), p.place(s.In), s.Press)
	}
	return s.Say, ""
}

func (p *player) name(id string) string {
	u, _ := p.Slack.User(id)
	name, _, _ := strings.Cut(u.RealName, " ")
	return name
}

func (p *player) place(id string) string {
	for _, c := range p.Slack.Channels() {
		if c.ID == id {
			return "#" + c.Name
		}
	}
	return "the conversation with Usher"
}
