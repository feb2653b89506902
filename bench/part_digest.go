package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/census"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/cargo"
)

// digested is what a digest of so many accounts took of this process, for each of them, and how many bytes of each are kept.
type digested struct {
	n    int
	each spent
	kept float64
}

// digestPart has the digest of a week made of ever more accounts, with the week before to compare with, and looks at what the program asks
// of vendor and Slack for one.
func digestPart(ctx context.Context, b *bench) (m measured, err error) {
	var all []digested
	for n := 1000; n <= min(b.waiting, 100_000); n *= 10 {
		d, err := b.digested(ctx, n)
		if errors.Is(err, errElsewhere) {
			return absentRows(append(digestRows(), paceRows()...), err.Error()), nil
		}
		if err != nil {
			return m, err
		}
		b.say("  %6d accounts: %v of processor, %.1f allocations, %.0f bytes allocated, %.0f bytes kept, of each", n, d.each.cpu, d.each.allocs, d.each.bytes, d.kept)
		all = append(all, d)
	}
	m.rows = digestRows()
	a, z := all[0], all[len(all)-1]
	micros := func(d digested) float64 { return float64(d.each.cpu.Nanoseconds()) / 1000 }
	m.rows[0].Cells = own(figure.Of(micros(z), "%.2f µs (%.2f µs of %s)", micros(a), figure.Short(float64(a.n))))
	m.rows[0] = m.rows[0].Judge(fmt.Sprintf("%.2f µs", micros(z)), micros(z) <= 1.3, usher)
	m.rows[1].Cells = own(figure.Of(z.kept, "%.0f (%.0f of %s)", a.kept, figure.Short(float64(a.n))))
	m.rows[1] = m.rows[1].Judge(fmt.Sprintf("%.0f", z.kept), z.kept <= 100, usher)
	times := z.each.allocs / a.each.allocs
	m.rows[2].Cells = own(figure.Of(z.each.allocs, "%.1f (%.1f of %s)", a.each.allocs, figure.Short(float64(a.n))))
	m.rows[2] = m.rows[2].Judge(fmt.Sprintf("%.2f times", times), times <= 1.1, usher)
	paced, err := b.digestPace(ctx)
	if err != nil {
		return m, err
	}
	b.say("  paced: %d calls to the vendor and %d posts a channel in one second; acks meanwhile: p50 %.2f ms, slowest %.2f ms, kept %d, failed %d", paced.vendor, paced.posts, paced.meanwhile.p(50), paced.meanwhile.p(100), paced.meanwhile.kept, paced.meanwhile.failed)
	m.rows = append(m.rows, paced.rows()...)
	return m, nil
}

func digestRows() []figure.Row {
	return []figure.Row{{Key: "digestcpu", What: "a digest: processor time an account, of 100k", Goal: "≤ 1.3 µs"}, {Key: "digestkept", What: "the same: bytes kept of an account", Goal: "≤ 100"},
		{Key: "digestallocs", What: "the same: allocations an account", Goal: "linear"}}
}

// digested makes the digests of two weeks, and counts the second.
func (b *bench) digested(ctx context.Context, n int) (d digested, err error) {
	dir, err := os.MkdirTemp(b.temp, "digest-")
	if err != nil {
		return d, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // it lies among what is temporary
	s, err := bolt.Open(dir, bolt.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return d, fmt.Errorf("open the database: %w", err)
	}
	c := &crowd{n: n, store: s}
	if err = c.report(ctx, 1); err == nil {
		d.n = n
		d.each, err = spend(func() error { return c.report(ctx, 2) })
		d.each = d.each.each(n)
	}
	if err == nil {
		err = s.Unload(ctx, func(i cargo.Item) error {
			if i.Kind == cargo.Shelf {
				d.kept += float64(len(i.Name)+len(i.Line)) / float64(n)
			}
			return nil
		})
	}
	return d, errors.Join(err, s.Close())
}

// crowd is a vendor of many accounts that holds none of them, and the channel in which digests of it are posted. From week to week some
// go, some come and some are blocked or not any more.
type crowd struct {
	n, week, posted int
	now             time.Time
	store           *bolt.Store
}

// Apps implements what reads vendors.
func (c *crowd) Apps() []approvals.App { return []approvals.App{seat()} }

// Seats reads the whole list, which nobody does.
func (c *crowd) Seats(context.Context, string, bool) (approvals.SeatList, error) {
	return approvals.SeatList{}, errors.New("the whole list was read")
}

// Page is a hundred accounts.
func (c *crowd) Page(_ context.Context, _, from string) (p approvals.SeatPage, err error) {
	i := 0
	if from != "" {
		if i, err = strconv.Atoi(from); err != nil {
			return p, fmt.Errorf("read where to go on: %w", err)
		}
	}
	for ; i < c.n && len(p.Seats) < 100; i++ {
		if i%1000 == 7 && c.week == 1 || i%1000 == 11 && c.week == 2 {
			continue // it has come since, or has gone
		}
		draw := uint32(i)*2654435761 + uint32(i)>>7
		p.Seats = append(p.Seats, approvals.Seat{ID: strconv.Itoa(36000 + i), Email: fmt.Sprintf("somebody.%06d@acme.example", draw%1_000_000), FirstName: "Some", LastName: strconv.Itoa(i), Sort: "client", Holds: 1,
			Blocked: (draw>>8+uint32(c.week)*uint32(i%50/49))%11 == 0})
	}
	if i < c.n {
		p.Next = strconv.Itoa(i)
	}
	return p, nil
}

// Requests are none.
func (c *crowd) Requests(context.Context, approvals.Filter, int) ([]approvals.Request, error) {
	return nil, nil
}

// PostReport takes a report as the channel does.
func (c *crowd) PostReport(_ context.Context, job outbox.Job, channel string, _ reports.Report) outbox.Result {
	c.posted++
	return outbox.DoneWith(outbox.Receipt{Key: job.Key, Place: channel, ID: "17.1"})
}

// PostOwn takes somebody's own report, of which there is none.
func (c *crowd) PostOwn(context.Context, outbox.Job, reports.Own) outbox.Result {
	return outbox.Done()
}

// report lets the slot of a week come.
func (c *crowd) report(ctx context.Context, week int) error {
	clock, quiet := func() time.Time { return c.now }, slog.New(slog.DiscardHandler)
	schedule, err := reports.ParseSchedule("0 9 * * MON", "")
	if err != nil {
		return fmt.Errorf("read when it is due: %w", err)
	}
	planner := &reports.Planner{Reports: []reports.Config{{Name: "weekly", Schedule: schedule, Channel: "C0REPORTS"}}, Memory: c.store, Box: c.store, Now: clock, Log: quiet, Wake: func() {}}
	runner := &reports.Runner{Planner: planner, Poster: c, Gatherer: &reports.Gatherer{Seats: c, Requests: c, Memory: c.store, Walker: &census.Censuses{Vendors: c, Shelf: c.store, Now: clock, Log: quiet}}}
	c.week, c.now = week, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).AddDate(0, 0, 7*(week-1))
	if err := planner.Plan(ctx); err != nil {
		return fmt.Errorf("plan the digest: %w", err)
	}
	c.now = c.now.Add(21 * time.Hour)
	due, _, err := c.store.Due(ctx, reports.Kind, c.now, 9)
	if err != nil || len(due) != 1 {
		return fmt.Errorf("%d digests are due: %w", len(due), err)
	}
	in, err := c.store.Claim(ctx, due[0].Key, c.now)
	if err != nil {
		return fmt.Errorf("claim the digest: %w", err)
	}
	result := runner.Do(ctx, outbox.NewJob(in, c.store))
	if c.posted != week {
		return errors.New("the digest was not posted")
	}
	return c.store.Finish(ctx, in, result, c.now)
}
