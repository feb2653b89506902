package world

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/usherbot/usher/sim/wire"
)

// deed is what Usher did by a call: in the past, where it was done, and in the infinitive, where it wasn't; and to what.
type deed struct {
	did, do string
	to      func(t *teller, c called) string
}

// called is a call of Slack's Web API.
type called struct {
	path   string
	args   map[string]any
	answer map[string]any
	line   *Line
	ok     bool
}

// arg is an argument as text.
func (c called) arg(name string) string { return text(c.args[name]) }

// fixed is a deed to what is always the same.
func fixed(did, do, to string) deed {
	return deed{did, do, func(*teller, called) string { return to }}
}

// spoken are the deeds of Slack's Web API, by method.
var spoken = map[string]deed{
	"api.test":                   fixed("asked", "ask", "Slack whether it is there"),
	"auth.test":                  fixed("asked", "ask", "Slack who it is signed in as"),
	"auth.teams.list":            fixed("asked", "ask", "Slack which workspaces it is installed in"),
	"apps.connections.open":      fixed("asked", "ask", "Slack for the address of a new connection"),
	"blocks.validate":            fixed("asked", "ask", "Slack whether a message can be drawn"),
	"bots.info":                  fixed("looked up", "look up", "itself"),
	"team.info":                  fixed("looked up", "look up", "the workspace"),
	"team.profile.get":           fixed("read", "read", "which fields people's profiles have"),
	"users.list":                 fixed("read", "read", "who is in the workspace"),
	"usergroups.list":            fixed("read", "read", "which user groups there are"),
	"conversations.list":         fixed("read", "read", "which channels there are"),
	"chat.postMessage":           {"posted", "post", (*teller).posted},
	"chat.update":                {"drew", "draw", (*teller).updated},
	"chat.delete":                {"took away", "take away", (*teller).deleted},
	"chat.postEphemeral":         {"told", "tell", (*teller).whispered},
	"chat.getPermalink":          {"looked up", "look up", func(t *teller, c called) string { return "the link to a message in " + t.names.place(c.arg("channel")) }},
	"reactions.add":              {"put", "put", func(t *teller, c called) string { return "a sign on a message in " + t.names.place(c.arg("channel")) }},
	"conversations.open":         {"opened", "open", func(t *teller, c called) string { return "its direct messages with " + t.names.person(c.arg("users")) }},
	"conversations.info":         {"looked up", "look up", func(t *teller, c called) string { return t.names.place(c.arg("channel")) }},
	"conversations.join":         {"joined", "join", func(t *teller, c called) string { return t.names.place(c.arg("channel")) }},
	"conversations.members":      {"read", "read", func(t *teller, c called) string { return "who is in " + t.names.place(c.arg("channel")) }},
	"conversations.history":      {"looked", "look", func(t *teller, c called) string { return "at what was said in " + t.names.place(c.arg("channel")) }},
	"conversations.replies":      {"looked", "look", func(t *teller, c called) string { return "at a thread in " + t.names.place(c.arg("channel")) }},
	"users.info":                 {"looked up", "look up", func(t *teller, c called) string { return t.names.person(c.arg("user")) }},
	"users.profile.get":          {"read", "read", func(t *teller, c called) string { return t.names.person(c.arg("user")) + "'s profile" }},
	"users.lookupByEmail":        {"looked for", "look for", (*teller).sought},
	"usergroups.users.list":      {"read", "read", func(t *teller, c called) string { return "who is in " + t.names.group(c.arg("usergroup")) }},
	"views.open":                 {"opened", "open", (*teller).formed},
	"views.push":                 {"opened", "open", (*teller).formed},
	"views.update":               {"redrew", "redraw", (*teller).formed},
	"views.publish":              {"drew", "draw", func(t *teller, c called) string { return t.names.person(c.arg("user_id")) + "'s Home" }},
	"files.getUploadURLExternal": {"asked", "ask", func(_ *teller, c called) string { return "Slack where to put the file " + c.arg("filename") }},
	"files.completeUploadExternal": {"shared", "share", func(t *teller, c called) string {
		return "a file in " + t.names.place(cmp.Or(c.arg("channel_id"), c.arg("channels")))
	}},
	"files.info":    fixed("looked up", "look up", "a file that somebody added"),
	"upload":        fixed("sent", "send", "Slack the bytes of a file"),
	"file_download": fixed("fetched", "fetch", "a file that somebody added"),
	"response_url":  {"answered", "answer", (*teller).answered},
	"link":          fixed("opened", "open", "a connection to Slack, by which Slack tells it what people do"),
}

// methodOf is what a call is known by.
func methodOf(path string) string {
	switch {
	case strings.HasPrefix(path, "/api/"):
		return strings.TrimPrefix(path, "/api/")
	case strings.HasPrefix(path, "/link/"):
		return "link"
	case strings.HasPrefix(path, "/upload/"):
		return "upload"
	case strings.HasPrefix(path, "/files-pri/"):
		return "file_download"
	}
	return "response_url"
}

// asked is a call of Slack's.
func (t *teller) asked(x wire.Exchange, l *Line) {
	path, _, _ := strings.Cut(x.URL, "?")
	l.Method = methodOf(path)
	c := called{path: path, args: argsOf(x), answer: body(x.Answer), line: l}
	said, isSaid := c.answer["ok"].(bool)
	c.ok = !x.Cut && x.Status < 400 && (!isSaid || said || c.answer["error"] == notThere)
	l.Wrong = !c.ok
	d, known := spoken[l.Method]
	if !known {
		l.unknown = true
		d = fixed("called", "call", l.Method)
	}
	to := d.to(t, c)
	if c.ok {
		l.Say = ended(fmt.Sprintf("Usher %s %s", d.did, to))
		return
	}
	l.Say = fmt.Sprintf("%s %s", ended(fmt.Sprintf("Usher wanted to %s %s", d.do, to)), t.wrong("Slack", x, text(c.answer["error"])))
}

// ended is a sentence with its end, which what is quoted last may have brought along.
func ended(s string) string {
	if strings.HasSuffix(s, ".”") || strings.HasSuffix(s, "…”") || strings.HasSuffix(s, "?”") {
		return s
	}
	return s + "."
}

// wrong says what came instead of an answer.
func (*teller) wrong(who string, x wire.Exchange, said string) string {
	after := ""
	for _, h := range x.Answer.Header {
		if s, ok := strings.CutPrefix(h, "Retry-After: "); ok {
			after = " for " + s + " s"
		}
	}
	switch {
	case x.Cut:
		return "The connection broke before " + who + " had answered."
	case x.Status == 429:
		return who + " told it to wait" + after + "."
	case said != "":
		return who + " answered “" + said + "”."
	}
	return fmt.Sprintf("%s answered with status %d.", who, x.Status)
}

// posted is a new message, which is kept in mind under its ts.
func (t *teller) posted(c called) string {
	what := t.thingOf(c.args)
	c.line.Request = what.request
	channel, ts := text(c.answer["channel"]), text(c.answer["ts"])
	if channel != "" && ts != "" {
		t.stands[channel+"/"+ts] = what
	}
	said := text(c.args["text"])
	if address := addressIn.FindString(said); address != "" && strings.Contains(what.what, "card") && what.request != 0 {
		t.about[strings.ToLower(address)] = what.request
	}
	headline := t.headline(said, what)
	place := cmp.Or(channel, c.arg("channel"))
	if who := t.names.whose(place); who != "" {
		return fmt.Sprintf("%s to %s: %s", what.what, t.names.person(who), headline)
	}
	return fmt.Sprintf("%s in %s: %s", what.what, t.names.place(place), headline)
}

// standing is what stands at a call's channel and ts.
func (t *teller) standing(c called) thing {
	what, known := t.stands[c.arg("channel")+"/"+c.arg("ts")]
	if !known {
		what = t.thingOf(c.args)
	}
	c.line.Request = what.request
	return what
}

func (t *teller) updated(c called) string {
	what := t.standing(c)
	return fmt.Sprintf("%s anew in %s: %s", what.what, t.names.place(c.arg("channel")), t.headline(c.arg("text"), what))
}

// headline quotes what a message says, but for the number of its request, which was said.
func (t *teller) headline(said string, what thing) string {
	_, rest, is := strings.Cut(said, fmt.Sprintf("#%d · ", what.request))
	if !is {
		rest = said
	}
	return t.names.quote(rest)
}

func (t *teller) deleted(c called) string {
	return t.standing(c).what + " from " + t.names.place(c.arg("channel"))
}

func (t *teller) whispered(c called) string {
	c.line.Request = number(c.arg("text"))
	return fmt.Sprintf("%s in %s, and nobody else: %s", t.names.person(c.arg("user")), t.names.place(c.arg("channel")), t.names.quote(c.arg("text")))
}

func (t *teller) answered(c called) string {
	c.line.Request = number(c.arg("text"))
	who, known := t.asking[c.path]
	if !known {
		who = "whoever did something a while ago"
	}
	if c.args["delete_original"] == true {
		return who + " by taking a message away"
	}
	return who + ": " + t.names.quote(c.arg("text"))
}

// notThere is Slack's answer about an address that nobody in the workspace has: what was to be found out.
const notThere = "users_not_found"

func (t *teller) sought(c called) string {
	if c.answer["error"] == notThere {
		return c.arg("email") + " in the workspace, and nobody there has it"
	}
	return c.arg("email") + " in the workspace"
}

// formed is a form on somebody's screen.
func (t *teller) formed(c called) string {
	title := text(object(object(c.args["view"])["title"])["text"])
	c.line.Request = number(title)
	if title == "" {
		return "a form"
	}
	return "the form " + t.names.quote(title)
}
