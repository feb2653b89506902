package seranking

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/usherbot/usher/apiclient"
)

// Dialect is one of the two ways in which SE Ranking's API is spoken. The values
// are the words of usher.yml.
type Dialect string

const (
	// Auto finds the dialect out with a read.
	Auto Dialect = "auto"
	// Unified is the API of 2026: https://api.seranking.com/v1, account ids in the query.
	Unified Dialect = "unified"
	// Legacy is the Project API: https://api4.seranking.com, account ids in the path.
	Legacy Dialect = "legacy"
)

// address is one row of the table of addresses. In a legacy path {id} is the
// account; the unified dialect carries it as ?user_id= instead.
type address struct{ unified, legacy string }

// The table, from the vendor's n8n node (unified) and its MCP server and documents (legacy).
var (
	usersAt        = address{"project-management/users", "users"}
	userAt         = address{"project-management/users", "users/{id}"}
	sharedSitesAt  = address{"project-management/users/shared-sites", "users/{id}/shared-sites"}
	ownedSitesAt   = address{"project-management/users/owned-sites", "users/{id}/own-sites"}
	sitesAt        = address{"project-management/sites", "sites"}
	profileAt      = address{"project-management/users/me", "account/profile"}
	subscriptionAt = address{"account/subscription", "account/subscription"}
)

// locate fills in the path and the query of a call. account is 0 where the address names none.
func (q *call) locate(d Dialect, a address, account int64) {
	if q.query == nil {
		q.query = url.Values{}
	}
	q.account = account
	id := strconv.FormatInt(account, 10)
	if d == Legacy {
		q.path = strings.ReplaceAll(a.legacy, "{id}", id)
		return
	}
	q.path = a.unified
	if account != 0 {
		q.query.Set("user_id", id)
	}
}

// carriesAccount reports whether u still names the account of a call. In the unified
// dialect a lost user_id would turn a DELETE of one account into a DELETE of the collection.
func carriesAccount(u *url.URL, account int64) bool {
	id := strconv.FormatInt(account, 10)
	return account == 0 || u.Query().Get("user_id") == id || strings.Contains(u.EscapedPath()+"/", "/users/"+id+"/")
}

// finder remembers the dialect once it is known. Its one slot lets one caller probe while
// the others wait; a channel and not a mutex, so that waiting ends with the context.
type finder struct {
	slot  chan struct{}
	known Dialect // Auto: not known yet; guarded by slot
}

func newFinder(d Dialect) *finder {
	return &finder{slot: make(chan struct{}, 1), known: orDefault(d, Auto)}
}

// Dialect returns the dialect spoken at the base URL. Under Auto the first call asks for
// the list of websites, in one dialect and if that is not understood in the other, always at the
// same base URL: the key is never taken to a host nobody named. The unified address is
// tried first, unless the base URL is the legacy host or does not end in a version such as
// /v1. Only an answer with a list in it settles the question, for as long as the client
// lives; a failure (no connection, 429, 5xx) is returned and the next call asks again.
func (c *Client) Dialect(ctx context.Context) (Dialect, error) {
	select {
	case c.dialect.slot <- struct{}{}:
		defer func() { <-c.dialect.slot }()
	case <-ctx.Done():
		return "", c.fail("find dialect", apiclient.Temporary, ctx.Err())
	}
	if c.dialect.known != Auto {
		return c.dialect.known, nil
	}
	d, err := c.probe(ctx)
	if err != nil {
		return "", err
	}
	c.dialect.known = d
	c.log.InfoContext(ctx, "found out which API SE Ranking has here", "dialect", string(d), "host", c.base.Host)
	return d, nil
}

// probe tries both dialects. Of two refusals the one that says most is returned: a key
// that is not taken before an address that is not known. A web page says nothing of either: a
// gateway shows one while the API is away, and that passes.
func (c *Client) probe(ctx context.Context) (Dialect, error) {
	var refusals []error
	for _, d := range c.order() {
		err := c.tryDialect(ctx, d)
		if err == nil {
			return d, nil
		}
		if !notUnderstood(err) {
			return "", err
		}
		refusals = append(refusals, err)
	}
	page := false
	for _, err := range refusals {
		if k := apiclient.KindOf(err); k == apiclient.NotAllowed || k == apiclient.LimitReached {
			return "", err
		}
		page = page || errors.Is(err, errWebPage)
	}
	if page {
		return "", c.fail("find dialect", apiclient.Temporary, fmt.Errorf("%w, from a gateway or because the base URL is wrong", errWebPage))
	}
	return "", c.fail("find dialect", apiclient.Rejected,
		errors.New("neither dialect of SE Ranking is spoken at this base URL; expected "+DefaultBaseURL))
}

func (c *Client) order() [2]Dialect {
	last := c.base.Path[strings.LastIndex(c.base.Path, "/")+1:]
	if strings.HasPrefix(c.base.Host, "api4.") || !isVersion(last) {
		return [2]Dialect{Legacy, Unified}
	}
	return [2]Dialect{Unified, Legacy}
}

func isVersion(s string) bool {
	digits, ok := strings.CutPrefix(s, "v")
	_, err := strconv.ParseUint(digits, 10, 8)
	return ok && err == nil
}

func (c *Client) tryDialect(ctx context.Context, d Dialect) error {
	q := call{op: "find dialect", method: http.MethodGet, cap: c.sitesCap}
	q.locate(d, sitesAt, 0)
	_, err := fetch(ctx, c, q, decodeSites)
	return err
}

// notUnderstood tells an address that this server does not know, or hides behind a refusal or a web page,
// from a server that could not answer just now.
func notUnderstood(err error) bool {
	switch apiclient.KindOf(err) {
	case apiclient.NotFound, apiclient.Rejected, apiclient.NotAllowed, apiclient.LimitReached:
		return true
	}
	e, ok := errors.AsType[*apiclient.Error](err)
	return ok && e.Status < 500 && (errors.Is(err, errWebPage) || errors.Is(err, errShape))
}
