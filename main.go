// Command usher is a self-hosted Slack bot that gives people their seats.
//
// Package main is the command line and the wiring, a page to read and not a place to think:
//
//	main.go            signals, exit codes, and which command was meant
//	config*.go         usher.yml, read strictly: a problem names its line and column, and all are told at once
//	secrets.go         what comes from the environment, and nothing else does
//	check*.go          `usher check`: can this configuration work? A table, with what to do
//	audit*.go          `usher audit`: is the log whole? And the log as JSON lines
//	control*.go        `usher requests`, show, approve, deny: the second way to decide, over a Unix socket
//	backup.go          `usher backup` and `usher restore`;  metrics.go: `usher metrics`
//	app.go             `usher run`: every room joined to its neighbours
//	demo.go            `usher demo`: the same, beside a simulated Slack and simulated vendors
//
// Every command ends in an exit code: 0 done; 1 failed, with one sentence on standard error; 2 the
// command line, the configuration or the environment is wrong, and nothing was started.
//
// Everybody else's package imports none of this; this one may import all of theirs.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // time zones of reports, on machines that have no list of them
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
			os.Exit(exitFailed)
		})
	})
	os.Exit(Run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}
