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
	of:       admins,
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
		return Reply{}, approvals.Refuse(approvals.NotAllowed, "Only Usher's admins can post reports. `/access status` shows your own requests.")
	case approvals.CouldNotTell:
		return Reply{}, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack whether you're an admin just now, so I posted nothing. Please try again in a minute.")
	}
	name, err := h.reportName(c.name)
	if err != nil {
		return Reply{}, err
	}
	if err := h.Reports.Post(ctx, name, call.Channel, call.Key, call.User); err != nil {
		return Reply{}, err
	}
	return h.onItsWay(ctx, name, call), nil
}

// roomWithin is how long it may take to find out where a report goes, before the ack.
const roomWithin = time.Second

// onItsWay says where a report comes: where the bot cannot post it goes to whoever asked, and they hear why. Where
// that cannot be found out in time, the report says so itself when it comes (bot, PostReport).
func (h *House) onItsWay(ctx context.Context, name string, call Call) Reply {
	in := true
	if h.Rooms != nil {
		ctx, cancel := context.WithTimeout(ctx, roomWithin)
		defer cancel()
		var err error
		if in, err = h.Rooms.In(ctx, call.Channel, call.User); err != nil {
			h.Desk.Log.Warn("cannot tell whether I am in a channel", "channel", call.Channel, "err", err)
			in = true
		}
	}
	if in {
		return Reply{Head: approvals.Sayf("The report *%v* is on its way to this channel.", name)}
	}
	return Reply{
		Head:  approvals.Sayf("The report *%v* comes to you by direct message: I'm not in this channel, so I can't post it here.", name),
		Lines: []approvals.Text{approvals.Sayf("Want it here? Add me with `/invite`, then ask again.")},
	}
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
		return "", approvals.Refuse(approvals.NotFound, "No report is set up yet. An admin adds one under `reports` in usher.yml.")
	case i >= 0:
		return names[i], nil
	case typed == "" && len(names) == 1:
		return names[0], nil
	}
	reply := Reply{Head: approvals.Sayf("Which report? I have: %v.", strings.Join(names, ", "))}
	for _, n := range names {
		reply.Examples = append(reply.Examples, command("report", n))
	}
	if typed != "" {
		reply.Head = approvals.Sayf("I don't know the report “%v”. I have: %v.", short(typed), strings.Join(names, ", "))
		if guess := nearest(typed, names); guess != "" {
			reply.Head = approvals.Sayf("I don't know the report “%v”. Did you mean `%v`?", short(typed), guess)
			reply.Examples = []string{command("report", guess)}
		}
	}
	return "", &stop{reply}
}
