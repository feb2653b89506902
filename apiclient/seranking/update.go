package seranking

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/usherbot/usher/apiclient"
)

// Patch is a change of a sub-account. What is left empty stays as it is. The address and
// the password are not in it: neither is ours to change.
type Patch struct {
	FirstName string
	LastName  string
	Lang      string
	Type      string
	Access    []string // replaces all of it; nil: stays; empty: none at all
	Amount    *int64   // money limit per Period
	Period    string
}

// UpdateResult is an account before a change and as it was read back after. A change took
// when Dropped, Kept and Unmatched are all empty.
type UpdateResult struct {
	Before, After Details
	Dropped       []string // access codes asked for that are not there
	Kept          []string // access codes not asked for that are there
	Unmatched     []string // other fields that differ from what was asked; "access" if it could not be read
}

// Update changes a sub-account and reads it back, under the account's lock. On an error after
// the write was sent the kind is OutcomeUnknown and Before is filled in; repeating it is safe.
func (c *Client) Update(ctx context.Context, id int64, p Patch) (UpdateResult, error) {
	if err := p.check(); err != nil {
		return UpdateResult{}, c.fail("update account", apiclient.Rejected, err)
	}
	d, err := c.ready(ctx, "update account", id)
	if err != nil {
		return UpdateResult{}, err
	}
	lock, err := c.lock(ctx, "update account", id)
	if err != nil {
		return UpdateResult{}, err
	}
	defer lock.unlock()
	var r UpdateResult
	if r.Before, err = c.details(ctx, d, id); err != nil {
		return UpdateResult{}, err
	}
	if err = lock.still(); err != nil {
		return UpdateResult{}, err
	}
	if err = c.patch(ctx, d, id, p); err != nil {
		return r, err
	}
	if r.After, err = c.details(ctx, d, id); err != nil {
		return r, unseen("update account", err)
	}
	r.compare(p)
	return r, nil
}

func (c *Client) patch(ctx context.Context, d Dialect, id int64, p Patch) error {
	q := call{op: "update account", method: http.MethodPatch, safety: repeatable, body: p.fields().encode()}
	q.locate(d, userAt, id)
	return c.send(ctx, q)
}

// unseen is the error of a write that the vendor took and that could not be read back.
func unseen(op string, err error) error {
	e := apiclient.Error{Op: op, Kind: apiclient.OutcomeUnknown, Err: fmt.Errorf("written, not read back: %w", err)}
	return &e
}

func (p Patch) check() error {
	if len(p.fields()) == 0 {
		return errors.New("nothing to change")
	}
	return errors.Join(checkType(p.Type), checkLang(p.Lang), checkBalance(p.Amount, p.Period))
}

func (p Patch) fields() fields {
	var f fields
	f.text("setting.account_first_name", p.FirstName)
	f.text("setting.account_last_name", p.LastName)
	f.text("setting.account_lang", p.Lang)
	f.text("setting.account_type", p.Type)
	f.balance(p.Amount, p.Period)
	f.access(p.Access)
	return f
}

func (r *UpdateResult) compare(p Patch) {
	for _, f := range []struct{ name, asked, is string }{
		{"first_name", p.FirstName, r.After.FirstName},
		{"last_name", p.LastName, r.After.LastName},
		{"lang", p.Lang, r.After.Lang},
		{"type", p.Type, r.After.Type},
		{"period", p.Period, r.After.Limits.Period},
	} {
		if f.asked != "" && f.asked != f.is {
			r.Unmatched = append(r.Unmatched, f.name)
		}
	}
	if p.Amount != nil && *p.Amount != r.After.Limits.Amount {
		r.Unmatched = append(r.Unmatched, "amount")
	}
	switch {
	case p.Access == nil:
	case r.After.Partial:
		r.Unmatched = append(r.Unmatched, "access")
	default:
		r.Dropped = Dropped(p.Access, r.After.Access)
		r.Kept = Dropped(r.After.Access, p.Access)
	}
}
