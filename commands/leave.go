package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/leavers"
)

var leaveGuide = guide{
	name: "leave", usage: "@person [on=DATE | off]",
	does:    "gathers everything somebody holds who leaves, and asks what becomes of it (their manager, and admins)",
	options: []string{"on"},
	notes: []approvals.Text{
		approvals.Sayf("Without `on=` it's now. With it I gather what they hold at 9 that morning, where they are; their manager hears the day before."),
		approvals.Sayf("Nothing is removed without a yes. `/access leave @person` again shows where it stands, another `on=` moves it, and `off` calls it off."),
		approvals.Sayf("Who's deactivated in Slack needs no command: I notice by myself."),
	},
	examples: []string{"/access leave @jane", "/access leave @jane on=2026-12-31", "/access leave @jane off"},
}

// Leaver is the command that is a form for who leaves: where it can't be opened, Run is the answer.
type Leaver interface {
	Command
	Leaves()
}

// leaveWho opens that form, because nobody is named.
type leaveWho struct{}

// leave says that somebody leaves, or stays.
type leave struct {
	whom whom
	on   string
	off  bool
}

func (l *line) leave() (Command, *Reply) {
	if len(l.words) == 0 && len(l.options) == 0 {
		return leaveWho{}, nil
	}
	whom, rest, answer := l.whom()
	if whom.nobody {
		return nil, correct(l.guide, l.of("<e-mail address>", nil), approvals.Sayf("Who's leaving? Type @ and pick the person. Nothing was changed."))
	}
	if answer != nil {
		return nil, answer
	}
	c := leave{whom: whom, on: l.options["on"]}
	if len(rest) == 1 && strings.EqualFold(rest[0].String(), "off") && c.on == "" {
		c.off, rest = true, nil
	}
	if _, err := time.Parse(time.DateOnly, c.on); c.on != "" && err != nil {
		return nil, correct(l.guide, l.instead("on", "on=2026-12-31"), approvals.Sayf("“%v” isn't a date I can read. Write the day they leave as year, month and day: `on=2026-12-31`.", short(c.on)))
	}
	if answer := l.nothingElse(rest, c.Typed()); answer != nil {
		return nil, answer
	}
	return c, nil
}

func (leaveWho) Keeps() bool   { return false }
func (leaveWho) Typed() string { return command("leave") }

// Leaves implements Leaver.
func (leaveWho) Leaves() {}

func (leaveWho) run(context.Context, *House, Call, time.Time) (Reply, error) {
	return Reply{Head: approvals.Sayf("Who's leaving? Type @ and pick the person:"), Examples: leaveGuide.examples}, nil
}

// Keeps implements Command.
func (leave) Keeps() bool { return true }

// Typed implements Command.
func (c leave) Typed() string {
	typed := []string{"leave", c.whom.typed()}
	if c.on != "" {
		typed = append(typed, "on="+c.on)
	}
	if c.off {
		typed = append(typed, "off")
	}
	return command(typed...)
}

func (c leave) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	who, err := c.who(ctx, h, call.User)
	if err != nil {
		return Reply{}, err
	}
	if c.off {
		return h.staying(ctx, who, call.User, now)
	}
	return h.leaves(ctx, who, c.on, call.User, now)
}

// who is the person that is meant: by mention, or whose address it is in Slack. Whether an address is a colleague's, and whose, learns
// nobody by this who may not say that they leave.
func (c leave) who(ctx context.Context, h *House, by approvals.PersonID) (approvals.PersonID, error) {
	if h.Leavers == nil {
		return "", approvals.Refuse(approvals.Unavailable, "Who leaves isn't kept here.")
	}
	if c.whom.person != "" {
		return c.whom.person, nil
	}
	if err := h.Desk.MayAsk(ctx, by); err != nil {
		return "", err
	}
	p, err := h.Directory.ByEmail(ctx, c.whom.email)
	admin := slices.Contains(h.Desk.Admins, by)
	switch {
	case err != nil:
	case p.ID == "" && admin:
		return "", approvals.Refuse(approvals.NotFound, "Slack shows nobody active with the address %v, so nothing was changed. Type @ and pick the person.", c.whom.email)
	case p.ID == "":
		err = approvals.Refuse(approvals.NotAllowed, "nobody has that address")
	case p.ID != by:
		err = h.Leavers.MayAnnounce(ctx, p.ID, by)
	}
	switch {
	case err == nil:
		return p.ID, nil
	case approvals.CodeOf(err) == approvals.NotAllowed && !admin:
		return "", approvals.Refuse(approvals.NotAllowed, "Only somebody's manager and the admins can say that they leave, so nothing was changed. If you're their manager, check the address or type @ and pick the person.")
	}
	return "", approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack just now whose address that is, so nothing was changed. Please try again in a minute.").Because(err)
}

// leaves keeps that somebody leaves, or shows where it stands.
func (h *House) leaves(ctx context.Context, who approvals.PersonID, on string, by approvals.PersonID, now time.Time) (Reply, error) {
	if err := h.Leavers.MayAnnounce(ctx, who, by); err != nil {
		return Reply{}, err
	}
	if l, known, err := h.Leavers.Of(ctx, who); err != nil || known && on == "" && (l.State == leavers.Scheduled || l.State == leavers.Held || l.State == leavers.Open || l.State == leavers.Closed) {
		return h.whereItStands(h.Leavers.Now(ctx, l, now)), err
	}
	l, was, err := h.Leavers.Announce(ctx, leavers.Announcement{Person: who, By: approvals.Actor(by), Surface: surface, Day: on}, now)
	switch {
	case err != nil:
		return Reply{}, err
	case was:
		return h.whereItStands(l).tooLate(l, on), nil
	case l.State == leavers.Scheduled:
		reply := h.whereItStands(l)
		reply.Head = approvals.Sayf("All right: %v leaves on %v. I gather what they hold %v.", l.Person, l.Day, l.Due)
		return reply, nil
	}
	return Reply{Head: approvals.Sayf("All right: I'm gathering what %v holds. The card with all of it comes in a moment; nothing is removed without a yes.", l.Person),
		Lines: []approvals.Text{approvals.Sayf("You said it, so somebody else decides. They stay after all? `/access leave @person off`")}}, nil
}

// staying keeps that somebody stays.
func (h *House) staying(ctx context.Context, who, by approvals.PersonID, now time.Time) (Reply, error) {
	if err := h.Leavers.MayAnnounce(ctx, who, by); err != nil {
		return Reply{}, err
	}
	l, known, err := h.Leavers.Of(ctx, who)
	switch {
	case err != nil:
		return Reply{}, err
	case !known:
		return Reply{Head: approvals.Sayf("Nobody has said that %v leaves, so there's nothing to call off.", who)}, nil
	}
	if l, err = h.Leavers.CallOff(ctx, l.Number, approvals.Actor(by), now); err != nil {
		return Reply{}, err
	}
	return calledOff(l), nil
}

// tooLate says that a day which was said changes nothing, where what they hold is gathered already.
func (r Reply) tooLate(l leavers.Leaving, on string) Reply {
	switch {
	case on == "" || l.State == leavers.Scheduled:
	case l.State == leavers.Open:
		r.Lines = append([]approvals.Text{approvals.Sayf("I've asked about what they hold already, so the day you gave changes nothing.")}, r.Lines...)
	default:
		r.Lines = append([]approvals.Text{approvals.Sayf("I'm gathering what they hold already, so the day you gave changes nothing.")}, r.Lines...)
	}
	return r
}

func calledOff(l leavers.Leaving) Reply {
	reply := Reply{Head: approvals.Sayf("Called off: %v stays.", l.Person)}
	if l.Rounds > 0 {
		reply.Lines = []approvals.Text{approvals.Sayf("I'm taking back what I'd asked and nobody has decided. What somebody said yes to goes on.")}
	}
	return reply
}

// whereItStands shows a leaving.
func (h *House) whereItStands(l leavers.Leaving) Reply {
	reply := Reply{Head: approvals.Sayf("*%v* is leaving: I'm gathering what they hold.", l.Person)}
	switch l.State {
	case leavers.Scheduled:
		reply.Head = approvals.Sayf("*%v* leaves on %v (%v said so). I gather what they hold %v.", l.Person, l.Day, l.By.Text(), l.Due)
		reply.Lines = []approvals.Text{approvals.Sayf("Their manager hears the day before. Nothing is removed without a yes.")}
		reply.Presses = movable(l)
	case leavers.Held:
		reply.Head = approvals.Sayf("*%v* was deactivated in Slack %v, with many others at once, so I've asked the admins whether they really left.", l.Person, l.Off)
	case leavers.Open:
		reply.Head = approvals.Sayf("*%v* left %v. This is where it stands:", l.Person, l.Since())
	case leavers.CalledOff:
		reply.Head = approvals.Sayf("*%v* stays: it was called off %v by %v.", l.Person, l.Ended, l.EndedBy.Text())
	case leavers.Closed:
		reply.Head = approvals.Sayf("*%v* left %v, and it's closed since %v: nothing of theirs is left open.", l.Person, l.Since(), l.Ended)
	}
	for _, i := range l.Items {
		reply.Lines = append(reply.Lines, h.itemLine(i))
	}
	for _, id := range l.Unread {
		if !h.Leavers.IsApp(id) {
			reply.Lines = append(reply.Lines, approvals.Sayf("• I can't read %v just now, so I may not know every address of theirs yet.", id))
			continue
		}
		reply.Lines = append(reply.Lines, approvals.Sayf("• I can't read %v just now, so I don't know yet what they hold there.", h.Leavers.App(id).Name))
	}
	return reply
}

// itemLine is itemText in a list.
func (h *House) itemLine(i leavers.Item) approvals.Text {
	return approvals.Sayf("• %v", h.itemText(i))
}

// itemText says where one thing stands.
func (h *House) itemText(i leavers.Item) approvals.Text {
	what := approvals.Sayf("%v in %v", i.Email, h.Leavers.App(i.App).Name)
	if i.What != "" {
		what = approvals.Sayf("%v (%v)", what, i.What)
	}
	switch {
	case i.Gone != nil && len(i.Gone.By) > 0:
		return approvals.Sayf("%v: gone, as %v say", what, sayers(i.Gone.By))
	case i.Gone != nil:
		return approvals.Sayf("%v: gone, seen %v", what, i.Gone.At)
	case i.Left != nil:
		return approvals.Sayf("%v: stays, says %v", what, i.Left.By.Text())
	case i.Request == 0 && i.Owner != "":
		return approvals.Sayf("%v: %v sees to it (%v)", what, i.Owner, strings.TrimSuffix(i.Why, "."))
	case i.Request == 0:
		return approvals.Sayf("%v: about to be asked", what)
	case i.Owner != "" && !i.Deed.IsZero():
		return approvals.Sayf("%v: *#%v* couldn't take it away, so %v sees to it", what, i.Request, i.Owner)
	case !i.Deed.IsZero():
		return approvals.Sayf("%v: removed by *#%v*; not seen gone yet", what, i.Request)
	}
	return approvals.Sayf("%v: *#%v* asks", what, i.Request)
}

func sayers(all []approvals.Actor) approvals.Text {
	var out []approvals.Text
	for _, a := range all {
		out = append(out, a.Text())
	}
	return approvals.Join(out, " and ")
}

func movable(l leavers.Leaving) []Press {
	return []Press{{Label: "Move…", Does: PressMove, Number: l.Number, Nonce: l.Nonce}, {Label: "Call it off", Does: PressOff, Number: l.Number, Nonce: l.Nonce}}
}
