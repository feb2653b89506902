package world

import (
	"cmp"
	"fmt"
	"net/url"
	"time"

	"github.com/usherbot/usher/sim/wire"
)

// envelope is one that Slack sent.
type envelope struct {
	line int // its number
	at   time.Time
	who  string // what an ack of it answers
}

// envelope is a frame from Slack: what somebody did, or a word about the connection itself.
func (t *teller) envelope(x wire.Exchange, l *Line) {
	frame := body(x.Ask)
	payload := object(frame["payload"])
	l.Method = text(frame["type"])
	who := ""
	switch l.Method {
	case "hello":
		l.Say = fmt.Sprintf("Slack greeted Usher on connection %d: %v are open now.", x.Link, frame["num_connections"])
	case "disconnect":
		l.Say = fmt.Sprintf("Slack asked Usher to leave connection %d (%s).", x.Link, text(frame["reason"]))
	case "slash_commands":
		who = t.names.person(text(payload["user_id"]))
		l.Say = fmt.Sprintf("%s typed “%s %s” in %s.", who, text(payload["command"]), t.names.plain(text(payload["text"])), t.names.place(text(payload["channel_id"])))
		l.Request = number(text(payload["text"]))
	case "interactive":
		who = t.names.person(text(object(payload["user"])["id"]))
		l.Method = text(payload["type"])
		t.interaction(payload, who, l)
	case "events_api":
		event := object(payload["event"])
		l.Method = text(event["type"])
		t.event(event, l)
	default:
		l.Say, l.unknown = "Slack sent a frame of the type "+l.Method+".", true
	}
	if at, err := url.Parse(text(payload["response_url"])); err == nil && at.Path != "" {
		t.asking[at.Path] = who
	}
	if id := text(frame["envelope_id"]); id != "" {
		t.sent[id] = envelope{l.N, x.At, who}
	}
}

// interactions say what somebody did with what Usher has drawn.
var interactions = map[string]func(t *teller, p map[string]any, who string, l *Line) string{
	"block_actions": (*teller).pressed,
	"view_submission": func(t *teller, p map[string]any, who string, l *Line) string {
		return who + " sent the form " + t.titled(p, l) + "."
	},
	"view_closed": func(t *teller, p map[string]any, who string, l *Line) string {
		return who + " closed the form " + t.titled(p, l) + "."
	},
	"block_suggestion": func(t *teller, p map[string]any, who string, l *Line) string {
		return fmt.Sprintf("%s typed %s into a menu, which asks Usher what to offer.", who, t.names.quote(text(p["value"])))
	},
	"shortcut": func(_ *teller, _ map[string]any, who string, _ *Line) string {
		return who + " began with one of Usher's shortcuts."
	},
	"message_action": func(_ *teller, _ map[string]any, who string, _ *Line) string {
		return who + " began with one of Usher's shortcuts on a message."
	},
}

func (t *teller) interaction(p map[string]any, who string, l *Line) {
	say, known := interactions[l.Method]
	if !known {
		l.Say, l.unknown = who+" did something of the type "+l.Method+".", true
		return
	}
	l.Say = say(t, p, who, l)
}

// titled is the title of a form in quotation marks.
func (t *teller) titled(p map[string]any, l *Line) string {
	title := text(object(object(p["view"])["title"])["text"])
	l.Request = number(title)
	return t.names.quote(title)
}

// pressed is somebody who pressed a button, or chose from a menu, and where.
func (t *teller) pressed(p map[string]any, who string, l *Line) string {
	did := "pressed something"
	for _, a := range list(p["actions"]) {
		action := object(a)
		option := cmp.Or(text(object(object(action["selected_option"])["text"])["text"]), text(object(action["text"])["text"]))
		switch {
		case option != "" && text(action["type"]) == "button":
			did = "pressed " + t.names.plain(option)
		case option != "":
			did = "chose " + t.names.quote(option)
		default:
			did = "filled something in"
		}
	}
	message, view := object(p["message"]), object(p["view"])
	what := t.stands[text(object(p["channel"])["id"])+"/"+text(message["ts"])]
	l.Request = cmp.Or(what.request, number(text(message["text"])))
	switch {
	case what.what != "":
		return fmt.Sprintf("%s %s on %s.", who, did, what.what)
	case text(view["type"]) == "home":
		return fmt.Sprintf("%s %s on the Home.", who, did)
	case text(view["type"]) != "":
		return fmt.Sprintf("%s %s in the form %s.", who, did, t.titled(p, l))
	case message != nil:
		return fmt.Sprintf("%s %s on the message %s.", who, did, t.names.quote(text(message["text"])))
	}
	return fmt.Sprintf("%s %s on an answer that only they see.", who, did)
}

// events say what Slack tells of what happened in the workspace.
var events = map[string]func(t *teller, e map[string]any) string{
	"app_home_opened": func(t *teller, e map[string]any) string {
		return t.names.person(text(e["user"])) + " opened Usher."
	},
	"app_mention": func(t *teller, e map[string]any) string {
		return ended(t.names.person(text(e["user"])) + " mentioned Usher: " + t.names.quote(text(e["text"])))
	},
	"message": func(t *teller, e map[string]any) string {
		return ended(fmt.Sprintf("Slack told Usher of a message in %s: %s", t.names.place(text(e["channel"])), t.names.quote(text(e["text"]))))
	},
	"user_change": func(t *teller, e map[string]any) string {
		user := object(e["user"])
		if user["deleted"] == true {
			return t.names.person(text(user["id"])) + "'s account was deactivated."
		}
		return t.names.person(text(user["id"])) + "'s account changed."
	},
	"team_join": func(t *teller, e map[string]any) string {
		return t.names.person(text(object(e["user"])["id"])) + " came to the workspace."
	},
	"subteam_members_changed": func(t *teller, e map[string]any) string {
		return "Who is in " + t.names.group(text(e["subteam_id"])) + " changed."
	},
	"subteam_updated": func(t *teller, e map[string]any) string {
		return "The user group " + t.names.group(text(object(e["subteam"])["id"])) + " changed."
	},
}

func (t *teller) event(e map[string]any, l *Line) {
	say, known := events[l.Method]
	if !known {
		l.Say, l.unknown = "Slack told Usher of an event of the type "+l.Method+".", true
		return
	}
	l.Say = say(t, e)
}

// ack is a frame from Usher. What it bears is shown to whoever did it; and a request that it names is the one that was asked for by it.
func (t *teller) ack(x wire.Exchange, l *Line) {
	frame := body(x.Ask)
	id := text(frame["envelope_id"])
	of, known := t.sent[id]
	delete(t.sent, id)
	l.Method = "ack"
	if !known {
		l.Say = "Usher acknowledged something once more."
		return
	}
	l.Say = fmt.Sprintf("Usher acknowledged it after %d ms", max(x.At.Sub(of.at), 0).Milliseconds())
	payload := object(frame["payload"])
	said := text(payload["text"])
	l.Request = number(said)
	if began := t.lineOf(of.line); began != nil {
		l.Request = cmp.Or(l.Request, began.Request)
		began.Request = l.Request
	}
	switch {
	case said != "":
		l.Say = ended(l.Say + fmt.Sprintf(", and answered %s: %s", of.who, t.names.quote(said)))
	case payload["errors"] != nil:
		l.Say += ", and said what is wrong in the form."
	case payload["options"] != nil, payload["option_groups"] != nil:
		l.Say += ", with what the menu offers."
	default:
		l.Say += ". What it asks is kept by now."
	}
}

// lineOf is the line of a number; nil: it's forgotten.
func (t *teller) lineOf(n int) *Line {
	if len(t.lines) == 0 || n < t.lines[0].N || n-t.lines[0].N >= len(t.lines) {
		return nil
	}
	return &t.lines[n-t.lines[0].N]
}
