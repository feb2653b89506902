package view

import "github.com/usherbot/usher/approvals"

// talk shows what was said in the thread of a request's card, the latest where not all of it has room.
func talk(p *page, r approvals.Request) {
	var lines []approvals.Text
	left := p.left / 2
	for i := len(r.Talk) - 1; i >= 0 && left > 0; i-- {
		line := remark(r.Talk[i])
		lines = append([]approvals.Text{line}, lines...)
		left -= size(mrkdwn(maxObject, line)) + blockFrame
	}
	if len(lines) == 0 {
		return
	}
	head := say("*Said in the thread*")
	if earlier := len(r.Talk) - len(lines); earlier > 0 {
		head = say("*Said in the thread* (%v earlier)", earlier)
	}
	p.section(head)
	for _, line := range lines {
		p.small("", line)
	}
}

func remark(m approvals.Remark) approvals.Text {
	switch {
	case m.Gone:
		return say("%v wrote %v, and deleted it", m.By, m.At)
	case !m.Changed.IsZero():
		return say("%v wrote %v, changed %v: %v", m.By, m.At, m.Changed, quoted(m.Words))
	}
	return say("%v wrote %v: %v", m.By, m.At, quoted(m.Words))
}

// Offered is what somebody privately has who may decide something and said in its thread what sounds as if they did: each
// request with its buttons.
func Offered(list []approvals.Request) Message {
	p := newPage()
	which := say("#%v", list[0].Number)
	if len(list) > 1 {
		which = say("these %v", len(list))
	}
	p.section(say("What's written in a thread doesn't decide anything. To decide %v, press a button here:", which))
	waiting(p, list)
	return p.message()
}
