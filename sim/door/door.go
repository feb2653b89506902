// Package door keeps web pages of other places out of the simulators' control doors, which ask for no token.
//
// A browser on this machine reaches whatever listens on it. So what is asked from another origin is refused, and at a loopback
// address so is what was asked for by a name that isn't this machine's: a page elsewhere can have its own name lead here, but it
// cannot have that name be localhost. Whoever gets in is answered with JSON (Answer), here and on the demo's pages.
package door

import (
	"net"
	"net/http"
	"strings"
)

// Guard hands on to h what may come in at an address.
func Guard(at net.Addr, h http.Handler) http.Handler {
	tcp, ok := at.(*net.TCPAddr)
	local := ok && tcp.IP.IsLoopback()
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if local && !ofThisMachine(r.Host) {
			http.Error(w, "this is for this machine alone: ask for it as 127.0.0.1 or localhost", http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	}))
}

// ofThisMachine reports whether a Host header names a loopback address.
func ofThisMachine(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	ip := net.ParseIP(name)
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || ip != nil && ip.IsLoopback()
}
