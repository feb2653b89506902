package telling

import (
	"regexp"
	"slices"
	"strings"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/sim/slacksim"
)

// owned is how a card names whose a task is.
var owned = regexp.MustCompile(`<@(U\w+)>'s, due`)

// Cast is a step with whoever has the task really in the place of who does it: the program says who that is, and it may become somebody
// else's under way.
func (t *Telling) Cast(s stories.Step) stories.Step {
	t.whose()
	if t.doer == "" {
		return s
	}
	if s.As == stories.Doer {
		s.As = t.doer
	}
	s.Say, s.Sees = t.named(s.Say), slices.Clone(s.Sees)
	for i := range s.Sees {
		s.Sees[i].Say = t.named(s.Sees[i].Say)
	}
	return s
}

// Left is what the story leaves to be done, and by whom; "": nothing.
func (t *Telling) Left() string {
	t.whose()
	return t.named(t.Story.Left)
}

// named says a sentence with the name of whoever has the task.
func (t *Telling) named(say string) string {
	u, known := t.Slack.User(t.doer)
	if !known {
		return say
	}
	first, _, _ := strings.Cut(u.RealName, " ")
	return strings.ReplaceAll(say, stories.Either, first)
}

// whose notes who has the story's task, by the newest card that says so. Once nobody's card does, it was theirs.
func (t *Telling) whose() {
	if len(t.Story.Task) == 0 {
		return
	}
	for _, m := range t.Before("", "C0APPROVE") {
		if names := owned.FindStringSubmatch(slacksim.PlainText(m)); names != nil && holds(m, t.Story.Task) {
			t.doer = names[1]
		}
	}
}
