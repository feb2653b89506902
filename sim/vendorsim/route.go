package vendorsim

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Op names an operation, whatever dialect it is asked for in.
type Op string

// The operations. Balance and Trends are Semrush's; Money, Subscription and Credits tell SE Ranking's account figures.
const (
	List         Op = "list"
	Details      Op = "details"
	Create       Op = "create"
	Update       Op = "update"
	Delete       Op = "delete"
	Shared       Op = "shared"
	Owned        Op = "owned"
	SetShares    Op = "setshares"
	Sites        Op = "sites"
	Profile      Op = "profile"
	Subscription Op = "subscription"
	Money        Op = "money"
	Credits      Op = "credits"
	Balance      Op = "balance"
	Trends       Op = "trends"
)

func (o Op) hasBody() bool { return o == Create || o == Update || o == SetShares }

// Writes reports whether the operation may change something.
func (o Op) Writes() bool { return o.hasBody() || o == Delete }

// route is what a method and path mean. An empty op with allow set is a wrong method; lost means that an operation on
// one account names none, which a careless vendor would take for all of them.
type route struct {
	op    Op
	id    int64
	lost  bool
	allow string
}

type methods map[string]Op

// routes are both dialects in the legacy dialect's patterns; find translates the unified paths into them.
var routes = map[Dialect]map[string]methods{
	Legacy: {
		"/users":                   {http.MethodGet: List, http.MethodPost: Create},
		"/users/{id}":              {http.MethodGet: Details, http.MethodPatch: Update, http.MethodDelete: Delete},
		"/users/{id}/shared-sites": {http.MethodGet: Shared, http.MethodPost: SetShares},
		"/users/{id}/own-sites":    {http.MethodGet: Owned},
		"/sites":                   {http.MethodGet: Sites},
		"/account/profile":         {http.MethodGet: Profile},
		"/account/balance":         {http.MethodGet: Money},
		"/account/subscription":    {http.MethodGet: Subscription},
	},
	Unified: {
		"/users":                   {http.MethodGet: List, http.MethodPost: Create},
		"/users/{id}":              {http.MethodGet: Details, http.MethodPatch: Update, http.MethodDelete: Delete},
		"/users/{id}/shared-sites": {http.MethodGet: Shared, http.MethodPost: SetShares},
		"/users/{id}/owned-sites":  {http.MethodGet: Owned},
		"/users/me":                {http.MethodGet: Profile},
		"/sites":                   {http.MethodGet: Sites},
		"/account/subscription":    {http.MethodGet: Subscription},
		"/account/credit-balance":  {http.MethodGet: Credits},
		"/account/credits":         {http.MethodGet: Credits},
	},
	Semrush: {
		balancePath:          {http.MethodGet: Balance},
		trendsPath + "{key}": {http.MethodGet: Trends},
	},
}

// find says what a request asks for. In the unified dialect list and details share a path: only user_id tells them apart.
func find(d Dialect, method, path string, query url.Values) route {
	pattern, id := patternOf(d, path, query)
	known := routes[d][pattern]
	r := route{op: known[method]}
	if r.op == "" {
		r.allow = strings.Join(slices.Sorted(maps.Keys(known)), ", ")
	}
	if strings.Contains(pattern, "{id}") && known != nil {
		r.id, _ = strconv.ParseInt(id, 10, 64)
		r.lost = r.id <= 0
	}
	if pattern == "/users" && r.op == "" {
		r.lost = method == http.MethodPatch || method == http.MethodDelete || method == http.MethodPut
	}
	return r
}

// patternOf returns the key of routes that a path stands for, and the account it names.
func patternOf(d Dialect, path string, query url.Values) (pattern, id string) {
	switch d {
	case Legacy:
		rest, ok := strings.CutPrefix(path, "/users/")
		if !ok {
			return path, ""
		}
		id, tail, more := strings.Cut(rest, "/")
		if more {
			tail = "/" + tail
		}
		return "/users/{id}" + tail, id
	case Unified:
		return unifiedPattern(path, query)
	}
	if strings.HasPrefix(path, trendsPath) {
		return trendsPath + "{key}", ""
	}
	return path, ""
}

func unifiedPattern(path string, query url.Values) (pattern, id string) {
	rest, ok := strings.CutPrefix(path, "/project-management")
	if !ok {
		if strings.HasPrefix(path, "/account/") {
			return path, ""
		}
		return "", "" // /users and /sites exist only below /project-management
	}
	id = query.Get("user_id")
	switch rest {
	case "/users":
		if query.Has("user_id") {
			return "/users/{id}", id
		}
	case "/users/shared-sites", "/users/owned-sites":
		return "/users/{id}" + strings.TrimPrefix(rest, "/users"), id
	}
	if strings.HasPrefix(rest, "/account/") || strings.Contains(rest, "{") {
		return "", ""
	}
	return rest, ""
}

// Meaning is what a request to this host asks for: whose dialect it is in, which operation, and of which account (0: of none). "": nothing that
// there is.
func Meaning(method string, at *url.URL) (Dialect, Op, int64) {
	d, path := Semrush, at.Path
	for prefix, dialect := range map[string]Dialect{"/v1/": Unified, "/legacy/": Legacy} {
		if strings.HasPrefix(path, prefix) {
			d, path = dialect, strings.TrimPrefix(path, strings.TrimSuffix(prefix, "/"))
		}
	}
	r := find(d, method, path, at.Query())
	return d, r.op, r.id
}

// Ops lists every operation.
func Ops() []Op { return slices.Sorted(maps.Keys(operations)) }
