package bolt_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

var yearDays = flag.Int("days", 20, "how many days the company of TestTwoYears lives; 730 are two years")

const (
	// A company of two thousand, each of whom asks two or three times a year: 5,200 requests.
	askers     = 2000
	asksADay   = 20
	mostBytes  = 200 << 20
	firstBytes = 16 << 20 // a file grows by so much at a time
)

// TestTwoYears is what a company of two thousand asks, decides and is given in so many days, through the desk and the worker, each commit
// by itself, with a signed log; and beside it what is kept each day of its accounts and reports, as large as test/years has it.
// It holds the file to its share of what two years may have, and a start to reading it once.
func TestTwoYears(t *testing.T) {
	if underRace {
		t.Skip("lives for weeks of simulated time: played without the race detector")
	}
	for name, kept := range map[string]time.Duration{"kept for ever": 0, "kept for 90 days": 90 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			if kept > time.Duration(*yearDays)*24*time.Hour {
				t.Skip("nothing is old enough to be removed in so few days")
			}
			dir := ramdisk.Folder(t)
			_, key, err := ed25519.GenerateKey(rand.Reader)
			require.NoError(t, err)
			c := &company{dir: dir, key: key, has: map[string]bool{}}
			synctest.Test(t, func(t *testing.T) { c.lives(t, *yearDays, kept) })
			info, err := os.Stat(filepath.Join(dir, bolt.File))
			require.NoError(t, err)
			read, begun := readSoFar(t), time.Now()
			s, err := bolt.Open(dir, bolt.Options{Log: slog.New(slog.DiscardHandler), Key: key})
			require.NoError(t, err)
			took, read := time.Since(begun), readSoFar(t)-read
			left, err := s.Requests(t.Context(), approvals.Filter{All: true}, 1<<20)
			require.NoError(t, err)
			head, err := s.Head(t.Context())
			require.NoError(t, err)
			require.NoError(t, s.Close())
			t.Logf("%d days, %d requests, %d of them left, %d entries: %.1f MB; a start read %.1f MB in %v",
				*yearDays, c.asked, len(left), head.Seq, float64(info.Size())/(1<<20), float64(read)/(1<<20), took.Round(time.Millisecond))
			require.LessOrEqual(t, info.Size(), int64(firstBytes+(mostBytes-firstBytes)**yearDays/730), "bytes of the file")
			require.LessOrEqual(t, read, info.Size()+1<<20, "bytes that a start reads: each page once")
		})
	}
}

// readSoFar is how many bytes this process has read by system calls.
func readSoFar(t *testing.T) (n int64) {
	raw, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Skip("nobody counts here what is read")
	}
	_, err = fmt.Sscanf(string(raw), "rchar: %d", &n)
	require.NoError(t, err)
	return n
}

// company is the vendor's accounts, and how many requests were asked.
type company struct {
	dir   string
	key   ed25519.PrivateKey
	has   map[string]bool
	asked int
	// day is the last that is remembered.
	day string
}

// Look and Write implement provision.Kind: accounts are made and deleted.
func (c *company) Look(_ context.Context, t provision.Task) (provision.Sight, error) {
	return provision.Sight{Done: c.has[t.Request.Change.Email] == (t.Request.Action == catalog.Create), Text: approvals.Sayf("It's so."), Account: "4711"}, nil
}

func (c *company) Write(_ context.Context, t provision.Task, _ provision.Sight) (provision.Sight, error) {
	c.has[t.Request.Change.Email] = t.Request.Action == catalog.Create
	return provision.Sight{Done: true, Text: approvals.Sayf("It's so now."), Account: "4711"}, nil
}

// posts keeps the receipt of a message.
func posts(_ context.Context, job outbox.Job) outbox.Result {
	return outbox.DoneWith(outbox.Receipt{Place: "C0APPROVE", ID: fmt.Sprintf("%d.000100", time.Now().Unix()), Digest: "d1f0a3c2b4e59687"})
}

// lives is all the days, in a bubble.
func (c *company) lives(t *testing.T, days int, kept time.Duration) {
	log := slog.New(slog.DiscardHandler)
	s, err := bolt.Open(c.dir, bolt.Options{Log: log, Key: c.key, Random: rand.Reader})
	require.NoError(t, err)
	worker := &outbox.Worker{Box: s, Now: time.Now, Log: log, MaxSleep: 24 * time.Hour}
	desk := &approvals.Desk{Apps: []approvals.App{{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}}, Book: s, Directory: people{}, Log: log, Wake: worker.Wake,
		Nonce:    func() (string, error) { return approvals.NewNonce(rand.Reader) },
		Policies: []approvals.Policy{{Name: "seats", Approvers: []string{string(bob)}, Need: 1, ExpiresAfter: 7 * 24 * time.Hour, Text: "seats"}}}
	keeping := &approvals.Keeping{Desk: desk, Box: s, For: kept, Now: time.Now, Log: log}
	doers := map[string]outbox.Doer{approvals.KindDeed: &provision.Deeds{Desk: desk, Kinds: map[string]provision.Kind{seranking.ID: c}, Changed: func(string) {}, Now: time.Now, Log: log},
		approvals.KindExpire: desk.Expiry(time.Now), approvals.KindKeep: keeping}
	for _, kind := range []string{approvals.KindCard, approvals.KindApprover, approvals.KindTell, approvals.KindAdmins} {
		doers[kind] = outbox.DoerFunc(posts)
	}
	for kind, doer := range doers {
		worker.Add(outbox.Lane{Kind: kind, Doer: doer, Width: 1})
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { worker.Run(ctx); close(done) }()
	go keeping.Run(ctx)
	for day := range days {
		begun := time.Now()
		if w := begun.Weekday(); w != time.Saturday && w != time.Sunday {
			c.works(t, desk, day)
		}
		c.remembers(t, s, begun)
		pass(time.Until(begun.Add(24 * time.Hour)))
	}
	stop()
	<-done
	synctest.Wait()
	require.NoError(t, s.Check(context.Background()))
	require.NoError(t, s.Close())
}

// works is a working day: of twenty two expire or are taken back, one is denied, and accounts go again after a quarter.
func (c *company) works(t *testing.T, desk *approvals.Desk, day int) {
	for i := range asksADay {
		who, action := approvals.PersonID(fmt.Sprintf("U0P%05d", (day*asksADay+i)*7%askers)), catalog.Create
		address := fmt.Sprintf("jordan.p%05d@acme.example", day*asksADay+i)
		if old := fmt.Sprintf("jordan.p%05d@acme.example", (day-91)*asksADay+i-10); i >= 10 && c.has[old] {
			action, address = catalog.Delete, old
		}
		r, _, err := desk.Open(t.Context(), approvals.Ask{Origin: approvals.Origin{Key: fmt.Sprintf("%d.%d.trigger", day, i), Surface: "slack"}, Requester: who, App: seranking, Action: action,
			Change: approvals.Change{Email: address, FirstName: "Jordan", LastName: fmt.Sprint("P", i)}, Reason: "the audit of the second quarter takes one more of us who looks after rankings"}, time.Now())
		require.NoError(t, err)
		c.asked++
		pass(time.Minute)
		switch i {
		case 3:
			_, err = desk.Cancel(t.Context(), r.Number, approvals.Actor(who), "slack", time.Now())
		case 4: // until it expires
		default:
			_, err = desk.Vote(t.Context(), r.Number, approvals.Vote{By: bob, Yes: i != 5, At: time.Now(), Surface: "slack", Reason: "we have enough of those until spring"}, time.Now())
		}
		require.NoError(t, err)
		pass(time.Minute)
		c.says(t, desk)
	}
}

// says is what the whole program has the log say beside: what was read at the vendor, reminders, what was said in a thread. A request of
// test/years has between five and six entries.
func (c *company) says(t *testing.T, desk *approvals.Desk) {
	require.NoError(t, desk.Book.Update(t.Context(), func(tx approvals.Tx) error {
		for _, what := range []string{"read at the vendor", "said something in the thread"} {
			e := approvals.Entry{At: time.Now(), Actor: bob, What: what, Surface: "slack",
				Detail: []byte(`{"change":{"email":"jordan.p00001@acme.example"},"against":["How long do you need it, and who pays for it in the end?"]}`)}
			if err := tx.Audit(e); err != nil {
				return err
			}
		}
		return nil
	}))
}

// remembers is what a day leaves of the app's accounts, of reports and of the register: as many bytes as there are in test/years.
func (c *company) remembers(t *testing.T, s *bolt.Store, at time.Time) {
	day := at.Format(time.DateOnly)
	kept, err := s.KeepDay(t.Context(), "seranking", c.day, day, []byte(strings.Repeat("f", 240)), []byte(strings.Repeat("a", 900)))
	require.NoError(t, err)
	require.True(t, kept)
	c.day = day
	for _, name := range []string{"daily", "weekly", "register/seranking"} {
		require.NoError(t, s.KeepSnapshot(t.Context(), name, []byte(strings.Repeat("s", 35_000))))
	}
}
