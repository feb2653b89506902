package slacksim

import (
	"regexp"
	"strings"
)

// What a client turns into references when a command has should_escape.
var (
	typedLink    = regexp.MustCompile(`\[([^\]|]+)\]\(((?:https?://|mailto:)[^\s)|]+)\)`)
	typedEmail   = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)
	typedURL     = regexp.MustCompile(`https?://[^\s<>|]+`)
	typedMention = regexp.MustCompile(`(^|[\s(=])@([\w.-]*\w)`)
	typedChannel = regexp.MustCompile(`(^|[\s(])#([\w-]+)`)
)

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escapeCommand writes a command's text as it arrives at the app: <@U1|name>,
// <#C1|name> (<#C1|> where the channel is private), <mailto:a@b.c|a@b.c>, <url>; what the composer's link button
// makes, written [label](url) here, as <url|label>;
// & < > as entities. Without should_escape only the entities.
func (s *Server) escapeCommand(text string, references bool) string {
	text = entities.Replace(text)
	if !references {
		return text
	}
	var out strings.Builder
	for {
		at := typedLink.FindStringSubmatchIndex(text)
		if at == nil {
			return out.String() + s.escapeReferences(text)
		}
		out.WriteString(s.escapeReferences(text[:at[0]]) + "<" + text[at[4]:at[5]] + "|" + text[at[2]:at[3]] + ">")
		text = text[at[1]:]
	}
}

// escapeReferences is escapeCommand between labelled links.
func (s *Server) escapeReferences(text string) string {
	text = typedURL.ReplaceAllString(text, "<$0>")
	text = typedEmail.ReplaceAllStringFunc(text, func(email string) string { return "<mailto:" + email + "|" + email + ">" })
	text = typedMention.ReplaceAllStringFunc(text, func(typed string) string {
		m := typedMention.FindStringSubmatch(typed)
		if reference := s.reference(m[2]); reference != "" {
			return m[1] + reference
		}
		return typed
	})
	return typedChannel.ReplaceAllStringFunc(text, func(typed string) string {
		m := typedChannel.FindStringSubmatch(typed)
		c := s.findChannel(m[2])
		switch {
		case c == nil || c.IM:
			return typed
		case c.Private:
			return m[1] + "<#" + c.ID + "|>"
		}
		return m[1] + "<#" + c.ID + "|" + c.Name + ">"
	})
}

// reference is what @name stands for: a person, a group, a broadcast, or nothing.
func (s *Server) reference(name string) string {
	switch strings.ToLower(name) {
	case "here", "channel", "everyone":
		return "<!" + strings.ToLower(name) + ">"
	}
	for _, u := range s.users {
		if strings.EqualFold(u.Name, name) || u.ID == name {
			return "<@" + u.ID + "|" + u.Name + ">"
		}
	}
	for _, g := range s.groups {
		if strings.EqualFold(g.Handle, name) {
			return "<!subteam^" + g.ID + "|@" + g.Handle + ">"
		}
	}
	return ""
}
