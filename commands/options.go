package commands

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// pair is one option as it was typed.
type pair struct{ key, value string }

func (p pair) String() string { return p.key + "=" + quotedValue(p.value) }

// sort parts options from words: key=value, key = value, key= value, --key=value, key:value for known
// keys, and lists with spaces after their commas.
func (l *line) sort(words []word) *Reply {
	known, money := l.speech.keys(), l.speech.money()
	for len(words) > 0 {
		key, value, n := option(words, known, money)
		if n == 0 {
			l.words = append(l.words, words[0])
			words = words[1:]
			continue
		}
		l.pairs = append(l.pairs, pair{key, strings.TrimSpace(value)})
		words = words[n:]
	}
	if answer := l.turn(); answer != nil {
		return answer
	}
	l.options = map[string]string{}
	for _, p := range l.pairs {
		if answer := l.take(p.key, p.value); answer != nil {
			return answer
		}
	}
	return nil
}

// option reads an option at the start of words, and how many of them it takes; 0: there is none.
func option(words []word, known, money []string) (key, value string, n int) {
	first, second := words[0], word(nil)
	if first[0].quoted {
		return "", "", 0
	}
	if len(words) > 1 {
		second = words[1]
	}
	head := strings.TrimLeft(first[0].text, "-")
	key, _, ok := strings.Cut(head, "=")
	switch {
	case ok && isKey(key):
		value, n = strings.TrimLeft(first.String(), "-")[len(key)+1:], 1
		if value == "" && !first.quoted() && second != nil && !startsOption(second) {
			value, n = second.String(), 2
		}
	case first.bare() && slices.Contains(known, strings.ToLower(head)) && second != nil && second.bare() && strings.HasPrefix(second.String(), "="):
		key, value, n = head, second.String()[1:], 2
		if value == "" && len(words) > 2 && !startsOption(words[2]) {
			value, n = words[2].String(), 3
		}
	default:
		if key, _, ok = strings.Cut(head, ":"); !ok || !slices.Contains(known, strings.ToLower(key)) {
			return "", "", 0
		}
		value, n = strings.TrimLeft(first.String(), "-")[len(key)+1:], 1
	}
	for slices.Contains(money, strings.ToLower(key)) && n < len(words) && ofAmount(value, words[n]) {
		value += " " + words[n].String()
		n++
	}
	if strings.EqualFold(key, "for") && n < len(words) && value != "" && strings.Trim(value, "0123456789") == "" && isUnit(words[n]) {
		value += " " + words[n].String()
		n++
	}
	for n < len(words) && (strings.HasSuffix(value, ",") || strings.HasPrefix(words[n].String(), ",")) && !startsOption(words[n]) {
		value += words[n].String()
		n++
	}
	return strings.ToLower(key), value, n
}

var currency = regexp.MustCompile(`(?i)^(?:[€$£¥]|usd|eur|gbp|chf|dollars?|euros?|pounds?)[.,]?$`)

// ofAmount reports whether a word belongs to an amount: the thousands behind a space, or the currency.
func ofAmount(value string, w word) bool {
	s := w.String()
	digit := value != "" && unicode.IsDigit(rune(value[len(value)-1]))
	return w.bare() && (digit && len(s) == 3 && strings.Trim(s, "0123456789") == "" || currency.MatchString(s) || currency.MatchString(value) && strings.Trim(s, "0123456789.,") == "")
}

func startsOption(w word) bool {
	key, _, ok := strings.Cut(strings.TrimLeft(w[0].text, "-"), "=")
	return ok && !w[0].quoted && isKey(key)
}

// isKey reports whether what stands before "=" could be the name of an option at all.
func isKey(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != '-'
	}) < 0
}

// take keeps one option, or says why it cannot stand here.
func (l *line) take(key, value string) *Reply {
	switch _, twice := l.options[key]; {
	case key == "reason" || key == "because" || key == "why":
		return correct(l.guide, l.reasonLast(key), approvals.Sayf("The reason goes at the end, after the word `because`:"))
	case !slices.Contains(l.speech.keys(), key):
		if guess := l.speech.nearest(key, l.guide.options); guess != "" {
			return correct(l.guide, l.instead(key, pair{guess, value}.String()), approvals.Sayf("I don't know the option `%v=`. Did you mean `%v=`?", short(key), guess))
		}
		return correct(l.guide, l.instead(key, ""), approvals.Sayf("I don't know the option `%v=`. %v", short(key), l.guide.optionsText()))
	case !slices.Contains(l.guide.options, key) && !l.guide.bareAs(key):
		if meant := l.calledSo(key); meant != "" {
			return correct(l.guide, l.instead(key, pair{meant, value}.String()), approvals.Sayf("I don't know the option `%v=` here. Did you mean `%v=`?", short(key), meant))
		}
		if a := l.guide.action; (key == "for" || key == "until") && a != nil && a.ByHand() && a.Effect == catalog.Gives {
			return correct(l.guide, l.instead(key, ""), l.guide.app.ForGoodOnly())
		}
		return correct(l.guide, l.instead(key, ""), approvals.Sayf("`%v=` doesn't go with `%v`. %v", key, l.guide.name, l.guide.optionsText()))
	case twice:
		return choose(l.guide, l.oneOf(key), approvals.Sayf("`%v=` is there twice. Please keep one.", key))
	case value == "":
		return choose(l.guide, l.mended(key), approvals.Sayf("`%v=` needs a value. %v", key, l.valueText(key)))
	}
	l.options[key] = value
	return nil
}

// calledSo is the option of this verb that people also call by a word that is an option of another app; "": there is none.
func (l *line) calledSo(key string) string {
	if l.guide.action == nil {
		return ""
	}
	for _, f := range l.guide.action.Fields {
		if slices.Contains(f.Also, key) {
			return f.Key
		}
	}
	return ""
}

// valueText says what an option takes.
func (l *line) valueText(key string) approvals.Text {
	if l.guide.action != nil {
		if f, ok := l.guide.action.Field(key); ok {
			return helpOf(f)
		}
	}
	switch key {
	case "for":
		return approvals.Sayf("It's how long, as in `for=30d`, counted from when it's set up.")
	case "until":
		return approvals.Sayf("It's the last day, as in `until=2026-12-31`.")
	case "deputy":
		return approvals.Sayf("It's who decides meanwhile: type @ and pick the person.")
	}
	a, _ := l.speech.unnamed()
	return approvals.Sayf("It's the app's short name, for example `app=%v`.", a.ID)
}

// turn turns to the app that was named, whose action of this name may take other options than the one that is meant
// where none is.
func (l *line) turn() *Reply {
	if l.guide.action == nil {
		return nil
	}
	for _, p := range l.pairs {
		a, ok := l.speech.named(p.value)
		if p.key == "app" && !ok && p.value != "" && len(l.speech.apps) > 1 {
			reply := l.speech.unknownApp(p.value, func(guess string) string { return l.instead("app", "app="+guess) })
			return &reply
		}
		if p.key != "app" || !ok || a.Entry == nil {
			continue
		}
		action, has := a.Entry.Action(l.guide.action.Key)
		if !has {
			return l.lacks(a)
		}
		l.guide = askingGuide(a, action)
		return nil
	}
	return nil
}

// lacks answers an app that does not have the action.
func (l *line) lacks(a approvals.App) *Reply {
	reply := &Reply{Head: approvals.Sayf("%v doesn't have `%v`. Nothing was sent. It has:", a.Name, l.guide.name)}
	for _, action := range a.Entry.Actions {
		reply.Examples = append(reply.Examples, command("help", string(action.Key)))
	}
	reply.Examples = reply.Examples[:min(len(reply.Examples), 3)]
	return reply
}

func (g guide) optionsText() approvals.Text {
	if len(g.options) == 0 {
		return approvals.Sayf("It takes no options.")
	}
	return approvals.Sayf("It takes `%v`.", strings.Join(g.options, "=, ")+"=")
}

func quotedValue(v string) string {
	if strings.ContainsAny(v, " \"'") {
		return quoted(v)
	}
	return v
}
