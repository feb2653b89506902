package view

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// Reply is the answer to a command. A list too long for one message is cut, and says by how much.
func Reply(r commands.Reply) Message {
	var foot []slack.Block
	if code := examples(r.Examples); code != "" {
		foot = append(foot, sectionOf(markup(code)))
	}
	foot = append(foot, cardLinks(r.Cards)...)
	if r.Form != nil {
		foot = append(foot, formButton(*r.Form, r.Offer))
	}
	for _, b := range []slack.Block{moreFindings(r.More), moreFindings(r.Off), sortOut(r.Which), presses(r.Presses)} {
		if b != nil {
			foot = append(foot, b)
		}
	}
	p := newPage(foot...)
	p.section(r.Head)
	found(p, r)
	if r.Trend != nil {
		trended(p, *r.Trend)
	}
	if r.Asked != nil {
		understood(p, *r.Asked)
	}
	if r.Request != nil {
		summary(p, *r.Request)
	}
	if r.Request != nil && r.Why {
		p.small("", Why(*r.Request)...)
	}
	if r.Request != nil && r.Talk {
		talk(p, *r.Request)
	}
	waiting(p, r.Waiting)
	taskList(p, r.Tasks, r.Reader)
	leaverRows(p, r.Rows)
	p.list(p.left, filled(r.Lines), func(left int) approvals.Text { return say("and %v more", left+r.Left) })
	for _, e := range r.Examples {
		p.lines = append(p.lines, say("%v", approvals.Typed(e)))
	}
	return p.message()
}

// understood shows somebody what their words were taken to mean, and whether it can be had at all.
func understood(p *page, r approvals.Request) {
	p.section(wouldChange(r)...)
	if r.Full() {
		p.section(seats(r))
	}
}

// summary shows a request as its card does, without buttons.
func summary(p *page, r approvals.Request) {
	if r.State == approvals.Pending {
		asking(p, r, say("%v — %v", title(r), state(r)))
	} else {
		decided(p, r)
	}
	questions(p, r, p.left)
}

// CardLines are what a request's card says, and why it is decided by whom it is, for whoever reads it elsewhere than in Slack.
func CardLines(r approvals.Request) []approvals.Text {
	p := newPage()
	p.left = elsewhere
	summary(p, r)
	talk(p, r)
	p.small("", Why(r)...)
	p.small("", pinned(r))
	return p.lines
}

// elsewhere is how much of a request is shown where Slack's limits don't hold.
const elsewhere = 1 << 20

// examples are commands to copy, one a line, in one block that a thumb can hold on to.
func examples(list []string) string {
	const most, room = 12, 2400
	var lines []string
	left := room
	for _, e := range list[:min(len(list), most)] {
		line := escaper.Replace(strings.ReplaceAll(clip(e, 600), "`", lookalike['`']))
		if left -= size(line) + 2; line == "" || left < 0 {
			continue
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return ""
	}
	return "```\n" + strings.Join(lines, "\n") + "\n```"
}

// Refusal is what somebody reads when what they wanted cannot be.
func Refusal(e *approvals.Error) Message {
	var foot []slack.Block
	if e.Stands.Number != 0 {
		foot = followButtons(e.Stands, e.Link, e.Own)
	}
	p := newPage(foot...)
	p.section(e.Say)
	return p.message()
}

// Counts is what somebody reads whose yes needs a word: another one does not count, or somebody concerned has left.
func Counts(b approvals.Ballot) Message {
	p := newPage()
	p.section(b.Counts())
	return p.message()
}

// LeftOut is what somebody reads in place of so many answers for which there was no room.
func LeftOut(n int) Message {
	p := newPage()
	p.section(
		say("I left out %v to you: more came at once than I can send.", count(n, "answer", "answers")),
		say("Whatever counted, counted all the same. `/access status` shows your requests, `/access pending` what's waiting for you."))
	return p.message()
}

// Internal is what somebody reads when we failed; the log has the cause under reference.
func Internal(reference string) Message {
	p := newPage()
	p.section(
		say("Something went wrong on my side, reference %v.", approvals.Typed(clip(reference, nameLength))),
		say("`/access status` shows what I've saved. An admin can find the cause in the log under that reference."))
	return p.message()
}

// Alarm is what an admin must know and put right.
func Alarm(t approvals.Text) Message {
	p := newPage()
	p.section(t)
	return p.message()
}
