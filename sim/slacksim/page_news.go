package slacksim

import (
	"slices"
	"strings"
)

// pageNews is the newest message that somebody hasn't seen.
type pageNews struct {
	Channel string `json:"channel"`
	Where   string `json:"where"` // the channel as its members call it, or who wrote
	Text    string `json:"text"`  // its first line, in mrkdwn
}

// news is the newest message of others that this person hasn't seen in these channels; nil: there is none.
func (p *Page) news(as string, channels ...string) (found *pageNews) {
	newest := ""
	for _, c := range p.channelsOf(as) {
		for _, m := range p.visibleTo(as, c.ID) {
			if !slices.Contains(channels, c.ID) || m.User == as || m.TS <= max(newest, p.readTo(as, c.ID)) {
				continue
			}
			newest = m.TS
			found = &pageNews{Channel: c.ID, Where: "#" + c.Name, Text: firstLine(m)}
			if c.IM {
				found.Where = p.channel(as, c).Name
			}
		}
	}
	return found
}

// firstLine is what a notification shows of a message.
func firstLine(m Message) string {
	line, _, _ := strings.Cut(PlainText(m), "\n")
	return line
}
