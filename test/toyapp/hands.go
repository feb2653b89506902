package toyapp

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/provision"
)

// Kind is the kind of app whose vendor is v.
func Kind(v *Vendor, e *catalog.Entry) app.Kind {
	return app.Kind{Entry: e, Make: func(config.AppConfig, app.Around) (app.Hands, error) { return hands{v}, nil }}
}

// hands carry out what was approved, and read what there is.
type hands struct{ v *Vendor }

// Look implements provision.Kind.
func (h hands) Look(_ context.Context, t provision.Task) (provision.Sight, error) {
	all, err := h.v.list()
	if err != nil {
		return provision.Sight{}, err
	}
	i := slices.IndexFunc(all, func(m member) bool { return approvals.SameEmail(m.email, t.Request.Change.Email) })
	invite := t.Request.Action == "invite"
	s := provision.Sight{Done: (i >= 0) == invite, Text: approvals.Sayf("Checked in Planner: it's exactly as asked."), Account: t.Account()}
	if i >= 0 {
		s.Account = all[i].id
	}
	state, err := json.Marshal(map[string]string{"id": s.Account})
	s.State = string(state)
	if invite && s.Done && !t.Tried {
		s.Done, s.Stop = false, approvals.Sayf("%v was invited already, so nothing was done.", t.Request.Change.Email)
	}
	return s, err
}

// Write implements provision.Kind.
func (h hands) Write(ctx context.Context, t provision.Task, s provision.Sight) (provision.Sight, error) {
	c := t.Request.Change
	err := error(nil)
	if t.Request.Action == "invite" {
		err = h.v.invite(member{email: c.Email, role: c.Values.ID("role"), team: c.Values.ID("team"), boards: c.Values.IDs("boards")})
	} else {
		err = h.v.dismiss(s.Account)
	}
	if err != nil {
		return provision.Sight{}, err
	}
	return h.Look(ctx, t)
}

// Seats implements provision.Reader.
func (h hands) Seats(context.Context) (list []approvals.Seat, err error) {
	all, err := h.v.list()
	for _, m := range all {
		list = append(list, approvals.Seat{ID: m.id, Email: m.email, Sort: m.role, Holds: len(m.boards)})
	}
	return list, err
}

// Items implements provision.Reader.
func (h hands) Items(context.Context, string) ([]catalog.Item, error) {
	_, err := h.v.list()
	return boards, err
}

// Account implements provision.Reader; the planner has no details, and says so (Reads).
func (h hands) Account(context.Context, approvals.Seat) (*approvals.SeatDetail, error) {
	return nil, nil
}

// Held implements provision.Reader.
func (h hands) Held(_ context.Context, account string) ([]string, error) {
	all, err := h.v.list()
	for _, m := range all {
		if m.id == account {
			return m.boards, err
		}
	}
	return nil, err
}

// Owned implements provision.Reader; it is not asked for (Reads).
func (h hands) Owned(context.Context, string) ([]string, error) { return nil, nil }
