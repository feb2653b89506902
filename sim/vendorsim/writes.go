package vendorsim

import (
	"fmt"
	"net/http"
	"strings"
)

// create checks in the order form, required fields, address, seats. The type of an account that names none is documented
// nowhere; here it is user, the one that sees everything.
func (v *Vendor) create(a *ask, broken func(string)) reply {
	d := draft{Account: Account{Type: TypeUser, Lang: "en", Limits: standardLimits, Created: a.arrived}}
	if err := d.fill(a.body, v.quirks, broken); err != nil {
		return v.failed(a.dialect, http.StatusBadRequest, err.Error())
	}
	switch {
	case d.Email == "" || d.FirstName == "" || d.password == "":
		return v.failed(a.dialect, http.StatusBadRequest, "account_email, account_first_name and account_password are required")
	case v.taken(d.Email, 0):
		return v.failed(a.dialect, http.StatusBadRequest, "User with this email already exists")
	case v.seats > 0 && len(v.accounts) >= v.seats:
		return v.failed(a.dialect, http.StatusForbidden, "Limit reached")
	}
	d.ID = v.newID()
	acc := d.clone()
	v.accounts[d.ID], v.passwords[d.ID] = &acc, d.password
	a.row.UserID = d.ID
	v.took(a.row, fmt.Sprintf("created %s account %d for %s", d.Type, d.ID, d.Email))
	return v.created(d.ID)
}

func (v *Vendor) created(id int64) reply {
	status := v.quirks.WriteStatus
	if status == 0 || status == http.StatusNoContent {
		status = http.StatusOK // a create has an id to tell
	}
	return v.json(status, map[string]any{"id": v.num(id)})
}

func (v *Vendor) update(a *ask, broken func(string)) reply {
	old, ok := v.accounts[a.id]
	if !ok {
		return v.failed(a.dialect, http.StatusNotFound, "User not found")
	}
	d := draft{Account: old.clone()}
	if err := d.fill(a.body, v.quirks, broken); err != nil {
		return v.failed(a.dialect, http.StatusBadRequest, err.Error())
	}
	if d.Email != old.Email && v.taken(d.Email, a.id) {
		return v.failed(a.dialect, http.StatusBadRequest, "User with this email already exists")
	}
	if d.Type == TypeUser {
		d.SharedSites = nil // a user keeps no share list
	}
	after := d.clone()
	changes := old.differences(after)
	if d.password != "" {
		v.passwords[a.id] = d.password
		changes = append(changes, "password")
	}
	if len(changes) > 0 {
		v.took(a.row, fmt.Sprintf("updated account %d: %s", a.id, strings.Join(changes, ", ")))
	}
	v.accounts[a.id] = &after
	return v.written("{[]}")
}

func (v *Vendor) delete(a *ask, _ func(string)) reply {
	acc, ok := v.accounts[a.id]
	if !ok && !v.quirks.DeleteUnknownOK {
		return v.failed(a.dialect, http.StatusNotFound, "User not found")
	}
	if ok {
		v.forget(a.id)
		v.took(a.row, fmt.Sprintf("deleted account %d of %s", a.id, acc.Email))
	}
	return v.written("[]")
}

// taken reports whether an address belongs to another account than except, or to another customer.
func (v *Vendor) taken(email string, except int64) bool {
	if v.elsewhere[strings.ToLower(email)] {
		return true
	}
	for id, acc := range v.accounts {
		if id != except && strings.EqualFold(acc.Email, email) {
			return true
		}
	}
	return false
}
