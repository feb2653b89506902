package sources

import (
	"context"

	"github.com/usherbot/usher/apiclient/entra"
	"github.com/usherbot/usher/directory"
)

// Entra reads a tenant of Microsoft Entra ID. Guests aren't its people.
type Entra struct{ Client *entra.Client }

var _ directory.Source = Entra{}

// Read implements directory.Source. Changes are put upon what was known: of each what is said, and the rest as it was. Who was deleted
// isn't listed any more.
func (e Entra) Read(ctx context.Context, was []directory.Record, bookmark string) (directory.Answer, error) {
	if len(was) == 0 {
		bookmark = "" // changes are worth nothing without what they change
	}
	changes, err := e.Client.Users(ctx, bookmark)
	if err != nil {
		return directory.Answer{}, err
	}
	known := map[string]directory.Record{}
	var order []string
	for _, r := range was {
		if !changes.Full {
			known[r.ID], order = r, append(order, r.ID)
		}
	}
	for _, c := range changes.People {
		r, there := known[c.ID]
		switch {
		case c.Removed != "" || c.Guest != nil && *c.Guest:
			delete(known, c.ID)
			continue
		case !there && (c.Enabled == nil || c.Guest == nil && !changes.Full):
			continue // a change of somebody's who isn't ours: a guest
		case !there:
			order = append(order, c.ID)
		}
		known[c.ID] = changed(r, c)
	}
	out := directory.Answer{Bookmark: changes.Link}
	for _, id := range order {
		if r, there := known[id]; there {
			out.People = append(out.People, r)
			delete(known, id) // who was told twice is in the order twice
		}
	}
	return out, nil
}

// changed is somebody after a change. Since when they are off Graph doesn't say.
func changed(r directory.Record, c entra.Change) directory.Record {
	r.ID = c.ID
	if len(c.Addresses) > 0 {
		r.Addresses = c.Addresses
	}
	if c.Enabled != nil && r.Off == *c.Enabled {
		r.Off, r.Since = !*c.Enabled, directory.Record{}.Since
	}
	if !c.Created.IsZero() {
		r.Created = c.Created
	}
	return r
}
