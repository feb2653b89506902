package commands

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"github.com/usherbot/usher/approvals"
)

// whom is whose account a command is about: an address, or a person whose address Slack knows.
type whom struct {
	email  string
	person approvals.PersonID
	label  string // the person's name as Slack wrote it, if it did
	// nobody says that the line names nobody at all.
	nobody bool
	// stands is the address that is meant and may not be said: of what is given back, that under which it was given.
	stands string
}

// typed is the address, or the mention as people see it.
func (w whom) typed() string {
	switch {
	case w.email != "":
		return w.email
	case w.label != "":
		return "@" + w.label
	}
	return "<@" + string(w.person) + ">"
}

// perhapsWhom is whom, of a command that takes nobody too.
func (l *line) perhapsWhom() (whom, []word, *Reply) {
	if len(l.words) == 0 {
		return whom{nobody: true}, nil, nil
	}
	return l.whom()
}

// whom finds the one address or person among the words, wherever it stands, and leaves the others.
func (l *line) whom() (whom, []word, *Reply) {
	var at []int
	for i, w := range l.words {
		if looksLikeEmail(w.String()) && (w.bare() || i == 0) {
			at = append(at, i)
		}
	}
	rest := slices.Clone(l.words)
	switch len(at) {
	case 0:
		return whom{nobody: true}, nil, correct(l.guide, l.of("<e-mail address>", l.words), approvals.Sayf("Whose account is it? Give an e-mail address, or type @ and pick the person. Nothing was sent."))
	case 1:
	default:
		first := l.words[at[0]].String()
		others := slices.DeleteFunc(rest, func(w word) bool { return looksLikeEmail(w.String()) })
		return whom{}, nil, correct(l.guide, l.of(first, others), approvals.Sayf("One account at a time, please: I see %v addresses.", len(at)))
	}
	who, answer := l.readWhom(rest[at[0]])
	return who, slices.Delete(rest, at[0], at[0]+1), answer
}

func (l *line) readWhom(w word) (whom, *Reply) {
	s := w.String()
	if answer := l.twoFaced(w); answer != nil {
		return whom{}, answer
	}
	if id, label, ok := mention(s); ok {
		return whom{person: id, label: label}, nil
	}
	if strings.HasPrefix(s, "@") {
		return whom{}, correct(l.guide, l.with(s, "<e-mail address>"), approvals.Sayf("I can't tell who “%v” is from the letters alone. Type @ and pick the person from Slack's list, or write the e-mail address.", short(s)))
	}
	readings := approvals.Readings(w.raw())
	if len(readings) > 1 {
		var lines []string
		for _, r := range readings {
			lines = append(lines, l.with(s, r))
		}
		return whom{}, choose(l.guide, lines, approvals.Sayf("A phone or a word processor may have turned hyphens into the dash in “%v”. Which address do you mean? Nothing was sent.", short(w.raw())))
	}
	email, problem := knownEmail(readings[0])
	if l.guide.action != nil && l.guide.action.New {
		email, problem = newEmail(readings[0])
	}
	if problem != nil {
		return whom{}, correct(l.guide, l.with(s, or(email, "<e-mail address>")), approvals.Sayf("“%v” isn't an e-mail address I can use: %v", short(s), problem))
	}
	return whom{email: email}, nil
}

// mention reads <@U012|name>, as the lexer writes it.
func mention(s string) (approvals.PersonID, string, bool) {
	inner, ok := strings.CutPrefix(s, "<@")
	if !ok || !strings.HasSuffix(inner, ">") {
		return "", "", false
	}
	id, label, _ := strings.Cut(strings.TrimSuffix(inner, ">"), "|")
	return approvals.PersonID(id), label, personID.MatchString(id)
}

// looksLikeEmail reports whether a word is meant for an address or a person.
func looksLikeEmail(s string) bool {
	return strings.Contains(s, "@") && !strings.Contains(s, "://") && !strings.ContainsAny(s, " \t\n")
}

// bareEmail is an address without what is written around it. problem ends with a full stop.
func bareEmail(s string) (local, domain string, problem approvals.Text) {
	if len(s) > 6 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	s = strings.TrimRight(strings.TrimLeft(s, "<("), ">),;.:")
	local, domain, _ = strings.Cut(s, "@")
	switch labels := strings.Split(domain, "."); {
	case len(s) > 254:
		problem = approvals.Sayf("it's too long (254 characters at most, 64 before the @).")
	case strings.Count(s, "@") != 1 || local == "" || domain == "":
		problem = approvals.Sayf("it needs one @ with something on both sides.")
	case len(labels) < 2 || slices.Contains(labels, ""):
		problem = approvals.Sayf("what comes after the @ isn't a domain, such as acme.example.")
	}
	return local, strings.Map(lowerPlain, domain), problem
}

// lowerPlain is a plain letter in lower case, and every other as it is.
func lowerPlain(r rune) rune {
	if r <= unicode.MaxASCII {
		return unicode.ToLower(r)
	}
	return r
}

// knownEmail returns an address that may exist, in the form it is kept in: as typed, the domain in lower case. What
// an account that is there may be called is for the vendor's list to say.
func knownEmail(s string) (email string, problem approvals.Text) {
	local, domain, problem := bareEmail(s)
	if problem != nil {
		return "", problem
	}
	return local + "@" + domain, nil
}

// newEmail is knownEmail for an account that is to be made: plain letters alone, because others can look like them.
// With a problem, email is how the same address is written plainly, where there is a way.
func newEmail(s string) (email string, problem approvals.Text) {
	local, domain, problem := bareEmail(s)
	odd := func(s string) bool { return strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) }
	plain := approvals.PlainHost(domain)
	a, err := mail.ParseAddress(local + "@" + plain)
	switch {
	case problem != nil:
		return "", problem
	case len(local) > 64:
		return "", approvals.Sayf("it's too long (254 characters at most, 64 before the @).")
	case odd(local):
		return "", approvals.Sayf("a new account needs plain letters before the @, because others can look just like them. Is there another address?")
	case !domainShaped(plain):
		return "", approvals.Sayf("what comes after the @ isn't a domain, such as acme.example.")
	case err != nil || a.Address != local+"@"+plain || a.Name != "" || strings.ContainsAny(local, `"\`):
		return "", approvals.Sayf("please check it for missing or extra characters.")
	case odd(domain):
		return local + "@" + plain, approvals.Sayf("a new account needs plain letters, because others can look just like them. In plain letters that domain is %v.", approvals.Typed(plain))
	}
	return local + "@" + domain, nil
}

// domainShaped wants at least two labels of letters, digits and hyphens, the last not a number.
func domainShaped(domain string) bool {
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") ||
			strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return len(labels) > 1 && strings.Trim(labels[len(labels)-1], "0123456789") != ""
}

// said is how somebody was named.
func (w whom) said() approvals.Said { return approvals.Said{Email: w.email, Person: w.person} }

// email is the address of whom, and whether Slack shows that they have left. That Slack could not be asked is
// never taken for "has none". Who named a person and may not read what vendors hold is not told their address.
// read is how an address of theirs is read: as one that exists, or as a new one.
func (h *House) email(ctx context.Context, w whom, sees bool, read func(string) (string, approvals.Text)) (email string, left bool, err error) {
	switch {
	case w.stands != "":
		return w.stands, false, nil
	case w.email != "":
		return w.email, false, nil
	}
	who, err := h.Directory.Person(ctx, w.person)
	if err != nil {
		return "", false, approvals.Refuse(approvals.CannotTell, "I couldn't get %v's e-mail address from Slack just now, so nothing was done. Please try again in a minute, or type the address.", w.person).Because(err)
	}
	email, problem := read(who.Email)
	switch {
	case who.Bot:
		return "", false, approvals.Refuse(approvals.Invalid, "%v is an app and has no seat. Nothing was done.", w.person)
	case problem != nil && !sees:
		return "", false, approvals.Refuse(approvals.Invalid, "Slack doesn't show me an e-mail address for %v that I can use. Please type the address instead of the name; nothing was done.", w.person)
	case who.Email == "":
		return "", false, approvals.Refuse(approvals.Invalid, "Slack doesn't show me an e-mail address for %v. Please type the address instead of the name; nothing was done.", w.person)
	case problem != nil:
		return "", false, approvals.Refuse(approvals.Invalid, "%v's address in Slack, “%v”, isn't one I can use: %v Please type the address instead of the name.", w.person, short(who.Email), problem)
	}
	return email, !who.Active, nil
}

// gone is the refusal to give anything to somebody who has left, unless they are named by their address.
func gone(w whom) error {
	return approvals.Refuse(approvals.Invalid, "%v's Slack account is deactivated, so nothing was sent. If you do mean them, type the e-mail address instead of the name.", w.person)
}
