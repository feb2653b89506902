package slacksim

import (
	"maps"
	"net/http"
	"net/url"
)

// elsewhere is a conversation, a group or a form that nobody has asked about.
const elsewhere = "C0ELSEWHERE"

// noSuchTS is a ts of the right shape at which nothing stands and never stood.
const noSuchTS = "1000000000.000100"

// foreignHost is nobody's; whoever dials it on a word of ours has believed too much.
const foreignHost = "elsewhere.example"

// lie makes an answer one that does not fit its question. It is called under the lock, after the call
// took effect, and may ask the server what it would have answered to another question.
type lie func(s *Server, c *call, a answer)

// lies are the answers that do not fit, by method and kind. A method without a ts has no OtherTS.
var lies = map[string]map[Kind]lie{
	"auth.test": {
		OtherID: put("team_id", "T0OTHER", "user_id", "U0OTHER", "bot_id", "B0OTHER"),
		NoID:    put("team_id", "", "user_id", "", "bot_id", ""),
	},
	"auth.teams.list": {OtherID: each("teams", "id", "T0OTHER"), NoID: each("teams", "id", "")},
	openMethod: {
		OtherID: astray,
		NoID:    put("url", ""),
	},
	"chat.postMessage": {OtherID: put("channel", elsewhere), NoID: put("ts", ""), OtherTS: put("ts", noSuchTS)},
	"chat.update":      {OtherID: put("channel", elsewhere), NoID: put("ts", ""), OtherTS: put("ts", noSuchTS)},
	"chat.delete":      {OtherID: put("channel", elsewhere), NoID: put("ts", ""), OtherTS: put("ts", noSuchTS)},
	// The answer names no channel: its one id is the ts.
	"chat.postEphemeral": {OtherID: put("message_ts", elsewhere), NoID: put("message_ts", ""), OtherTS: put("message_ts", noSuchTS)},
	"conversations.info": {OtherID: instead("channel", "C0GENERAL", "C0REPORTS"), NoID: put("channel", map[string]any{})},
	"conversations.open": {OtherID: instead("users", "U0DAVE", "U0ERIN"), NoID: put("channel", map[string]any{})},
	"users.info":         {OtherID: instead("user", "U0DAVE", "U0ERIN"), NoID: put("user", map[string]any{})},
	"users.lookupByEmail": {
		OtherID: instead("email", "dave@acme.example", "erin@acme.example"), NoID: put("user", map[string]any{}),
	},
	"team.profile.get":             {OtherID: fieldsWith("id", "C0ELSEWHERE"), NoID: fieldsWith("id", "")},
	"users.profile.get":            {OtherID: put("profile", nil), NoID: put("profile", nil)}, // it does not say whose it is
	"files.info":                   {OtherID: put("file", map[string]any{"id": "F0ELSEWHERE", "size": 3}), NoID: put("file", map[string]any{})},
	"files.getUploadURLExternal":   {OtherID: put("file_id", "F0ELSEWHERE"), NoID: put("file_id", "")},
	"files.completeUploadExternal": {OtherID: put("files", []map[string]any{{"id": "F0ELSEWHERE"}}), NoID: put("files", []map[string]any{})},
	"conversations.list":           {OtherID: swapped, NoID: each("channels", "id", "")},
	"conversations.history": {
		OtherID: foreign, NoID: each("messages", "ts", ""), OtherTS: each("messages", "ts", noSuchTS),
	},
	"conversations.replies": {
		OtherID: foreign, NoID: each("messages", "ts", ""), OtherTS: each("messages", "ts", noSuchTS),
	},
	"users.list":            {OtherID: put("members", []map[string]any{{"id": "S0LEADS"}}), NoID: put("members", nil)},
	"usergroups.users.list": {OtherID: put("users", []string{elsewhere, "S0LEADS"}), NoID: put("users", nil)},
	"usergroups.list":       {OtherID: each("usergroups", "id", elsewhere), NoID: each("usergroups", "id", "")},
	"views.open": {
		OtherID: put("view", map[string]any{"id": "V0OTHER", "type": "modal", "callback_id": "elsewhere", "private_metadata": ""}),
		NoID:    put("view", map[string]any{}),
	},
	"views.publish": {
		OtherID: put("view", map[string]any{"id": "V0OTHER", "type": "home", "callback_id": "elsewhere", "hash": "1.elsewhere"}),
		NoID:    put("view", map[string]any{}),
	},
	"views.update": {
		OtherID: put("view", map[string]any{"id": "V0OTHER", "type": "modal", "callback_id": "elsewhere", "private_metadata": ""}),
		NoID:    put("view", map[string]any{}),
	},
}

// hooked are the texts a response URL answers with, having done what it was asked, in place of "ok".
var hooked = map[Kind]string{Torn: `{"ok":tr`, OtherID: "fine", NoID: ""}

// lying reports whether a kind of fault is an answer that comes, and is not the true one.
func (k Kind) lying() bool { return k == Torn || k == OtherID || k == NoID || k == OtherTS }

// twist makes the answer of a call that took effect a wrong one. It returns where to write it.
func (s *Server) twist(w http.ResponseWriter, c *call, f *Fault, entry *Call, a answer) http.ResponseWriter {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry.Answer = string(f.Kind)
	if f.Kind == Torn {
		return half{w}
	}
	tell := lies[c.method][f.Kind]
	switch {
	case tell == nil:
		s.violation("no answer of %s can be of the kind %q", c.method, f.Kind)
	case a != nil:
		tell(s, c, a)
	}
	return w
}

// half writes the first half of an answer, and says that it wrote all of it.
type half struct{ http.ResponseWriter }

// Write implements http.ResponseWriter.
func (h half) Write(p []byte) (int, error) {
	if _, err := h.ResponseWriter.Write(p[:len(p)/2]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// put replaces keys of an answer: a key, its value, and so on.
func put(pairs ...any) lie {
	return func(_ *Server, _ *call, a answer) {
		for i := 0; i+1 < len(pairs); i += 2 {
			a[str(pairs[i])] = pairs[i+1]
		}
	}
}

// each replaces a key in every item of a list.
func each(items, key string, value any) lie {
	return func(_ *Server, _ *call, a answer) {
		list, _ := a[items].([]map[string]any)
		for _, item := range list {
			item[key] = value
		}
	}
}

// fieldsWith replaces a key of every field of a profile.
func fieldsWith(key string, value any) lie {
	return func(_ *Server, _ *call, a answer) {
		profile, _ := a["profile"].(map[string]any)
		list, _ := profile["fields"].([]map[string]any)
		for _, field := range list {
			field[key] = value
		}
	}
}

// instead answers as if one had been asked about, or the other where that was the question.
func instead(argument, one, other string) lie {
	return func(s *Server, c *call, a answer) {
		asked := *c
		asked.args = maps.Clone(c.args)
		asked.args[argument] = one
		if c.str(argument) == one {
			asked.args[argument] = other
		}
		if b, err := methods[c.method].run(s, &asked); err == nil {
			maps.Copy(a, b)
		}
	}
}

// swapped gives each channel of a list the id of another one.
func swapped(_ *Server, _ *call, a answer) {
	list, _ := a["channels"].([]map[string]any)
	var ids []any
	for _, channel := range list {
		ids = append(ids, channel["id"])
	}
	for i, id := range ids {
		list[(i+1)%len(list)]["id"] = id
	}
}

// foreign puts what was said elsewhere in the place of a conversation's messages, at times that were asked for.
func foreign(s *Server, c *call, a answer) {
	if c.has("latest") {
		a["messages"] = []map[string]any{{"type": "message", "user": "U0DAVE", "text": "elsewhere", "ts": noSuchTS}}
		return
	}
	a["messages"] = []map[string]any{{"type": "message", "user": "U0DAVE", "text": "elsewhere", "ts": s.newTS()}}
}

// astray leads to the same place at somebody else's.
func astray(_ *Server, _ *call, a answer) {
	to, err := url.Parse(str(a["url"]))
	if err != nil {
		return // unreachable: the address is our own
	}
	to.Host = foreignHost
	a["url"] = to.String()
}
