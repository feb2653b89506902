package commands

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// guide is what help and corrections say about one verb.
type guide struct {
	name string
	// usage is how to write it, without "/access" and the verb.
	usage string
	// does says what it is for, as the end of a sentence that begins with the command.
	does string
	// options are the keys it takes, in the order they are written.
	options []string
	// of is who can use it.
	of role
	// because is true where the reason belongs to it.
	because  bool
	examples []string
	notes    []approvals.Text
	// action is what it asks for of app, and resource what it lists of one; nil: it does neither.
	app      approvals.App
	action   *catalog.Action
	resource *catalog.Resource
}

// bare reports whether resources stand behind the address without a key.
func (g guide) bare() bool {
	if g.action == nil {
		return false
	}
	_, ok := g.action.Bare()
	return ok
}

// bareAs reports whether a key is that of what stands behind the address without it: written with it, it is taken too.
func (g guide) bareAs(key string) bool {
	if g.action == nil {
		return false
	}
	f, ok := g.action.Bare()
	return ok && f.Key == key
}

// role is whose a verb is.
type role int

const (
	everybody role = iota
	approvers
	admins
)

// line is the pattern to follow: "/access create EMAIL FIRST [LAST] because …".
func (g guide) line() string { return command(g.name, g.usage) }

// command joins the parts of a command, leaving out empty ones.
func command(parts ...string) string {
	s := "/access"
	for _, p := range parts {
		if p != "" {
			s += " " + p
		}
	}
	return s
}

// because is the end of a command that was asked with a reason, or the place for one.
func because(reason string) string {
	if reason = unled(reason); reason == "" {
		return "because <why>"
	}
	return "because " + reason
}

// unled is a reason without a "because" of its own.
func unled(reason string) string {
	for {
		rest, led := cutBecause(reason)
		if !led {
			return reason
		}
		reason = rest
	}
}

// cutBecause takes "because" off the beginning of a reason; of "because of" and "because," nothing else is left.
func cutBecause(reason string) (string, bool) {
	const word = "because"
	if len(reason) < len(word) || !strings.EqualFold(reason[:len(word)], word) {
		return reason, false
	}
	rest := reason[len(word):]
	if next, _ := utf8.DecodeRuneInString(rest + " "); isLetter(next) || next == '\'' || next == '-' {
		return reason, false
	}
	return tidyLead(rest), true
}

// correct is the answer to something that was nearly right: what is missing, and the whole command
// to copy. Where the command is too long to copy, how to write it stands in.
func correct(g guide, fixed string, head approvals.Text) *Reply {
	return choose(g, []string{fixed}, head)
}

// choose is correct where several commands could be meant.
func choose(g guide, fixed []string, head approvals.Text) *Reply {
	fixed = slices.DeleteFunc(fixed, func(s string) bool { return s == "" || len([]rune(s)) > 700 })
	if len(fixed) == 0 {
		fixed = []string{g.line()}
	}
	return &Reply{Head: head, Examples: fixed[:min(len(fixed), 3)]}
}
