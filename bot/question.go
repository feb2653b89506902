package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
)

// askForm is the form for a question to the requester, for somebody who may decide.
func askForm(d Desk, n int64, by approvals.Actor) opening {
	return opening{"Ask", "your question", func(ctx context.Context, now time.Time) (slack.ModalViewRequest, error) {
		r, err := d.MayInquire(ctx, n, by, now)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return view.AskForm(r), nil
	}}
}

// answerForm is the form for the answer to a question, counted from 1, for the requester.
func answerForm(d Desk, n int64, question int, by approvals.Actor) opening {
	return opening{"Answer", "your answer", func(ctx context.Context, now time.Time) (slack.ModalViewRequest, error) {
		r, err := d.MayReply(ctx, n, question, by, now)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return view.AnswerForm(r, question), nil
	}}
}
