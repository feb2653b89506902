package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
)

// approvesAll counts a yes to each of the requests that were asked in one go, as far as the card showed it. Each is
// committed by itself, then all are acknowledged, and what did not go as it was clicked is said. A crash in between
// leaves some counted and nothing acknowledged: the same click again counts the rest, and nothing twice.
func (b *Bot) approvesAll(live context.Context, e *envelope, s said, n int64) {
	var casts []approvals.Cast
	vote := approvals.Vote{By: approvals.Actor(s.who), Yes: true, Surface: surface}
	var failed error
	b.commit(live, e, s, func(ctx context.Context, now time.Time) error {
		vote.At = now
		casts, failed = b.desk.VoteAll(ctx, n, vote, view.ShownOfAll(s.block), now)
		return failed
	})
	if failed == nil {
		b.toldOfAll(s, casts)
	}
}

// toldOfAll says which of several requests were not decided as somebody clicked.
func (b *Bot) toldOfAll(s said, casts []approvals.Cast) {
	if m, any := view.CountsAll(casts); any {
		b.whisper(s, m)
	}
}

// whyAllForm is the form for the reason of a no to several requests, for somebody who may decide any of them.
func whyAllForm(d Desk, first approvals.Name, by approvals.Actor) opening {
	return opening{"Deny all", "your reason", func(ctx context.Context, now time.Time) (slack.ModalViewRequest, error) {
		list, err := d.MayDecideAny(ctx, first.Number, by, now)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return view.DenyAllForm(first, list), nil
	}}
}

// deniesAll counts a no to each of several requests. Where none of them takes it, the form says why.
func (b *Bot) deniesAll(ctx context.Context, s said, n int64, words string) error {
	now := b.now()
	casts, err := b.desk.VoteAll(ctx, n, approvals.Vote{By: approvals.Actor(s.who), At: now, Surface: surface, Reason: words}, nil, now)
	if err != nil {
		return err
	}
	var no error
	for _, c := range casts {
		switch {
		case c.Err == nil && !c.Skipped:
			b.toldOfAll(s, casts)
			return nil
		case c.Err != nil:
			no = c.Err
		}
	}
	if no == nil {
		no = approvals.Refuse(approvals.Conflict, "None of them is waiting any more, so there was nothing left to deny.")
	}
	return no
}
