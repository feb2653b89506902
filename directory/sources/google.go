package sources

import (
	"context"

	"github.com/usherbot/usher/apiclient/google"
	"github.com/usherbot/usher/directory"
)

// Google reads a Google Workspace account.
type Google struct{ Client *google.Client }

var _ directory.Source = Google{}

// Read implements directory.Source. Since when somebody is suspended Google doesn't say; since when deleted it does.
func (g Google) Read(ctx context.Context, _ []directory.Record, _ string) (directory.Answer, error) {
	users, err := g.Client.Users(ctx)
	if err != nil {
		return directory.Answer{}, err
	}
	var out []directory.Record
	for _, u := range users {
		r := directory.Record{ID: u.ID, Created: u.Created, Addresses: append([]string{u.Primary}, u.Aliases...), Off: u.Suspended || u.Archived || u.Gone}
		if u.Gone {
			r.Since = u.Deleted
		}
		out = append(out, r)
	}
	return directory.Answer{People: out}, nil
}
