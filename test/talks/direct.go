package talks

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// direct are somebody's direct messages but for those that ask them to decide, or show how far a task is: these follow what is so,
// and are held to that at the end.
func (k *talk) direct(id string) []slacksim.Message {
	_, rest := world.Progress(world.Digests(world.ToApprover(k.N.Slack.DM(id), false)))
	return rest
}

// told is one of the direct messages that nobody has expected yet: two that are owed at one moment come in any order.
func (k *talk) told(list []slacksim.Message, line string) {
	k.T.Helper()
	fits := func(m slacksim.Message) bool {
		return !slices.ContainsFunc(words.FindAllStringSubmatch(line, -1), func(w []string) bool {
			not, no := strings.CutPrefix(w[1], "!")
			return strings.Contains(slacksim.PlainText(m), not) == no
		})
	}
	for i, m := range list {
		if m.User == slacksim.BotUser && !k.seen[m.Channel+m.TS] && !m.Deleted && fits(m) {
			k.next(list[i:], line)
			return
		}
	}
	k.next(list, line)
}
