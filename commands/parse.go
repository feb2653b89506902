package commands

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// Parse reads the words after the slash command, as Slack sent them. Exactly one result is set; both
// nil would mean "not for Usher", which a slash command never is.
//
//	line    = [ verb { word | option } [ "because" reason ] ]
//	verb    = "create" | "share" | "unshare" | "update" | "delete" | "status" | "cancel" | "pending"
//	        | "accounts" | "show" | "sites" | "report" | "help" | "request"
//	option  = key "=" value { "," value }        spaces around "=" and after a comma are forgiven
//	key     = "app" | "type" | "lang" | "access" | "amount" | "period"
//	word    = EMAIL | NAME | SITE | NUMBER | …, in quotes where it has spaces
//	sites   = SITE { ( "," | ";" | line break | "and" ) SITE }      as in Usher's own lists, bullets and numbers too
//
//	create EMAIL FIRST [LAST] [app=seranking] [type=client|user] [lang=en] [access=a,b]
//	       [amount=N period=day|week|month] because …
//	share EMAIL SITE[,SITE…] because …          unshare EMAIL SITE[,SITE…] because …
//	update EMAIL [access=…] [amount=… period=…] because …
//	delete EMAIL because …
//	status [N]   cancel N   pending   accounts [blocked]   show EMAIL   sites [WORDS]   report [NAME]   help [VERB]
//
// Words are matched without regard to case; options stand in any order anywhere before "because".
//
//	create jane@acme.example Jane Doe because she runs the Q1 launch
//	create @jane “Mary Jane” Doe type=user lang=de because she joins the team
//	share jane@acme.example acme.example, Globex UK because she audits both
//	update jane@acme.example access=report_manual,report_scheduled amount=50 period=month because she reports monthly
//	status #12
func Parse(text string) (Command, *Reply) {
	plain := unformat(unescape(text))
	words, reason, has := lex(plain)
	for len(words) > 0 && (strings.EqualFold(words[0].String(), "/access") || words[0].dash()) {
		words = words[1:]
	}
	if len(words) == 0 {
		if has {
			return nil, &Reply{
				Head:  approvals.Sayf("I see a reason but not what it's for. Start with what you'd like."),
				Lines: asking(), Examples: []string{createGuide.examples[0]},
			}
		}
		return overview{}, nil
	}
	typed := words[0].String()
	if strings.EqualFold(typed, "request") {
		return nil, formsLater()
	}
	if g, known := guideTo(strings.ToLower(typed)); known {
		return read(g, words[1:], reason, has)
	}
	return nil, notAVerb(typed, words[1:], reason, has)
}

// read reads what follows a verb.
func read(g guide, words []word, reason string, has bool) (Command, *Reply) {
	if g.name != "share" && g.name != "unshare" { // of a website's name a dash may be a part, and of a list it may be a bullet
		words = slices.DeleteFunc(slices.Clone(words), word.dash)
	}
	l := &line{guide: g, all: words, reason: reason, because: has}
	if answer := l.sort(words); answer != nil {
		return nil, answer
	}
	return l.command()
}

// line is one command on its way from words to meaning.
type line struct {
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
	switch l.guide.name {
	case "create":
		return l.create()
	case "share":
		return l.share(false)
	case "unshare":
		return l.share(true)
	case "update":
		return l.update()
	case "delete":
		return l.delete()
	case "status":
		return l.status()
	case "cancel":
		return l.cancel()
	case "pending":
		return l.pending()
	case "accounts":
		return l.accounts()
	case "show":
		return l.show()
	case "sites":
		return l.sites()
	case "report":
		return l.report()
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

// why asks for the reason where it is missing or longer than a card holds; fixed is the command
// without it.
func (l *line) why(fixed string) *Reply {
	const most = 2000
	switch n := len([]rune(l.reason)); {
	case n > most:
		return correct(l.guide, fixed+" because <why>", approvals.Sayf("Your reason is %v characters long, and a card holds %v. Please shorten it; nothing was sent.", n, most))
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
func notAVerb(typed string, rest []word, reason string, has bool) *Reply {
	if looksLikeEmail(typed) {
		return &Reply{
			Head:     approvals.Sayf("What should I do for %v? Say that first. For a new seat:", short(typed)),
			Examples: []string{command("create", short(typed), "<first name>", "<last name>", "because <why>")},
		}
	}
	if n, ok := number(typed); ok {
		return &Reply{Head: approvals.Sayf("Did you mean to look at request #%v?", n), Examples: []string{numbered("status", n)}}
	}
	guess := nearest(typed, append(verbNames(), deciding...))
	switch {
	case guess == "request":
		return formsLater()
	case slices.Contains(deciding, guess):
		return &Reply{
			Head:     approvals.Sayf("You decide with the *Approve* and *Deny* buttons on a request's card."),
			Examples: []string{"/access pending"},
		}
	}
	if g, ok := guideTo(guess); ok {
		return g.meant(typed, rest, reason, has)
	}
	return &Reply{
		Head:  approvals.Sayf("I don't know “%v”. Here's what I understand; `/access help` says more.", short(typed)),
		Lines: asking(), Examples: []string{createGuide.examples[0], "/access help"},
	}
}

// meant offers the verb that was probably meant, with the person's own words where they make sense.
func (g guide) meant(typed string, rest []word, reason string, has bool) *Reply {
	head := approvals.Sayf("I don't know `%v`. Did you mean `%v`?", short(typed), g.name)
	switch cmd, answer := read(g, rest, reason, has); {
	case cmd != nil:
		return correct(g, cmd.Typed(), head)
	case len(rest) > 0 && len(answer.Examples) > 0 && answer.Examples[0] != g.line():
		return correct(g, answer.Examples[0], head)
	}
	return correct(g, g.examples[0], head)
}

// formsLater is the answer to "/access request" while there are no forms.
func formsLater() *Reply {
	return &Reply{
		Head: approvals.Sayf("There's no form yet; one line does it. For example:"),
		Examples: []string{
			"/access create jane@acme.example Jane Doe because she runs the Q1 launch",
			"/access share jane@acme.example acme.example because she audits it",
		},
		Lines: []approvals.Text{approvals.Sayf("`/access help create` explains every word of it.")},
	}
}
