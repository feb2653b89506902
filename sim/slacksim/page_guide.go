package slacksim

import (
	"regexp"
	"slices"
	"strings"
)

// PageGuide is the round that the page leads a newcomer through: somebody asks,
// somebody decides, the vendor shows it, the asker is told, the admin gets a
// report. It knows the app only by what it shows.
type PageGuide struct {
	Ask, Decide, Admin string // personas, by user id
	Approvals, Reports string // channels, by id
	Command            string // what the asker types
	Approve            string // the label of the button that decides; default "Approve"
	Report             string // what the admin types
	More               []PageTry
	ByHand             string // the name of an app that people carry out, of which the vendor is told nothing
	// Aside are words of messages that are no part of the round: of what the app asks by itself. Asks says what to do about those.
	Aside []string
	Asks  []PageAsk
}

// PageAsk is what the guide says while a message has a button.
type PageAsk struct{ Button, Say string }

// PageTry is something to try after the round.
type PageTry struct {
	Label   string `json:"label"`   // two to four words
	As      string `json:"as"`      // a persona, by user id
	Command string `json:"command"` // what to type
	// Does is what an admin does with a member instead, and Who the member, by user id.
	Does string `json:"does,omitempty"`
	Who  string `json:"who,omitempty"`
}

// pageProgress says how far the round has come.
type pageProgress struct {
	Ask        string    `json:"ask"`
	Decide     string    `json:"decide"`
	Admin      string    `json:"admin"`
	Approvals  string    `json:"approvals"`
	Reports    string    `json:"reports"`
	Command    string    `json:"command"`
	Approve    string    `json:"approve"`
	Report     string    `json:"report"`
	More       []PageTry `json:"more"`
	Waiting    string    `json:"waiting"`   // ts of the newest card that can be decided
	Decided    bool      `json:"decided"`   // a card was decided
	Elsewhere  bool      `json:"elsewhere"` // the newest card is about the app that people carry out
	Account    string    `json:"account"`   // the e-mail of an account that the vendor did not have before
	Told       string    `json:"told"`      // ts of what the bot then wrote to the asker
	ToldIn     string    `json:"toldIn"`    // the channel it stands in
	ToldSeen   bool      `json:"toldSeen"`  // the asker has looked
	Reported   bool      `json:"reported"`
	Asks       string    `json:"asks"` // ts of the newest message of what the app asks by itself that can be decided
	AsksButton string    `json:"asksButton"`
	AsksSay    string    `json:"asksSay"` // what to do about it
}

func (p *Page) progress() *pageProgress {
	if p.opts.Guide == nil {
		return nil
	}
	o := *p.opts.Guide
	setDefault(&o.Approve, "Approve")
	g := &pageProgress{Ask: o.Ask, Decide: o.Decide, Admin: o.Admin, Approvals: o.Approvals, Reports: o.Reports, Command: o.Command,
		Approve: o.Approve, Report: o.Report, More: o.More, ToldIn: p.server.DMChannel(o.Ask), Account: p.newAccount()}
	first := g.cards(p.server.Messages(o.Approvals), o)
	if g.Decided {
		g.told(p.server.DM(o.Ask), first)
	}
	p.mu.Lock()
	g.ToldSeen = g.Told != "" && p.read[o.Ask][g.ToldIn] >= g.Told
	p.mu.Unlock()
	for _, m := range p.server.Messages(o.Reports) {
		g.Reported = g.Reported || g.Told != "" && m.User == BotUser && m.TS > g.Told // earlier ones came by the schedule
	}
	return g
}

// numbered is how a card names its request.
var numbered = regexp.MustCompile(`#\d`)

// cards reads the approvals channel and gives the ts of the first decided card.
// A card that was taken back or ran out counts for nothing: the round begins again.
func (g *pageProgress) cards(messages []Message, o PageGuide) (first string) {
	for _, m := range messages {
		if m.User != BotUser || len(m.Blocks) == 0 {
			continue
		}
		text := PlainText(m)
		if !numbered.MatchString(text) {
			continue // a warning is about no request
		}
		if slices.ContainsFunc(o.Aside, func(words string) bool { return strings.Contains(text, words) }) {
			g.asked(m, o.Asks)
			continue
		}
		g.Elsewhere = o.ByHand != "" && strings.Contains(text, o.ByHand)
		switch {
		case hasButton(m.Blocks, g.Approve):
			g.Waiting = m.TS
		case !strings.Contains(text, "canceled") && !strings.Contains(text, "expired") && !g.Decided:
			g.Decided, first = true, m.TS
		}
	}
	return first
}

// asked notes a message of what the app asks by itself, where it can still be decided.
func (g *pageProgress) asked(m Message, asks []PageAsk) {
	for _, a := range asks {
		if hasButton(m.Blocks, a.Button) {
			g.Asks, g.AsksButton, g.AsksSay = m.TS, a.Button, a.Say
		}
	}
}

// told looks for the first thing the bot wrote to the asker after that card.
func (g *pageProgress) told(messages []Message, card string) {
	for _, m := range messages {
		if m.User == BotUser && m.TS > card && g.Told == "" {
			g.Told = m.TS
		}
	}
}

func hasButton(blocks []Block, label string) bool {
	for _, block := range blocks {
		elements, _ := block["elements"].([]any)
		for _, e := range elements {
			element, _ := e.(map[string]any)
			text, _ := element["text"].(map[string]any)
			if element["type"] == "button" && text["text"] == label {
				return true
			}
		}
	}
	return false
}

// newAccount is the e-mail of the newest account that was not there when the page was made.
func (p *Page) newAccount() (email string) {
	for _, account := range p.vendor().Accounts {
		if !p.began[account.Email] {
			email = account.Email
		}
	}
	return email
}
