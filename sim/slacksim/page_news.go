package slacksim

import (
	"slices"
	"strings"
)

// pageNews is the newest message that somebody hasn't seen.
type pageNews struct {
	Channel string `json:"channel"`
	Where   string `json:"where"`            // the channel as its members call it, or who wrote
	Thread  string `json:"thread,omitempty"` // the ts of the message on which its thread hangs, if it stands in one alone
	Text    string `json:"text"`             // its first line, in mrkdwn
}

// news is the newest message of others that this person hasn't seen in these channels; nil: there is none.
func (p *Page) news(as string, channels ...string) (found *pageNews) {
	newest := ""
	for _, c := range p.channelsOf(as) {
		all := p.visibleTo(as, c.ID)
		threads := p.threadsOf(as, c.ID)
		for _, m := range all {
			place := c.ID
			if m.inThread() {
				place = threadKey(c.ID, m.ThreadTS)
			}
			if !slices.Contains(channels, c.ID) || m.User == as || m.TS <= max(newest, p.readTo(as, place)) || m.inThread() && !has(threads, m.ThreadTS) {
				continue
			}
			newest = m.TS
			found = &pageNews{Channel: c.ID, Where: "#" + c.Name, Text: firstLine(m)}
			if m.inThread() {
				found.Thread = m.ThreadTS
			}
			if c.IM {
				found.Where = p.channel(as, c).Name
			}
		}
	}
	return found
}

func has(threads []pageThread, ts string) bool {
	return slices.ContainsFunc(threads, func(t pageThread) bool { return t.TS == ts })
}

// firstLine is what a notification shows of a message.
func firstLine(m Message) string {
	line, _, _ := strings.Cut(PlainText(m), "\n")
	return line
}
