package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Parse reads the words after the slash command, as Slack sent them. Exactly one result is set; both
// nil would mean "not for Usher", which a slash command never is.
//
//	line    = [ verb { word | option } [ "because" reason ] ]
//	verb    = ACTION | LIST | "request" | "status" | "cancel" | "nudge" | "end" | "extend" | "return" | "pending" | "tasks" | "limits" | "accounts" | "show" | "who" | "import" | "leave" | "review" | "trend" | "report" | "help"
//	option  = key "=" value { "," value }        spaces around "=" and after a comma are forgiven
//	key     = "app" | "for" | "until" | FIELD
//	word    = EMAIL | NAME | THING | NUMBER | …, in quotes where it has spaces
//	things  = THING { ( "," | ";" | line break | "and" ) THING }      as in Usher's own lists, bullets and numbers too
//
//	ACTION EMAIL [FIRST [LAST]] [things] [app=ID] [FIELD=…] [for=TIME | until=DATE] because …
//	ACTION EMAIL,EMAIL… [things] … because …        for several people in one go, and where it takes names:
//	ACTION EMAIL FIRST [LAST], EMAIL FIRST [LAST] … because …
//	bundle NAME EMAIL FIRST [LAST] [for=TIME | until=DATE] because …
//	request [APP]   status [N]   cancel N   nudge N   end N   extend N for=TIME because …   return [EMAIL]   pending   tasks   limits [APP]   accounts [blocked]   show EMAIL   trend app=ID   LIST [WORDS]   report [NAME]   help [VERB]
//	away until=DATE [deputy=@person]   back   who [@person | EMAIL | app=ID]   import APP   review app=ID [due=TIME]   leave [@person [on=DATE | off]]
//
// Which ACTIONs there are, whether one takes names or things, which FIELDs it has and what those take, and which
// LISTs there are, stands in the catalog entries of the configured apps.
// Words are matched without regard to case; options stand in any order anywhere before "because".
//
//	create jane@acme.example Jane Doe because she runs the Q1 launch
//	status #12
func Parse(apps []approvals.App, text string) (Command, *Reply) {
	return parse(speech{apps: apps}, text)
}

func parse(s speech, text string) (Command, *Reply) {
	plain := unformat(unescape(text))
	words, reason, has := lex(plain)
	for len(words) > 0 && (strings.EqualFold(words[0].String(), "/access") || words[0].dash()) {
		words = words[1:]
	}
	if len(words) == 0 {
		if has {
			return nil, &Reply{
				Head:  approvals.Sayf("I see a reason but not what it's for. Start with what you'd like."),
				Lines: s.asking(), Examples: []string{s.example()},
			}
		}
		return overview{}, nil
	}
	typed := words[0].String()
	if g, known := s.guideTo(strings.ToLower(typed)); known {
		return s.read(g, words[1:], reason, has)
	}
	if len(s.apps) == 0 {
		return appless{}, nil
	}
	return nil, s.notAVerb(typed, words[1:], reason, has)
}

// appless is the answer to a verb of an app where none is configured.
type appless struct{}

// Keeps implements Command.
func (appless) Keeps() bool { return false }

// Typed implements Command.
func (appless) Typed() string { return "/access" }

func (appless) run(context.Context, *House, Call, time.Time) (Reply, error) { return Reply{}, noApp() }

// read reads what follows a verb.
func (s speech) read(g guide, words []word, reason string, has bool) (Command, *Reply) {
	if !g.bare() { // of a resource's name a dash may be a part, and of a list it may be a bullet
		words = slices.DeleteFunc(slices.Clone(words), word.dash)
	}
	l := &line{speech: s, guide: g, all: words, reason: reason, because: has}
	if answer := l.sort(words); answer != nil {
		return nil, answer
	}
	return l.command()
}

// line is one command on its way from words to meaning.
type line struct {
	speech  speech
	guide   guide
	all     []word // without the verb
	words   []word // without verb and options
	pairs   []pair // the options as typed
	options map[string]string
	reason  string
	because bool
}

// command lets the verb read the rest.
func (l *line) command() (Command, *Reply) {
	if answer := l.misspeltBecause(); answer != nil {
		return nil, answer
	}
	switch {
	case l.guide.action != nil:
		return l.asking()
	case l.guide.resource != nil:
		return l.list()
	}
	switch l.guide.name {
	case "bundle":
		return l.bundle()
	case "request":
		return l.request()
	case "status":
		return l.status()
	case "cancel":
		return l.cancel()
	case "nudge":
		return l.nudge()
	case "end":
		return l.end()
	case "extend":
		return l.extend()
	case "return":
		return l.giveBack()
	case "pending":
		return l.pending()
	case "tasks":
		return l.tasks()
	case "accounts":
		return l.accounts()
	case "show":
		return l.show()
	case "limits":
		return l.limits()
	case "trend":
		return l.trend()
	case "who":
		return l.who()
	case "import":
		return l.imports()
	case "review":
		return l.reviews()
	case "report":
		return l.report()
	case "away":
		return l.away()
	case "back":
		return l.back()
	case "leave":
		return l.leave()
	}
	return l.help()
}

// misspeltBecause notices "becuase", which would otherwise make the whole reason part of a name.
func (l *line) misspeltBecause() *Reply {
	if !l.guide.because {
		return nil
	}
	for i, w := range l.words {
		if l.because && i+1 < len(l.words) {
			continue // it may be a name; right before the reason it is not
		}
		typed := strings.ToLower(w.String())
		near := len(typed) > 4 && distance(typed, "because", 3) < 3 || slices.Contains([]string{"cause", "bc", "b/c", "cuz"}, typed)
		if i == 0 || !near || !w.bare() {
			continue
		}
		fixed := command(l.guide.name, write(l.words[:i]), l.optionsTyped(), because(or(write(l.words[i+1:]), l.reason)))
		return correct(l.guide, fixed, approvals.Sayf("I don't know `%v`. Did you mean `because`?", short(w.String())))
	}
	return nil
}

// reasonLimit is how many characters of a reason a card holds.
const reasonLimit = 2000

// why asks for the reason where it is missing or longer than a card holds; fixed is the command
// without it.
func (l *line) why(fixed string) *Reply {
	switch n := len([]rune(l.reason)); {
	case n > reasonLimit:
		return correct(l.guide, fixed+" because <why>", approvals.Sayf("Your reason is %v characters long, and a card holds %v. Please shorten it; nothing was sent.", n, reasonLimit))
	case blank(l.reason):
		return correct(l.guide, fixed+" because <why>", approvals.Sayf("Please add why: approvers see the words after `because`. Nothing was sent yet."))
	}
	return nil
}

// nothingElse answers words that the verb has no use for.
func (l *line) nothingElse(words []word, fixed string) *Reply {
	if len(words) == 0 {
		return nil
	}
	return correct(l.guide, fixed, approvals.Sayf("I don't know what to do with “%v” here. Write it like this: `%v`", short(write(words)), l.guide.line()))
}

// write puts words as they were typed, with their quotes, and people by their names.
func write(words []word) string {
	var out []string
	for _, w := range words {
		if id, label, ok := mention(w.String()); ok && w.bare() {
			out = append(out, whom{person: id, label: label}.typed())
			continue
		}
		var b strings.Builder
		for _, p := range w {
			if p.quoted {
				b.WriteString(`"` + strings.ReplaceAll(p.text, `"`, "'") + `"`)
			} else {
				b.WriteString(p.text)
			}
		}
		out = append(out, b.String())
	}
	return strings.Join(out, " ")
}

// deciding are the words on the buttons.
var deciding = []string{"approve", "deny"}

// notAVerb answers a first word that is none of ours.
func (s speech) notAVerb(typed string, rest []word, reason string, has bool) *Reply {
	if looksLikeEmail(typed) {
		return s.whatFor(typed)
	}
	if n, ok := number(typed); ok {
		return &Reply{Head: approvals.Sayf("Did you mean to look at request #%v?", n), Examples: []string{numbered("status", n)}}
	}
	guess := s.nearest(typed, append(s.verbNames(), deciding...))
	if slices.Contains(deciding, guess) {
		return &Reply{
			Head:     approvals.Sayf("You decide with the *Approve* and *Deny* buttons on a request's card."),
			Examples: []string{"/access pending"},
		}
	}
	if g, ok := s.guideTo(guess); ok {
		return s.meant(g, typed, rest, reason, has)
	}
	return &Reply{
		Head:  approvals.Sayf("I don't know “%v”. Here's what I understand; `/access help` says more.", short(typed)),
		Lines: s.asking(), Examples: []string{s.example(), "/access help"},
	}
}

// whatFor answers an address without a verb.
func (s speech) whatFor(typed string) *Reply {
	for _, g := range s.guides() {
		if g.action != nil && g.action.New {
			return &Reply{
				Head:     approvals.Sayf("What should I do for %v? Say that first. For a new %v:", short(typed), g.app.Entry.Seat.One),
				Examples: []string{command(g.name, short(typed), "<first name>", "<last name>", "because <why>")},
			}
		}
	}
	return &Reply{Head: approvals.Sayf("What should I do for %v? Say that first.", short(typed)), Examples: []string{"/access help"}}
}

// meant offers the verb that was probably meant, with the person's own words where they make sense.
func (s speech) meant(g guide, typed string, rest []word, reason string, has bool) *Reply {
	head := approvals.Sayf("I don't know `%v`. Did you mean `%v`?", short(typed), g.name)
	switch cmd, answer := s.read(g, rest, reason, has); {
	case cmd != nil:
		return correct(g, cmd.Typed(), head)
	case len(rest) > 0 && len(answer.Examples) > 0 && answer.Examples[0] != g.line():
		return correct(g, answer.Examples[0], head)
	}
	return correct(g, g.examples[0], head)
}
