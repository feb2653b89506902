// Command vendorsim is `usher vendorsim` as a program of its own, without the rest of Usher: what it serves is in package alone.
//
//	go run ./sim/vendorsim/cmd -addr 127.0.0.1:0 -seed demo
//
// It prints one line, "vendorsim listening on http://…", with the port it got, then serves until it is interrupted. Rules that a
// client breaks are printed to standard error.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/sim/vendorsim/alone"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := alone.Run(ctx, parse(), os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "vendorsim:", err)
		os.Exit(1)
	}
}

// parse reads the flags, which are those of `usher vendorsim`.
func parse() (o alone.Options) {
	flag.StringVar(&o.Addr, "addr", "127.0.0.1:4000", "address to serve on; port 0 chooses one")
	flag.StringVar(&o.LegacyAddr, "legacy-addr", "", "a second address with the legacy dialect at its root")
	flag.StringVar(&o.Seed, "seed", "demo", "what is there at first: demo, digest (250 accounts, 17 blocked) or empty")
	flag.IntVar(&o.Seats, "seats", 25, "sub-accounts that may exist; 0: unlimited")
	flag.StringVar(&o.UnifiedKey, "unified-key", vendorsim.DefaultUnifiedKey, "key of the unified dialect")
	flag.StringVar(&o.LegacyKey, "legacy-key", vendorsim.DefaultLegacyKey, "key of the legacy dialect")
	flag.StringVar(&o.SemrushKey, "semrush-key", vendorsim.DefaultSemrushKey, "key of Semrush")
	flag.Parse()
	return o
}
