package control

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports/paper"
	"github.com/usherbot/usher/terminal"
)

// print draws the table and says how to go on.
func (l Listing) print(w io.Writer, all bool) error {
	if len(l.Requests) == 0 {
		next := "Nothing is waiting. `usher requests --all` lists closed requests too."
		if all {
			next = "Nobody has asked for anything yet."
		}
		_, err := fmt.Fprintln(w, next)
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "#\tSTATE\tWHAT\tFOR\tASKED BY\tSINCE\tCAN APPROVE\tEXPIRES\tWHY")
	waits := 0
	for _, r := range l.Requests {
		if r.State == approvals.Pending {
			waits++
		}
		fmt.Fprintln(table, strings.Join(l.row(r), "\t"))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print requests: %w", err)
	}
	if len(l.Requests) == most {
		fmt.Fprintf(w, "\nThese are the newest %d; there are more.\n", most)
	}
	if waits == 0 {
		return nil
	}
	_, err := fmt.Fprintln(w, "\n`usher show N` shows all of a request. Decide with `usher approve N` or `usher deny N --reason \"…\"`.")
	return err
}

// asker names who asked for a request.
func (l Listing) asker(r approvals.Request) string {
	if r.ByUsher() {
		return "Usher"
	}
	return l.person(r.Requester)
}

func (l Listing) row(r approvals.Request) []string {
	decide, expires := "", ""
	if r.State == approvals.Pending {
		decide, expires = l.deciders(r), "overdue"
		if left := r.Expires.Sub(l.Now); left > 0 {
			expires = "in " + span(left)
		}
	}
	cells := []string{fmt.Sprint(r.Number), string(r.State), l.What[r.Number], r.Change.Email, l.asker(r), span(l.Now.Sub(r.Asked)) + " ago", decide, expires, r.Reason}
	for i, c := range cells {
		cells[i] = terminal.Printable(c)
		if runes := []rune(cells[i]); len(runes) > longestCell {
			cells[i] = string(runes[:longestCell]) + "…"
		} else if len(runes) == 0 {
			cells[i] = "-"
		}
	}
	return cells
}

// whatOf is what a request asks in a few words, and whether it is known what it would do.
func whatOf(r approvals.Request) string {
	switch {
	case r.State != approvals.Pending || r.Known():
		return paper.Asked(r)
	case len(r.Look.Against) > 0:
		return paper.Asked(r) + " (it isn't clear what it would do)"
	}
	return paper.Asked(r) + " (I haven't read yet what it would do)"
}

// deciders are the people and groups who may decide now, how many must say yes still, and at which step it is.
func (l Listing) deciders(r approvals.Request) string {
	var who []string
	stage := r.Eligible()
	for _, p := range stage.People() {
		name := l.person(p)
		if m := stage.Manager; m != nil && m.By == p {
			name += " (manager)"
		}
		who = append(who, name)
	}
	for _, g := range stage.Groups() {
		who = append(who, l.group(g))
	}
	all := strings.Join(who, ", ")
	if stage.Need > 1 {
		all += fmt.Sprintf(" (%d of %d yes)", len(r.YesOn(r.Present())), stage.Need)
	}
	if at, raised := r.RaisedOn(r.Present()); raised {
		all += fmt.Sprintf(" (escalated %s ago)", span(l.Now.Sub(at)))
	}
	if r.Several() {
		all = fmt.Sprintf("step %d of %d: %s", r.Present()+1, len(r.Rule.Stages()), all)
	}
	return all
}

// span is a length of time in its largest two units: "6 d 22 h", "12 min", "less than a minute".
func span(d time.Duration) string {
	d = max(d, 0)
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days > 0 && hours > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case days > 0:
		return fmt.Sprintf("%d d", days)
	case hours > 0 && minutes > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	case hours > 0:
		return fmt.Sprintf("%d h", hours)
	case minutes > 0:
		return fmt.Sprintf("%d min", minutes)
	}
	return "less than a minute"
}

// longestCell is where a cell of the table is cut, in characters.
const longestCell = 120
