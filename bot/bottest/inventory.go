package bottest

import (
	"context"
	"errors"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision/seranking"
)

// Inventory is a vendor of one app with one account and one website.
type Inventory struct{}

// Apps is the one app.
func (Inventory) Apps() []approvals.App {
	return []approvals.App{{ID: "seranking", Name: "SE Ranking", Entry: seranking.Entry()}}
}

// Seats are its accounts.
func (v Inventory) Seats(context.Context, string, bool) (approvals.SeatList, error) {
	return approvals.SeatList{App: v.Apps()[0], Bought: 25, At: time.Now(),
		Seats: []approvals.Seat{{ID: "1", Email: "old@acme.example", Sort: "client"}}}, nil
}

// Accounts implements approvals.Inventory.
func (v Inventory) Accounts(ctx context.Context, app string, fresh bool) (approvals.Accounts, error) {
	l, err := v.Seats(ctx, app, fresh)
	return l.Accounts(), err
}

// Walk implements approvals.Inventory.
func (v Inventory) Walk(ctx context.Context, app string) (approvals.Accounts, error) {
	return v.Accounts(ctx, app, true)
}

// Items are its websites.
func (Inventory) Items(context.Context, string, string) (approvals.ItemList, error) {
	return approvals.ItemList{Items: []catalog.Item{{ID: "39", Name: "Acme", Host: "acme.example"}}, At: time.Now()}, nil
}

// Detail is not known.
func (Inventory) Detail(context.Context, string, string) (approvals.SeatDetail, error) {
	return approvals.SeatDetail{}, errors.New("not in this test")
}

// Remembered is what is so.
func (v Inventory) Remembered(app string, _ ...approvals.List) approvals.Remembered {
	seats, err := v.Seats(context.Background(), app, false)
	return approvals.Remembered{Seats: seats, GoodSeats: err == nil}
}

// Renew has nothing to do.
func (Inventory) Renew(string, approvals.List) {}
