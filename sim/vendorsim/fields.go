package vendorsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
)

// refusal is what the vendor says to a body it does not take.
type refusal string

func (r refusal) Error() string { return string(r) }

const errForm = refusal("Request must be an array with the key data")

// draft is an account as a create or update would leave it.
type draft struct {
	Account
	password string
}

// fill reads a body of the one documented form, an array of objects with one key each, and sets what it holds:
//
//	[{"key":"data","value":[{"setting.account_email":"a@example.com"},{"access":["report_manual"]}]}]
//
// A field that no document names is left out, as a vendor would, and reported as broken. So are, in silence, those
// that the quirks drop.
func (d *draft) fill(body []byte, q Quirks, broken func(string)) error {
	before := d.Account
	var envelope []struct {
		Key   string                       `json:"key"`
		Value []map[string]json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil || len(envelope) != 1 || envelope[0].Key != "data" || len(envelope[0].Value) == 0 {
		return errForm
	}
	for _, item := range envelope[0].Value {
		if len(item) != 1 {
			return errForm
		}
		for name, value := range item {
			if err := d.set(name, value, broken); err != nil {
				return err
			}
		}
	}
	if q.DropType {
		d.Type = before.Type
	}
	if q.DropLimit {
		d.Limits = before.Limits
	}
	d.Access = knownCodes(d.Access, d.Type, q.DropAccess)
	return nil
}

func (d *draft) set(name string, value json.RawMessage, broken func(string)) error {
	set, ok := setters[name]
	if !ok {
		broken(fmt.Sprintf("field %q is documented nowhere", name))
		return nil
	}
	if err := set(d, value); err != nil {
		return refusal(fmt.Sprintf("Invalid value of %s: %v", name, err))
	}
	return nil
}

// setters are the writable fields; access replaces the whole list.
var setters = map[string]func(*draft, json.RawMessage) error{
	"setting.account_email":      text(func(d *draft) *string { return &d.Email }, validEmail),
	"setting.account_first_name": text(func(d *draft) *string { return &d.FirstName }, nil),
	"setting.account_last_name":  text(func(d *draft) *string { return &d.LastName }, nil),
	"setting.account_password":   text(func(d *draft) *string { return &d.password }, longEnough),
	"setting.account_lang":       text(func(d *draft) *string { return &d.Lang }, twoLetters),
	"setting.account_type":       text(func(d *draft) *string { return &d.Type }, oneOf(TypeClient, TypeUser)),
	"limit.balance.period":       text(func(d *draft) *string { return &d.Limits.Period }, oneOf("day", "week", "month")),
	"limit.balance.amount":       amount,
	"access":                     access,
}

func text(field func(*draft) *string, check func(string) error) func(*draft, json.RawMessage) error {
	return func(d *draft, value json.RawMessage) error {
		var s string
		if err := json.Unmarshal(value, &s); err != nil {
			return errors.New("not a text")
		}
		if check != nil {
			if err := check(s); err != nil {
				return err
			}
		}
		*field(d) = s
		return nil
	}
}

func amount(d *draft, value json.RawMessage) error {
	var n int64
	if err := json.Unmarshal(value, &n); err != nil || n < 0 {
		return errors.New("not a whole number of at least 0")
	}
	d.Limits.Amount = n
	return nil
}

func access(d *draft, value json.RawMessage) error {
	var codes []string
	if err := json.Unmarshal(value, &codes); err != nil || codes == nil {
		return errors.New("not a list of codes")
	}
	d.Access = codes
	return nil
}

func validEmail(s string) error {
	if parsed, err := mail.ParseAddress(s); err != nil || parsed.Address != s {
		return errors.New("not an e-mail address")
	}
	return nil
}

func longEnough(s string) error {
	if len(s) < 8 {
		return errors.New("the password is too short")
	}
	return nil
}

var languageCode = regexp.MustCompile(`^[a-z]{2}$`)

func twoLetters(s string) error {
	if !languageCode.MatchString(s) {
		return errors.New("not a language of two letters")
	}
	return nil
}

func oneOf(allowed ...string) func(string) error {
	return func(s string) error {
		if !slices.Contains(allowed, s) {
			return fmt.Errorf("not one of %v", allowed)
		}
		return nil
	}
}

// knownCodes keeps the codes this vendor knows, in its own order. hide_search_volume exists for clients only.
func knownCodes(codes []string, accountType string, dropped []string) []string {
	kept := []string{}
	for _, code := range AccessCodes {
		if code == "hide_search_volume" && accountType != TypeClient {
			continue
		}
		if slices.Contains(codes, code) && !slices.Contains(dropped, code) {
			kept = append(kept, code)
		}
	}
	return kept
}

// differences names the fields in which two states of an account differ.
func (a Account) differences(b Account) []string {
	var names []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"email", a.Email == b.Email},
		{"name", a.FirstName == b.FirstName && a.LastName == b.LastName},
		{"type", a.Type == b.Type},
		{"lang", a.Lang == b.Lang},
		{"access", slices.Equal(a.Access, b.Access)},
		{"balance", a.Limits == b.Limits},
		{"shared sites", slices.Equal(a.SharedSites, b.SharedSites)},
	} {
		if !f.same {
			names = append(names, f.name)
		}
	}
	return names
}
