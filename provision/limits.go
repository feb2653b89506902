package provision

import (
	"context"
	"fmt"
	"slices"

	"github.com/usherbot/usher/approvals"
)

// Limits says which limits an account has, as far as its app shows them and they mean something: "limits: 10 websites, 500 keywords".
// Nil: it shows none. It asks for the account itself and nothing that belongs to it, so that many accounts can be looked at.
func (v *Inventory) Limits(ctx context.Context, app string, s approvals.Seat) (approvals.Text, error) {
	a, err := v.app(app)
	if err != nil {
		return nil, err
	}
	fields := slices.Concat(a.Entry.Moneys(), a.Entry.Numbers())
	if len(fields) == 0 {
		return nil, nil
	}
	d, err := a.Account(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("read limits of account %s of %s: %w", s.ID, app, err)
	}
	if d == nil {
		return nil, nil
	}
	quotas := approvals.Quotas(fields, d.Values)
	if len(quotas) == 0 {
		return nil, nil
	}
	if rest := len(quotas) - mostQuotas; rest > 0 {
		return approvals.Sayf("limits: %v and %v more", approvals.Join(quotas[:mostQuotas], ", "), rest), nil
	}
	return approvals.Sayf("limits: %v", approvals.Join(quotas, ", ")), nil
}

// mostQuotas are told where there is a cell for them; `/access show` tells all.
const mostQuotas = 3
