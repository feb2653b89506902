package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

var reportGuide = guide{
	name: "report", usage: "[NAME]",
	does:     "posts a report now, in this channel (admins)",
	examples: []string{"/access report", "/access report weekly-seats"},
}

// report posts a report in the channel it was asked in.
type report struct{ name string }

func (l *line) report() (Command, *Reply) {
	return report{write(l.words)}, nil
}

func (c report) Keeps() bool   { return true }
func (c report) Typed() string { return command("report", c.name) }

func (c report) run(ctx context.Context, h *House, call Call, _ time.Time) (Reply, error) {
	switch h.Desk.Admin(ctx, call.User) {
	case approvals.MayNot:
		return Reply{}, approvals.Refuse(approvals.NotAllowed, "Reports are posted by Usher's admins. `/access status` shows your own requests.")
	case approvals.CouldNotTell:
		return Reply{}, approvals.Refuse(approvals.CannotTell, "I could not check with Slack whether you are an admin just now, so I posted nothing. Please try again in a minute.")
	}
	name, err := h.reportName(c.name)
	if err != nil {
		return Reply{}, err
	}
	if err := h.Reports.Post(ctx, name, call.Channel, call.Key, call.User); err != nil {
		return Reply{}, err
	}
	return Reply{Head: approvals.Sayf("The report *%v* is on its way to this channel.", name)}, nil
}

// reportName finds the report that is meant; where there is only one it need not be named.
func (h *House) reportName(typed string) (string, error) {
	var names []string
	if h.Reports != nil {
		names = h.Reports.Names()
	}
	i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, strings.Trim(typed, `"`)) })
	switch {
	case len(names) == 0:
		return "", approvals.Refuse(approvals.NotFound, "No report is configured. One is added under `reports` in usher.yml.")
	case i >= 0:
		return names[i], nil
	case typed == "" && len(names) == 1:
		return names[0], nil
	}
	reply := Reply{Head: approvals.Sayf("Which report? There is: %v.", strings.Join(names, ", "))}
	for _, n := range names {
		reply.Examples = append(reply.Examples, command("report", n))
	}
	if typed != "" {
		reply.Head = approvals.Sayf("I don't know the report “%v”. There is: %v.", short(typed), strings.Join(names, ", "))
		if guess := nearest(typed, names); guess != "" {
			reply.Head = approvals.Sayf("I don't know the report “%v”. Did you mean `%v`?", short(typed), guess)
			reply.Examples = []string{command("report", guess)}
		}
	}
	return "", &stop{reply}
}
