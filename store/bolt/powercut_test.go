//go:build linux

package bolt_test

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

const traceFile = "USHER_STORE_TRACE"

// TestPowerCuts records whole lives, rebuilds every image that a power cut could leave, opens each,
// and holds what people, vendors and Slack had been promised by then. The rows that name a loss are
// seeded bugs: each must be caught, or the test could not fail.
func TestPowerCuts(t *testing.T) {
	if isChild(t) {
		recordAll(t, watch(t))
		return
	}
	traces := map[string][]event{}
	at := filepath.Join(t.TempDir(), "traces")
	inChild(t, traceFile+"="+at)
	f, err := os.Open(at)
	require.NoError(t, err)
	require.NoError(t, gob.NewDecoder(f).Decode(&traces))
	require.NoError(t, f.Close())
	var opened, whole, sampled atomic.Int64
	t.Cleanup(func() {
		t.Logf("%d lives recorded, %d images of power cuts opened; without a seeded bug every subset of the loose writes at %d points, a sample at %d",
			len(traces), opened.Load(), whole.Load(), sampled.Load())
	})
	for _, row := range cutRows(traces) {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			did := row.run(t, traces)
			opened.Add(int64(did.opened))
			if row.caught == "" {
				whole.Add(int64(did.whole))
				sampled.Add(int64(did.sampled))
			}
		})
	}
}

// cutRow is some recorded lives, altered or not, and what must come of them.
type cutRow struct {
	name   string
	traces []string
	edit   func([]event) []event
	// caught matches the loss that must be found; "" says that there must be none.
	caught string
	// care is how many subsets of the loose writes are tried at each point.
	care care
	// near tries only the power cuts soon after the sync that failed; before it the life is as it is.
	near bool
}

func cutRows(traces map[string][]event) []cutRow {
	most := howMuch().cuts
	rows := []cutRow{
		{name: "as it is", traces: []string{"as it is"}, care: most},
		{name: "seeded: a disk that never syncs", traces: []string{"as it is"}, edit: without("fsync", "fdatasync"), caught: "cannot be used"},
		{name: "seeded: pages not synced before the meta page", traces: []string{"as it is"}, edit: withoutTheFirstSync, caught: "cannot be used"},
		{name: "seeded: meta page not synced", traces: []string{"as it is"}, edit: withoutTheSecondSync, caught: "in the file|cannot be used"},
		{name: "seeded: created in place", traces: []string{"as it is"}, edit: createdInPlace, caught: "cannot be used"},
		{name: "seeded: folder not synced after the rename", traces: []string{"as it is"}, edit: withoutSyncOf("data"), caught: "not in the file"},
		{name: "seeded: folder made and not synced", traces: []string{"as it is"}, edit: withoutSyncOf(""), caught: "not in the file"},
		{name: "compacted at a start", traces: []string{"compacted"}, care: most},
		{name: "seeded: a copy not synced before its name", traces: []string{"compacted"}, edit: withoutSyncOfTheCopy, caught: "cannot be used"},
		{name: "seeded: folder not synced after the copy's name", traces: []string{"compacted"}, edit: withoutSyncOfItsName, caught: "not in the file"},
		{name: "seeded: acked before the commit", traces: []string{"acked early"}, caught: "not in the file"},
		{name: "seeded: vendor asked before the mark", traces: []string{"marked late"}, caught: "vendor was asked"},
		{name: "seeded: told before the claim", traces: []string{"claimed late"}, caught: "neither receipt nor claim"},
	}
	believed := cutRow{name: "seeded: a page believed after its sync failed", near: true, edit: withoutRefresh, caught: "in the file|cannot be used"}
	for _, name := range slices.Sorted(maps.Keys(traces)) {
		if strings.HasPrefix(name, "failed sync") {
			rows = append(rows, cutRow{name: name, traces: []string{name}, near: true, care: care{all: most.all}})
			believed.traces = append(believed.traces, name)
		}
	}
	return append(rows, believed)
}

// effort is how many images were opened, and at how many points all or some of those that there are.
type effort struct{ opened, whole, sampled int }

func (row cutRow) run(t *testing.T, traces map[string][]event) (did effort) {
	var losses []string
	for _, name := range row.traces {
		c := row.cut(t, traces[name])
		did = effort{did.opened + len(c.seen), did.whole + c.whole, did.sampled + c.sampled}
		losses = append(losses, c.losses...)
		if row.caught == "" {
			c.liveOn()
		} else if len(losses) > 0 {
			break
		}
	}
	if row.caught == "" {
		require.Empty(t, losses[:min(len(losses), 3)], "%d losses", len(losses))
		t.Logf("%d images opened, no loss; every subset of the loose writes at %d points, a sample at %d", did.opened, did.whole, did.sampled)
		return did
	}
	require.NotEmpty(t, losses, "%d images, and the bug was not found", did.opened)
	require.Regexp(t, row.caught, losses[0])
	t.Logf("caught at image %d: %.300s", did.opened, losses[0])
	return did
}

// cut tries the images of one life.
func (row cutRow) cut(t *testing.T, events []event) *cutter {
	require.NotEmpty(t, events)
	if row.edit != nil {
		events = row.edit(events)
	}
	c := &cutter{t: t, dir: ramdisk.Folder(t), seed: maphash.MakeSeed(), seen: map[cut]bool{}, first: row.caught != "", care: row.care.orLittle(), until: len(events)}
	if row.near {
		c.from = failed(events)
		c.until = c.from + soon
	}
	c.all(events)
	return c
}

// soon is how many calls after a failed sync power cuts are tried; every page it may have lost has
// been written again by then, or is used by nobody.
const soon = 60

// failed is the place of the sync that failed.
func failed(events []event) int {
	return slices.IndexFunc(events, func(e event) bool { return e.Failed })
}

// cutter opens images.
type cutter struct {
	t      *testing.T
	dir    string
	seed   maphash.Seed
	seen   map[cut]bool
	losses []string
	first  bool // stop at the first loss
	lives  []state
	// care is taken at each point between from and until; whole and sampled count the points by what was tried.
	care                        care
	from, until, whole, sampled int
}

// cut tells apart what has been tried: an image, after so many promises.
type cut struct {
	image uint64
	heard int
}

// state is everything there is when the power comes back.
type state struct {
	image image
	heard []said
}

// all tries every image of every prefix. Only the points before a sync, a name or a promise are
// enumerated: the images of the points between are among them.
func (c *cutter) all(events []event) {
	d, heard := newDisk(), []said(nil)
	for i, e := range events {
		if e.Name != "pwrite64" && e.Name != "ftruncate" && c.from <= i && i <= c.until {
			c.here(d, heard, i)
		}
		if e.Name == "" {
			heard = append(heard, e.Said)
		}
		d.apply(e)
		if c.first && len(c.losses) > 0 {
			return
		}
	}
	if c.until == len(events) {
		c.here(d, heard, len(events))
	}
}

func (c *cutter) here(d *disk, heard []said, at int) {
	for _, n := range d.points() {
		if c.care.whole(n) {
			c.whole++
		} else {
			c.sampled++
		}
	}
	for m := range d.images(c.care) {
		key := cut{m.hash(c.seed), len(heard)}
		if c.seen[key] {
			continue
		}
		c.seen[key] = true
		if err := c.open(m, heard); err != nil {
			c.losses = append(c.losses, fmt.Sprintf("power cut before call %d, after %d promises: %v", at, len(heard), err))
			if c.first {
				return
			}
		}
		if len(c.seen)%97 == 1 {
			c.lives = append(c.lives, state{m, slices.Clone(heard)})
		}
	}
}

// open opens an image and holds the promises.
func (c *cutter) open(m image, heard []said) error {
	dir := filepath.Join(c.dir, "image")
	if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700), m.write(dir)); err != nil {
		return err
	}
	s, err := bolt.Open(filepath.Join(dir, "data"), bolt.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("cannot be used: %w", err)
	}
	wrong := []error{s.Check(context.Background())}
	if wrong[0] != nil {
		wrong[0] = fmt.Errorf("cannot be used: %w", wrong[0])
	}
	for _, p := range heard {
		wrong = append(wrong, holds(s, p))
	}
	if left, err := filepath.Glob(filepath.Join(dir, "data", bolt.File+".*")); err != nil || len(left) > 0 {
		wrong = append(wrong, fmt.Errorf("half made files stay: %v (%w)", left, err))
	}
	return errors.Join(append(wrong, s.Close())...)
}

// liveOn starts the program again on some of the images, with vendor and Slack as they stood, and lets
// it come to the end: nothing was lost, and nothing happens a second time.
func (c *cutter) liveOn() {
	for i, s := range c.lives {
		synctest.Test(c.t, func(t *testing.T) {
			dir := filepath.Join(c.dir, fmt.Sprint("life", i))
			require.NoError(t, errors.Join(os.Mkdir(dir, 0o700), s.image.write(dir)))
			l, err := begin(filepath.Join(dir, "data"), after(s.heard), wiring{})
			require.NoError(t, err)
			pass(8 * 24 * time.Hour)
			settledWell(t, l)
			require.NoError(t, l.end())
		})
	}
}

// recordAll records every life that the rows need and leaves the traces in a file.
func recordAll(t *testing.T, w *watcher) {
	lives := map[string]wiring{
		"acked early":  {book: func(s *bolt.Store, o *outside) approvals.Book { return earlyBook{s, o} }},
		"marked late":  {box: func(s *bolt.Store) outbox.Box { return lateMarks{s} }},
		"claimed late": {box: func(s *bolt.Store) outbox.Box { return lateClaims{s} }},
		"compacted":    {pruned: true},
	}
	traces := map[string][]event{}
	for name, wiring := range lives {
		traces[name] = record(t, w, wiring, 0)
	}
	plain := record(t, w, wiring{}, 0)
	traces["as it is"] = plain
	syncs := 0
	for _, e := range plain {
		if e.Name == "fdatasync" {
			syncs++
		}
	}
	for n := 1; n <= syncs; n += howMuch().syncs {
		traces[fmt.Sprintf("failed sync %d", n)] = record(t, w, wiring{}, n)
	}
	f, err := os.Create(os.Getenv(traceFile))
	require.NoError(t, err)
	require.NoError(t, gob.NewEncoder(f).Encode(traces))
	require.NoError(t, f.Close())
}

// record writes down a whole life; the n-th fdatasync of it fails (0: none does).
func record(t *testing.T, w *watcher, wiring wiring, n int) (events []event) {
	root := ramdisk.Folder(t)
	syncs := 0
	w.on(root, func(c call) verdict {
		e := event{Name: c.name, Path: c.path, To: c.to, Create: c.flags&os.O_CREATE != 0, Off: c.off, Data: c.data}
		v := carryOut
		switch c.name {
		case "fdatasync":
			syncs++
			e.Failed = syncs == n
			if v.instead = true; e.Failed {
				v.errno = unix.EIO
			}
		case "fsync":
			v.instead = true
		case "openat", "mkdirat", "renameat", "linkat", "unlinkat", "pwrite64", "ftruncate":
		default:
			return v
		}
		events = append(events, e)
		return v
	})
	synctest.Test(t, func(t *testing.T) {
		o := newOutside()
		o.listen = func(s said) { w.do(func() { events = append(events, event{Said: s}) }) }
		live := func() error {
			return wholeLives(filepath.Join(root, "data"), o, wiring, func(a answers) {
				if n == 0 {
					a.well(t, "without a fault")
				}
			})
		}
		err := live()
		if err != nil && n > 0 {
			err = live() // the file could not be made; somebody starts the program again
		}
		require.NoError(t, err)
	})
	w.on("", nil)
	return events
}
