package provision

import (
	"cmp"
	"context"
	"strings"

	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
)

// created says what was made, and what the vendor left out of it without a word. The account is there
// then, and asking again would not change it: so the deed is done, and people are told what to mend.
func (k SERanking) created(ctx context.Context, t Task, a seranking.Account) (approvals.Text, error) {
	c := t.Request.Change
	say := append(approvals.Sayf("Read back and confirmed: the account exists (id %v).", a.ID), typeText(c.Type, a.Type)...)
	if !c.HasAccess && !c.HasLimit {
		return say, nil
	}
	d, err := k.detailsOf(ctx, a)
	if err != nil {
		return nil, err
	}
	if d.Partial {
		return append(say, approvals.Sayf(" SE Ranking does not show its permissions and limits, so I cannot tell whether it took those that were asked for.")...), nil
	}
	if c.HasAccess {
		say = append(say, droppedText(seranking.Dropped(c.Access, d.Access))...)
	}
	return append(say, limitText(c, d.Limits)...), nil
}

// typeText says so where an account is not of the type that was asked for: of all that can be dropped
// this is what must not go unsaid, since a user seat sees every website.
func typeText(asked approvals.SeatType, is string) approvals.Text {
	asked = cmp.Or(asked, approvals.ClientSeat)
	const mend = " Please have an admin set that right there, or ask for its removal with `/access delete`."
	switch {
	case is == string(asked):
		return nil
	case is == seranking.TypeUser:
		return approvals.Sayf(" But SE Ranking made it a user seat, which sees every website, where a client seat was asked for." + mend)
	case is == seranking.TypeClient:
		return approvals.Sayf(" But SE Ranking made it a client seat, which sees only what is shared with it, where a user seat was asked for." + mend)
	}
	return approvals.Sayf(" But SE Ranking does not show it as the %v seat that was asked for. Please look at it there.", string(asked))
}

func limitText(c approvals.Change, is seranking.Limits) approvals.Text {
	switch {
	case !c.HasLimit || int64(c.Amount) == is.Amount && c.Period == is.Period:
		return nil
	case is.Amount < 0 || is.Period == "":
		return approvals.Sayf(" SE Ranking does not show whether it took the limit of %v a %v.", c.Amount, c.Period)
	}
	return approvals.Sayf(" SE Ranking did not take the limit of %v a %v, without saying why: it shows %v a %v.", c.Amount, c.Period, is.Amount, is.Period)
}

func droppedText(codes []string) approvals.Text {
	if len(codes) == 0 {
		return nil
	}
	return approvals.Sayf(" SE Ranking did not take these permissions, without saying why: %v.", strings.Join(codes, ", "))
}
