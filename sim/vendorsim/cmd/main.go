// Command vendorsim serves the simulated vendors over TCP: SE Ranking's unified dialect at http://ADDR/v1, its legacy
// dialect at http://ADDR/legacy, Semrush at http://ADDR, and the control door at http://ADDR/sim (see vendorsim.Control).
// With -legacy-addr the legacy dialect also stands at the root of an address of its own, as the old host did.
//
// It prints one line, "vendorsim listening on http://…", with the port it got, then serves until it is interrupted.
// Rules that a client breaks are printed to standard error and kept in /sim/state.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/usherbot/usher/sim/vendorsim"
)

type flags struct {
	addr, legacyAddr, seed string
	options                vendorsim.Options
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, parse()); err != nil {
		fmt.Fprintln(os.Stderr, "vendorsim:", err)
		os.Exit(1)
	}
}

func parse() flags {
	var f flags
	flag.StringVar(&f.addr, "addr", "127.0.0.1:4000", "address to serve on; port 0 chooses one")
	flag.StringVar(&f.legacyAddr, "legacy-addr", "", "a second address with the legacy dialect at its root")
	flag.StringVar(&f.seed, "seed", "demo", "what is there at first: demo, digest (250 accounts, 17 blocked) or empty")
	flag.IntVar(&f.options.Seats, "seats", 25, "sub-accounts that may exist; 0: unlimited")
	flag.StringVar(&f.options.UnifiedKey, "unified-key", vendorsim.DefaultUnifiedKey, "key of the unified dialect")
	flag.StringVar(&f.options.LegacyKey, "legacy-key", vendorsim.DefaultLegacyKey, "key of the legacy dialect")
	flag.StringVar(&f.options.SemrushKey, "semrush-key", vendorsim.DefaultSemrushKey, "key of Semrush")
	flag.Parse()
	f.options.Now = time.Now
	f.options.Violation = func(rule string) { fmt.Fprintln(os.Stderr, "vendorsim: rule broken:", rule) }
	return f
}

func run(ctx context.Context, f flags) error {
	v := vendorsim.New(f.options)
	if err := seed(v, f.seed); err != nil {
		return err
	}
	// No ServeMux: it would clean paths, and answer a redirect where the vendor answers 404.
	all := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/sim/") {
			v.Control().ServeHTTP(w, r)
			return
		}
		v.ServeHTTP(w, r)
	})
	failed := make(chan error, 2)
	if err := listen(ctx, "vendorsim", f.addr, all, failed); err != nil {
		return err
	}
	if f.legacyAddr != "" {
		if err := listen(ctx, "vendorsim legacy", f.legacyAddr, v.Legacy(), failed); err != nil {
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

func seed(v *vendorsim.Vendor, name string) error {
	switch name {
	case "demo":
		vendorsim.SeedDemo(v)
	case "digest":
		vendorsim.SeedDigest(v, 250, 17)
	case "empty":
	default:
		return fmt.Errorf("read flags: -seed %q is none of demo, digest, empty", name)
	}
	return nil
}

// listen serves h on addr until ctx ends.
func listen(ctx context.Context, name, addr string, h http.Handler, failed chan<- error) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve %s: %w", name, err)
		}
	}()
	context.AfterFunc(ctx, func() { _ = srv.Close() })
	fmt.Printf("%s listening on http://%s\n", name, l.Addr())
	return nil
}
