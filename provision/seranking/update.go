package seranking

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/apiclient"
	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/provision"
)

// lookUpdate: the details match. The list of permissions is replaced as a whole, so it is compared as a set.
func (k SERanking) lookUpdate(ctx context.Context, t provision.Task) (provision.Sight, error) {
	a, d, stop, err := k.account(ctx, t)
	switch {
	case err != nil || len(stop) > 0:
		return provision.Sight{Account: a.ID, Stop: stop}, err
	case d == nil:
		return provision.Sight{}, &apiclient.Error{Op: "read account", Kind: apiclient.NotFound, Err: fmt.Errorf("account %d is listed and has no details", a.ID)}
	}
	s := provision.Sight{Account: a.ID, State: detailState(a.ID, *d).String(), Done: detailsAsWished(t.Request.Change, *d)}
	if s.Done {
		s.Text = updatedText(nil)
		return s, nil
	}
	s.Stop = altered(t, *d)
	return s, nil
}

// altered says what an update would replace that is not what stood on its card; nil: it is, or that was not known.
// After a try of ours, what the try may have made of it is no surprise.
func altered(t provision.Task, d api.Details) approvals.Text {
	c, was := t.Request.Change, t.Request.Was()
	if was == nil || d.Partial {
		return nil
	}
	var what []approvals.Text
	if c.HasAccess && was.HasAccess && !sameCodes(codesOf(was.Access), d.Access) && !(t.Tried && len(api.Dropped(d.Access, c.Access)) == 0) {
		what = append(what, approvals.Sayf("its permissions were %v and are now %v", approvals.Names(was.Access), approvals.Names(approvals.PermissionsOf(d.Access, Permissions()))))
	}
	amount, period := int(d.Limits.Amount), d.Limits.Period
	ours := t.Tried && (amount == c.Amount || amount == was.Amount) && (period == c.Period || period == was.Period)
	if c.HasLimit && was.HasLimit && !ours && (amount != was.Amount || period != was.Period) {
		what = append(what, approvals.Sayf("its money limit was %v and is now %v", approvals.Limit(was.Amount, was.Period), approvals.Limit(amount, period)))
	}
	if len(what) == 0 {
		return nil
	}
	return differs(t, approvals.Join(what, "; "))
}

func sameCodes(a, b []string) bool {
	return len(api.Dropped(a, b)) == 0 && len(api.Dropped(b, a)) == 0
}

func codesOf(list []approvals.Permission) (codes []string) {
	for _, p := range list {
		codes = append(codes, p.Code)
	}
	return codes
}

func detailState(id int64, d api.Details) seen {
	return seen{ID: id, Type: d.Type, Access: d.Access, Amount: d.Limits.Amount, Period: d.Limits.Period}
}

func detailsAsWished(c approvals.Change, d api.Details) bool {
	if d.Partial {
		return false
	}
	access := !c.HasAccess || sameCodes(c.Access, d.Access)
	limit := !c.HasLimit || int64(c.Amount) == d.Limits.Amount && c.Period == d.Limits.Period
	return access && limit
}

func (k SERanking) update(ctx context.Context, t provision.Task, s provision.Sight) (provision.Sight, error) {
	c := t.Request.Change
	var p api.Patch
	if c.HasAccess {
		p.Access = append([]string{}, c.Access...)
	}
	if c.HasLimit {
		amount := int64(c.Amount)
		p.Amount, p.Period = &amount, c.Period
	}
	r, err := k.Client.Update(ctx, s.Account, p)
	if err != nil {
		return provision.Sight{}, err
	}
	after := provision.Sight{Account: s.Account, State: detailState(s.Account, r.After).String()}
	if left := slices.Concat(r.Kept, r.Unmatched); len(left) > 0 {
		after.Stop = approvals.Sayf("SE Ranking accepted the change but still shows the old %v. Please check there, or have an admin try again.", strings.Join(left, ", "))
		return after, nil
	}
	after.Done, after.Text = true, updatedText(r.Dropped)
	return after, nil
}

func updatedText(dropped []string) approvals.Text {
	if len(dropped) > 0 {
		return slices.Concat(approvals.Sayf("Checked in SE Ranking."), droppedText(dropped), approvals.Sayf(" The rest is as asked."))
	}
	return approvals.Sayf("Checked in SE Ranking: it's exactly as asked.")
}
