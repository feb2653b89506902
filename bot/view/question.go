package view

import (
	"slices"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// How much of what was asked and answered a card shows, and a list in which there are other requests too.
const (
	onCard = 3000
	onList = 700
)

// questions shows what was asked and answered before a request is decided, in order. What goes past the room is left
// out from the oldest on, and counted.
func questions(p *page, r approvals.Request, most int) {
	shown := exchanges(r, min(most, p.left-3*lastWord), maxBlocks-spare-len(p.blocks)-len(p.foot))
	if earlier := len(r.Questions) - len(shown); earlier > 0 {
		p.small("", say("%v asked earlier: `/access status %v`", count(earlier, "question was", "questions were"), r.Number))
	}
	for _, lines := range shown {
		p.section(lines...)
	}
}

// exchanges are the last questions of a request, each with its answer, that have room in so much and so many blocks.
func exchanges(r approvals.Request, room, blocks int) (out [][]approvals.Text) {
	for _, q := range slices.Backward(r.Questions) {
		lines := exchange(r, q)
		if room -= size(mrkdwn(maxObject, lines...)) + blockFrame; room < 0 || len(out) == blocks {
			break
		}
		out = append(out, lines)
	}
	slices.Reverse(out)
	return out
}

// exchange is one question with what came of it.
func exchange(r approvals.Request, q approvals.Question) []approvals.Text {
	asked := say("%v asked %v: %v", q.By.Text(), q.At, quoted(q.Words))
	switch {
	case q.Answer != nil:
		return []approvals.Text{asked, say("%v answered %v: %v", r.Asker(), q.Answer.At, quoted(q.Answer.Words))}
	case r.State == approvals.Pending:
		return []approvals.Text{asked, say("%v hasn't answered yet.", r.Asker())}
	}
	return []approvals.Text{asked}
}

// Question is what the requester has of a question, counted from 1: while it is open with the button to answer it. It
// says no more of the request than they said themselves.
func Question(r approvals.Request, question int) Message {
	r = r.HeardBlind()
	q := r.Questions[question-1]
	var foot []slack.Block
	if r.Open(question) {
		b := button(ActionAnswer, "Answer", r.Name(), slack.StylePrimary)
		b.Value = QuestionValue(r.Name(), question)
		foot = append(foot, slack.NewActionBlock(ActionAnswer, b))
	}
	p := newPage(foot...)
	p.section(say("%v — %v has a question:", title(r), q.By.Text()))
	p.words(q.Words)
	switch {
	case q.Answer != nil:
		p.section(say("You answered %v:", q.Answer.At))
		p.words(q.Answer.Words)
		p.small("", say("It's on the card, and %v gets it by direct message.", q.By.Text()))
	case r.State == approvals.Pending:
		p.small("", say("Your answer goes to %v and onto the card, where everyone who can decide reads it.", q.By.Text()))
	default:
		p.small("", say("#%v isn't waiting any more, so there's nothing left to answer.", r.Number))
	}
	return p.message()
}

// Answered is what whoever asked a question, counted from 1, hears of its answer.
func Answered(r approvals.Request, question int) Message {
	q := r.Questions[question-1]
	p := newPage()
	p.section(say("%v — %v answered your question:", title(r), r.Asker()))
	if q.Answer != nil {
		p.words(q.Answer.Words)
	}
	p.small(q.Words, say("You asked %v:", q.At))
	if r.State == approvals.Pending {
		p.small("", say("Ready to decide? The card has the buttons, and so does `/access pending`."))
	} else {
		p.small("", approvals.Standing(r))
	}
	return p.message()
}

// AskForm asks what somebody wants to know before they decide.
func AskForm(r approvals.Request) slack.ModalViewRequest {
	p := newPage()
	p.section(title(r), say("%v gets your question by direct message, and the answer comes back to you and onto the card. Asking decides nothing.", r.Asker()))
	p.blocks = append(p.blocks, wordsInput("Your question", "What do you need to know?"))
	return wordsForm(CallbackAsk, ButtonValue(r.Name()), say("Ask about #%v", r.Number), "Ask", p)
}

// AnswerForm asks the requester for the answer to a question, counted from 1.
func AnswerForm(r approvals.Request, question int) slack.ModalViewRequest {
	r = r.HeardBlind()
	q := r.Questions[question-1]
	p := newPage()
	p.section(title(r), say("%v asks:", q.By.Text()))
	p.words(q.Words)
	p.small("", say("%v will read your answer, and so will everyone who sees the card.", q.By.Text()))
	p.blocks = append(p.blocks, wordsInput("Your answer", "What should they know?"))
	return wordsForm(CallbackAnswer, QuestionValue(r.Name(), question), say("Answer for #%v", r.Number), "Send", p)
}

// wordsInput is the one field of a form for a question or its answer.
func wordsInput(label, hint string) *slack.InputBlock {
	return slack.NewInputBlock(FieldWords, typed(label), nil, &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: FieldWords, Multiline: true, MinLength: 1, MaxLength: approvals.MostWords, FocusOnLoad: true,
		Placeholder: typed(hint),
	})
}

func wordsForm(callback, bears string, head approvals.Text, submit string, p *page) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: callback, PrivateMetadata: bears,
		Title: typed(plain(24, head.Plain())), Submit: typed(submit), Close: typed("Go back"),
		Blocks: slack.Blocks{BlockSet: p.blocks},
	}
}
