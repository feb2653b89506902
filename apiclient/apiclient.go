// Package apiclient is the room of the vendor clients: one folder a vendor, each
// a typed conversation with one API and nothing more.
//
//	apiclient/             what every client shares: Secret, Error, Redact, BaseURL
//	apiclient/seranking/   SE Ranking sub-accounts, in both dialects of its API
//	apiclient/semrush/     the Semrush unit balance
//	apiclient/fetch/       reading in pages, whole or not at all, for the clients of directories:
//	apiclient/okta/        everybody in an Okta organization
//	apiclient/entra/       everybody in an Entra ID tenant, and what changed since
//	apiclient/google/      everybody in a Google Workspace account
//
// A client knows its vendor's spelling, limits and habits, and answers in
// typed values and in one kind of error. It knows nothing of requests, people or
// Slack: package provision decides what to ask of a client and what an answer
// means for a request, and imports us; we import nothing of ours.
//
// Two rules hold in every client. A key, a password and an address that
// bears either never reach an error, a log line or a result. And a write
// whose answer was lost is told apart (OutcomeUnknown) from one that was refused,
// because only the second may be repeated without looking first.
package apiclient

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// BaseURL reads the root address of a vendor's API. It must be https, because every
// request carries the key; plain http is taken for this machine itself
// (localhost, 127.0.0.0/8, ::1) and, where the caller allows it, for any host. User
// names, queries and fragments are refused: nothing of a base address is secret. The
// path of the result begins with a slash and ends with none.
func BaseURL(raw string, allowHTTP bool) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return nil, errors.New("read base URL: it is not an address")
	}
	switch {
	case u.Host == "":
		return nil, errors.New("read base URL: no host in it; expected https://host/path")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("read base URL: a user, a query or a fragment has no place in it")
	case u.Scheme == "https", u.Scheme == "http" && (allowHTTP || isLoopback(u.Hostname())):
		u.Path, u.RawPath = "/"+strings.Trim(u.Path, "/"), ""
		return u, nil
	}
	return nil, fmt.Errorf("read base URL: %s://%s would send the key in the clear; expected https", u.Scheme, u.Host)
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
