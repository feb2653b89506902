package demo

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"syscall"

	"github.com/usherbot/usher/terminal"
)

const (
	// loopback is where the neighbours are, at any port.
	loopback = "127.0.0.1:0"
	// slackHost and vendorHost are what the bot calls them. No browser can: it would name the port, too.
	slackHost, vendorHost = "slack", "127.0.0.1"
	// firstPort is where a page is that nobody has named another place for, and lastPort the last at which it's tried.
	firstPort, lastPort = 3000, 3099
)

// listen opens the page's address; crowded: it's another port than usual, which is taken.
func listen(addr string) (l net.Listener, crowded bool, err error) {
	if addr != "" {
		if _, port, err := net.SplitHostPort(addr); err != nil || port == "" {
			return nil, false, terminal.Wrong(fmt.Sprintf("usher: --addr is %s; expected HOST:PORT, as in 127.0.0.1:3000", terminal.Quoted(addr)))
		}
		if l, err = net.Listen("tcp", addr); err != nil {
			return nil, false, fmt.Errorf("serve the demo's page (is another demo running? --addr takes another port): %w", err)
		}
		return l, false, nil
	}
	for port := firstPort; port <= lastPort; port++ {
		l, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	if err != nil {
		return nil, false, fmt.Errorf("serve the demo's page (--addr takes another port): %w", err)
	}
	return l, l.Addr().(*net.TCPAddr).Port != firstPort, nil
}

// welcome says where the page is, at an address that a browser can open, and who else can open it.
func welcome(out io.Writer, listening string, crowded bool) {
	at, err := netip.ParseAddrPort(listening)
	where, alone := listening, err == nil && at.Addr().IsLoopback()
	if err == nil && at.Addr().IsUnspecified() {
		where = fmt.Sprintf("localhost:%d", at.Port())
	}
	fmt.Fprintf(out, "Usher's demo is ready: http://%s\nOpen it in a browser. Ctrl-C ends it; nothing leaves this machine.\n", where)
	if crowded {
		fmt.Fprintf(out, "Port %d is taken, perhaps by another demo, so this one is at the next that's free.\n", firstPort)
	}
	if !alone {
		fmt.Fprintln(out, "Others on your network can open it too, and be anybody in it: --addr 127.0.0.1:3000 keeps it to this machine.")
	}
}

// door is all that is served at the page's address. Another site's page gets in neither by asking for it across (Origin) nor by having
// its own name lead here (Host).
func (s *Stage) door() http.Handler {
	rooms := http.NewServeMux()
	s.around(rooms)
	(&breaker{stage: s}).routes(rooms)
	rooms.Handle("/", demoPage(s, tries(s.own), s.staff))
	rooms.HandleFunc("GET /stories", s.tells)
	at := s.listener.Addr().String()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !invited(at, r.Host) {
			http.Error(w, "This is Usher's demo. It's open under this machine's own address alone: http://"+at, http.StatusForbidden)
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
			http.Error(w, "This is Usher's demo. Pages of other sites can't use it.", http.StatusForbidden)
			return
		}
		rooms.ServeHTTP(w, r)
	})
}

// invited reports whether a page that listens somewhere may be asked for under a name. On this machine alone these are the loopback's;
// where others may open it, any address, and the machine's own name.
func invited(at, host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.TrimSuffix(strings.ToLower(strings.Trim(name, "[]")), ".")
	if name == "localhost" {
		return true
	}
	listening, err := netip.ParseAddrPort(at)
	open := err != nil || !listening.Addr().IsLoopback()
	if ip, err := netip.ParseAddr(name); err == nil {
		return open || ip.IsLoopback()
	}
	own, err := os.Hostname()
	return open && err == nil && (name == strings.ToLower(own) || name == strings.ToLower(own)+".local")
}

// onlyAs answers those alone who call by a name.
func onlyAs(name string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != name {
			http.Error(w, "This is for the demo's bot alone.", http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	})
}
