package view

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// blockLent begins the name of what holds the buttons of one request on the Home of whoever has what it gave for a time.
const blockLent = "ends-"

// lentTo is what they have, or asked for, that ends: the first few with the buttons of the message before the end, the others
// in a line each.
func lentTo(p *page, h approvals.Home) {
	const withButtons = 5
	if len(h.Lent) == 0 {
		return
	}
	heading(p, "Given for a time")
	shown := 0
	for ; shown < min(len(h.Lent), withButtons) && !p.tight(); shown++ {
		r := h.Lent[shown]
		p.section(append([]approvals.Text{askedLine(r)}, longer(r)...)...)
		if r.Lent() {
			p.add(slack.NewActionBlock(fmt.Sprint(blockLent, r.Number), holding(r)...))
		}
	}
	var lines []approvals.Text
	for _, r := range h.Lent[shown:] {
		lines = append(lines, askedLine(r))
	}
	rows(p, lines, h.MoreLent, "/access status")
}
