// Command slacksim is `usher slacksim` as a program of its own, without the rest of Usher: what it serves is in package alone.
//
//	go run ./sim/slacksim/cmd -addr 127.0.0.1:0 -seed demo
//
// It prints one line with the address it listens on, then each breach of the protocol by the app to standard error.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/usherbot/usher/sim/slacksim/alone"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := alone.Run(ctx, read(os.Args[1:]), os.Stdout, os.Stderr); err != nil {
		log.Fatal(err)
	}
}

// read reads the flags, which are those of `usher slacksim`.
func read(args []string) (o alone.Options) {
	flags := flag.NewFlagSet("slacksim", flag.ExitOnError)
	flags.StringVar(&o.Addr, "addr", "127.0.0.1:3100", "address to listen on; port 0 picks one")
	flags.StringVar(&o.BotToken, "bot-token", "xoxb-slacksim", "the bot token that is accepted")
	flags.StringVar(&o.AppToken, "app-token", "xapp-slacksim", "the app token that is accepted")
	flags.StringVar(&o.Seed, "seed", "demo", "what the workspace begins with: demo or empty")
	flags.StringVar(&o.Reading, "reading", "", "by which account of Slack's rules blocks are held: 2026-06 or 2026-10; left out: the strictest of all")
	flags.BoolVar(&o.CloseTCP, "close-tcp", false, "close TCP after the WebSocket's close handshake, unlike the real Slack")
	flags.BoolVar(&o.NoPings, "no-pings", false, "send no pings, and answer those that come")
	flags.BoolVar(&o.NoPostLimit, "no-post-limit", false, "do not hold the app to one message a second and channel")
	several(flags, &o.WithoutScopes, "without-scopes", ",", "scopes that the bot token lacks, separated by commas; left out: it has all")
	several(flags, &o.Shortcuts, "shortcut", "", "a shortcut of the app as TYPE:CALLBACK_ID:NAME, TYPE being global or message; may be given several times")
	several(flags, &o.Commands, "command", "", "a slash command of the app; may be given several times")
	several(flags, &o.Events, "event", "", "an event that the app subscribes to; may be given several times")
	_ = flags.Parse(args) // it exits by itself
	return o
}

// several is a flag that may be given several times, and split where it has a separator.
func several(flags *flag.FlagSet, into *[]string, name, by, use string) {
	flags.Func(name, use, func(said string) error {
		if by == "" {
			*into = append(*into, said)
			return nil
		}
		*into = append(*into, strings.Split(said, by)...)
		return nil
	})
}
