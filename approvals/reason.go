package approvals

import "strings"

// Reason is one line of why something was decided so, with what it rests on.
type Reason struct {
	// Held is whether it holds; "": it is no condition.
	Held  Held     `json:"held,omitempty"`
	Say   Text     `json:"say"`
	Under []Reason `json:"under,omitempty"`
}

// marks stand before a reason, wherever it is drawn.
var marks = map[Held]string{Holds: "✓ ", Fails: "✗ ", Unknown: "? "}

// Tree draws reasons as lines, each under what it belongs to. Slack, the terminal and the audit log show the same.
func Tree(reasons []Reason) []Text { return tree(reasons, 0) }

func tree(reasons []Reason, depth int) (lines []Text) {
	for _, r := range reasons {
		lines = append(lines, Sayf("%v%v%v", strings.Repeat("\u2003", depth), marks[r.Held], r.Say))
		lines = append(lines, tree(r.Under, depth+1)...)
	}
	return lines
}

// Branches draws reasons one a line, with what each rests on behind it, for where the beginning of a line has no width.
func Branches(reasons []Reason) (lines []Text) {
	for _, r := range reasons {
		line := Sayf("%v%v", marks[r.Held], r.Say)
		for i, u := range r.Under {
			sep := " · "
			if i == 0 {
				sep = ": "
			}
			mark := ""
			if u.Held != r.Held {
				mark = marks[u.Held]
			}
			line = Sayf("%v%v%v%v", line, sep, mark, u.Say)
		}
		lines = append(lines, line)
	}
	return lines
}

// treeLines are the lines of a tree for the audit log.
func treeLines(reasons []Reason) (lines []string) {
	for _, line := range Tree(reasons) {
		lines = append(lines, strings.ReplaceAll(line.Plain(), "\u2003", "  "))
	}
	return lines
}

// all is whether several conditions hold together: all of them; one that fails decides, whatever is not known.
func all(reasons []Reason) Held {
	is := Holds
	for _, r := range reasons {
		switch {
		case r.Held == Fails:
			return Fails
		case r.Held == Unknown:
			is = Unknown
		}
	}
	return is
}

// Explain is why a request is decided by whom it is: which policy rules it and what kept the others before it from
// doing so, then step by step who said yes, who is missing, and who was set aside and why.
func (r Request) Explain() []Reason {
	out := append([]Reason(nil), r.Rule.Chosen...)
	if len(out) == 0 {
		out = []Reason{{Held: Holds, Say: Sayf("policy “%v” rules it", r.Rule.Policy)}}
	}
	if r.Rule.Auto || r.Rule.Open {
		return out
	}
	if r.Rule.ByHand {
		out = append(out, Reason{Say: Sayf("it was edited, so it takes a click all the same")})
	}
	for i, s := range r.Rule.Stages() {
		out = append(out, r.explainStep(i, s))
	}
	return out
}

func (r Request) explainStep(i int, s Stage) Reason {
	yes := r.YesOn(i)
	step := Reason{Held: held(len(yes) >= s.Need), Say: Sayf("%v of %v said yes", len(yes), s.Need)}
	if r.Several() {
		step.Say = Sayf("step %v of %v: %v", i+1, len(r.Rule.Stages()), step.Say)
	}
	if step.Held == Fails && r.State == Pending {
		step.Held = ""
	}
	for _, a := range yes {
		step.Under = append(step.Under, Reason{Held: Holds, Say: Sayf("%v said yes", r.Voter(a))})
	}
	if i == r.Present() {
		for _, d := range r.SetAside() {
			step.Under = append(step.Under, Reason{Held: Fails, Say: Sayf("not counted: %v", d.Text())})
		}
	}
	if r.State == Pending && len(yes) < s.Need {
		step.Under = append(step.Under, Reason{Say: Sayf("%v can say yes", r.EligibleOn(i).Text())})
	}
	return step
}
