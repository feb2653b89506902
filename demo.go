package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// demoConfig is the configuration of `usher demo`: the example's company in small.
const demoConfig = `slack:
  approvals_channel: C0APPROVE
  reports_channel: C0REPORTS
  admins: [U0ADMIN]
apps:
  seranking:
    kind: seranking
    name: SE Ranking
    base_url: http://127.0.0.1/v1
    seats: 25
policies:
  - name: seats
    steps:
      - approvers: [U0BOB, S0LEADS]
reports:
  - name: weekly-seats
    schedule: "0 9 * * MON"
    timezone: Europe/London
`

// neighbours are the simulated Slack and vendors, on an in-memory network: nothing leaves the process.
type neighbours struct {
	slack     *slacksim.Server
	vendor    *vendorsim.Vendor
	slackNet  *pipenet.Listener
	vendorNet *pipenet.Listener
	vendorWeb *http.Server
	served    sync.WaitGroup
}

// newNeighbours starts them empty.
func newNeighbours(slack slacksim.Options, vendor vendorsim.Options) *neighbours {
	n := &neighbours{slack: slacksim.New(slack), vendor: vendorsim.New(vendor), slackNet: pipenet.Listen("slack"), vendorNet: pipenet.Listen("vendor")}
	n.slack.Serve(n.slackNet)
	n.vendorWeb = &http.Server{Handler: n.vendor, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	n.served.Go(func() { _ = n.vendorWeb.Serve(n.vendorNet) }) // it ends with Close
	return n
}

func (n *neighbours) close() error {
	n.slack.Close()
	err := errors.Join(n.slackNet.Close(), n.vendorWeb.Close())
	n.served.Wait()
	return err
}

// surroundings are the ways to the neighbours.
func (n *neighbours) surroundings() surroundings {
	w := outside()
	w.SlackHTTP = &http.Client{Transport: &http.Transport{DialContext: n.slackNet.DialContext, MaxIdleConnsPerHost: 64}, Timeout: 10 * time.Second}
	w.SlackDial = n.slackNet.DialContext
	w.VendorHTTP = &http.Client{Transport: &http.Transport{DialContext: n.vendorNet.DialContext, MaxIdleConnsPerHost: 64}}
	w.AllowHTTP = true
	return w
}

// env is what the environment would say if the neighbours were real.
func (n *neighbours) env() Env {
	return Env{SlackBotToken: "xoxb-slacksim", SlackAppToken: "xapp-slacksim", SlackAPIURL: "http://slack/api/",
		SERankingKey: apiclient.Secret(n.vendor.Key(vendorsim.Unified))}
}

// runDemo is `usher demo`: the bot beside its neighbours, and a page to use it with. An empty dataDir
// is a fresh temporary folder, which goes when the demo ends.
func runDemo(ctx context.Context, addr, dataDir string, out io.Writer, log *slog.Logger) (err error) {
	cfg, problems := ParseConfig("demo.yml", []byte(demoConfig))
	if len(problems) > 0 {
		return fmt.Errorf("read the demo's configuration: %s", problems[0].In("demo.yml"))
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
	n := newNeighbours(slacksim.Options{}, vendorsim.Options{Seats: 25})
	n.slack.SeedDemo()
	vendorsim.SeedDemo(n.vendor)
	a, err := newApp(cfg, n.env(), n.surroundings(), Options{DataDir: dataDir, Log: log})
	if err != nil {
		return errors.Join(err, listener.Close(), n.close())
	}
	web := &http.Server{Handler: demoPage(n), ReadHeaderTimeout: 10 * time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = web.Serve(listener) }) // it ends with Close
	fmt.Fprintf(out, "Usher's demo is ready: http://%s\nOpen it in a browser. Ctrl-C ends it; nothing leaves this machine.\n", listener.Addr())
	err = a.run(ctx)
	err = errors.Join(err, web.Close(), n.close())
	serving.Wait()
	return err
}

// demoPage is the page with the people, the hints and the vendor's panel of the demo.
func demoPage(n *neighbours) http.Handler {
	return n.slack.Page(slacksim.PageOptions{
		Personas: []slacksim.Persona{
			{ID: "U0ALICE", Role: "Employee", Hint: "Asks for seats."},
			{ID: "U0BOB", Role: "Manager", Hint: "Decides what his people ask for.", Home: "C0APPROVE"},
			{ID: "U0ADMIN", Role: "Admin", Hint: "Answers for the seats and the money.", Home: "C0REPORTS"},
		},
		Commands: demoCommands,
		Guide: &slacksim.PageGuide{Ask: "U0ALICE", Decide: "U0BOB", Admin: "U0ADMIN", Approvals: "C0APPROVE", Reports: "C0REPORTS",
			Command: "/access create jane@acme.example Jane Smith because she tracks rankings for the Q1 launch",
			Report:  "/access report weekly-seats",
			More: []string{"/access share jane@acme.example blog.acme.example because she writes there",
				"/access accounts blocked", "/access delete dale@globex.example because the project ended"}},
		Vendor:        func() slacksim.VendorView { return vendorView(n.vendor.State()) },
		VendorChanged: n.vendor.Subscribe,
	})
}

// demoCommands are what the page's composer completes.
var demoCommands = []slacksim.PageCommand{
	{Command: "/access", Verb: "create", UsageHint: "EMAIL FIRST [LAST] because …", Description: "Ask for a new seat"},
	{Command: "/access", Verb: "share", UsageHint: "EMAIL SITE[,SITE…] because …", Description: "Ask that websites be shared with somebody"},
	{Command: "/access", Verb: "unshare", UsageHint: "EMAIL SITE[,SITE…] because …", Description: "Ask that they be shared no more"},
	{Command: "/access", Verb: "update", UsageHint: "EMAIL [access=…] [amount=… period=…] because …", Description: "Ask for other permissions or limits"},
	{Command: "/access", Verb: "delete", UsageHint: "EMAIL because …", Description: "Ask that an account be removed"},
	{Command: "/access", Verb: "status", UsageHint: "[N]", Description: "How requests stand"},
	{Command: "/access", Verb: "cancel", UsageHint: "N", Description: "Take back a request of your own"},
	{Command: "/access", Verb: "pending", Description: "What waits for your decision"},
	{Command: "/access", Verb: "accounts", UsageHint: "[blocked]", Description: "Who has a seat (managers and admins)"},
	{Command: "/access", Verb: "show", UsageHint: "EMAIL", Description: "One account, closely"},
	{Command: "/access", Verb: "sites", UsageHint: "[WORDS]", Description: "The websites there are"},
	{Command: "/access", Verb: "report", UsageHint: "[NAME]", Description: "Post a report now (admins)"},
	{Command: "/access", Verb: "help", UsageHint: "[VERB]", Description: "What one can do"},
}

// vendorView draws the vendor's state for the panel beside the conversation.
func vendorView(s vendorsim.State) slacksim.VendorView {
	names := map[int64]string{}
	v := slacksim.VendorView{Name: "SE Ranking", Seats: slacksim.VendorSeats{Used: s.SeatsUsed, Bought: s.SeatsBought}}
	for _, site := range s.Sites {
		names[site.ID] = site.Title
		v.Sites = append(v.Sites, slacksim.VendorSite{ID: site.ID, Name: site.Title, URL: site.URL})
	}
	for _, a := range s.Accounts {
		row := slacksim.VendorAccount{ID: a.ID, Email: a.Email, Name: a.FirstName + " " + a.LastName, Type: a.Type, Blocked: a.Blocked,
			Details: []any{a.Access, a.Limits}}
		for _, id := range a.SharedSites {
			row.Sites = append(row.Sites, names[id])
		}
		v.Accounts = append(v.Accounts, row)
	}
	for i := len(s.Calls) - 1; i >= 0; i-- {
		c := s.Calls[i]
		v.Calls = append(v.Calls, slacksim.VendorCall{Time: c.At.Unix(), Method: c.Method, Path: c.Path, Status: c.Status, Effect: c.Effect})
	}
	return v
}
