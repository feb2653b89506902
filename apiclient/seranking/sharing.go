package seranking

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/usherbot/usher/apiclient"
)

// ShareResult is the set of shared websites before a change and as it was read back after.
// A change took when Missing, Remaining and Lost are all empty. All sets are sorted.
type ShareResult struct {
	Before, After []int64
	Missing       []int64 // asked to be shared, and not; for an account of TypeUser the vendor keeps no list
	Remaining     []int64 // asked not to be shared any more, and still are
	Lost          []int64 // shared before, not asked to go, and gone: somebody else wrote meanwhile
}

// SharedSites returns the ids of the websites shared with an account, sorted.
func (c *Client) SharedSites(ctx context.Context, id int64) ([]int64, error) {
	return c.siteIDs(ctx, "read shared websites", sharedSitesAt, id)
}

// OwnedSites returns the ids of the websites that an account owns, sorted.
func (c *Client) OwnedSites(ctx context.Context, id int64) ([]int64, error) {
	return c.siteIDs(ctx, "read owned websites", ownedSitesAt, id)
}

func (c *Client) siteIDs(ctx context.Context, op string, at address, id int64) ([]int64, error) {
	d, err := c.ready(ctx, op, id)
	if err != nil {
		return nil, err
	}
	return c.readIDs(ctx, d, op, at, id)
}

func (c *Client) readIDs(ctx context.Context, d Dialect, op string, at address, id int64) ([]int64, error) {
	q := call{op: op, method: http.MethodGet}
	q.locate(d, at, id)
	return fetch(ctx, c, q, decodeIDs)
}

// Share shares websites with an account besides those shared already.
func (c *Client) Share(ctx context.Context, id int64, add []int64) (ShareResult, error) {
	return c.reshare(ctx, "share websites", id, func(now []int64) []int64 { return set(append(add, now...)) })
}

// Unshare takes websites away from an account and leaves it the others.
func (c *Client) Unshare(ctx context.Context, id int64, remove []int64) (ShareResult, error) {
	return c.reshare(ctx, "unshare websites", id, func(now []int64) []int64 { return without(now, remove) })
}

// SetSharedSites makes the websites shared with an account exactly these; none un-shares all.
func (c *Client) SetSharedSites(ctx context.Context, id int64, sites []int64) (ShareResult, error) {
	return c.reshare(ctx, "set shared websites", id, func([]int64) []int64 { return set(sites) })
}

// reshare reads, changes, writes and reads back under the account's lock. The write replaces
// the whole set, so the read stands right before it; a set that is already as wanted is not
// written. An error after the write was sent is OutcomeUnknown, with Before filled in:
// repeating the operation is safe, since it starts from what is there then.
func (c *Client) reshare(ctx context.Context, op string, id int64, change func([]int64) []int64) (ShareResult, error) {
	d, err := c.ready(ctx, op, id)
	if err != nil {
		return ShareResult{}, err
	}
	unlock, err := c.lock(ctx, op, id)
	if err != nil {
		return ShareResult{}, err
	}
	defer unlock()
	before, err := c.readIDs(ctx, d, op, sharedSitesAt, id)
	if err != nil {
		return ShareResult{}, err
	}
	want := change(slices.Clone(before))
	if len(want) > 0 && want[0] <= 0 {
		return ShareResult{}, c.fail(op, apiclient.Rejected, errors.New("0 or less is not the id of a website"))
	}
	if slices.Equal(before, want) {
		return ShareResult{Before: before, After: before}, nil
	}
	r := ShareResult{Before: before}
	if err := c.writeShares(ctx, d, op, id, want); err != nil {
		return r, err
	}
	if r.After, err = c.readIDs(ctx, d, op, sharedSitesAt, id); err != nil {
		return r, unseen(op, err)
	}
	r.compare(want)
	return r, nil
}

func (r *ShareResult) compare(want []int64) {
	absent := without(want, r.After)
	r.Lost = intersect(absent, r.Before)
	r.Missing = without(absent, r.Before)
	r.Remaining = without(intersect(r.After, r.Before), want)
}

// writeShares sends the body in the form of the dialect, and in the other form once if that
// is refused: the vendor's own clients disagree. Both forms say the same, so sending the
// second is safe even if the first took.
func (c *Client) writeShares(ctx context.Context, d Dialect, op string, id int64, sites []int64) error {
	object, array := mustJSON(map[string]any{"site_ids": sites}), mustJSON(sites)
	first, second := object, array
	if d == Legacy {
		first, second = array, object
	}
	q := call{op: op, method: http.MethodPost, safety: repeatable, body: first}
	q.locate(d, sharedSitesAt, id)
	err := c.send(ctx, q)
	if !refusedForm(err) {
		return err
	}
	q.body = second
	if again := c.send(ctx, q); again != nil {
		if refusedForm(again) {
			return err // the first refusal speaks of the form that ought to be right
		}
		return again
	}
	c.log.Info("SE Ranking takes the other form of a share", "dialect", string(d), "object", d == Legacy)
	return nil
}

func refusedForm(err error) bool {
	e, ok := errors.AsType[*apiclient.Error](err)
	return ok && (e.Status == http.StatusBadRequest || e.Status == http.StatusUnprocessableEntity)
}

// set returns ids sorted, each once; never nil.
func set(ids []int64) []int64 {
	ids = append([]int64{}, ids...)
	slices.Sort(ids)
	return slices.Compact(ids)
}

func without(ids, others []int64) []int64 {
	return slices.DeleteFunc(set(ids), func(id int64) bool { return slices.Contains(others, id) })
}

func intersect(ids, others []int64) []int64 {
	return slices.DeleteFunc(set(ids), func(id int64) bool { return !slices.Contains(others, id) })
}
