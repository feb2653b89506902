package provision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
)

// lookUpdate: the details match. The list of permissions is replaced as a whole, so it is compared as a set.
func (k SERanking) lookUpdate(ctx context.Context, t Task) (Sight, error) {
	a, d, stop, err := k.account(ctx, t)
	switch {
	case err != nil || len(stop) > 0:
		return Sight{Account: a.ID, Stop: stop}, err
	case d == nil:
		return Sight{}, &apiclient.Error{Op: "read account", Kind: apiclient.NotFound, Err: fmt.Errorf("account %d is listed and has no details", a.ID)}
	}
	s := Sight{Account: a.ID, State: detailState(a.ID, *d).String(), Done: detailsAsWished(t.Request.Change, *d)}
	if s.Done {
		s.Text = updatedText(nil)
	}
	return s, nil
}

func detailState(id int64, d seranking.Details) seen {
	return seen{ID: id, Type: d.Type, Access: d.Access, Amount: d.Limits.Amount, Period: d.Limits.Period}
}

func detailsAsWished(c approvals.Change, d seranking.Details) bool {
	if d.Partial {
		return false
	}
	access := !c.HasAccess || len(seranking.Dropped(c.Access, d.Access)) == 0 && len(seranking.Dropped(d.Access, c.Access)) == 0
	limit := !c.HasLimit || int64(c.Amount) == d.Limits.Amount && c.Period == d.Limits.Period
	return access && limit
}

func (k SERanking) update(ctx context.Context, t Task, s Sight) (Sight, error) {
	c := t.Request.Change
	var p seranking.Patch
	if c.HasAccess {
		p.Access = append([]string{}, c.Access...)
	}
	if c.HasLimit {
		amount := int64(c.Amount)
		p.Amount, p.Period = &amount, c.Period
	}
	r, err := k.Client.Update(ctx, s.Account, p)
	if err != nil {
		return Sight{}, err
	}
	after := Sight{Account: s.Account, State: detailState(s.Account, r.After).String()}
	if left := slices.Concat(r.Kept, r.Unmatched); len(left) > 0 {
		after.Stop = approvals.Sayf("SE Ranking accepted the change, but still shows the old %v. Please look there, or let an admin try it again.", strings.Join(left, ", "))
		return after, nil
	}
	after.Done, after.Text = true, updatedText(r.Dropped)
	return after, nil
}

func updatedText(dropped []string) approvals.Text {
	if len(dropped) > 0 {
		return slices.Concat(approvals.Sayf("Read back."), droppedText(dropped), approvals.Sayf(" The rest is as asked."))
	}
	return approvals.Sayf("Read back and confirmed: the account is as asked.")
}
