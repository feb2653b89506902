package seranking

import (
	"context"

	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/provision"
)

var _ provision.Reader = SERanking{}

// Seats implements Reader.
func (k SERanking) Seats(ctx context.Context) (list []approvals.Seat, err error) {
	accounts, err := k.Client.ListAccounts(ctx)
	for _, a := range accounts {
		list = append(list, approvals.Seat{ID: a.ID, Email: a.Email, FirstName: a.FirstName, LastName: a.LastName,
			Type: approvals.SeatType(a.Type), Sites: a.Sites, Blocked: a.Blocked})
	}
	return list, err
}

// Sites implements Reader.
func (k SERanking) Sites(ctx context.Context) (list []approvals.Site, err error) {
	sites, err := k.Client.Sites(ctx)
	for _, s := range sites {
		list = append(list, siteOf(s))
	}
	return list, err
}

func siteOf(s api.Site) approvals.Site {
	return approvals.Site{ID: s.ID, Name: s.Title, Host: s.Host, Paused: !s.Active}
}

// Account implements Reader. Details that name another address are no answer.
func (k SERanking) Account(ctx context.Context, s approvals.Seat) (*approvals.SeatDetail, error) {
	d, err := k.certain(ctx, api.Account{ID: s.ID, Email: s.Email})
	if d == nil || err != nil {
		return nil, err
	}
	return &approvals.SeatDetail{Lang: d.Lang, Access: d.Access, HasAccess: !d.Partial,
		Seat:   approvals.Seat{ID: s.ID, Email: d.Email, FirstName: d.FirstName, LastName: d.LastName, Type: approvals.SeatType(d.Type)},
		Amount: int(d.Limits.Amount), Period: d.Limits.Period, HasLimit: !d.Partial && d.Limits.Amount != api.Unreadable}, nil
}

// Shared implements Reader.
func (k SERanking) Shared(ctx context.Context, id int64) ([]int64, error) {
	return k.Client.SharedSites(ctx, id)
}

// Owned implements Reader.
func (k SERanking) Owned(ctx context.Context, id int64) ([]int64, error) {
	return k.Client.OwnedSites(ctx, id)
}

// Permissions are those that the vendor's client knows.
func Permissions() (known []approvals.Permission) {
	for _, c := range api.AccessCodes {
		known = append(known, approvals.Permission{Code: c.Code, Label: c.Label, Restricts: c.Restriction})
	}
	return known
}
