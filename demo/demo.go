// Package demo is `usher demo`: the bot beside a simulated Slack and a simulated vendor, with a page to use it by. The bot is a process of
// its own there, as it is in earnest, so that it can be killed; the neighbours outlive it.
//
//	demo.go    what the bot is configured with, and its neighbours
//	stage.go   a demo under way: what begins and ends in which order
//	door.go    its page's address, and whom it's opened for
//	clock.go   what time it is there
//	keeper.go  a bot is begun again whenever it ends
//	bots.go    all of them: one, or three that share a database
//	database.go  whether that is a demo's to have
//	life.go    what one life of it is to the demo; in this process, for tests
//	child.go   as a process of its own: what the two say to each other
//	birth.go   what it is to itself: where its neighbours are, what it finds
//	breaks.go  the ways to break it by hand; tied_linux.go has what only that system can
//	travel.go  the ways through time
//	count.go   what was promised, done, doubled and lost, as others than the bot saw it
//	break_http.go  these, at the page's address
//	teller.go  stories to live through on the page, and how far somebody has come
//	page.go    what the page is told: what to try, what the vendor holds
//	people.go  the company, of whom people can leave
//	past.go    twelve weeks behind it
//	own.go     somebody's own apps beside the demo's
//	around.go  what stands beside the workspace (demo/world)
//
// Nothing leaves the machine. Tests that need no page have the Neighbours alone, on a network in memory.
package demo

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
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
