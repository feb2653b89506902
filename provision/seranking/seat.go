package seranking

import (
	"context"
	"slices"

	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision"
)

// A seat with its websites is one deed of several steps: the account first, then what is shared with it, each with a
// look, a mark, a write and a reading back of its own (provision, Sight.Step):
//
//	account   made, and seen in the list
//	39, …     shared, as a sharing does it (sharing.go)
//
// Cut off in between, the next owner finds the account by its address, knows by the marks that it is this deed's, and
// goes on with what is missing. The websites are looked at before the account is made, so that one that has passed to
// another keeps all of it from being done.

// stepAccount is the step that makes the account.
const stepAccount = "account"

// mayCreate is what stands in the way of making an account that is not there.
func (k Hands) mayCreate(ctx context.Context, t provision.Task, seats int) (provision.Sight, error) {
	s := provision.Sight{State: seen{Seats: seats}.String(), Had: &approvals.Had{}}
	if len(t.Request.Change.Values.Items(keySites)) == 0 {
		return s, nil
	}
	if t.Made != "" || len(t.Steps) > 1 { // a deed under way may have been noted before there was Made
		return passedOn(t, nil), nil
	}
	s.Step = stepAccount
	var err error
	s.Stop, err = k.differ(ctx, t, farthest(t))
	return s, err
}

// passedOn stops a seat whose account was made and is gone, or whose address has passed to another account: whoever
// has done that knows why, and a second one, or somebody else's, is not what was approved.
func passedOn(t provision.Task, at []api.Account) provision.Sight {
	email := t.Request.Change.Email
	if len(at) == 0 {
		return provision.Sight{Stop: approvals.Sayf("The account for %v was created and is gone again, so I stopped there. I haven't created another. Still needed? Ask again.", email)}
	}
	return provision.Sight{Stop: approvals.Sayf("I created account %v for %v, and that address now has account %v. Nobody asked about that one, so I stopped there. Still needed? Ask again.", t.Made, email, at[0].ID)}
}

// stands says what there is of a seat that was not finished.
func stands(t provision.Task, account string, shared []int64) approvals.Text {
	var sees []catalog.Item
	for _, s := range t.Request.Change.Values.Items(keySites) {
		if slices.Contains(shared, number(s.ID)) {
			sees = append(sees, s)
		}
	}
	if len(sees) == 0 {
		return approvals.Sayf("The account is there (id %v), and sees none of these websites yet.", account)
	}
	return approvals.Sayf("The account is there (id %v), and sees %v.", account, provision.ItemNames(sees))
}

// lookSeat is lookSharing for an account that this deed has made: what is missing of its websites goes next.
func (k Hands) lookSeat(ctx context.Context, t provision.Task, a api.Account, s provision.Sight) (provision.Sight, error) {
	shared, err := k.Client.SharedSites(ctx, a.ID)
	if err != nil {
		return provision.Sight{Account: s.Account}, err
	}
	s.State = seen{ID: a.ID, Type: a.Type, Shared: shared}.String()
	if sharedAsWished(t.Request, shared) {
		s.Done = true
		made, err := k.created(ctx, t, a)
		s.Text = slices.Concat(made, approvals.Sayf(" "), sharingText(shared))
		return s, err
	}
	s.Step = firstMissing(t.Request, shared)
	s.Stop, err = k.differ(ctx, t, stands(t, s.Account, shared))
	return s, err
}

// furnish shares the websites with the account that was made; once all are, the whole seat is read back.
func (k Hands) furnish(ctx context.Context, t provision.Task, s provision.Sight) (provision.Sight, error) {
	after, err := k.reshare(ctx, t, s)
	if err != nil || !after.Done {
		return after, err
	}
	after, err = k.lookCreate(ctx, t, 0)
	return after, afterWrite("share websites", err)
}
