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
	does:     "shows a report now; in its own channel it's posted at once (admins)",
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
	if err := h.postsReports(ctx, call.User); err != nil {
		return Reply{}, err
	}
	name, err := h.reportName(c.name)
	if err != nil {
		return Reply{}, err
	}
	room := h.room(ctx, call.Channel, call.User, h.Reports.Channel(name))
	if !room.public {
		err = h.Reports.Show(ctx, name, call.Channel, call.Key, call.User)
	} else {
		err = h.Reports.Post(ctx, name, call.Channel, call.Key, call.User)
	}
	if err != nil {
		return Reply{}, err
	}
	return room.onItsWay(name), nil
}

// postsReports is nil where somebody may post reports.
func (h *House) postsReports(ctx context.Context, id approvals.PersonID) error {
	switch h.Desk.Admin(ctx, id) {
	case approvals.MayNot:
		return approvals.Refuse(approvals.NotAllowed, "Only Usher's admins can post reports. `/access status` shows your own requests.")
	case approvals.CouldNotTell:
		return approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack whether you're an admin just now, so I posted nothing. Please try again in a minute.")
	}
	return nil
}

// roomWithin is how long it may take to find out where a report goes, before the ack.
const roomWithin = time.Second

// room is the conversation in which somebody asked for a report.
type room struct {
	// out says that the bot is not in it; archived that nobody can write there.
	out, archived bool
	// public says that it's posted there at once: everybody there reads this report anyway, or it's between the two of them.
	public bool
}

// room finds out where somebody asked for a report that comes in a channel of its own. What can't be found out in time is taken as if the
// bot could post there: the report says so itself when it can't (courier). That it is the report's own channel is never taken for granted.
func (h *House) room(ctx context.Context, channel string, who approvals.PersonID, own string) room {
	direct := strings.HasPrefix(channel, "D")
	if h.Rooms == nil {
		return room{public: direct || channel == own}
	}
	ctx, cancel := context.WithTimeout(ctx, roomWithin)
	defer cancel()
	in, archived, err := h.Rooms.In(ctx, channel, who)
	if err != nil {
		h.Desk.Log.WarnContext(ctx, "cannot tell whether I am in a channel", "channel", channel, "err", err)
		in = true
	}
	r := room{out: !in, archived: archived, public: direct || channel == own}
	if !r.public && strings.HasPrefix(own, "#") {
		id, err := h.Rooms.ID(ctx, own)
		if err != nil {
			h.Desk.Log.WarnContext(ctx, "cannot tell which channel a report comes in", "channel", own, "err", err)
		}
		r.public = err == nil && id == channel
	}
	return r
}

// onItsWay says where a report comes. Where the bot can't post, whoever asked has it directly, and hears why.
func (r room) onItsWay(name string) Reply {
	reply := Reply{Head: approvals.Sayf("The report *%v* is on its way, to you alone for now. Want everybody here to have it? Press *Post to channel* below it.", name)}
	switch {
	case r.out:
		reply.Head = approvals.Sayf("The report *%v* comes to you by direct message: I'm not in this channel, so I can't post it here.", name)
		reply.Lines = []approvals.Text{approvals.Sayf("Want it here? Add me with `/invite`, then %v.", r.thenDo())}
	case r.archived:
		reply.Head = approvals.Sayf("The report *%v* comes to you by direct message: this channel is archived, so nobody can post here.", name)
	case r.public:
		reply.Head = approvals.Sayf("The report *%v* is on its way to this channel.", name)
	}
	return reply
}

func (r room) thenDo() approvals.Text {
	if r.public {
		return approvals.Sayf("ask again")
	}
	return approvals.Sayf("press *Post to channel* below it")
}

// PostReport has a report posted that somebody was shown alone: once, in the channel in which they asked, as things are by then. That it
// can't be posted there is said instead.
func (h *House) PostReport(ctx context.Context, name, channel, key string, by approvals.PersonID) (Reply, error) {
	if err := h.postsReports(ctx, by); err != nil {
		return Reply{}, err
	}
	if h.Reports == nil || !slices.Contains(h.Reports.Names(), name) {
		return Reply{}, approvals.Refuse(approvals.NotFound, "There's no report called `%v` any more, so I posted nothing.", short(name))
	}
	key = "post " + key
	where := approvals.ChannelID(channel)
	switch posted, err := h.Reports.Posted(ctx, name, key); {
	case err != nil:
		return Reply{}, err
	case posted == channel:
		return Reply{}, approvals.Refuse(approvals.Conflict, "The report *%v* stands in %v already. For a newer one: `/access report %v`", name, where, name)
	case posted != "":
		return Reply{}, approvals.Refuse(approvals.Conflict, "I couldn't post the report *%v* in %v, so I sent it to you directly. To try again: `/access report %v` there.", name, where, name)
	}
	switch r := h.room(ctx, channel, by, ""); {
	case r.out:
		return Reply{}, approvals.Refuse(approvals.Unavailable, "I'm not in %v, so I can't post there. Add me with `/invite`, then press *Post to channel* again.", where)
	case r.archived:
		return Reply{}, approvals.Refuse(approvals.Unavailable, "%v is archived, so nobody can post there.", where)
	}
	if err := h.Reports.Post(ctx, name, channel, key, by); err != nil {
		return Reply{}, err
	}
	return Reply{Head: approvals.Sayf("The report *%v* is on its way to %v, with the figures as they are now.", name, where)}, nil
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
