package fetch

import (
	"errors"
	"net/url"
	"strings"
)

// mostPages is past what a company has: 200 people a page would be a million.
const mostPages = 5000

// Pages follows the pages of one reading.
type Pages struct {
	base *url.URL
	seen map[string]bool
}

// NewPages are pages below an address.
func NewPages(base *url.URL) *Pages { return &Pages{base: base, seen: map[string]bool{}} }

// Next is the address of a further page. What leads to another host would carry the token there, and what was read already would
// be read for ever.
func (p *Pages) Next(link string) (*url.URL, error) {
	u, err := url.Parse(link)
	switch {
	case err != nil:
		return nil, errors.New("the address of the next page can't be read")
	case u.Scheme != p.base.Scheme || !strings.EqualFold(u.Host, p.base.Host) || u.User != nil:
		return nil, errors.New("the next page is at another host, so it isn't asked for")
	case !strings.HasPrefix(u.Path, strings.TrimSuffix(p.base.Path, "/")+"/"):
		return nil, errors.New("the next page isn't one of this API")
	case p.seen[link]:
		return nil, errors.New("the next page is one that was read already")
	case len(p.seen) >= mostPages:
		return nil, errors.New("there are more pages than anybody has people")
	}
	p.seen[link] = true
	return u, nil
}
