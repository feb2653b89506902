package commands

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
	lists "github.com/usherbot/usher/register/list"
)

// Register is who holds what. Who may see it is for whoever asks to know.
type Register interface {
	OfApp(ctx context.Context, id string) (register.Holdings, error)
	// LookOver is OfApp with the app looked over for it, in somebody's name.
	LookOver(ctx context.Context, id string, by approvals.Actor) (register.Holdings, error)
	OfEmail(ctx context.Context, email string) (register.Holdings, error)
	OfPerson(ctx context.Context, who approvals.Person) (register.Holdings, error)
	// Finding is one by its key, and whether it is open; its zero value: nobody remembers it.
	Finding(ctx context.Context, app, key string) (f register.Finding, open bool, err error)
	// PutOff puts a finding off.
	PutOff(ctx context.Context, app, key string, l register.Later, surface string) (register.Finding, error)
	// Needed is what somebody was asked on a day about accounts of outsiders, Outsider one of these, and Keep keeps that it's needed.
	Needed(ctx context.Context, day string, who approvals.PersonID) ([]register.Still, error)
	Outsider(ctx context.Context, app, email string) (s register.Still, ok bool, err error)
	Keep(ctx context.Context, app, email string, said register.Said, surface string) error
	// AskHolder keeps that whoever holds an account is asked about it, with the promise of that, or says who was asked already; Asks are
	// what was asked about an app's accounts, and Answer keeps what somebody said.
	AskHolder(ctx context.Context, app string, a register.Asked, surface string) (was register.Asked, news bool, err error)
	Asks(ctx context.Context, app string) ([]register.Asked, error)
	AnswerHolder(ctx context.Context, app string, n int, by approvals.PersonID, at time.Time, surface string) (register.Asked, error)
	// Order keeps that a list is to be imported, and Head reads which columns one has.
	Order(ctx context.Context, o register.Order) error
	Head(ctx context.Context, file string) (lists.Head, error)
	// Mine, People and Amiss are for Homes: they ask no vendor.
	Mine(ctx context.Context, who approvals.Person, now time.Time) ([]register.Entry, error)
	People(ctx context.Context, some []approvals.PersonID, most int) (out []register.Holder, more int, err error)
	Amiss(ctx context.Context, app string, now time.Time) (int, error)
}

var whoGuide = guide{
	name: "who", usage: "[@person|EMAIL|app=ID]",
	does:    "shows what somebody has: you, your people, and for admins and owners anybody and a whole app",
	options: []string{"app"},
	notes: []approvals.Text{
		approvals.Sayf("`/access who` alone shows what you have. An app's owners see everybody in it with `app=`; admins see everything."),
	},
	examples: []string{"/access who", "/access who @jane", "/access who jane@acme.example"},
}

// who shows who holds what: one person, or everybody in an app.
type who struct {
	whom whom
	app  string
}

func (l *line) who() (Command, *Reply) {
	whom, rest, answer := l.perhapsWhom()
	if answer != nil {
		return nil, answer
	}
	c := who{whom: whom, app: l.options["app"]}
	return c, l.nothingElse(rest, c.Typed())
}

func (c who) Keeps() bool { return false }

func (c who) Typed() string {
	if c.whom.nobody {
		return command("who", appTyped(c.app))
	}
	return command("who", c.whom.typed(), appTyped(c.app))
}

func (c who) run(ctx context.Context, h *House, call Call, _ time.Time) (Reply, error) {
	if h.Register == nil {
		return Reply{}, approvals.Refuse(approvals.Unavailable, "Who has what isn't kept here.")
	}
	me, err := h.Directory.Person(ctx, call.User)
	switch {
	case err != nil:
		return Reply{}, untold().Because(err)
	case !me.Full():
		return Reply{}, approvals.Refuse(approvals.NotAllowed, "Only full members of this workspace can see who has what, so please ask one of them.")
	}
	var of approvals.App
	if c.app != "" {
		if of, err = h.app(c.app, c); err != nil {
			return Reply{}, err
		}
	}
	if c.whom.nobody && c.app != "" {
		return c.inApp(ctx, h, call.User, of)
	}
	return c.one(ctx, h, me, of)
}

// untold is the answer where it can't be found out whether somebody may see something.
func untold() *approvals.Error {
	return approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack just now whether this is yours to see. Please try again in a minute.")
}

// inApp is everybody in an app, for those who look after it.
func (c who) inApp(ctx context.Context, h *House, id approvals.PersonID, app approvals.App) (Reply, error) {
	switch h.looksAfter(ctx, id, app) {
	case approvals.MayNot:
		return Reply{}, approvals.Refuse(approvals.NotAllowed, "Only admins and the owners of %v can see everybody in it. `/access who` shows what you have.", app.Name)
	case approvals.CouldNotTell:
		return Reply{}, untold()
	}
	all, err := h.Register.LookOver(ctx, app.ID, approvals.Actor(id))
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{Head: approvals.Sayf("*%v* · %v", app.Name, plural(len(all.Entries), "person or account", "people and accounts"))}
	if len(all.Entries) == 0 && slices.Contains(all.Unread, app.ID) {
		reply.Head = approvals.Sayf("I don't know who's in *%v*.", app.Name)
	}
	for _, e := range all.Entries {
		reply.Lines = append(reply.Lines, entryLine(approvals.Sayf("*%v*", orName(e)), e))
	}
	return h.withFindings(h.notRead(reply, all), all, app.ID), nil
}

// looksAfter answers whether somebody is an admin, or an owner of an app.
func (h *House) looksAfter(ctx context.Context, id approvals.PersonID, app approvals.App) approvals.Ruling {
	return h.ruling(ctx, id, approvals.Request{Rule: approvals.Rule{Approvers: app.Owners}})
}

// one is what one person has. Oneself and one's manager see all of it, and so do admins; owners see what is in their apps. To
// everybody else the answer is the same whoever is meant, and whether there is anybody.
func (c who) one(ctx context.Context, h *House, me approvals.Person, of approvals.App) (Reply, error) {
	p, all, mend, err := c.mayBe(ctx, h, me)
	if err != nil {
		return Reply{}, err
	}
	var mine map[string]bool
	if !all || !mend {
		if mine, err = h.theirApps(ctx, me.ID); err != nil && !all {
			return Reply{}, err
		}
	}
	if !all && len(mine) == 0 {
		return Reply{}, approvals.Refuse(approvals.NotAllowed, "Only they, their manager, admins and an app's owners can see what somebody has. `/access who` shows what you have.")
	}
	held, err := h.heldBy(ctx, p)
	if err != nil {
		return Reply{}, err
	}
	held.Entries = slices.DeleteFunc(held.Entries, func(e register.Entry) bool {
		return !all && !mine[e.App.ID] || of.ID != "" && e.App.ID != of.ID
	})
	held.Findings = slices.DeleteFunc(held.Findings, func(f register.Finding) bool {
		return !mend && !mine[f.App] || of.ID != "" && f.App != of.ID
	})
	return h.withFindings(h.notRead(c.listed(me, p, held.Entries), held), held, of.ID), nil
}

// mayBe is who is meant, whether all of what they have may be seen by who asks, and whether what isn't as it should be too.
func (c who) mayBe(ctx context.Context, h *House, me approvals.Person) (p approvals.Person, all, mend bool, err error) {
	switch {
	case c.whom.nobody, c.whom.person == me.ID, c.whom.email != "" && approvals.SameEmail(c.whom.email, me.Email):
		p = me
	case c.whom.person != "":
		if p, err = h.Directory.Person(ctx, c.whom.person); err != nil {
			return p, false, false, untold().Because(err)
		}
	default:
		if p, err = h.Directory.ByEmail(ctx, c.whom.email); err != nil {
			return p, false, false, untold().Because(err)
		}
		p.Email = c.whom.email
	}
	switch h.Desk.Admin(ctx, me.ID) {
	case approvals.May:
		return p, true, true, nil
	case approvals.CouldNotTell:
		return p, false, false, untold()
	}
	if p.ID == me.ID {
		return p, true, false, nil
	}
	if p.ID == "" {
		return p, false, false, nil
	}
	switch h.Desk.Leads(ctx, me.ID, p.ID) {
	case approvals.May:
		return p, true, false, nil
	case approvals.CouldNotTell:
		return p, false, false, untold()
	}
	return p, false, false, nil
}

// heldBy is what somebody has, or what is held under an address that is nobody's in Slack.
func (h *House) heldBy(ctx context.Context, p approvals.Person) (register.Holdings, error) {
	if p.ID == "" {
		return h.Register.OfEmail(ctx, p.Email)
	}
	return h.Register.OfPerson(ctx, p)
}

// theirApps are the apps that somebody owns.
func (h *House) theirApps(ctx context.Context, id approvals.PersonID) (map[string]bool, error) {
	mine := map[string]bool{}
	for _, app := range h.Inventory.Apps() {
		switch h.looksAfter(ctx, id, app) {
		case approvals.May:
			mine[app.ID] = true
		case approvals.CouldNotTell:
			return nil, untold()
		}
	}
	return mine, nil
}

// listed are somebody's entries, a line each.
func (c who) listed(me, p approvals.Person, entries []register.Entry) Reply {
	whose := approvals.Sayf("%v has", c.whom.text())
	if p.ID == me.ID {
		whose = approvals.Sayf("You have")
	}
	if len(entries) == 0 {
		return Reply{Head: approvals.Sayf("%v nothing that I know of.", whose)}
	}
	reply := Reply{Head: approvals.Sayf("%v %v:", whose, plural(len(entries), "thing", "things"))}
	for _, e := range entries {
		reply.Lines = append(reply.Lines, entryLine(approvals.Sayf("*%v*", e.App.Name), e))
	}
	return reply
}

// orName names who holds an entry.
func orName(e register.Entry) string {
	if e.Name == "" {
		return e.Email
	}
	return e.Name + " · " + e.Email
}

// entryLine is one entry: what, since when and by which request, until when, at what cost, and how that is known.
func entryLine(first approvals.Text, e register.Entry) approvals.Text {
	parts := []approvals.Text{approvals.Sayf("• %v", first)}
	if e.Holds != "" {
		parts = append(parts, approvals.Sayf("%v", e.Holds))
	}
	parts = append(parts, marksText(e)...)
	if e.Coming {
		return approvals.Join(append(parts, approvals.Sayf("asked for by *#%v*", e.Request)), " · ")
	}
	if e.Request != 0 {
		by := approvals.Sayf("since %v by *#%v*", e.Since, e.Request)
		if len(e.Allowed) > 0 {
			by = approvals.Sayf("%v, allowed by %v", by, actors(e.Allowed))
		}
		parts = append(parts, by)
	}
	if !e.Until.IsZero() {
		parts = append(parts, approvals.Sayf("until %v", e.Until))
	}
	if e.Cost != "" {
		parts = append(parts, approvals.Sayf("%v", e.Cost))
	}
	return approvals.Join(append(parts, verifiedText(e)), " · ")
}

// marksText is what is being done about an entry by hand, and how far it is gone.
func marksText(e register.Entry) (parts []approvals.Text) {
	for _, w := range e.Tasks {
		whose := approvals.Sayf("%v, and nobody's yet", w.Does)
		if w.Owner != "" {
			whose = approvals.Sayf("%v by %v since %v", w.Does, w.Owner, w.Since)
		}
		parts = append(parts, approvals.Sayf("%v, %v of %v steps done (*#%v*)", whose, w.Done, w.Of, w.Request))
	}
	if !e.Removed.IsZero() {
		parts = append(parts, approvals.Sayf("access removed %v", e.Removed))
	}
	switch {
	case e.Paid:
		parts = append(parts, approvals.Sayf("seat still paid for"))
	case !e.Released.IsZero():
		parts = append(parts, approvals.Sayf("paid seat released %v", e.Released))
	}
	return parts
}

func actors(all []approvals.Actor) approvals.Text {
	var out []approvals.Text
	for _, a := range all {
		out = append(out, a.Text())
	}
	return approvals.Join(out, ", ")
}

// verifiedText is when an entry was seen last, and by what.
func verifiedText(e register.Entry) approvals.Text {
	how := approvals.Sayf("only said, %v", e.Verified.At)
	switch e.Verified.How {
	case register.ByAPI:
		how = approvals.Sayf("read from %v %v", e.App.Name, e.Verified.At)
	case register.ByList:
		how = approvals.Sayf("in its list of %v", e.Verified.At)
	}
	if e.Missing {
		return missingText(e)
	}
	return how
}

// missingText says that an entry isn't there any more, and by what.
func missingText(e register.Entry) approvals.Text {
	if e.Verified.How == register.ByList {
		return approvals.Sayf("not in its list of %v", e.Verified.At)
	}
	return approvals.Sayf("not there any more, read from %v %v", e.App.Name, e.Verified.At)
}

// notRead adds what couldn't be looked at.
func (h *House) notRead(reply Reply, all register.Holdings) Reply {
	for _, app := range h.Inventory.Apps() {
		if !slices.Contains(all.Unread, app.ID) {
			continue
		}
		reply.Lines = append(reply.Lines, approvals.Sayf("I can't read %v just now, so of it only what was done by request is shown.", app.Name))
	}
	return reply
}
