package commands

import (
	"context"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
	lists "github.com/usherbot/usher/register/list"
)

// importGuide is the help of the form for a list.
func (s speech) importGuide() guide {
	g := guide{
		name: "import", usage: "APP", options: []string{"app"},
		does: "opens a form for an app's own member list, which I compare with what I know (admins, and the app's owners)",
		notes: []approvals.Text{
			approvals.Sayf("Export the members at the vendor, as CSV or XLSX, and add the file. I message you what differs, each with the button that opens the request to mend it."),
			approvals.Sayf("Nobody is ever removed because of a list."),
		},
		examples: []string{"/access import APP"},
	}
	if s.people.ID != "" {
		g.notes = append(g.notes, approvals.Sayf("Admins add %v the same way: `/access import people`.", s.people.Name))
	}
	if len(s.apps) > 0 {
		g.examples = []string{importing{s.apps[0].ID}.Typed()}
	}
	return g
}

// Filer is a command that is a form which takes a file about an app: where it can't be opened, Run is the answer.
type Filer interface {
	Command
	// Of is the app.
	Of() string
}

// importing opens the form for an app's own member list.
type importing struct{ app string }

func (l *line) imports() (Command, *Reply) {
	typed, words := l.options["app"], l.words
	if typed == "" && len(words) > 0 {
		typed, words = write(words), nil
	}
	if answer := l.nothingElse(words, command("import", typed)); answer != nil {
		return nil, answer
	}
	apps := l.speech.apps
	if typed == "" && len(apps) == 1 && l.speech.people.ID == "" {
		return importing{apps[0].ID}, nil
	}
	if app, ok := l.speech.lists(typed); ok {
		return importing{app.ID}, nil
	}
	if len(apps) == 0 && l.speech.people.ID == "" {
		return appless{}, nil
	}
	if typed == "" {
		var lines []string
		for _, a := range apps {
			lines = append(lines, importing{a.ID}.Typed())
		}
		if l.speech.people.ID != "" {
			lines = append(lines, importing{l.speech.people.ID}.Typed())
		}
		return nil, choose(l.guide, lines, approvals.Sayf("Which app's member list is it?"))
	}
	answer := l.speech.unknownApp(typed, func(guess string) string { return importing{guess}.Typed() })
	return nil, &answer
}

func (importing) Keeps() bool     { return false }
func (c importing) Typed() string { return command("import", quoted(c.app)) }

// Of implements Filer.
func (c importing) Of() string { return c.app }

func (c importing) run(context.Context, *House, Call, time.Time) (Reply, error) {
	return Reply{Head: approvals.Sayf("I couldn't open the form just now. Please try again in a moment:"), Examples: []string{c.Typed()}}, nil
}

// MayImport is the app whose member list somebody may import, or why not: it is for admins and its owners.
func (h *House) MayImport(ctx context.Context, id approvals.PersonID, app string) (approvals.App, error) {
	a, ok := h.speech().lists(app)
	switch {
	case !ok:
		return a, approvals.Refuse(approvals.NotFound, "I don't look after “%v” any more, so there's nothing to compare a list with.", short(app))
	case h.Register == nil:
		return a, approvals.Refuse(approvals.Unavailable, "Who has what isn't kept here.")
	}
	switch h.looksAfter(ctx, id, a) {
	case approvals.MayNot:
		if OfPeople(a) {
			return a, approvals.Refuse(approvals.NotAllowed, "Only admins can add %v.", a.Name)
		}
		return a, approvals.Refuse(approvals.NotAllowed, "Only admins and the owners of %v can import its member list.", a.Name)
	case approvals.CouldNotTell:
		return a, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack just now whether you look after %v. Please try again in a minute.", a.Name)
	}
	return a, nil
}

// Importing is an import as a form asks for it.
type Importing struct {
	App string
	// File is the file's id, Name what it is called, and Size how large Slack says it is; 0: it hasn't been said yet.
	File, Name string
	Size       int64
	// LookOnly keeps nothing. Columns are what columns mean, by the keys of Meanings, where ByHand.
	LookOnly bool
	Columns  map[string]string
	ByHand   bool
}

// Import keeps that a list is to be read, and compared. What comes of it is told by direct message.
func (h *House) Import(ctx context.Context, im Importing, call Call, now time.Time) (Reply, error) {
	app, err := h.MayImport(ctx, call.User, im.App)
	switch {
	case err != nil:
		return Reply{}, err
	case im.File == "":
		return Reply{}, approvals.Refuse(approvals.Invalid, "Please add the list: a CSV or XLSX file.")
	}
	if large := register.TooLarge(im.Size); large != nil {
		return Reply{}, large
	}
	o := register.Order{App: app.ID, File: im.File, Name: im.Name, By: call.User, At: now, DryRun: im.LookOnly, People: OfPeople(app)}
	if im.ByHand {
		o.Columns = columnsOf(im.Columns)
	}
	if err := h.Register.Order(ctx, o); err != nil {
		return Reply{}, err
	}
	if o.People {
		return Reply{Head: approvals.Sayf("I'm reading *%v* now. I'll message you what came of it.", short(im.Name))}, nil
	}
	return Reply{Head: approvals.Sayf("I'm reading *%v* now. I'll message you how it compares with what I know of %v.", short(im.Name), app.Name)}, nil
}

// Meaning is what a column of a list can mean, for a form.
type Meaning struct {
	Key, Label string
	// Required says that every list has one.
	Required bool
}

// Meanings are all of them, in the order of the form.
func Meanings() []Meaning {
	labels := map[lists.Column]string{lists.Email: "E-mail address", lists.Name: "Name", lists.First: "First name", lists.Last: "Last name", lists.Role: "Role", lists.State: "Status",
		lists.LastActive: "Last active", lists.InvitedOn: "Invited on", lists.Paid: "Paid seat"}
	var out []Meaning
	for _, c := range lists.Columns {
		out = append(out, Meaning{Key: string(c), Label: labels[c], Required: c == lists.Email})
	}
	return out
}

// columnsOf are columns as the register takes them: what nobody chose isn't there.
func columnsOf(chosen map[string]string) map[lists.Column]string {
	out := map[lists.Column]string{}
	for _, c := range lists.Columns {
		out[c] = lists.None
		if by := strings.TrimSpace(chosen[string(c)]); by != "" {
			out[c] = by
		}
	}
	return out
}

// Which is what to ask of a list whose columns aren't clear.
type Which struct {
	App approvals.App
	// Cells are what its columns are called, and Chosen which of them are understood, by the keys of Meanings. Names are how a
	// choice names each column.
	Cells, Names []string
	Chosen       map[string]string
}

// Which reads which columns a list has that somebody added to a form.
func (h *House) Which(ctx context.Context, id approvals.PersonID, app, file string) (Which, error) {
	a, err := h.MayImport(ctx, id, app)
	if err != nil {
		return Which{}, err
	}
	head, err := h.Register.Head(ctx, file)
	if err != nil {
		return Which{}, err
	}
	w := Which{App: a, Cells: head.Cells, Chosen: map[string]string{}}
	for i := range head.Cells {
		w.Names = append(w.Names, lists.At(i))
	}
	for c, i := range head.Meant {
		w.Chosen[string(c)] = lists.At(i)
	}
	return w, nil
}
