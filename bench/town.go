package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// town is what a program stands in: Slack and the vendor, each on a socket of its own. The vendor's limit is lifted; Slack's one post a
// second and channel holds where a part says so.
type town struct {
	slack     *slacksim.Server
	vendor    *vendorsim.Vendor
	slackURL  string
	vendorURL string
	web       *http.Server
	served    sync.WaitGroup

	mu       sync.Mutex
	breaches []string
	next     atomic.Int64
	people   int
}

// person is the id of the i-th member.
func person(i int) string { return fmt.Sprintf("U0P%06d", i) }

// newTown starts them, with so many members who ask.
func newTown(people int, opts slacksim.Options) (*town, error) {
	t := &town{people: people}
	opts.Seed = 1
	opts.Violation = func(what string) { t.mu.Lock(); defer t.mu.Unlock(); t.breaches = append(t.breaches, what) }
	t.slack = slacksim.New(opts)
	t.slack.SeedDemo()
	for i := range people {
		t.slack.AddUser(slacksim.User{ID: person(i), Name: fmt.Sprintf("p%d", i), RealName: fmt.Sprintf("Person %d", i), Email: fmt.Sprintf("p%d@acme.example", i), TZ: "Europe/London"})
	}
	t.vendor = vendorsim.New(vendorsim.Options{Rate: 1 << 20, Now: time.Now})
	slackAt, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve Slack: %w", err)
	}
	vendorAt, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve the vendor: %w", err)
	}
	t.slack.Serve(slackAt)
	t.web = &http.Server{Handler: t.vendor, ReadHeaderTimeout: 10 * time.Second}
	t.served.Go(func() { _ = t.web.Serve(vendorAt) }) // it ends when it is closed
	t.slackURL, t.vendorURL = "http://"+slackAt.Addr().String(), "http://"+vendorAt.Addr().String()+"/v1"
	return t, nil
}

// close ends both.
func (t *town) close() {
	t.slack.Close()
	_ = t.web.Close() // nobody is served any more
	t.served.Wait()
}

// env is how a program finds Slack.
func (t *town) env() []string {
	return []string{"SLACK_API_URL=" + t.slackURL + "/api/", "SLACK_BOT_TOKEN=xoxb-slacksim", "SLACK_APP_TOKEN=xapp-slacksim"}
}

// ask has somebody type a request that nobody asked before.
func (t *town) ask() *slacksim.Delivery {
	n := int(t.next.Add(1))
	return t.slack.Type(person(n%t.people), "C0GENERAL", fmt.Sprintf("/access create new%07d@acme.example Jordan because of the audit of the spring", n))
}

// against is what Slack has against a program: breaches of its protocol.
func (t *town) against() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.breaches, "; ")
}
