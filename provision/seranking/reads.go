package seranking

import (
	"context"
	"strconv"

	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision"
)

var (
	_ provision.Reader = Hands{}
	_ provision.UpTo   = Hands{}
)

// Seats implements provision.Reader.
func (k Hands) Seats(ctx context.Context) ([]approvals.Seat, error) {
	accounts, err := k.Client.ListAccounts(ctx)
	return seats(accounts), err
}

// SeatsUpTo implements provision.UpTo.
func (k Hands) SeatsUpTo(ctx context.Context, most int) ([]approvals.Seat, bool, error) {
	accounts, many, err := k.Client.ListUpTo(ctx, most)
	return seats(accounts), many, err
}

func seats(accounts []api.Account) (list []approvals.Seat) {
	for _, a := range accounts {
		list = append(list, approvals.Seat{ID: text(a.ID), Email: a.Email, FirstName: a.FirstName, LastName: a.LastName, Sort: a.Type, Holds: a.Sites, Blocked: a.Blocked})
	}
	return list
}

// Items implements provision.Reader; there are websites and nothing else.
func (k Hands) Items(ctx context.Context, _ string) (list []catalog.Item, err error) {
	sites, err := k.Client.Sites(ctx)
	for _, s := range sites {
		list = append(list, siteOf(s))
	}
	return list, err
}

// siteOf is a website as it is named: the vendor's API calls its name "title", and its host "name" (facts 1.5).
func siteOf(s api.Site) catalog.Item {
	return catalog.Item{ID: text(s.ID), Name: s.Title, Host: s.Host, Paused: !s.Active, Nameless: websites.Nameless}
}

// unnamed is a website of which the number alone is known.
func unnamed(id int64) catalog.Item { return catalog.Item{ID: text(id), Nameless: websites.Nameless} }

// Account implements provision.Reader. Details that name another address are no answer.
func (k Hands) Account(ctx context.Context, s approvals.Seat) (*approvals.SeatDetail, error) {
	d, err := k.certain(ctx, api.Account{ID: number(s.ID), Email: s.Email})
	if d == nil || err != nil {
		return nil, err
	}
	out := approvals.SeatDetail{Seat: approvals.Seat{ID: s.ID, Email: d.Email, FirstName: d.FirstName, LastName: d.LastName, Sort: d.Type}}
	if !d.Partial {
		out.Values = append(out.Values, catalog.Value{Key: keyAccess, Items: accessField.ItemsOf(d.Access)})
		out.Values = append(out.Values, quotaValues(d.Limits)...)
	}
	if !d.Partial && d.Limits.Amount != api.Unreadable {
		out.Values = append(out.Values, limitValues(d.Limits)...)
	}
	if d.Lang != "" {
		out.Values = append(out.Values, catalog.Value{Key: keyLang, Items: []catalog.Item{{ID: d.Lang}}})
	}
	return &out, nil
}

// Held implements provision.Reader.
func (k Hands) Held(ctx context.Context, account string) ([]string, error) {
	return texts(k.Client.SharedSites(ctx, number(account)))
}

// Owned implements provision.Reader.
func (k Hands) Owned(ctx context.Context, account string) ([]string, error) {
	return texts(k.Client.OwnedSites(ctx, number(account)))
}

func texts(ids []int64, err error) (out []string, _ error) {
	for _, id := range ids {
		out = append(out, text(id))
	}
	return out, err
}

// limit is the amount of a money limit that was asked for.
func limit(v catalog.Values) (amount int64, has bool) {
	return number(v.ID(keyAmount)), v.Has(keyAmount)
}

// quotaValues is how much an account may have of each thing, as far as that can be read.
func quotaValues(l api.Limits) (v catalog.Values) {
	for i, has := range []int64{l.Sites, l.Keywords, l.Backlinks, l.AuditAccount, l.AuditSite} {
		if has != api.Unreadable {
			v = append(v, catalog.Value{Key: quotaFields[i].Key, Items: []catalog.Item{{ID: text(has)}}})
		}
	}
	return v
}

// limitValues is an account's money limit; one without a period is none, and has its amount alone.
func limitValues(l api.Limits) catalog.Values {
	v := catalog.Values{{Key: keyAmount, Items: []catalog.Item{{ID: strconv.FormatInt(l.Amount, 10)}}}}
	if l.Period != "" {
		v = append(v, catalog.Value{Key: keyPeriod, Items: []catalog.Item{{ID: l.Period}}})
	}
	return v
}
