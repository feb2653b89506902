package seranking

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/usherbot/usher/apiclient"
)

// Sharing is a change of the websites shared with an account, and what a caller knows that helps to make it.
type Sharing struct {
	Add, Remove []int64
	// Known is what earlier changes have found out of how this vendor takes websites.
	Known Known
	// Sent are the websites that were sent for this same change before, or may have been: nobody counts on
	// them yet, so they alone may be risked to find out what sending one does to the others.
	Sent []int64
	// Next, where set, is the one addition that may be sent alone: the caller has noted it.
	Next int64
}

// ShareResult is the set of shared websites before a change and as it was read back after.
// A change took when Missing, Remaining and Lost are all empty. All sets are sorted.
type ShareResult struct {
	Before, After []int64
	Missing       []int64 // asked to be shared, and not; for an account of TypeUser the vendor keeps no list
	Remaining     []int64 // asked not to be shared any more, and still are
	Lost          []int64 // shared before, not asked to go, and gone: somebody else wrote meanwhile

	// Known is what is known now of how this vendor takes websites.
	Known Known
	// Alone is the website that was sent alone, if one was.
	Alone int64
	// More says that all is well so far: it takes one website a request, and what is Missing is for the next.
	More bool
	// Cannot, where set, is why the rest of the change cannot be made through this API without risking what is shared.
	Cannot Cannot
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
	return c.Reshare(ctx, id, Sharing{Add: add})
}

// Unshare takes websites away from an account and leaves it the others.
func (c *Client) Unshare(ctx context.Context, id int64, remove []int64) (ShareResult, error) {
	return c.Reshare(ctx, id, Sharing{Remove: remove})
}

// Reshare changes what is shared with an account: it reads, writes once and reads back under the account's
// lock. A write of a list replaces the whole set, so the read stands right before it; a set that is already
// as wanted is not written. An error after the write was sent is OutcomeUnknown, with Before filled in:
// repeating the operation is safe, since it starts from what is there then.
func (c *Client) Reshare(ctx context.Context, id int64, s Sharing) (ShareResult, error) {
	op := "share websites"
	if len(s.Add) == 0 {
		op = "unshare websites"
	}
	d, err := c.ready(ctx, op, id)
	if err != nil {
		return ShareResult{}, err
	}
	lock, err := c.lock(ctx, op, id)
	if err != nil {
		return ShareResult{}, err
	}
	defer lock.unlock()
	before, err := c.readIDs(ctx, d, op, sharedSitesAt, id)
	if err != nil {
		return ShareResult{}, err
	}
	want := without(append(slices.Clone(before), s.Add...), s.Remove)
	if len(want) > 0 && want[0] <= 0 {
		return ShareResult{}, c.fail(op, apiclient.Rejected, errors.New("0 or less is not the id of a website"))
	}
	if slices.Equal(before, want) {
		return ShareResult{Before: before, After: before, Known: s.Known}, nil
	}
	w := rewrite{Sharing: s, client: c, dialect: d, op: op, account: id, before: before, want: want}
	r := ShareResult{Before: before, Known: s.Known}
	if err := lock.still(); err != nil {
		return ShareResult{}, err
	}
	if err := w.send(ctx); err != nil {
		return r, err
	}
	if r.After, err = c.readIDs(ctx, d, op, sharedSitesAt, id); err != nil {
		return r, unseen(op, err)
	}
	w.judge(&r)
	return r, nil
}

func (r *ShareResult) compare(want []int64) {
	absent := without(want, r.After)
	r.Lost = intersect(absent, r.Before)
	r.Missing = without(absent, r.Before)
	r.Remaining = without(intersect(r.After, r.Before), want)
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
