package seranking

import (
	"context"
	"slices"

	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision"
)

// lookSharing: the ids are there (share), or none of them is (unshare), and each is the website that was approved.
func (k Hands) lookSharing(ctx context.Context, t provision.Task) (provision.Sight, error) {
	all, err := k.Client.ListAccounts(ctx)
	if err != nil {
		return provision.Sight{}, err
	}
	l := listedOf(t, all)
	a, _, stop, err := k.only(ctx, t, l)
	if err != nil || len(stop) > 0 {
		return provision.Sight{Account: text(a.ID), Stop: stop, Had: l.gone(t)}, err
	}
	if a.Type == api.TypeUser {
		return provision.Sight{Account: text(a.ID), Stop: approvals.Sayf("%v has a user seat, which sees every website anyway, so sharing changes nothing. %v", a.Email, farthest(t))}, nil
	}
	shared, err := k.Client.SharedSites(ctx, a.ID)
	if err != nil {
		return provision.Sight{}, err
	}
	s := provision.Sight{Account: text(a.ID), State: seen{ID: a.ID, Type: a.Type, Shared: shared}.String()}
	s.Had = hadOf(t.Request, shared)
	if s.Stop, err = k.differ(ctx, t, farthest(t)); err != nil || len(s.Stop) > 0 {
		return s, err
	}
	if s.Done = sharedAsWished(t.Request, shared); s.Done {
		s.Text = sharingText(shared)
		if !t.Tried {
			s.Text = append(approvals.Sayf("It was already like that, so nothing had to change. "), s.Text...)
		}
	}
	if !s.Done && t.Request.Action == catalog.Share {
		s.Step = firstMissing(t.Request, shared)
	}
	return s, nil
}

// reshare asks for the change as one request can make it. Where that is one website, the mark names it: whoever
// finds the mark knows which of those shared may be this deed's own (t.Steps).
func (k Hands) reshare(ctx context.Context, t provision.Task, s provision.Sight) (provision.Sight, error) {
	known, err := k.known(ctx, t.Now)
	if err != nil {
		return provision.Sight{}, err
	}
	change := api.Sharing{Add: siteIDs(t.Request.Change.Values.Items(keySites)), Known: known, Sent: sentSites(t.Steps), Next: number(s.Step)}
	if t.Request.Action == catalog.Unshare {
		change = api.Sharing{Remove: change.Add, Known: known}
	}
	r, err := k.Client.Reshare(ctx, number(s.Account), change)
	if err == nil {
		err = k.learn(ctx, known, r.Known, t.Now)
	}
	return k.shared(t, s, r, err)
}

// firstMissing is the website that goes next where they go one by one.
func firstMissing(r approvals.Request, shared []int64) string {
	for _, site := range r.Change.Values.Items(keySites) {
		if id := number(site.ID); !slices.Contains(shared, id) {
			return text(id)
		}
	}
	return ""
}

// hadOf is what of a request's websites an account sees.
func hadOf(r approvals.Request, shared []int64) *approvals.Had {
	had := approvals.Had{Account: true}
	for _, site := range r.Change.Values.Items(keySites) {
		if slices.Contains(shared, number(site.ID)) {
			had.Items = append(had.Items, site.ID)
		}
	}
	return &had
}

func sentSites(steps []string) (ids []int64) {
	for _, s := range steps {
		if id := number(s); id != 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

func sharedAsWished(r approvals.Request, shared []int64) bool {
	for _, site := range r.Change.Values.Items(keySites) {
		if slices.Contains(shared, number(site.ID)) != (r.Action != catalog.Unshare) {
			return false
		}
	}
	return true
}

// shared judges what was read back after a write: the whole set is replaced, so both what is missing
// and what was lost beside it are told.
func (k Hands) shared(t provision.Task, s provision.Sight, r api.ShareResult, err error) (provision.Sight, error) {
	if err != nil {
		return provision.Sight{}, err
	}
	after := provision.Sight{Account: s.Account, State: seen{ID: number(s.Account), Shared: r.After}.String()}
	switch {
	case r.More:
		after.More, after.Step = true, text(r.Alone)
		return after, nil
	case r.Cannot != "":
		after.Stop = byHand(t, s.Account, r)
	case len(r.Missing) > 0:
		after.Stop = approvals.Sayf("SE Ranking accepted the sharing but doesn't show it for %v. Please share that by hand there, or have an admin try again.", numbers(r.Missing))
	case len(r.Remaining) > 0:
		after.Stop = approvals.Sayf("SE Ranking accepted it but still shares %v. Please unshare that by hand there, or have an admin try again.", numbers(r.Remaining))
	default:
		after.Done, after.Text = true, sharingText(r.After)
	}
	if len(r.Lost) > 0 && r.Cannot == "" {
		lost := approvals.Sayf(" In the meantime, somebody else took %v away from the account.", numbers(r.Lost))
		after.Text, after.Stop = append(after.Text, lost...), appendIf(after.Stop, lost)
	}
	return after, nil
}

func appendIf(t, more approvals.Text) approvals.Text {
	if len(t) == 0 {
		return t
	}
	return append(t, more...)
}

func numbers(ids []int64) string {
	sites := make([]catalog.Item, len(ids))
	for i, id := range ids {
		sites[i] = unnamed(id)
	}
	return provision.ItemNames(sites)
}

// sharingText says what was read back; what was asked stands beside it wherever it is shown.
func sharingText(shared []int64) approvals.Text {
	return approvals.Sayf("Checked in SE Ranking: the account sees %v in all.", count(len(shared), "website"))
}
