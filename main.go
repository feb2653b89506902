// Command usher is a self-hosted Slack bot that gives people their seats.
//
// Package main is signals, exit codes and one call: what the arguments mean stands in cli, a file a command,
// and what a command does in the room of its name (app, check, control, audit, backup, demo).
// docs/architecture.md shows the whole house.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // time zones of reports, on machines that have no list of them

	"github.com/usherbot/usher/cli"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/talks"
)

// shutdownLimit is when a process that was asked to end is ended: the contract's 10 s, less the time to say so.
const shutdownLimit = 9500 * time.Millisecond

// sameWish is how soon after the first a signal still says the same: timeout(1) and terminals send one to a
// process and to its group.
const sameWish = time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		time.AfterFunc(sameWish, stop) // then another signal ends the process at once
		time.AfterFunc(shutdownLimit, func() {
			fmt.Fprintln(os.Stderr, "usher: didn't come to rest in time and was stopped; the next start picks up where this one left off")
			os.Exit(terminal.ExitFailed)
		})
	})
	again := make(chan os.Signal, 1) // one that waits says as much as ten
	signal.Notify(again, syscall.SIGHUP)
	ctx = cli.PlayedBy(cli.Itself(cli.ReadAgainOn(ctx, again), itself()), talks.Perform)
	os.Exit(cli.Run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}

// itself is where this program is. Where the system can't say, it's as it was called.
func itself() string {
	if path, err := os.Executable(); err == nil {
		return path
	}
	return os.Args[0]
}
