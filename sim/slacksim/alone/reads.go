package alone

import (
	"net/http"
	"strconv"
)

// reads are what everybody sees, and what the app did.
func (c *control) reads() map[string]func(*http.Request) any {
	s := c.sim
	arg := func(r *http.Request, name string) string { return r.URL.Query().Get(name) }
	return map[string]func(*http.Request) any{
		"messages":    func(r *http.Request) any { return items(s.Messages(arg(r, "channel"))) },
		"ephemerals":  func(r *http.Request) any { return items(s.Ephemerals(arg(r, "user"))) },
		"dm":          func(r *http.Request) any { return items(s.DM(arg(r, "user"))) },
		"views":       func(r *http.Request) any { return items(s.Views(arg(r, "user"))) },
		"home":        func(r *http.Request) any { v, _ := s.Home(arg(r, "user")); return v },
		"users":       func(*http.Request) any { return s.Users() },
		"groups":      func(*http.Request) any { return items(s.Groups()) },
		"channels":    func(*http.Request) any { return items(s.Channels()) },
		"calls":       func(r *http.Request) any { return items(after(s.Calls(), arg(r, "after"))) },
		"violations":  func(*http.Request) any { return items(s.Violations()) },
		"connections": func(*http.Request) any { return s.Connections() },
	}
}

// after leaves out the first ones, where a number of them is named.
func after[T any](all []T, number string) []T {
	n, err := strconv.Atoi(number)
	if err != nil {
		return all
	}
	return all[min(max(n, 0), len(all)):]
}

// items makes an empty list of none, so that JSON says [] and not null.
func items[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}
