package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

const (
	// hangs is how long Slack has the digest's post wait, and pacedSecond what counts as one second: what leaves at even distances arrives
	// a little closer now and then.
	hangs       = 30 * time.Second
	pacedSecond = 950 * time.Millisecond
	// paceAccounts is how many accounts the digest is about whose calls are counted.
	paceAccounts = 2000
)

// pacedDigest is what a digest asks of vendor and Slack, each at most in one second, and how long people's commands waited meanwhile.
type pacedDigest struct {
	vendor, posts int
	meanwhile     *load
}

// reporting are Usher's settings with a report.
func reporting(t *town, dir string) (args, env []string, err error) {
	if args, env, err = usherRun(t, dir); err != nil {
		return nil, nil, err
	}
	file, err := os.OpenFile(filepath.Join(dir, "usher.yml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("open settings: %w", err)
	}
	defer func() { _ = file.Close() }() // what was written is seen by who reads it
	if _, err := file.WriteString("reports:\n  - {name: weekly, schedule: \"0 9 * * MON\", channel: C0REPORTS}\n"); err != nil {
		return nil, nil, fmt.Errorf("write settings: %w", err)
	}
	return args, env, nil
}

// digestPace has the program post a digest while Slack holds its post back, and people ask meanwhile.
func (b *bench) digestPace(ctx context.Context) (d pacedDigest, err error) {
	t, err := newTown(askers, slacksim.Options{})
	if err != nil {
		return d, err
	}
	defer t.close()
	for i := range paceAccounts {
		t.vendor.AddAccount(vendorsim.Account{Email: fmt.Sprintf("somebody%05d@acme.example", i), FirstName: "Some"})
	}
	one := *b.programs[slices.IndexFunc(b.programs, func(p *program) bool { return p.name == usher })]
	one.run = reporting
	err = b.live(ctx, &one, t, 0, func(c *child, _ string) error {
		t.slack.RateLimit("chat.postMessage", 1, hangs)
		if o := t.slack.Type("U0ADMIN", "C0REPORTS", "/access report weekly").Wait(); !o.Acked {
			return fmt.Errorf("the report was not asked for: %s", o.Error)
		}
		if err := c.until(time.Minute, "the digest's post is held back", func() bool { return posted(t, "C0REPORTS", false) > 0 }); err != nil {
			return err
		}
		d.meanwhile = t.offer(ctx, 5, 0, hangs-5*time.Second)
		return c.until(time.Minute, "the digest is posted", func() bool { return posted(t, "C0REPORTS", true) > 0 })
	})
	d.vendor, d.posts = d.most(t)
	return d, err
}

// posted is how many posts of a channel were taken, or refused.
func posted(t *town, channel string, taken bool) (n int) {
	for _, c := range t.slack.Calls() {
		if c.Method == "chat.postMessage" && c.Args["channel"] == channel && c.Applied == taken {
			n++
		}
	}
	return n
}

// most is how many calls the vendor was asked in one second, and how many posts went to one channel, at most.
func (d pacedDigest) most(t *town) (vendor, posts int) {
	var calls []time.Time
	for _, c := range t.vendor.Calls() {
		calls = append(calls, c.At)
	}
	channels := map[any][]time.Time{}
	for _, c := range t.slack.Calls() {
		if c.Method == "chat.postMessage" {
			channels[c.Args["channel"]] = append(channels[c.Args["channel"]], c.At)
		}
	}
	for _, at := range channels {
		posts = max(posts, closest(at, pacedSecond))
	}
	return closest(calls, pacedSecond), posts
}

// closest is how many of some moments lie in one stretch of a length, at most.
func closest(at []time.Time, long time.Duration) (most int) {
	slices.SortFunc(at, time.Time.Compare)
	first := 0
	for i := range at {
		for at[i].Sub(at[first]) >= long {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// rows are those of the table.
func (d pacedDigest) rows() []figure.Row {
	times := figure.Percentile(d.meanwhile.acks, 100) / d.meanwhile.p(50)
	rows := paceRows()
	rows[0].Cells = own(figure.Of(float64(d.vendor), "%.0f"))
	rows[0] = rows[0].Judge(fmt.Sprint(d.vendor), d.vendor <= 5, usher)
	rows[1].Cells = own(figure.Of(float64(d.posts), "%.0f"))
	rows[1] = rows[1].Judge(fmt.Sprint(d.posts), d.posts <= 1, usher)
	rows[2].Cells = own(figure.Of(times, "%.1f times (p50 %.2f ms)", d.meanwhile.p(50)))
	rows[2] = rows[2].Judge(fmt.Sprintf("%.1f times", times), times <= 20, usher)
	return rows
}

func paceRows() []figure.Row {
	return []figure.Row{{Key: "digestcalls", What: fmt.Sprintf("a digest of %d accounts: calls to the vendor in one second, at most", paceAccounts), Goal: "≤ 5"},
		{Key: "digestposts", What: "the same: posts in one channel in one second, at most", Goal: "≤ 1"},
		{Key: "digesthang", What: fmt.Sprintf("while Slack has its post wait for %v: the slowest durable ack, to the median", hangs), Goal: "≤ 20 times"}}
}
