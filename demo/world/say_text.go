package world

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/usherbot/usher/sim/slacksim"
)

// names says what people call whom and what Slack knows by an id.
type names struct{ slack *slacksim.Server }

// person is a first name: Alice.
func (n names) person(id string) string {
	u, known := n.slack.User(id)
	if !known || id == "" {
		return "somebody"
	}
	first, _, _ := strings.Cut(u.RealName, " ")
	if first == "" {
		first = u.Name
	}
	return first
}

// whose is the person a direct message is with; "": the channel is none.
func (n names) whose(channel string) string {
	if strings.HasPrefix(channel, "U") {
		return channel
	}
	for _, c := range n.slack.Channels() {
		if c.ID == channel && c.IM {
			return c.User
		}
	}
	return ""
}

// place is a channel by its name, or whose messages a direct message is.
func (n names) place(channel string) string {
	if who := n.whose(channel); who != "" {
		return n.person(who) + "'s messages"
	}
	for _, c := range n.slack.Channels() {
		if c.ID == channel && c.Name != "" {
			return "#" + c.Name
		}
	}
	return "a channel"
}

func (n names) group(id string) string {
	for _, g := range n.slack.Groups() {
		if g.ID == id {
			return "@" + g.Handle
		}
	}
	return "a user group"
}

var (
	mention   = regexp.MustCompile(`<@(U\w+)(?:\|[^>]*)?>`)
	subteam   = regexp.MustCompile(`<!subteam\^(S\w+)(?:\|[^>]*)?>`)
	labelled  = regexp.MustCompile(`<[^|>]*\|([^>]*)>`)
	bare      = regexp.MustCompile(`<(?:mailto:)?([^|>]*)>`)
	numbered  = regexp.MustCompile(`#(\d+)\b`)
	addressIn = regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
	entities  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// plain is Slack's markup as one reads it.
func (n names) plain(s string) string {
	s = mention.ReplaceAllStringFunc(s, func(m string) string { return "@" + n.person(mention.FindStringSubmatch(m)[1]) })
	s = subteam.ReplaceAllStringFunc(s, func(m string) string { return n.group(subteam.FindStringSubmatch(m)[1]) })
	s = labelled.ReplaceAllString(s, "$1")
	s = bare.ReplaceAllString(s, "$1")
	return entities.Replace(strings.NewReplacer("*", "", "`", "").Replace(s))
}

// longest is how much of what was said a sentence quotes, in characters.
const longest = 120

// quote is the first line of what was said, in quotation marks, with what is too long cut off.
func (n names) quote(s string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(n.plain(s)), "\n")
	if r := []rune(first); len(r) > longest {
		first = string(r[:longest-1]) + "…"
	}
	return "“" + first + "”"
}

// number is the first request that is named in a text, 0: none is.
func number(s string) int64 {
	m := numbered.FindStringSubmatch(s)
	if m == nil {
		return 0
	}
	n, _ := strconv.ParseInt(m[1], 10, 64)
	return n
}

// messages are what the promise of a kind puts into Slack, where it's about a request (%s is #1) and where it isn't.
var messages = map[string][2]string{
	"card":     {"%s's card", "a card"},
	"admin":    {"%s's card for the admins", "a card for the admins"},
	"approver": {"%s's card", "a card"},
	"tell":     {"what came of %s", "what came of it"},
	"ask":      {"a question about %s", "a question"},
	"answer":   {"the answer about %s", "an answer"},
	"reminder": {"a reminder of %s", "a reminder"},
	"nudge":    {"a nudge about %s", "a nudge"},
	"ends":     {"word that %s ends soon", "word that something ends soon"},
	"task":     {"%s's task", "a task"},
	"progress": {"how far %s's task is", "how far a task is"},
	"overdue":  {"word that %s's task is late", "word that a task is late"},
	"report":   {"a report", "a report"},
	"warning":  {"a warning", "a warning"},
	"alarm":    {"a warning for the admins", "a warning for the admins"},
	"leaving":  {"word that somebody left", "word that somebody left"},
	"imported": {"what a member list showed", "what a member list showed"},
}

// thingOf is what a message is: by the promise that it bears, else by what it says first.
func (t *teller) thingOf(args map[string]any) thing {
	said := text(args["text"])
	key := text(object(object(args["metadata"])["event_payload"])["key"])
	kind, rest, _ := strings.Cut(key, "/")
	words, known := messages[kind]
	digits, _, _ := strings.Cut(rest, "/")
	n, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case known && err == nil:
		return thing{fmt.Sprintf(words[0], "#"+digits), n}
	case known:
		return thing{words[1], number(said)}
	}
	return thing{"a message", number(said)}
}
