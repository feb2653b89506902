// Package alone is `usher slacksim`: the simulated workspace as a program, so that an app in another process, in any language, can
// be run against it.
//
//	/            the page, on which people act by hand (with the demo's company)
//	/api/ …      what Slack answers: the Web API, Socket Mode behind apps.connections.open, response URLs, uploads
//	/sim/        the control door: a test acts as people, brings on bad days, and reads what everybody sees
//	/sim/openapi.json  describes that door
//
// control.go has the door's routes, acts.go what people do, faults.go the bad days, reads.go what everybody sees, furnish.go who and
// what there is. The door asks for no token: it is for tests, and stands on a loopback address unless it is told otherwise; who may
// knock there is in package door.
package alone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/sim/door"
	"github.com/usherbot/usher/sim/slacksim"
)

// Options are what the command line says.
type Options struct {
	Addr               string // port 0 picks one
	BotToken, AppToken string // the ones that are accepted
	// WithoutScopes are those the bot token lacks; it has all others.
	WithoutScopes []string
	// Seed is what the workspace begins with: demo or empty.
	Seed string
	// CloseTCP, NoPings and NoPostLimit are those of slacksim.Options.
	CloseTCP, NoPings, NoPostLimit bool
	// Reading is by which account of Slack's rules blocks are held; "": the strictest.
	Reading string
	// Shortcuts as TYPE:CALLBACK_ID:NAME, Commands with their slash, Events by name; without any there are the simulator's own.
	Shortcuts, Commands, Events []string
}

// Unreadable is an option that says nothing that could be served.
type Unreadable string

// Error implements error.
func (u Unreadable) Error() string { return string(u) }

// Run serves a workspace until ctx ends. It says on out where it listens, and on errs what the app does that no app should.
func Run(ctx context.Context, o Options, out, errs io.Writer) error {
	opts, err := o.workspace()
	if err != nil {
		return err
	}
	opts.Seed = uint64(time.Now().UnixNano())
	opts.Violation = func(text string) { _, _ = fmt.Fprintln(errs, "slacksim: violation:", text) }
	s := slacksim.New(opts)
	defer s.Close()
	s.Behave(slacksim.Manners{Reading: slacksim.Reading(o.Reading)})
	if o.Seed == "demo" {
		s.SeedDemo()
	}
	l, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return fmt.Errorf("serve the workspace (another address may be free): %w", err)
	}
	web := &http.Server{Handler: Handler(s, l.Addr(), o.Seed == "demo"), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(l) }()
	_, _ = fmt.Fprintf(out, "slacksim listening on http://%s\n", l.Addr())
	select {
	case err := <-ended:
		return fmt.Errorf("serve the workspace: %w", err)
	case <-ctx.Done():
	}
	if err := web.Close(); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// Handler answers everything at an address: what Slack does, the control door, and the page where the demo's company is there.
func Handler(s *slacksim.Server, at net.Addr, page bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", s)
	mux.Handle("/sim/", door.Guard(at, newControl(s)))
	if page {
		p := s.Page(slacksim.PageOptions{Again: "usher slacksim", Personas: []slacksim.Persona{
			{ID: "U0ALICE", Role: "Employee", Home: "C0GENERAL"}, {ID: "U0BOB", Role: "Lead", Home: "C0APPROVE"}, {ID: "U0ADMIN", Role: "Admin", Home: "C0REPORTS"}}})
		mux.Handle("/{$}", door.Guard(at, p))
		mux.Handle("/page/", door.Guard(at, p))
	}
	return mux
}

// workspace reads the options.
func (o Options) workspace() (w slacksim.Options, err error) {
	if o.Seed != "demo" && o.Seed != "empty" {
		return w, Unreadable(fmt.Sprintf("the seed is demo or empty, not %q", o.Seed))
	}
	if _, port, err := net.SplitHostPort(o.Addr); err != nil || port == "" {
		return w, Unreadable(fmt.Sprintf("the address is HOST:PORT, as in 127.0.0.1:3100, not %q", o.Addr))
	}
	if !slacksim.Reading(o.Reading).Known() {
		return w, Unreadable(fmt.Sprintf("the reading is %s or %s, not %q", slacksim.June2026, slacksim.October2026, o.Reading))
	}
	w = slacksim.Options{BotToken: o.BotToken, AppToken: o.AppToken, CloseTCP: o.CloseTCP, NoPostLimit: o.NoPostLimit, Events: o.Events}
	if o.NoPings {
		w.PingEvery = -1
	}
	if w.Scopes, err = scopesWithout(o.WithoutScopes); err != nil {
		return w, err
	}
	for _, said := range o.Shortcuts {
		one, err := readShortcut(said)
		if err != nil {
			return w, err
		}
		w.Shortcuts = append(w.Shortcuts, one)
	}
	for _, name := range o.Commands {
		if !strings.HasPrefix(name, "/") || len(name) < 2 {
			return w, Unreadable(fmt.Sprintf("a command begins with a slash, as in /todo, unlike %q", name))
		}
		w.Commands = append(w.Commands, slacksim.Command{Command: name, ShouldEscape: true})
	}
	return w, nil
}

// readShortcut reads TYPE:CALLBACK_ID:NAME.
func readShortcut(said string) (slacksim.Shortcut, error) {
	f := strings.SplitN(said, ":", 3)
	if len(f) != 3 || f[0] != slacksim.GlobalShortcut && f[0] != slacksim.MessageShortcut || f[1] == "" || f[2] == "" {
		return slacksim.Shortcut{}, Unreadable(fmt.Sprintf("a shortcut is TYPE:CALLBACK_ID:NAME with global or message as TYPE, not %q", said))
	}
	return slacksim.Shortcut{Type: f[0], CallbackID: f[1], Name: f[2]}, nil
}

// scopesWithout is every scope but some; nil, which is all of them, where there is none to leave out.
func scopesWithout(missing []string) ([]string, error) {
	if len(missing) == 0 {
		return nil, nil
	}
	all := slacksim.AllScopes()
	for _, scope := range missing {
		if !slices.Contains(all, scope) {
			return nil, Unreadable(fmt.Sprintf("no method asks for the scope %q", scope))
		}
	}
	return slices.DeleteFunc(all, func(scope string) bool { return slices.Contains(missing, scope) }), nil
}
