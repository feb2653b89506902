package vendorsim

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// documentedRate is the Project API's limit: five requests in any second, per key.
const documentedRate = 5

// semrushRate is Semrush's: ten a second.
const semrushRate = 10

// keyQuery is the query parameter that each SE Ranking dialect also takes its key from. It works, and it leaks into every log on
// the way, so using it is a violation.
var keyQuery = map[Dialect]string{Unified: "apikey", Legacy: "token"}

// keyOf finds the key of a request. The scheme word is Token; a Bearer is no key.
func keyOf(r *http.Request, d Dialect, path string) (key string, inQuery bool) {
	if d == Semrush {
		if rest, ok := strings.CutPrefix(path, trendsPath); ok {
			return rest, false
		}
		return r.URL.Query().Get("key"), false
	}
	if key := r.URL.Query().Get(keyQuery[d]); key != "" {
		return key, true
	}
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Token ")
	if !ok {
		return "", false
	}
	return key, false
}

// loopback are the names by which a test reaches this vendor in the clear.
var loopback = []string{"127.0.0.1", "localhost", "::1"}

// policeSemrush holds whoever asks Semrush to the two calls that cost nothing, with a key, and over TLS where another
// machine could listen.
func (v *Vendor) policeSemrush(a *ask, host string, plain bool) {
	switch {
	case a.dialect != Semrush || a.row.Path == landing:
	case a.op == "" && (a.key != "" || a.query.Has("type")):
		v.violate(a, "%s %s costs units: only the balance is free", a.row.Method, a.row.Path)
	case a.op == Balance && a.key == "":
		v.violate(a, "the balance is asked for without a key")
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if a.dialect == Semrush && a.key != "" && plain && !slices.Contains(loopback, host) {
		v.violate(a, "the key goes over the network in the clear, to %s", host)
	}
}

// pathKey is the part of the path that must not reach the journal; for most requests a string that no path holds.
func (a *ask) pathKey() string {
	if a.op == Trends && a.key != "" {
		return a.key
	}
	return "\x00"
}

// refuseKey checks key and pace, each refused in the dialect's own words.
func (v *Vendor) refuseKey(a *ask) (reply, bool) {
	if a.keyInQuery {
		v.violate(a, "the key stands in the query of %s %s", a.row.Method, a.row.Path)
	}
	q := v.Quirks()
	switch {
	case a.dialect == Unified && q.UnifiedOff:
		return v.fail(a, http.StatusNotFound, "Not found"), true
	case a.dialect == Legacy && (q.LegacyOff || a.key == ""):
		return v.fail(a, http.StatusForbidden, "No token"), true
	case a.key == v.Key(a.dialect):
		return v.refusePace(a, v.rate)
	case a.dialect == Legacy:
		return v.fail(a, http.StatusForbidden, "Incorrect token"), true
	}
	return v.fail(a, http.StatusUnauthorized, "Unauthorized"), true
}

// refusePace answers 429 when the key was served limit times within the last second. A refused request does not count.
func (v *Vendor) refusePace(a *ask, limit int) (reply, bool) {
	v.mu.Lock()
	free := v.quirks.NoPacing || v.spend(a.key, a.arrived, limit)
	v.mu.Unlock()
	if free {
		return reply{}, false
	}
	return v.fail(a, http.StatusTooManyRequests, "Too Many Requests"), true
}

// spend is called with the lock held.
func (v *Vendor) spend(key string, now time.Time, limit int) bool {
	var recent []time.Time
	for _, t := range v.windows[key] {
		if now.Sub(t) < time.Second {
			recent = append(recent, t)
		}
	}
	if len(recent) >= limit {
		v.windows[key] = recent
		return false
	}
	v.windows[key] = append(recent, now)
	return true
}

// violate keeps a broken rule and reports it. a may be nil.
func (v *Vendor) violate(a *ask, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	v.change(func() {
		v.violations = append(v.violations, text)
		if a != nil {
			a.row.Violations = append(a.row.Violations, text)
		}
	})
	if v.violation != nil {
		v.violation(text)
	}
}

// Violations lists every broken rule so far, oldest first.
func (v *Vendor) Violations() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]string(nil), v.violations...)
}
