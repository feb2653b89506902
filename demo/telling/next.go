package telling

import (
	"fmt"
	"strings"

	"github.com/usherbot/usher/demo/stories"
)

// Next is what somebody does next, and where the thing to press is.
type Next struct {
	As      string // who does it, by user id; "": it happens beside the workspace
	Channel string // where, by its id; "": anywhere
	Type    string // what they type
	// Press is the label of what they press on the message of TS, and Pick what they choose in the menu of Block instead. Without TS there's
	// no such message yet.
	TS, Press, Block, Pick string
	// Fill is what they write in the form that opens then, by its labels.
	Fill map[string]string
	// Does is what a button says that has it happen, and Whom it's about.
	Does, Whom string
	// Waits is what is still to be seen, where the step's deed has been done.
	Waits string
	// Late: what they were to do could bring about nothing any more. The story would have to be begun again.
	Late bool
}

// does is what the buttons say that have the world do something.
var does = map[stories.World]string{
	stories.Stall: "Make it slow", stories.Kill: "Kill Usher now", stories.Monday: "Make it Monday, 09:00", stories.Fill: "Take all seats but one",
	stories.Empty: "Free the seats again", stories.Gather: "Make fifty people leads", stories.Dismiss: "Remove the fifty leads",
}

// next is what is to be done in a step that isn't done.
func (t *Telling) next(s stories.Step) Next {
	n := Next{As: s.As, Waits: t.waits(s), Late: t.late && s.World == stories.Kill}
	switch {
	case n.Late:
	case n.Waits != "":
	case s.World == stories.Deactivate:
		u, _ := t.Slack.User(s.Whom)
		first, _, _ := strings.Cut(u.RealName, " ")
		n.Does, n.Whom = "Deactivate "+first, s.Whom
	case s.World != "":
		n.Does = does[s.World]
	case s.Hands > 0:
		n.Does, n.Channel = fmt.Sprintf("%d press %s", s.Hands, s.Press), s.In
	case s.Type != "":
		n.Type, n.Channel = s.Type, t.Channel(s.As, s.In)
	default:
		n.Channel = t.Channel(s.As, s.In)
		t.points(&n, s)
	}
	return n
}

// waits is what a step still waits for whose deed has been done: it has happened, or some of what only it brings about is there.
func (t *Telling) waits(s stories.Step) (say string) {
	begun := s.World != "" && t.happened(s) && len(s.Sees) > 0
	for i, sight := range s.Sees {
		if t.had[t.at][i] {
			begun = begun || !t.early[i] && len(sight.Holds) > 0 && s.World == ""
		} else if say == "" {
			say = sight.Say
		}
	}
	if !begun {
		return ""
	}
	return say
}

// points says where the thing to press is.
func (t *Telling) points(n *Next, s stories.Step) {
	n.Press, n.Pick, n.Fill = s.Press, s.Pick, s.Fill
	if m, there := t.ToPress(s); there {
		n.TS = m.TS
	}
	if s.Pick != "" {
		n.Block = s.Press
	}
}
