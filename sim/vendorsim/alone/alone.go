// Package alone is `usher vendorsim`: the simulated vendors as a program. SE Ranking's unified dialect stands at http://ADDR/v1, its
// legacy dialect at http://ADDR/legacy, Semrush at http://ADDR, and the control door at http://ADDR/sim (see vendorsim.Control).
// With a second address the legacy dialect also stands at the root of one of its own, as the old host did.
//
// It says one line, "vendorsim listening on http://…", with the port it got, then serves until its context ends. Rules that a
// client breaks are said on the other writer, and kept in /sim/state.
package alone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/usherbot/usher/sim/door"
	"github.com/usherbot/usher/sim/vendorsim"
)

// Options are what the command line says.
type Options struct {
	Addr, LegacyAddr string // port 0 chooses one; no LegacyAddr: none
	// Seed is what is there at first: demo, digest (250 accounts, 17 blocked) or empty.
	Seed string
	// Seats is how many sub-accounts may exist; 0: as many as one likes.
	Seats                             int
	UnifiedKey, LegacyKey, SemrushKey string
}

// Unreadable is an option that says nothing that could be served.
type Unreadable string

// Error implements error.
func (u Unreadable) Error() string { return string(u) }

// Run serves the vendors until ctx ends.
func Run(ctx context.Context, o Options, out, errs io.Writer) error {
	v := vendorsim.New(vendorsim.Options{Seats: o.Seats, UnifiedKey: o.UnifiedKey, LegacyKey: o.LegacyKey, SemrushKey: o.SemrushKey,
		Now: time.Now, Violation: func(rule string) { _, _ = fmt.Fprintln(errs, "vendorsim: rule broken:", rule) }})
	if err := seed(v, o.Seed); err != nil {
		return err
	}
	failed := make(chan error, 2)
	if err := listen(ctx, out, "vendorsim", o.Addr, func(at net.Addr) http.Handler { return handler(v, at) }, failed); err != nil {
		return err
	}
	if o.LegacyAddr != "" {
		if err := listen(ctx, out, "vendorsim legacy", o.LegacyAddr, func(net.Addr) http.Handler { return v.Legacy() }, failed); err != nil {
			return err
		}
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return nil
	}
}

// handler is both vendors, and the door. No ServeMux: it would clean paths, and answer a redirect where the vendor answers 404.
func handler(v *vendorsim.Vendor, at net.Addr) http.Handler {
	control := door.Guard(at, v.Control())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/sim/") {
			control.ServeHTTP(w, r)
			return
		}
		v.ServeHTTP(w, r)
	})
}

func seed(v *vendorsim.Vendor, name string) error {
	switch name {
	case "demo":
		vendorsim.SeedDemo(v)
	case "digest":
		vendorsim.SeedDigest(v, 250, 17)
	case "empty":
	default:
		return Unreadable(fmt.Sprintf("the seed is demo, digest or empty, not %q", name))
	}
	return nil
}

// listen serves what stands at an address until ctx ends.
func listen(ctx context.Context, out io.Writer, name, addr string, at func(net.Addr) http.Handler, failed chan<- error) error {
	if _, port, err := net.SplitHostPort(addr); err != nil || port == "" {
		return Unreadable(fmt.Sprintf("an address is HOST:PORT, as in 127.0.0.1:4000, not %q", addr))
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen (another address may be free): %w", err)
	}
	srv := &http.Server{Handler: at(l.Addr()), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve %s: %w", name, err)
		}
	}()
	context.AfterFunc(ctx, func() { _ = srv.Close() })
	_, _ = fmt.Fprintf(out, "%s listening on http://%s\n", name, l.Addr())
	return nil
}
