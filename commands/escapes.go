package commands

import (
	"regexp"
	"strings"
	"unicode"
)

// Mentions, and links whose label is not where they lead, survive unescaping between two code points that no text
// may contain (Unicode noncharacters); these are dropped from the input first, so nobody can type them.
const (
	mentionOpen  = '\uFDD0'
	mentionClose = '\uFDD1'
	linkOpen     = '\uFDD2'
	linkClose    = '\uFDD3'
	ours         = "\uFDD0\uFDD1\uFDD2\uFDD3"
)

var (
	slackEscape = regexp.MustCompile(`<[^<>]*>`)
	personID    = regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`)
	marked      = regexp.MustCompile(`\x{FDD0}([^|\x{FDD1}]*)\|?([^\x{FDD1}]*)\x{FDD1}`)
	// entities are undone in one pass, so that "&amp;lt;" becomes "&lt;" and no further.
	entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")
)

// unescape undoes what Slack does to text (facts, Slack 2): <mailto:…|…>, links, channels and
// entities become what was typed, people become marks. The marks are made before the entities are
// undone: what somebody typed with angle brackets is never taken for Slack's own.
func unescape(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(ours, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return entities.Replace(slackEscape.ReplaceAllStringFunc(s, unescapeOne))
}

// unescapeOne undoes one <…>; what it does not know, <!channel> too, stays the text it is.
func unescapeOne(m string) string {
	target, label, _ := strings.Cut(m[1:len(m)-1], "|")
	switch {
	case strings.HasPrefix(target, "@") && personID.MatchString(target[1:]):
		return string(mentionOpen) + target[1:] + "|" + handle(label) + string(mentionClose)
	case strings.HasPrefix(target, "#") && len(target) > 1:
		return "#" + or(label, target[1:])
	case strings.HasPrefix(target, "!subteam^"):
		return or(label, m)
	case scheme.MatchString(target):
		return link(target, label)
	}
	return m
}

// handle is a person's name as one word, so that no mark is ever cut in two.
func handle(label string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unseen(r) || strings.ContainsRune(`"'|,=`, mend(r)) {
			return -1
		}
		return r
	}, label)
}

// spoken is unescaped text for people to read: the marks become @names, and links say where they lead.
func spoken(s string) string {
	s = linkMark.ReplaceAllStringFunc(s, func(m string) string {
		part := linkMark.FindStringSubmatch(m)
		return part[2] + " (" + leads(part[1]) + ")"
	})
	return marked.ReplaceAllStringFunc(s, func(m string) string {
		part := marked.FindStringSubmatch(m)
		return "@" + strings.TrimPrefix(or(part[2], part[1]), "@")
	})
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
