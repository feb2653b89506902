package telling

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
)

// Seen reports whether something is seen by now.
func (t *Telling) Seen(s stories.Sight) bool {
	switch {
	case s.Here != "":
		u, known := t.Slack.User(s.Here)
		return known && !u.Deleted
	case s.Account != "":
		return t.accounts(s.Account) == 1
	case s.Gone != "":
		return t.accounts(s.Gone) == 0
	case len(s.OneOf) > 0:
		return t.accounts(s.OneOf...) == 1
	case s.Times > 0:
		return t.haveIt(s) >= s.Times // whoever was told to try again, and then wasn't too late, was told something too
	}
	return slices.ContainsFunc(t.looksAt(s), func(m slacksim.Message) bool {
		return holds(m, s.Holds) && (s.Has == "" || has(m.Blocks, s.Has)) && (s.Lacks == "" || !has(m.Blocks, s.Lacks))
	})
}

// accounts counts those of the vendor's accounts that have one of these addresses.
func (t *Telling) accounts(emails ...string) (n int) {
	for _, a := range t.Vendor.Accounts() {
		if slices.Contains(emails, a.Email) {
			n++
		}
	}
	return n
}

// haveIt counts the people to each of whom such a message was sent alone.
func (t *Telling) haveIt(s stories.Sight) (n int) {
	for _, u := range t.Slack.Users() {
		s.As = u.ID
		if slices.ContainsFunc(t.looksAt(s), func(m slacksim.Message) bool { return holds(m, s.Holds) }) {
			n++
		}
	}
	return n
}

// looksAt are the bot's messages since the story began that somebody sees in a place. Who does it by hand may have asked elsewhere, and is
// answered there.
func (t *Telling) looksAt(s stories.Sight) []slacksim.Message {
	if !s.Alone {
		return t.Before(s.As, s.In)
	}
	return slices.DeleteFunc(t.Slack.Ephemerals(s.As), func(m slacksim.Message) bool {
		return m.TS <= t.Began || !(t.anywhere && s.Times == 0) && m.Channel != t.Channel(s.As, s.In)
	})
}

// Before are the bot's messages in a conversation since the story began.
func (t *Telling) Before(who, in string) []slacksim.Message {
	return slices.DeleteFunc(t.Slack.Messages(t.Channel(who, in)), func(m slacksim.Message) bool {
		return m.User != slacksim.BotUser || m.TS <= t.Began
	})
}

// Instead is what stands where something was looked for in vain.
func (t *Telling) Instead(s stories.Sight) string {
	if s.Account+s.Gone != "" || len(s.OneOf) > 0 {
		return fmt.Sprintf(" SE Ranking has %s.", terminal.Plural(len(t.Vendor.Accounts()), "account", "accounts"))
	}
	if s.Times > 0 {
		return fmt.Sprintf(" %d of them have.", t.haveIt(s))
	}
	list := t.looksAt(s)
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

// holds reports whether a message says all of these words.
func holds(m slacksim.Message, words []string) bool {
	text := slacksim.PlainText(m)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}
