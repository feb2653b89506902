package tour

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
)

// seen reports whether something is seen by now.
func (p *player) seen(s stories.Sight) bool {
	switch {
	case s.Account != "":
		return p.accounts(s.Account) == 1
	case s.Gone != "":
		return p.accounts(s.Gone) == 0
	case len(s.OneOf) > 0:
		return p.accounts(s.OneOf...) == 1
	case s.Times > 0:
		return p.haveIt(s) == s.Times
	}
	return slices.ContainsFunc(p.looksAt(s), func(m slacksim.Message) bool {
		return holds(m, s.Holds) && (s.Has == "" || has(m.Blocks, s.Has)) && (s.Lacks == "" || !has(m.Blocks, s.Lacks))
	})
}

// accounts counts those of the vendor's accounts that have one of these addresses.
func (p *player) accounts(emails ...string) (n int) {
	for _, a := range p.Vendor.Accounts() {
		if slices.Contains(emails, a.Email) {
			n++
		}
	}
	return n
}

// haveIt counts the people to each of whom such a message was sent alone.
func (p *player) haveIt(s stories.Sight) (n int) {
	for _, u := range p.Slack.Users() {
		s.As = u.ID
		if slices.ContainsFunc(p.looksAt(s), func(m slacksim.Message) bool { return holds(m, s.Holds) }) {
			n++
		}
	}
	return n
}

// looksAt are the bot's messages since the story began that somebody sees in a place.
func (p *player) looksAt(s stories.Sight) []slacksim.Message {
	if !s.Alone {
		return p.before(s.As, s.In)
	}
	return slices.DeleteFunc(p.Slack.Ephemerals(s.As), func(m slacksim.Message) bool {
		return m.TS <= p.began || m.Channel != p.channel(s.As, s.In)
	})
}

// before are the bot's messages in a conversation since the story began.
func (p *player) before(who, in string) []slacksim.Message {
	return slices.DeleteFunc(p.Slack.Messages(p.channel(who, in)), func(m slacksim.Message) bool {
		return m.User != slacksim.BotUser || m.TS <= p.began
	})
}

// instead is what stands where something was looked for in vain.
func (p *player) instead(s stories.Sight) string {
	if s.Account+s.Gone != "" || len(s.OneOf) > 0 {
		return fmt.Sprintf(" SE Ranking has %s.", terminal.Plural(len(p.Vendor.Accounts()), "account", "accounts"))
	}
	if s.Times > 0 {
		return fmt.Sprintf(" %d of them have.", p.haveIt(s))
	}
	list := p.looksAt(s)
	if len(list) == 0 {
		return " There was no message at all."
	}
	nearest := slices.MaxFunc(list, func(a, b slacksim.Message) int { return cmp.Compare(share(a, s.Holds), share(b, s.Holds)) })
	return " What comes nearest says: " + terminal.OneLine(slacksim.PlainText(nearest))
}

// share is how many of these words a message says.
func share(m slacksim.Message, words []string) (n int) {
	for _, w := range words {
		if holds(m, []string{w}) {
			n++
		}
	}
	return n
}

// newest is the ts of the newest message of the workspace.
func newest(slack *slacksim.Server) (ts string) {
	for _, c := range slack.Channels() {
		for _, m := range slack.Messages(c.ID) {
			ts = max(ts, m.TS)
		}
	}
	for _, u := range slack.Users() {
		for _, m := range slack.Ephemerals(u.ID) {
			ts = max(ts, m.TS)
		}
	}
	return ts
}

// holds reports whether a message says all of these words.
func holds(m slacksim.Message, words []string) bool {
	text := slacksim.PlainText(m)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

// has reports whether there is a button with this label.
func has(blocks []slacksim.Block, label string) bool {
	for _, b := range blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			e, _ := e.(map[string]any)
			if text, _ := e["text"].(map[string]any); e["type"] == "button" && text["text"] == label {
				return true
			}
		}
	}
	return false
}

// hasMenu reports whether there is a block of this id with a menu beside it.
func hasMenu(blocks []slacksim.Block, id string) bool {
	return slices.ContainsFunc(blocks, func(b slacksim.Block) bool { return b["block_id"] == id && b["accessory"] != nil })
}
