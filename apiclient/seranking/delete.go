package seranking

import (
	"context"
	"net/http"
)

// Delete removes a sub-account. NotFound means that it was not there to begin with; a 404 after
// a lost answer to our own earlier try is success. nil means that the vendor accepted it; the proof is
// ListAccounts, which callers read afterwards. Nothing is published about what becomes of
// projects that the account owns: callers look at OwnedSites first.
func (c *Client) Delete(ctx context.Context, id int64) error {
	d, err := c.ready(ctx, "delete account", id)
	if err != nil {
		return err
	}
	lock, err := c.lock(ctx, "delete account", id)
	if err != nil {
		return err
	}
	defer lock.unlock()
	if err := lock.still(); err != nil {
		return err
	}
	q := call{op: "delete account", method: http.MethodDelete, safety: repeatable, goneIsDone: true}
	q.locate(d, userAt, id)
	return c.send(ctx, q)
}
