package vendorsim

import "net/http"

// profile is the main account's, which the key belongs to. email_verified is documented as "1 - yes, 2 - no" and shown as
// a bool.
func (v *Vendor) profile(*ask, func(string)) reply {
	return v.json(http.StatusOK, map[string]any{
		"email": "seo@acme.example", "email_verified": v.flag(true, 2), "first_name": "Acme", "last_name": "Search team",
		"lang": "en", "picture": nil,
	})
}

// subscription means another thing in each dialect: the plan's kind (legacy), the API units (unified, with the vendor's
// own misspelling of the date). None of them tells how many seats are left.
func (v *Vendor) subscription(a *ask, _ func(string)) reply {
	if a.dialect == Legacy {
		return v.json(http.StatusOK, map[string]any{
			"type": "subscription", "is_expired": "false", "balance": map[string]any{"currency": "usd", "amount": v.num(120)},
		})
	}
	return v.json(http.StatusOK, map[string]any{"subscription_info": map[string]any{
		"status": "active", "start_date": "2026-01-01", "expiraton_date": "2027-01-01",
		"units_limit": v.num(100000), "units_left": v.num(88000),
	}})
}

func (v *Vendor) money(*ask, func(string)) reply {
	return v.json(http.StatusOK, map[string]any{"currency": "rur", "currency_code": "USD", "amount": v.num(120)})
}

func (v *Vendor) credits(*ask, func(string)) reply {
	return v.json(http.StatusOK, map[string]any{
		"totals": map[string]any{
			"subscription": map[string]any{"remaining": v.num(88000)}, "wallet": map[string]any{"remaining": v.num(1000)},
		},
		"access": map[string]any{"primary_reason": "subscription"},
	})
}
