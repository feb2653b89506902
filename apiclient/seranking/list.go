package seranking

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/usherbot/usher/apiclient"
)

// The two types of sub-account. A client sees the websites shared with it; a user
// sees, and may change, every website of the account, whatever is shared.
const (
	TypeClient = "client"
	TypeUser   = "user"
)

const (
	pageSize = 100 // the vendor's default
	maxPages = 10_000
)

// Account is one line of the list of sub-accounts.
type Account struct {
	ID        int64
	Email     string // as the vendor spells it; compare with SameEmail
	FirstName string
	LastName  string
	Type      string // TypeClient or TypeUser
	Lang      string
	Sites     int  // websites it can see
	Blocked   bool // blocked by limits
}

// SameEmail compares addresses as the vendor's uniqueness does, as far as is known: without
// regard to case and to space around.
func SameEmail(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// ListAccounts returns every sub-account, all pages read, in the vendor's order. It never
// returns a part: a server that shows less than it counts is an error, because "not in the list" is
// what callers conclude from.
func (c *Client) ListAccounts(ctx context.Context) ([]Account, error) {
	d, err := c.Dialect(ctx)
	if err != nil {
		return nil, err
	}
	return c.listAccounts(ctx, d)
}

// ListUpTo is ListAccounts for whoever has no use for more than so many: many says that there are, and then there is no list.
// Where the vendor counts them, one page is all it takes to know.
func (c *Client) ListUpTo(ctx context.Context, most int) (all []Account, many bool, err error) {
	d, err := c.Dialect(ctx)
	if err != nil {
		return nil, false, err
	}
	return c.listUpTo(ctx, d, most)
}

// FindByEmail returns the sub-accounts with this address: none, one, or in a case that
// only a person can settle more.
func (c *Client) FindByEmail(ctx context.Context, email string) ([]Account, error) {
	all, err := c.ListAccounts(ctx)
	if err != nil {
		return nil, err
	}
	var found []Account
	for _, a := range all {
		if SameEmail(a.Email, email) {
			found = append(found, a)
		}
	}
	return found, nil
}

func (c *Client) listAccounts(ctx context.Context, d Dialect) ([]Account, error) {
	all, _, err := c.listUpTo(ctx, d, maxPages*pageSize)
	return all, err
}

func (c *Client) listUpTo(ctx context.Context, d Dialect, most int) (all []Account, many bool, err error) {
	var l listing
	var at Mark
	for range maxPages {
		p, err := c.page(ctx, d, at)
		if err != nil {
			return nil, false, err
		}
		next, more := l.add(p)
		if !more {
			all, err = l.complete(c)
			return all, false, err
		}
		if most < maxPages*pageSize && max(p.Total, len(l.accounts)) > most {
			return nil, true, nil
		}
		at = next
	}
	return nil, false, c.endless()
}

// endless is the error of a list that goes on and on.
func (c *Client) endless() error {
	return c.fail("list accounts", apiclient.Temporary, errors.New("the list does not end"))
}

func (c *Client) page(ctx context.Context, d Dialect, at Mark) (Page, error) {
	if at.Offset >= maxPages*pageSize {
		return Page{}, c.endless()
	}
	q := call{op: "list accounts", method: http.MethodGet,
		query: url.Values{"limit": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(at.Offset)}}}
	q.locate(d, usersAt, 0)
	p, err := fetch(ctx, c, q, decodePage)
	if err != nil {
		return Page{}, err
	}
	return at.leads(p), nil
}

// page is one answer to GET users. Total is a hint: -1 where the vendor gave none.
type page struct {
	accounts []Account
	total    int
}

func decodePage(body []byte) (page, error) {
	var raw struct {
		List     json.RawMessage `json:"list"`
		AllCount *lenientInt     `json:"all_count"`
	}
	var lines []accountLine
	if err := json.Unmarshal(body, &raw); err != nil {
		return page{}, fmt.Errorf("read list of accounts: %w", err)
	}
	if err := decodeList(raw.List, &lines); err != nil {
		return page{}, fmt.Errorf("read list of accounts: %w", err)
	}
	p := page{total: -1}
	if raw.AllCount != nil {
		p.total = int(*raw.AllCount)
	}
	for _, line := range lines {
		if line.ID <= 0 {
			return page{}, errors.New("read list of accounts: a line without an id")
		}
		p.accounts = append(p.accounts, line.account())
	}
	return p, nil
}

type accountLine struct {
	ID lenientInt `json:"account_id"`
	settings
	Sites   quota       `json:"account_sites_count"`
	Blocked lenientBool `json:"is_blocked_by_limits"`
}

func (l accountLine) account() Account {
	return Account{
		ID: int64(l.ID), Email: string(l.Email), FirstName: string(l.FirstName), LastName: string(l.LastName),
		Type: string(l.Type), Lang: string(l.Lang), Sites: int(l.Sites), Blocked: bool(l.Blocked),
	}
}

// listing gathers pages.
type listing struct {
	accounts []Account
	seen     map[int64]bool
	total    int
	stuck    bool // a page brought nothing new
}

// add takes in a page and says which is next. None is after one that brought nothing new, as a server that ignores the
// offset sends.
func (l *listing) add(p Page) (next Mark, more bool) {
	if l.seen == nil {
		l.seen = map[int64]bool{}
	}
	before := len(l.accounts)
	for _, a := range p.Accounts {
		if !l.seen[a.ID] {
			l.seen[a.ID] = true
			l.accounts = append(l.accounts, a)
		}
	}
	l.total = p.Total
	l.stuck = len(p.Accounts) > 0 && len(l.accounts) == before && !p.Again
	if p.Next == nil || l.stuck {
		return Mark{}, false
	}
	return *p.Next, true
}

// complete returns the accounts unless a repeated page is all that the rest of the list
// could be seen as. An empty page outweighs the total, which is only a hint.
func (l *listing) complete(c *Client) ([]Account, error) {
	if l.stuck && !Whole(len(l.accounts), l.total) {
		return nil, c.fail("list accounts", apiclient.Temporary,
			fmt.Errorf("the vendor repeats its pages; %d accounts seen", len(l.accounts)))
	}
	return l.accounts, nil
}
