package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
)

// vendorList is a vendor that has the accounts of all requests that are over, and answers at once.
type vendorList struct {
	approvals.Inventory
	apps  []approvals.App
	h     *history
	seats []approvals.Seat
}

// Apps implements approvals.Inventory.
func (v *vendorList) Apps() []approvals.App { return v.apps }

// Accounts implements approvals.Inventory.
func (v *vendorList) Accounts(context.Context, string, bool) (approvals.Accounts, error) {
	for i := len(v.seats); i < v.h.n; i++ {
		v.seats = append(v.seats, approvals.Seat{ID: fmt.Sprint(i), Email: oldEmail(int64(i + 1)), Sort: "user", Holds: 1})
	}
	return approvals.SeatList{App: v.apps[0], Seats: v.seats, At: time.Now()}.Accounts(), nil
}

// Walk implements approvals.Inventory.
func (v *vendorList) Walk(ctx context.Context, app string) (approvals.Accounts, error) {
	return v.Accounts(ctx, app, true)
}

// Everybody implements register.Workspace: everybody who asked.
func (v *vendorList) Everybody(ctx context.Context) (all []approvals.Person, err error) {
	for i := range v.h.n/perPerson + 1 {
		p, err := members{}.Person(ctx, approvals.PersonID(person(i)))
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// household is what people ask a history, as the program has it.
type household struct {
	*history
	house  *commands.House
	sweeps *register.Sweeps
	slot   time.Time
}

func newHousehold(h *history) *household {
	quiet, v := slog.New(slog.DiscardHandler), &vendorList{apps: h.desk.Apps, h: h}
	g := &register.Register{Desk: h.desk, Book: h.Store, Inventory: v, Workspace: v, Box: h.Store, Wake: func() {}, Now: time.Now, Log: quiet}
	return &household{history: h, slot: time.Now(), sweeps: &register.Sweeps{Register: g, Box: h.Store, Now: time.Now, Log: quiet, Alarm: func(context.Context, string, approvals.Text) {}},
		house: &commands.House{Desk: h.desk, Inventory: v, Directory: members{}, Register: g}}
}

// types has somebody type a command that keeps nothing.
func (h *household) types(ctx context.Context, who, text string) error {
	reply, err := h.house.Do(ctx, commands.Call{Text: text, User: approvals.PersonID(who)}, time.Now())
	if err == nil && len(reply.Lines) == 0 {
		err = fmt.Errorf("it shows nothing: %s", reply.Head.Plain())
	}
	if err != nil {
		return fmt.Errorf("%s of %s: %w", text, who, err)
	}
	return nil
}

// home is what somebody's Home is drawn of.
func (h *household) home(ctx context.Context, who string) error {
	home, err := h.desk.Home(ctx, approvals.PersonID(who), time.Now())
	if err == nil {
		_, err = h.house.AtHome(ctx, home, time.Now())
	}
	if err == nil && len(home.Lately) == 0 {
		err = fmt.Errorf("it shows nothing")
	}
	if err != nil {
		return fmt.Errorf("the Home of %s: %w", who, err)
	}
	return nil
}

// sweep is a day's sweep of the app.
func (h *household) sweep(ctx context.Context) error {
	h.slot = h.slot.AddDate(0, 0, 1)
	key := approvals.SweepKey(h.desk.Apps[0].ID, h.slot.Format(time.DateOnly))
	if result := h.sweeps.Do(ctx, outbox.NewJob(outbox.Intent{Key: key}, h.Store)); !result.IsDone() {
		_, why, _ := result.IsRetry()
		return fmt.Errorf("sweep: %s", why)
	}
	return nil
}
