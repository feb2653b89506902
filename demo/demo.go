// Package demo is `usher demo`: the wiring of app beside a simulated Slack and a simulated vendor, in one process
// and on a network in memory, with a page to use it by.
//
//	demo.go   the neighbours, their configuration, the life
//	page.go   what the page is told: what to try, what the vendor holds
//	people.go the company, of whom people can leave
//	past.go   twelve weeks behind it
//	own.go    somebody's own apps beside the demo's
//
// Nothing leaves the machine. Tests use the same Neighbours.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/terminal"
)

// Config is the configuration of `usher demo`: the example's company in small.
const Config = `slack:
  approvals_channel: C0APPROVE
  reports_channel: C0REPORTS
  admins: [U0ADMIN]
apps:
  seranking:
    kind: seranking
    name: SE Ranking
    base_url: http://127.0.0.1/v1
    seats: 25
bundles:
  seo-starter:
    name: SEO starter
    items:
      - {app: seranking, action: create, type: client}
      - {app: seranking, action: share, sites: [shop.acme.example, 104]}
policies:
` + Removals + `  - name: seats
    steps:
      - approvers: [U0BOB, S0LEADS]
reports:
  - name: weekly-seats
    schedule: "0 9 * * MON"
    timezone: Europe/London
`

// Offered is what `usher demo` runs with: Config, and an app beside it that a person sets up, step by step.
func Offered() string { return strings.Replace(Config, "bundles:\n", semrush+"bundles:\n", 1) }

const semrush = `  semrush:
    kind: manual
    template: semrush
    owners: [U0BOB, U0ADMIN]
    seats: 5
    pool: {keywords: 5000}
    confirm_removals: true
`

// Removals has two of the leads decide about a removal, as the README advises: it cannot be undone.
const Removals = `  - name: removals
    actions: [delete]
    steps:
      - approvers: [S0LEADS]
        need: 2
`

// Neighbours are the simulated Slack and vendors, on an in-memory network: nothing leaves the process.
type Neighbours struct {
	Slack     *slacksim.Server
	Vendor    *vendorsim.Vendor
	SlackNet  *pipenet.Listener
	VendorNet *pipenet.Listener
	vendorWeb *http.Server
	served    sync.WaitGroup
}

// NewNeighbours starts them empty.
func NewNeighbours(slack slacksim.Options, vendor vendorsim.Options) *Neighbours {
	n := &Neighbours{Slack: slacksim.New(slack), Vendor: vendorsim.New(vendor), SlackNet: pipenet.Listen("slack"), VendorNet: pipenet.Listen("vendor")}
	n.Slack.Serve(n.SlackNet)
	n.vendorWeb = &http.Server{Handler: n.Vendor, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	n.served.Go(func() { _ = n.vendorWeb.Serve(n.VendorNet) }) // it ends with Close
	return n
}

// Close ends them, and waits until they are gone.
func (n *Neighbours) Close() error {
	n.Slack.Close()
	err := errors.Join(n.SlackNet.Close(), n.vendorWeb.Close())
	n.served.Wait()
	return err
}

// Surroundings are the ways to the neighbours.
func (n *Neighbours) Surroundings() app.Surroundings {
	w := app.Outside()
	w.SlackHTTP = &http.Client{Transport: &http.Transport{DialContext: n.SlackNet.DialContext, MaxIdleConnsPerHost: 64}, Timeout: 10 * time.Second}
	w.SlackDial = n.SlackNet.DialContext
	w.VendorHTTP = &http.Client{Transport: &http.Transport{DialContext: n.VendorNet.DialContext, MaxIdleConnsPerHost: 64}}
	w.AllowHTTP = true
	return w
}

// Env is what the environment would say if the neighbours were real.
func (n *Neighbours) Env() config.Env {
	return config.Env{SlackBotToken: "xoxb-slacksim", SlackAppToken: "xapp-slacksim", SlackAPIURL: "http://slack/api/",
		SERankingKey: apiclient.Secret(n.Vendor.Key(vendorsim.Unified)),
		SemrushKey:   apiclient.Secret(n.Vendor.Key(vendorsim.Semrush))}
}

// Run is `usher demo`: the bot beside its neighbours, and a page to use it with. An empty dataDir
// is a fresh temporary folder, which goes when the demo ends. Own are apps of another configuration: those that people set up
// can be asked for too.
func Run(ctx context.Context, addr, dataDir string, out io.Writer, log *slog.Logger, own ...config.AppConfig) (err error) {
	cfg, problems := config.Parse("demo.yml", []byte(company()))
	if len(problems) > 0 {
		return fmt.Errorf("read the demo's configuration: %s", problems[0].In("demo.yml"))
	}
	own = offered(cfg.Apps, own)
	cfg.Apps = beside(cfg.Apps, own)
	if _, port, err := net.SplitHostPort(addr); err != nil || port == "" {
		return terminal.Wrong(fmt.Sprintf("usher: --addr is %s; expected HOST:PORT, as in 127.0.0.1:3000", terminal.Quoted(addr)))
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("serve the demo's page (is another demo running? --addr takes another port): %w", err)
	}
	if dataDir == "" {
		if dataDir, err = os.MkdirTemp("", "usher-demo-"); err != nil {
			return fmt.Errorf("make a folder for the demo: %w", errors.Join(err, listener.Close()))
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dataDir)) }()
	}
	n := NewNeighbours(slacksim.Options{Scopes: web.Scopes(), Events: web.Events(), // as manifest.yml has it
		Seed: rand.Uint64()}, vendorsim.Options{Seats: 25}) // another run's ids would look like redeliveries of what the folder holds
	n.Slack.SeedDemo()
	n.Slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Name: "Team leads", Users: []string{"U0BOB", "U0ERIN", "U0ADMIN"}}) // Carol decides what Bob asks for
	ids := moveIn(n.Slack)
	chat(n.Slack)
	vendorsim.SeedDemo(n.Vendor)
	a, err := app.New(ctx, cfg, n.Env(), n.Surroundings(), app.Options{DataDir: dataDir, Log: log, Settles: settles})
	if err != nil {
		return errors.Join(err, listener.Close(), n.Close())
	}
	if err := a.ShowAnew(ctx); err != nil { // this Slack has none of a former run's messages
		return errors.Join(fmt.Errorf("show open requests again: %w", err), listener.Close(), n.Close(), a.Store.Close())
	}
	if err := errors.Join(imported(ctx, a), remembered(ctx, a), metered(ctx, a)); err != nil {
		return errors.Join(err, listener.Close(), n.Close(), a.Store.Close())
	}
	web := &http.Server{Handler: demoPage(n, tries(own), ids), ReadHeaderTimeout: 10 * time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = web.Serve(listener) }) // it ends with Close
	welcome(out, listener.Addr().String())
	err = a.Serve(ctx, dataDir)
	err = errors.Join(err, web.Close(), n.Close())
	serving.Wait()
	return err
}

// welcome says where the page is, at an address that a browser can open, and who else can open it.
func welcome(out io.Writer, listening string) {
	at, err := netip.ParseAddrPort(listening)
	where, alone := listening, err == nil && at.Addr().IsLoopback()
	if err == nil && at.Addr().IsUnspecified() {
		where = fmt.Sprintf("localhost:%d", at.Port())
	}
	fmt.Fprintf(out, "Usher's demo is ready: http://%s\nOpen it in a browser. Ctrl-C ends it; nothing leaves this machine.\n", where)
	if !alone {
		fmt.Fprintln(out, "Others on your network can open it too, and be anybody in it: --addr 127.0.0.1:3000 keeps it to this machine.")
	}
}
