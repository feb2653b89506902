package years

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

func TestMain(m *testing.M) { world.Main(m) }

var (
	livedDays  = flag.Int("days", 3, "how many days the company lives; 730 are two years")
	closedKept = flag.String("closed-kept", "", "for how long closed requests are kept, as keep has it; left out: for ever")
	into       = flag.String("into", "", "a folder in which the file is left each month and at the end")
)

const (
	// most is what two years may come to, and begun what of it a file has from the first days: it grows in steps.
	most     = 200 << 20
	twoYears = 730
	begun    = 8 << 20
	// entriesARequest is more than a request has of the log in its life, with what isn't about any.
	entriesARequest = 7
)

// TestACompanyOfTwoThousand lives so many days, and holds the file to its share of what two years may have.
func TestACompanyOfTwoThousand(t *testing.T) {
	pace.Lives(t, time.Duration(*livedDays)*24*time.Hour)
	kept := ""
	if *closedKept != "" {
		kept = "keep: " + *closedKept + "\n"
	}
	world.In(t, config(kept), func(w *world.World) {
		c := newCompany(w)
		w.Start()
		for day := range *livedDays {
			c.lives(day)
			if day%30 == 29 {
				c.renewed(t, day+1)
			}
			require.Empty(t, w.Logs.Take(), "errors that nobody announced, by day %d", day)
		}
		w.Check()
		head, err := w.App.Store.Head(t.Context())
		require.NoError(t, err)
		require.Less(t, head.Seq, int64(entriesARequest*(c.asked+*livedDays)), "entries of the log")
		w.End()
		c.rooms(t, *livedDays)
		require.LessOrEqual(t, c.size(), int64(begun+(most-begun)**livedDays/twoYears), "bytes of the file")
	})
}

// renewed is a new version that is put in, once a month: it starts on what there is.
func (c *company) renewed(t *testing.T, day int) {
	c.End()
	c.rooms(t, day)
	before := cpu(t)
	c.Start()
	t.Logf("day %d: the start took %v of the processor, with what is around it", day, (cpu(t) - before).Round(time.Millisecond))
}

// cpu is how long this process has been at work. The clock is the bubble's.
func cpu(t *testing.T) time.Duration {
	var is unix.Rusage
	require.NoError(t, unix.Getrusage(unix.RUSAGE_SELF, &is))
	return time.Duration(is.Utime.Nano() + is.Stime.Nano())
}

// size is how many bytes the file has.
func (c *company) size() int64 {
	info, err := os.Stat(filepath.Join(c.Dir, bolt.File))
	require.NoError(c.T, err)
	return info.Size()
}

// keep leaves a copy of the file where it was asked for.
func keep(t *testing.T, dir string) {
	if *into == "" {
		return
	}
	raw, err := os.ReadFile(filepath.Join(dir, bolt.File))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(*into, bolt.File), raw, 0o600))
}

// rooms tells how many rows of each kind there are, and how many bytes they have.
func (c *company) rooms(t *testing.T, day int) {
	keep(t, c.Dir)
	db, err := bbolt.Open(filepath.Join(c.Dir, bolt.File), 0o600, &bbolt.Options{ReadOnly: true})
	require.NoError(t, err)
	defer db.Close()
	count, size, pages := map[string]int{}, map[string]int{}, ""
	require.NoError(t, db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			if is := b.Stats(); is.LeafAlloc > 1<<20 {
				pages += fmt.Sprintf("\n%10d bytes in pages of %s, %d%% full", is.LeafAlloc+is.BranchAlloc, name, 100*is.LeafInuse/is.LeafAlloc)
			}
			return sum(string(name), b, count, size)
		})
	}))
	var lines []string
	for _, k := range slices.SortedFunc(maps.Keys(size), func(a, b string) int { return size[b] - size[a] }) {
		lines = append(lines, fmt.Sprintf("%10d bytes in %7d rows: %s", size[k], count[k], k))
	}
	t.Logf("day %d: %d requests asked, %d accounts, %d bytes\n%s%s", day, c.asked, len(c.has), c.size(), strings.Join(lines, "\n"), pages)
}

func sum(name string, b *bbolt.Bucket, count, size map[string]int) error {
	return b.ForEach(func(k, v []byte) error {
		if v == nil {
			return sum(name, b.Bucket(k), count, size)
		}
		under := name
		if name == "receipts" || name == "intents" || name == "reports" {
			kind, _, _ := bytes.Cut(bytes.TrimPrefix(k, []byte("/")), []byte("/"))
			under += " " + string(kind)
		}
		count[under]++
		size[under] += len(k) + len(v)
		return nil
	})
}
