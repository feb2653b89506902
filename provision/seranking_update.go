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
	a, stop, err := k.account(ctx, t)
	if err != nil || len(stop) > 0 {
		return Sight{Stop: stop}, err
	}
	d, err := k.detailsOf(ctx, a)
	if err != nil {
		return Sight{}, err
	}
	s := Sight{Account: a.ID, State: detailState(a.ID, d).String(), Done: detailsAsWished(t.Request.Change, d)}
	if s.Done {
		s.Text = updatedText(nil)
	}
	return s, nil
}

// detailsOf reads an account's details, which name its address: those of another account are an answer that
// does not fit, of the list or of the details, and no sight at all.
func (k SERanking) detailsOf(ctx context.Context, a seranking.Account) (seranking.Details, error) {
	d, err := k.Client.Account(ctx, a.ID)
	if err == nil && d.Email != "" && !seranking.SameEmail(d.Email, a.Email) {
		return d, &apiclient.Error{Op: "read account", Kind: apiclient.Temporary,
			Err: fmt.Errorf("the list has id %d for another address than its details", a.ID)}
	}
	return d, err
}

// certain does not take an id on the list's word alone: what is removed from, or given to, another account
// cannot be taken back. An id that has no details can harm nobody.
func (k SERanking) certain(ctx context.Context, a seranking.Account) error {
	if _, err := k.detailsOf(ctx, a); err != nil && kindOf(err) != apiclient.NotFound {
		return err
	}
	return nil
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
