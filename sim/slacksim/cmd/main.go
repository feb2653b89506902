// Command slacksim serves a simulated Slack workspace over TCP, so that an app
// in another process can be run against it: the Web API under /api/, Socket
// Mode behind apps.connections.open, response URLs, uploads. Whoever drives the
// test acts as people, and brings on faults, through the JSON API under /sim/
// (control.go); that API is for tests on one machine and asks for no token.
//
//	go run ./sim/slacksim/cmd -addr 127.0.0.1:0 -seed demo
//
// It prints one line with the address it listens on, then each breach of the
// protocol by the app to standard error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/usherbot/usher/sim/slacksim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("slacksim", flag.ExitOnError)
	addr := flags.String("addr", "127.0.0.1:3100", "address to listen on; port 0 picks one")
	bot := flags.String("bot-token", "xoxb-slacksim", "the bot token that is accepted")
	app := flags.String("app-token", "xapp-slacksim", "the app token that is accepted")
	without := flags.String("without-scopes", "", "scopes that the bot token lacks, separated by commas; left out: it has all")
	seed := flags.String("seed", "demo", "what the workspace begins with: demo or empty")
	closeTCP := flags.Bool("close-tcp", false, "close TCP after the WebSocket's close handshake, unlike the real Slack")
	noPings := flags.Bool("no-pings", false, "send no pings, and answer those that come")
	noPostLimit := flags.Bool("no-post-limit", false, "do not hold the app to one message a second and channel")
	var shortcuts []slacksim.Shortcut
	flags.Func("shortcut", "a shortcut of the app as TYPE:CALLBACK_ID:NAME, TYPE being global or message; may be given several times", func(said string) error {
		one, err := readShortcut(said)
		shortcuts = append(shortcuts, one)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	var pingEvery time.Duration
	if *noPings {
		pingEvery = -1
	}
	s := slacksim.New(slacksim.Options{
		PingEvery: pingEvery,
		BotToken:  *bot, AppToken: *app, Scopes: scopesWithout(*without), CloseTCP: *closeTCP, NoPostLimit: *noPostLimit,
		Shortcuts: shortcuts,
		Seed:      uint64(time.Now().UnixNano()),
		Violation: func(text string) { log.Printf("violation: %s", text) },
	})
	defer s.Close()
	switch *seed {
	case "demo":
		s.SeedDemo()
	case "empty":
	default:
		return fmt.Errorf("read -seed: want demo or empty, not %q", *seed)
	}
	return serve(ctx, s, *addr)
}

// readShortcut reads what the flag of that name says.
func readShortcut(said string) (slacksim.Shortcut, error) {
	f := strings.SplitN(said, ":", 3)
	if len(f) != 3 || f[0] != slacksim.GlobalShortcut && f[0] != slacksim.MessageShortcut || f[1] == "" || f[2] == "" {
		return slacksim.Shortcut{}, fmt.Errorf("want TYPE:CALLBACK_ID:NAME with global or message as TYPE, not %q", said)
	}
	return slacksim.Shortcut{Type: f[0], CallbackID: f[1], Name: f[2]}, nil
}

// scopesWithout is every scope but some; nil, which is all of them, where there is none to leave out.
func scopesWithout(list string) []string {
	if list == "" {
		return nil
	}
	missing := strings.Split(list, ",")
	return slices.DeleteFunc(slacksim.AllScopes(), func(scope string) bool { return slices.Contains(missing, scope) })
}

func serve(ctx context.Context, s *slacksim.Server, addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", s)
	mux.Handle("/sim/", newControl(s))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	fmt.Printf("slacksim listening on http://%s\n", l.Addr())
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	if err := server.Close(); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}
