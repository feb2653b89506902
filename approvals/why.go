package approvals

import (
	"fmt"
	"time"
)

// why is the answer of a decision's audit entry to "why was this allowed": the policy's name, the hash of
// its text, the step and what it came to, who said yes, and by what right whoever acted did so. What
// follows from a decision by itself (a deed begun, seen done, in doubt) gives none: the request's own
// decision is why.
func why(is Request, e Event) []string {
	switch e := e.(type) {
	case Opened, Settled:
		return append(treeLines(is.Rule.Chosen), is.Managed().reasons()...)
	case Edited:
		return append(append(is.Edits[len(is.Edits)-1].reasons(), treeLines(is.Rule.Chosen)...), is.Managed().reasons()...)
	case ByPolicy:
		return append([]string{fmt.Sprintf("policy %s (%s) decides by itself", is.Rule.Policy, is.Rule.Hash)}, treeLines(is.Rule.Chosen)...)
	case Voted:
		return Judge(is, e.Facts).Reasons
	case Rejudged:
		return Judge(is, e.Facts).Reasons
	case Escalated:
		return append(standingVotes(is), fmt.Sprintf("it had waited since %s, as long as the policy gives before it escalates", is.Since().UTC().Format(time.RFC3339)))
	case Missed:
		return append(standingVotes(is), is.handedOn()...)
	case Overridden:
		return []string{under(is, fmt.Sprintf("overridden by %s", e.By)), "reason: " + e.Reason}
	case CanceledBy:
		return append(standingVotes(is), fmt.Sprintf("%s asked for it, and may take back their own request while it is undecided", e.By))
	case TimeUp:
		return append(standingVotes(is), fmt.Sprintf("its time was up %s by the policy", is.Expires.UTC().Format(time.RFC3339)))
	case TooLate:
		return append(standingVotes(is), fmt.Sprintf("it could be tried again until %s: as long after the decision as the policy gives for deciding", is.Until().UTC().Format(time.RFC3339)))
	case AdminSays:
		return append(standingVotes(is), byRight(e.By))
	case RetriedBy:
		return append(standingVotes(is), byRight(e.By))
	}
	return nil
}

// reasons say who decides as somebody's manager, or who does instead, and how that is known.
func (m *Managed) reasons() []string {
	switch {
	case m == nil:
		return nil
	case m.By == "":
		return []string{m.Missing().Plain()}
	}
	return []string{Sayf("%v decides as %v", m.By, m.Text()).Plain()}
}

// under names the policy that a request is under, at the present step, and what it came to.
func under(r Request, came string) string { return underStep(r.Rule, r.Present(), came) }

// underStep names a policy and one of its steps, counted from 0, and what it came to.
func underStep(r Rule, step int, came string) string {
	return fmt.Sprintf("policy %s (%s), step %d of %d: %s", r.Policy, r.Hash, step+1, len(r.Stages()), came)
}

// standingVotes is what the policy had come to before.
func standingVotes(r Request) []string {
	if r.Override != "" {
		return []string{under(r, fmt.Sprintf("overridden by %s", r.DecidedBy)), byReason + r.Override}
	}
	var out []string
	for i, s := range r.Rule.Stages()[:r.Present()+1] {
		yes := r.YesOn(i)
		for _, a := range yes {
			out = append(out, fmt.Sprintf("%s said yes", r.votedAs(a, i)))
		}
		out = append(out, underStep(r.Rule, i, saidYes(len(yes), s.Need)))
	}
	return out
}

func saidYes(counted, need int) string {
	return fmt.Sprintf("%d of %d said yes", counted, max(need, 1))
}

// byRight is by what right somebody settles a doubt or starts a failed deed again.
func byRight(a Actor) string {
	if a.atMachine() {
		return fmt.Sprintf("%s sat at the machine that runs Usher", a)
	}
	return fmt.Sprintf("%s is an admin by slack.admins", a)
}
