package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/postgres"
)

// leased is the lease of replicas whose failover is measured.
const leased = 5 * time.Second

// postgresPart runs one and three replicas on one PostgreSQL, and has another take over from one that is killed.
func postgresPart(ctx context.Context, b *bench) (m measured, err error) {
	rows := postgresRows()
	probe, err := os.MkdirTemp("", "usher-bench-server-")
	if err != nil {
		return m, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(probe) }() // it lies among what is temporary
	server, err := postgres.Make(probe)
	if errors.Is(err, postgres.ErrNone) {
		return absentRows(rows, err.Error()), nil
	}
	if err == nil {
		err = server.Kill()
	}
	if err != nil {
		return m, err
	}
	rates := map[int]float64{}
	for _, n := range []int{1, 3} {
		if rates[n], err = b.replicated(ctx, n); err != nil {
			return m, err
		}
	}
	took, err := b.takenOver(ctx)
	if err != nil {
		return m, err
	}
	b.say("  asked a second: %.0f by one replica, %.0f by three; taken over %.1f s after a SIGKILL, with a lease of %v", rates[1], rates[3], took.Seconds(), leased)
	times := rates[3] / rates[1]
	rows[0].Cells = own(figure.Of(rates[1], "%.0f"))
	rows[1].Cells = own(figure.Of(rates[3], "%.0f (%.2f times)", times))
	rows[1] = rows[1].Judge(fmt.Sprintf("%.2f times", times), times >= 2, usher)
	rows[2].Cells = own(figure.Of(took.Seconds(), "%.1f s"))
	rows[2] = rows[2].Judge(fmt.Sprintf("%.1f s", took.Seconds()), took <= leased+2*time.Second, usher)
	m.rows = rows
	return m, nil
}

func postgresRows() []figure.Row {
	return []figure.Row{{Key: "pgone", What: "PostgreSQL, one replica: requests kept a second, of 1,000"}, {Key: "pgthree", What: "PostgreSQL, three replicas: the same", Goal: "≥ 2 times"},
		{Key: "pgover", What: fmt.Sprintf("SIGKILL of a replica in the middle of a deed, until another takes it up; lease %v", leased), Goal: fmt.Sprintf("≤ %v", leased+2*time.Second)}}
}

// fleet is a server with a database, and what starts replicas on it.
type fleet struct {
	t      *town
	dir    string
	server *postgres.Server
	like   *program
	each   []*child
}

// newFleet starts the server beside a town.
func (b *bench) newFleet(name string) (f *fleet, err error) {
	f = &fleet{}
	for _, p := range b.programs {
		if p.name == name {
			f.like = p
		}
	}
	if f.dir, err = os.MkdirTemp("", "usher-bench-fleet-"); err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	if f.server, err = postgres.Make(f.dir, "fsync = on", "full_page_writes = on"); err != nil {
		return nil, err
	}
	f.t, err = newTown(askers, slacksim.Options{})
	return f, err
}

// add starts one more replica, and waits until Slack has its connections.
func (f *fleet) add(ctx context.Context) error {
	dir := filepath.Join(f.dir, fmt.Sprintf("replica-%d", len(f.each)))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	one := *f.like
	one.run = func(t *town, dir string) (args, env []string, err error) {
		args, env, err = usherRun(t, dir)
		return append(args, "--lease", leased.String()), append(env, "USHER_DATABASE_URL="+f.server.URL("postgres")), err
	}
	had := f.t.slack.Connections()
	c, err := one.begin(ctx, f.t, dir)
	if err != nil {
		return err
	}
	f.each = append(f.each, c)
	return c.until(time.Minute, "it is connected", func() bool { return f.t.slack.Connections() >= had+2 })
}

// end ends all of it.
func (f *fleet) end() error {
	for _, c := range f.each {
		c.kill()
	}
	f.t.close()
	return errors.Join(f.server.Kill(), os.RemoveAll(f.dir))
}

// replicated is how many requests a second so many replicas keep.
func (b *bench) replicated(ctx context.Context, n int) (rate float64, err error) {
	f, err := b.newFleet(usher)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.end()) }()
	for range n {
		if err := f.add(ctx); err != nil {
			return 0, err
		}
	}
	l := f.t.offer(ctx, 1000, 0, b.long(15*time.Second))
	return float64(l.kept) / b.long(15*time.Second).Seconds(), nil
}

// takenOver is how long after the end of a replica that waits for the vendor in the middle of a deed another asks the vendor about it. It
// is carried through to its last word.
func (b *bench) takenOver(ctx context.Context) (took time.Duration, err error) {
	f, err := b.newFleet(usher)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.end()) }()
	if err := f.add(ctx); err != nil {
		return 0, err
	}
	if err := f.t.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create, Times: -1}, Kind: vendorsim.Slow, Delay: time.Minute}); err != nil {
		return 0, fmt.Errorf("slow the vendor down: %w", err)
	}
	l, err := f.t.approved(f.each[0], time.Second)
	if err != nil {
		return 0, err
	}
	time.Sleep(3 * time.Second) // it waits for the vendor
	if err := f.add(ctx); err != nil {
		return 0, err
	}
	settled(f.t)
	f.t.vendor.Heal()
	calls := len(f.t.vendor.Calls())
	f.each[0].kill()
	began := time.Now()
	if err := f.each[1].until(longest, "it asks the vendor", func() bool { return len(f.t.vendor.Calls()) > calls }); err != nil {
		return 0, err
	}
	took = time.Since(began)
	l.c = f.each[1]
	err = l.told()
	b.say("  taken up after %.1f s, told after %.1f s", took.Seconds(), time.Since(began).Seconds())
	return took, err
}
