package commands

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/usherbot/usher/approvals"
)

// optionKeys are all options there are, in the order they are written.
var optionKeys = []string{"app", "type", "lang", "access", "amount", "period"}

// pair is one option as it was typed.
type pair struct{ key, value string }

func (p pair) String() string { return p.key + "=" + quotedValue(p.value) }

// sort parts options from words: key=value, key = value, key= value, --key=value, key:value for known
// keys, and lists with spaces after their commas.
func (l *line) sort(words []word) *Reply {
	for len(words) > 0 {
		key, value, n := option(words)
		if n == 0 {
			l.words = append(l.words, words[0])
			words = words[1:]
			continue
		}
		l.pairs = append(l.pairs, pair{key, strings.TrimSpace(value)})
		words = words[n:]
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
func option(words []word) (key, value string, n int) {
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
	case first.bare() && knownKey(head) && second != nil && second.bare() && strings.HasPrefix(second.String(), "="):
		key, value, n = head, second.String()[1:], 2
		if value == "" && len(words) > 2 && !startsOption(words[2]) {
			value, n = words[2].String(), 3
		}
	default:
		if key, _, ok = strings.Cut(head, ":"); !ok || !knownKey(key) {
			return "", "", 0
		}
		value, n = strings.TrimLeft(first.String(), "-")[len(key)+1:], 1
	}
	for strings.EqualFold(key, "amount") && n < len(words) && ofAmount(value, words[n]) {
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

func knownKey(s string) bool { return slices.Contains(optionKeys, strings.ToLower(s)) }

// take keeps one option, or says why it cannot stand here.
func (l *line) take(key, value string) *Reply {
	switch _, twice := l.options[key]; {
	case key == "reason" || key == "because" || key == "why":
		return correct(l.guide, l.reasonLast(key), approvals.Sayf("The reason goes at the end, after the word `because`:"))
	case !knownKey(key):
		if guess := nearest(key, l.guide.options); guess != "" {
			return correct(l.guide, l.instead(key, pair{guess, value}.String()), approvals.Sayf("I don't know the option `%v=`. Did you mean `%v=`?", short(key), guess))
		}
		return correct(l.guide, l.instead(key, ""), approvals.Sayf("I don't know the option `%v=`. %v", short(key), l.guide.optionsText()))
	case !slices.Contains(l.guide.options, key):
		return correct(l.guide, l.instead(key, ""), approvals.Sayf("`%v=` doesn't go with `%v`. %v", key, l.guide.name, l.guide.optionsText()))
	case twice:
		return choose(l.guide, l.oneOf(key), approvals.Sayf("`%v=` is there twice. Please keep one.", key))
	case value == "":
		return choose(l.guide, l.mended(key), approvals.Sayf("`%v=` needs a value. %v", key, valueText[key]))
	}
	l.options[key] = value
	return nil
}

// valueText says what an option takes.
var valueText = map[string]approvals.Text{
	"app":    approvals.Sayf("It's the app's short name, for example `app=seranking`."),
	"type":   approvals.Sayf("It's `client` (sees only the websites shared with it) or `user` (sees every website, and can edit and delete them)."),
	"lang":   approvals.Sayf("It's two letters, for example `lang=en`."),
	"access": approvals.Sayf("It lists exactly the permissions the account should have, with commas: `access=report_manual,audit_website`, or `access=none`."),
	"amount": approvals.Sayf("It's a whole number, 0 or more, in the account's currency, together with `period=`."),
	"period": approvals.Sayf("It's `day`, `week` or `month`, together with `amount=`."),
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
