package seranking

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Profile is the owner of the key. Asking for it is free, so it serves to try a key.
type Profile struct {
	Email         string
	EmailVerified bool
	FirstName     string
	LastName      string
	Lang          string
}

// Profile returns the owner of the key.
func (c *Client) Profile(ctx context.Context) (Profile, error) {
	d, err := c.Dialect(ctx)
	if err != nil {
		return Profile{}, err
	}
	q := call{op: "read profile", method: http.MethodGet}
	q.locate(d, profileAt, 0)
	return fetch(ctx, c, q, decodeProfile)
}

func decodeProfile(body []byte) (Profile, error) {
	var raw struct {
		Email     *lenientText `json:"email"`
		Verified  lenientBool  `json:"email_verified"`
		FirstName lenientText  `json:"first_name"`
		LastName  lenientText  `json:"last_name"`
		Lang      lenientText  `json:"lang"`
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		return Profile{}, fmt.Errorf("read profile: %w", err)
	}
	if raw.Email == nil {
		return Profile{}, errors.New("read profile: no email in the answer")
	}
	return Profile{
		Email: string(*raw.Email), EmailVerified: bool(raw.Verified),
		FirstName: string(raw.FirstName), LastName: string(raw.LastName), Lang: string(raw.Lang),
	}, nil
}

// Subscription is the plan behind the key. The two dialects tell different things: Kind and
// the balance come from the legacy one, Status, the units and the end from the unified one. Neither
// tells how many seats are left.
type Subscription struct {
	Kind       string // manual, trial or subscription
	Status     string // active, inactive, expired or disabled
	Expired    bool
	Ends       string // a date, as the vendor writes it
	UnitsLimit int64  // of the API, not seats
	UnitsLeft  int64
	Balance    string // money, as the vendor writes it
	Currency   string
}

// Subscription returns the plan behind the key; it costs no units.
func (c *Client) Subscription(ctx context.Context) (Subscription, error) {
	d, err := c.Dialect(ctx)
	if err != nil {
		return Subscription{}, err
	}
	q := call{op: "read subscription", method: http.MethodGet}
	q.locate(d, subscriptionAt, 0)
	return fetch(ctx, c, q, decodeSubscription)
}

func decodeSubscription(body []byte) (Subscription, error) {
	var raw struct {
		Type    *lenientText `json:"type"`
		Expired lenientBool  `json:"is_expired"`
		Balance struct {
			Amount       lenientText `json:"amount"`
			Currency     lenientText `json:"currency"` // deprecated for currency_code; old samples say rur
			CurrencyCode lenientText `json:"currency_code"`
		} `json:"balance"`
		Info *struct {
			Status lenientText `json:"status"`
			Ends   lenientText `json:"expiration_date"`
			Misled lenientText `json:"expiraton_date"` // the documents' own spelling
			Limit  quota       `json:"units_limit"`
			Left   quota       `json:"units_left"`
		} `json:"subscription_info"`
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		return Subscription{}, fmt.Errorf("read subscription: %w", err)
	}
	switch {
	case raw.Info != nil:
		i := raw.Info
		return Subscription{
			Status: string(i.Status), Expired: i.Status == "expired",
			Ends: string(orDefault(i.Ends, i.Misled)), UnitsLimit: int64(i.Limit), UnitsLeft: int64(i.Left),
		}, nil
	case raw.Type != nil:
		return Subscription{
			Kind: string(*raw.Type), Expired: bool(raw.Expired), Balance: string(raw.Balance.Amount),
			Currency: string(orDefault(raw.Balance.CurrencyCode, raw.Balance.Currency)),
		}, nil
	}
	return Subscription{}, errors.New("read subscription: neither a type nor subscription_info in the answer")
}
