package seranking

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/usherbot/usher/apiclient"
)

// NewAccount is what a new sub-account is made of. A field left empty is not sent,
// but for Type, which always is: the vendor's default is the type that sees every project.
type NewAccount struct {
	Email     string // required; must be new to all of SE Ranking, not to this account only
	FirstName string // required
	LastName  string
	Type      string   // TypeClient (also "") or TypeUser
	Lang      string   // two letters
	Access    []string // nil: the vendor's default; see AccessCodes
	Amount    *int64   // money limit per Period, 0 or more; both or neither
	Period    string   // day, week or month
}

// Create makes a sub-account and returns its id. It asks once and never again by
// itself: after OutcomeUnknown the account may be there, and only FindByEmail can tell. The
// password, which the vendor demands, is made here, sent and forgotten; SE Ranking writes to the
// person, and "Forgot password" on its sign-in page works too.
//
// Access codes that the vendor does not know it drops in silence: compare with Account and Dropped.
func (c *Client) Create(ctx context.Context, a NewAccount) (int64, error) {
	if err := a.check(); err != nil {
		return 0, c.fail("create account", apiclient.Rejected, err)
	}
	d, err := c.Dialect(ctx)
	if err != nil {
		return 0, err
	}
	password, err := newPassword(c.random)
	if err != nil {
		return 0, c.fail("create account", apiclient.Temporary, err)
	}
	q := call{
		op: "create account", method: http.MethodPost, safety: once,
		body: a.fields(password).encode(), password: password,
	}
	q.locate(d, usersAt, 0)
	return fetch(ctx, c, q, decodeCreated)
}

func (a NewAccount) check() error {
	switch {
	case strings.TrimSpace(a.Email) == "":
		return errors.New("an e-mail address is required")
	case strings.TrimSpace(a.FirstName) == "":
		return errors.New("a first name is required")
	case (a.Amount == nil) != (a.Period == ""):
		return errors.New("amount and period come together")
	}
	return errors.Join(checkType(a.Type), checkLang(a.Lang), checkBalance(a.Amount, a.Period))
}

func checkType(t string) error {
	if t != "" && t != TypeClient && t != TypeUser {
		return errors.New("type is client or user")
	}
	return nil
}

func checkLang(lang string) error {
	if lang != "" && len(lang) != 2 {
		return errors.New("lang is two letters, like en")
	}
	return nil
}

func checkBalance(amount *int64, period string) error {
	if amount != nil && *amount < 0 {
		return errors.New("amount is 0 or more")
	}
	switch period {
	case "", "day", "week", "month":
		return nil
	}
	return errors.New("period is day, week or month")
}

func (a NewAccount) fields(password apiclient.Secret) fields {
	var f fields
	f.text("setting.account_email", strings.TrimSpace(a.Email))
	f.text("setting.account_first_name", a.FirstName)
	f.text("setting.account_last_name", a.LastName)
	f.text("setting.account_password", password.Reveal())
	f.text("setting.account_lang", a.Lang)
	f.text("setting.account_type", orDefault(a.Type, TypeClient))
	f.balance(a.Amount, a.Period)
	f.access(a.Access)
	return f
}

// fields is the body of create and update: a list of objects of one key each. It really is,
// in every client of the vendor's own; access stands in it as an object too, whatever
// the documents' example shows.
type fields []map[string]any

func (f *fields) add(key string, value any) { *f = append(*f, map[string]any{key: value}) }

func (f *fields) text(key, value string) {
	if value != "" {
		f.add(key, value)
	}
}

func (f *fields) balance(amount *int64, period string) {
	f.text("limit.balance.period", period)
	if amount != nil {
		f.add("limit.balance.amount", *amount)
	}
}

func (f *fields) access(codes []string) {
	if codes != nil {
		f.add("access", toWire(codes))
	}
}

// encode wraps the fields as the vendor wants them: [{"key":"data","value":[…]}].
func (f fields) encode() []byte {
	return mustJSON([]map[string]any{{"key": "data", "value": f}})
}

// mustJSON encodes what cannot fail to encode: text, numbers, lists and maps of them.
func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func decodeCreated(body []byte) (int64, error) {
	var made struct {
		ID lenientInt `json:"id"`
	}
	if err := json.Unmarshal(body, &made); err != nil || made.ID <= 0 {
		return 0, errors.New("the answer bears no account id")
	}
	return int64(made.ID), nil
}
