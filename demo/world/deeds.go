package world

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/sim/wire"
)

// dealing is a call of a vendor's.
type dealing struct {
	id   int64 // of the account
	ask  wire.Part
	got  wire.Part
	line *Line
	ok   bool
}

// dealings are the deeds of the vendors, by operation: the past and the infinitive, and to what.
var dealings = map[vendorsim.Op]struct {
	did, do string
	to      func(t *teller, d dealing) string
}{
	vendorsim.List:         {"read", "read", func(*teller, dealing) string { return "who has an account in SE Ranking" }},
	vendorsim.Details:      {"read", "read", func(t *teller, d dealing) string { return t.account(d) + " in SE Ranking" }},
	vendorsim.Shared:       {"read", "read", func(t *teller, d dealing) string { return "which websites are shared with " + t.account(d) }},
	vendorsim.Owned:        {"read", "read", func(t *teller, d dealing) string { return "which websites belong to " + t.account(d) }},
	vendorsim.Sites:        {"read", "read", func(*teller, dealing) string { return "which websites there are in SE Ranking" }},
	vendorsim.Create:       {"had SE Ranking make", "have SE Ranking make", (*teller).made},
	vendorsim.Update:       {"had SE Ranking change", "have SE Ranking change", (*teller).changed},
	vendorsim.Delete:       {"had SE Ranking delete", "have SE Ranking delete", (*teller).changed},
	vendorsim.SetShares:    {"had SE Ranking share", "have SE Ranking share", (*teller).shared},
	vendorsim.Profile:      {"asked", "ask", func(*teller, dealing) string { return "SE Ranking whose key it has" }},
	vendorsim.Subscription: {"read", "read", func(*teller, dealing) string { return "what SE Ranking's plan is" }},
	vendorsim.Money:        {"read", "read", func(*teller, dealing) string { return "what is left of the money at SE Ranking" }},
	vendorsim.Credits:      {"read", "read", func(*teller, dealing) string { return "which credits are left at SE Ranking" }},
	vendorsim.Balance: {"asked", "ask", func(_ *teller, d dealing) string {
		if d.ok {
			return "Semrush how many units are left: " + strings.TrimSpace(string(d.got.Body))
		}
		return "Semrush how many units are left"
	}},
	vendorsim.Trends: {"asked", "ask", func(*teller, dealing) string { return "Semrush what is left of Trends" }},
}

// dealt is a call of a vendor's.
func (t *teller) dealt(x wire.Exchange, l *Line) {
	at, err := url.Parse(x.URL)
	if err != nil {
		at = &url.URL{Path: x.URL}
	}
	_, op, id := vendorsim.Meaning(x.Method, at)
	l.Method = x.Method + " " + at.Path
	who, said := "SE Ranking", ""
	if x.Neighbour == "semrush" {
		who = "Semrush"
		if strings.HasPrefix(string(x.Answer.Body), "ERROR") {
			said = strings.TrimSpace(string(x.Answer.Body))
		}
	}
	if x.Status >= 400 {
		said = refusalIn(body(x.Answer))
	}
	d := dealing{id: id, ask: x.Ask, got: x.Answer, line: l, ok: !x.Cut && x.Status < 300 && said == ""}
	l.Wrong = !d.ok
	deed, known := dealings[op]
	switch {
	case !known:
		l.Say, l.unknown = fmt.Sprintf("Usher asked %s for %s, which isn't there.", who, at.Path), true
	case d.ok:
		l.Say = fmt.Sprintf("Usher %s %s.", deed.did, deed.to(t, d))
	default:
		l.Say = fmt.Sprintf("Usher wanted to %s %s. %s", deed.do, deed.to(t, d), t.wrong(who, x, said))
	}
}

// refusalIn is what a vendor says in its envelope.
func refusalIn(answer map[string]any) string {
	if m := text(answer["message"]); m != "" {
		return m
	}
	if m := text(answer["error"]); m != "" {
		return m
	}
	return text(object(answer["error"])["message"])
}

// account is one by its address, where that is known; what is done to it is about the latest request about that address.
func (t *teller) account(d dealing) string {
	for _, a := range t.vendor.Accounts() {
		t.held[a.ID] = a.Email
	}
	email, known := t.held[d.id]
	if !known {
		return fmt.Sprintf("account %d", d.id)
	}
	return fmt.Sprintf("account %d of %s", d.id, email)
}

// written is account, of a call that changes it.
func (t *teller) written(d dealing) string {
	name := t.account(d)
	d.line.Request = t.about[strings.ToLower(t.held[d.id])]
	return name
}

func (t *teller) changed(d dealing) string { return t.written(d) }

// made is a new account.
func (t *teller) made(d dealing) string {
	email := ""
	var sent []struct{ Value []map[string]any }
	_ = json.Unmarshal(d.ask.Body, &sent) // what is no such list names nobody
	for _, one := range sent {
		for _, field := range one.Value {
			if v := text(field["setting.account_email"]); v != "" {
				email = v
			}
		}
	}
	d.line.Request = t.about[strings.ToLower(email)]
	var made struct{ ID json.Number }
	if json.Unmarshal(d.got.Body, &made) != nil || made.ID == "" {
		return "an account for " + email
	}
	id, _ := made.ID.Int64()
	t.held[id] = email
	return fmt.Sprintf("account %s for %s", made.ID, email)
}

// shared is the websites that an account has from now on.
func (t *teller) shared(d dealing) string {
	var sites []int64
	var object struct {
		Sites json.RawMessage `json:"site_ids"`
	}
	raw := d.ask.Body
	if json.Unmarshal(raw, &object) == nil && object.Sites != nil {
		raw = object.Sites
	}
	if json.Unmarshal(raw, &sites) != nil {
		return "one more website with " + t.written(d)
	}
	called := []string{}
	for _, s := range t.vendor.Sites() {
		for _, id := range sites {
			if s.ID == id {
				called = append(called, s.Title)
			}
		}
	}
	if len(called) == 0 {
		return "no website with " + t.written(d)
	}
	return fmt.Sprintf("%s with %s", strings.Join(called, ", "), t.written(d))
}
