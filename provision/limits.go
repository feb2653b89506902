package provision

import (
	"context"
	"fmt"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// Limits says which limits an account has, as far as its app shows them: "limit 50 a month". Nil: it shows none. It asks for the
// account itself and nothing that belongs to it, so that many accounts can be looked at.
func (v *Inventory) Limits(ctx context.Context, app string, s approvals.Seat) (approvals.Text, error) {
	a, err := v.app(app)
	if err != nil {
		return nil, err
	}
	limits := a.Entry.Moneys()
	if len(limits) == 0 {
		return nil, nil
	}
	d, err := a.Account(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("read limits of account %s of %s: %w", s.ID, app, err)
	}
	var out []approvals.Text
	for _, f := range limits {
		switch {
		case d == nil || !d.Values.Has(f.Key):
		case f.Per != "" && d.Values.ID(f.Per) == "":
			out = append(out, approvals.Sayf("no %v", strings.ToLower(f.Label)))
		default:
			out = append(out, approvals.Sayf("%v %v", strings.ToLower(f.Label), approvals.Shown(f, d.Values)))
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return approvals.Join(out, ", "), nil
}
