package slacksim

import (
	"slices"
	"strings"
)

// pageThread is a thread that somebody follows.
type pageThread struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"` // of the message that it hangs on
	Unread  int    `json:"unread"`
	Latest  string `json:"latest"` // the ts of its newest reply
}

// isReply says whether a message hangs on another one, and inThread whether it stands there alone.
func (m *Message) isReply() bool  { return m.ThreadTS != "" && m.ThreadTS != m.TS }
func (m *Message) inThread() bool { return m.isReply() && !m.Broadcast }

// threadKey is how it's kept how far somebody has read a thread.
func threadKey(channel, ts string) string { return channel + " " + ts }

// threadsIn are the replies to each message of a channel that this person may see. Those to a message that's gone stand in the channel.
func threadsIn(all []Message) map[string][]Message {
	there := map[string]bool{}
	for _, m := range all {
		there[m.TS] = true
	}
	threads := map[string][]Message{}
	for i, m := range all {
		if m.isReply() && there[m.ThreadTS] {
			threads[m.ThreadTS] = append(threads[m.ThreadTS], m)
		} else {
			all[i].ThreadTS = ""
		}
	}
	return threads
}

// follows says whether somebody hears of what is new in a thread, as Slack has it: who began it, wrote in it, or is named in it.
func follows(as string, parent Message, replies []Message) bool {
	return slices.ContainsFunc(append([]Message{parent}, replies...), func(m Message) bool {
		return m.User == as || m.EphemeralTo == as && m.isReply() || strings.Contains(m.Text, "<@"+as+">")
	})
}

// threadsOf are the threads that somebody follows in these channels, the newest first.
func (p *Page) threadsOf(as string, channels ...string) []pageThread {
	list := []pageThread{}
	for _, channel := range channels {
		all := p.visibleTo(as, channel)
		threads := threadsIn(all)
		for _, parent := range all {
			replies := threads[parent.TS]
			if len(replies) == 0 || !follows(as, parent, replies) {
				continue
			}
			list = append(list, pageThread{Channel: channel, TS: parent.TS, Unread: p.newIn(as, channel, replies), Latest: replies[len(replies)-1].TS})
		}
	}
	slices.SortStableFunc(list, func(a, b pageThread) int { return compare(b.Latest, a.Latest) })
	return list
}

// newIn counts the replies of others in one thread since this person last looked into it.
func (p *Page) newIn(as, channel string, replies []Message) (n int) {
	for _, m := range replies {
		if m.User != as && m.inThread() && m.TS > p.readTo(as, threadKey(channel, m.ThreadTS)) {
			n++
		}
	}
	return n
}

// newInThreads counts those of all threads that somebody follows in a channel.
func (p *Page) newInThreads(as, channel string) (n int) {
	for _, t := range p.threadsOf(as, channel) {
		n += t.Unread
	}
	return n
}
