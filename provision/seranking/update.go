package seranking

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/apiclient"
	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision"
)

// lookUpdate: the details match. The list of permissions is replaced as a whole, so it is compared as a set.
func (k Hands) lookUpdate(ctx context.Context, t provision.Task) (provision.Sight, error) {
	a, d, stop, err := k.account(ctx, t)
	switch {
	case err != nil || len(stop) > 0:
		return provision.Sight{Account: text(a.ID), Stop: stop}, err
	case d == nil:
		return provision.Sight{}, &apiclient.Error{Op: "read account", Kind: apiclient.NotFound, Err: fmt.Errorf("account %d is listed and has no details", a.ID)}
	}
	s := provision.Sight{Account: text(a.ID), State: detailState(a.ID, *d).String(), Done: detailsAsWished(t.Request.Change.Values, *d)}
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
	c, was := t.Request.Change.Values, t.Request.Was()
	if was == nil || d.Partial {
		return nil
	}
	var what []approvals.Text
	asked, before := c.IDs(keyAccess), was.Values.IDs(keyAccess)
	if c.Has(keyAccess) && was.Values.Has(keyAccess) && !sameCodes(before, d.Access) && !(t.Tried && len(api.Dropped(d.Access, asked)) == 0) {
		what = append(what, approvals.Sayf("its permissions were %v and are now %v", approvals.Names(was.Values.Items(keyAccess)), approvals.Names(accessField.ItemsOf(d.Access))))
	}
	now := limitValues(d.Limits)
	is := func(key string) bool { return now.ID(key) == c.ID(key) || now.ID(key) == was.Values.ID(key) }
	ours := t.Tried && is(keyAmount) && is(keyPeriod)
	same := now.ID(keyAmount) == was.Values.ID(keyAmount) && now.ID(keyPeriod) == was.Values.ID(keyPeriod)
	if c.Has(keyAmount) && was.Values.Has(keyAmount) && !ours && !same {
		what = append(what, approvals.Sayf("its money limit was %v and is now %v", approvals.Shown(amountField, was.Values), approvals.Shown(amountField, now)))
	}
	if len(what) == 0 {
		return nil
	}
	return differs(t, farthest(t), approvals.Join(what, "; "))
}

func sameCodes(a, b []string) bool {
	return len(api.Dropped(a, b)) == 0 && len(api.Dropped(b, a)) == 0
}

func detailState(id int64, d api.Details) seen {
	return seen{ID: id, Type: d.Type, Access: d.Access, Amount: d.Limits.Amount, Period: d.Limits.Period}
}

func detailsAsWished(v catalog.Values, d api.Details) bool {
	if d.Partial {
		return false
	}
	amount, has := limit(v)
	access := !v.Has(keyAccess) || sameCodes(v.IDs(keyAccess), d.Access)
	return access && (!has || amount == d.Limits.Amount && v.ID(keyPeriod) == d.Limits.Period)
}

func (k Hands) update(ctx context.Context, t provision.Task, s provision.Sight) (provision.Sight, error) {
	v := t.Request.Change.Values
	var p api.Patch
	if v.Has(keyAccess) {
		p.Access = append([]string{}, v.IDs(keyAccess)...)
	}
	if amount, has := limit(v); has {
		p.Amount, p.Period = &amount, v.ID(keyPeriod)
	}
	r, err := k.Client.Update(ctx, number(s.Account), p)
	if err != nil {
		return provision.Sight{}, err
	}
	after := provision.Sight{Account: s.Account, State: detailState(number(s.Account), r.After).String()}
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
