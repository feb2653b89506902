package seranking

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Site is one website (project) of the account. The link by which guests see its statistics
// without a login is not in it, and is never read.
type Site struct {
	ID       int64
	Title    string // the project's name; the vendor's field title. Several may have the same
	URL      string // the website; the vendor's field name, swapped from what one expects
	Host     string // of URL, lower case, without www.
	GroupID  int64
	Active   bool // false: paused, checks are delayed
	Keywords int64
}

// Sites returns every website of the account. The vendor has no pages here: the answer
// may reach many megabytes, and a caller that asks often keeps it for some minutes.
func (c *Client) Sites(ctx context.Context) ([]Site, error) {
	d, err := c.Dialect(ctx)
	if err != nil {
		return nil, err
	}
	q := call{op: "list websites", method: http.MethodGet, cap: c.sitesCap}
	q.locate(d, sitesAt, 0)
	return fetch(ctx, c, q, decodeSites)
}

type rawSite struct {
	ID       lenientInt   `json:"id"`
	Title    lenientText  `json:"title"`
	Name     lenientText  `json:"name"`
	GroupID  quota        `json:"group_id"`
	IsActive *lenientBool `json:"is_active"`
	Keywords quota        `json:"keyword_count"`
}

func decodeSites(body []byte) ([]Site, error) {
	var raw []rawSite
	if err := decodeList(body, &raw); err != nil {
		return nil, fmt.Errorf("read websites: %w", err)
	}
	sites := make([]Site, len(raw))
	for i, r := range raw {
		if r.ID <= 0 {
			return nil, errors.New("read websites: one without an id")
		}
		sites[i] = r.site()
	}
	return sites, nil
}

func (r rawSite) site() Site {
	return Site{
		ID: int64(r.ID), Title: string(r.Title), URL: string(r.Name), Host: hostOf(string(r.Name)),
		GroupID: int64(r.GroupID), Keywords: int64(r.Keywords),
		Active: r.IsActive == nil || bool(*r.IsActive),
	}
}

// hostOf reads the host out of a website as people entered it, with a scheme or without.
func hostOf(site string) string {
	site = strings.TrimSpace(site)
	if !strings.Contains(site, "://") {
		site = "http://" + site
	}
	u, err := url.Parse(site)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
