package seranking

import (
	"cmp"
	"context"
	"strings"

	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision"
)

// created says what was made, and what the vendor left out of it without a word. The account is there
// then, and asking again would not change it: so the deed is done, and people are told what to mend.
func (k Hands) created(ctx context.Context, t provision.Task, a api.Account) (approvals.Text, error) {
	c := t.Request.Change
	say := append(approvals.Sayf("Checked in SE Ranking: the account is there (id %v).", a.ID), typeText(c.Values.ID(keyType), a.Type)...)
	if !c.Values.Has(keyAccess) && !c.Values.Has(keyAmount) {
		return say, nil
	}
	d, err := k.detailsOf(ctx, a)
	if err != nil {
		return nil, err
	}
	if d.Partial {
		return append(say, approvals.Sayf(" SE Ranking doesn't show its permissions and limits, so I can't tell whether it took the ones requested.")...), nil
	}
	if c.Values.Has(keyAccess) {
		say = append(say, droppedText(api.Dropped(c.Values.IDs(keyAccess), d.Access))...)
	}
	return append(say, limitText(c.Values, d.Limits)...), nil
}

// typeText says so where an account is not of the type that was asked for: of all that can be dropped
// this is what must not go unsaid, since a user seat sees every website.
func typeText(asked, is string) approvals.Text {
	asked = cmp.Or(asked, api.TypeClient)
	const mend = " An admin can fix that there, or you can ask to delete it with `/access delete`."
	switch {
	case is == asked:
		return nil
	case is == api.TypeUser:
		return approvals.Sayf(" But SE Ranking made it a user seat, which sees every website; the request was for a client seat." + mend)
	case is == api.TypeClient:
		return approvals.Sayf(" But SE Ranking made it a client seat, which sees only what is shared with it; the request was for a user seat." + mend)
	}
	return approvals.Sayf(" But SE Ranking doesn't show it as the %v seat that was requested. Please take a look there.", asked)
}

func limitText(v catalog.Values, is api.Limits) approvals.Text {
	amount, has := limit(v)
	period := v.ID(keyPeriod)
	switch {
	case !has || amount == is.Amount && period == is.Period:
		return nil
	case is.Amount < 0 || is.Period == "":
		return approvals.Sayf(" SE Ranking doesn't show whether it took the limit of %v a %v.", amount, period)
	}
	return approvals.Sayf(" SE Ranking didn't take the limit of %v a %v and didn't say why: it shows %v a %v.", amount, period, is.Amount, is.Period)
}

func droppedText(codes []string) approvals.Text {
	if len(codes) == 0 {
		return nil
	}
	return approvals.Sayf(" SE Ranking didn't take these permissions and didn't say why: %v.", strings.Join(codes, ", "))
}
