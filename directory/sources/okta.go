package sources

import (
	"context"
	"strings"

	"github.com/usherbot/usher/apiclient/okta"
	"github.com/usherbot/usher/directory"
)

// Okta reads an Okta organization.
type Okta struct{ Client *okta.Client }

var _ directory.Source = Okta{}

// Read implements directory.Source.
func (o Okta) Read(ctx context.Context, _ []directory.Record, _ string) (directory.Answer, error) {
	users, err := o.Client.Users(ctx)
	if err != nil {
		return directory.Answer{}, err
	}
	var out []directory.Record
	for _, u := range users {
		r := directory.Record{ID: u.ID, Created: u.Created, Off: u.Status == okta.Deprovisioned || u.Status == okta.Suspended}
		if r.Off {
			r.Since = u.Changed
		}
		for _, a := range []string{u.Email, u.Login} { // a login is mostly an address, but need not be one
			if strings.Contains(a, "@") {
				r.Addresses = append(r.Addresses, a)
			}
		}
		out = append(out, r)
	}
	return directory.Answer{People: out}, nil
}
