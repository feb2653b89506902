package process

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

var chaosSeed = flag.Uint64("chaos", 0, "play this seed of the chaos alone")

// chaos is what befalls three processes on one database while a crowd goes on asking and deciding.
type chaos struct {
	*crowd
	counts map[string]int
}

// disaster befalls a process, or the database; the crowd goes on meanwhile (waits).
type disaster struct {
	name string
	play func(c *chaos)
}

// disasters are those of a run, of which each comes once before any comes twice.
var disasters = []disaster{
	{"SIGKILL", func(c *chaos) { c.kills(c.any()) }},
	{"SIGSTOP past the lease", func(c *chaos) { c.pauses(c.any()) }},
	{"connections cut", func(c *chaos) { c.cuts(c.any(), false) }},
	{"database silent", func(c *chaos) { c.cuts(c.any(), true) }},
	{"PostgreSQL restarted", func(c *chaos) { c.restarts(c.server.Stop) }},
	{"PostgreSQL killed", func(c *chaos) { c.restarts(c.server.Kill) }},
	{"paused, and another killed", func(c *chaos) { a, b := c.two(); c.kills(b); c.pauses(a) }},
	{"rolling restart", (*chaos).rolls},
}

// TestChaos runs three processes on one PostgreSQL over TCP, beside one Slack and one vendor, and lets everything happen to
// them that happens to processes and databases while people ask, decide, and press buttons that are decided. In the end
// what was acknowledged happened once, everybody concerned was told once, every card says how it is, and the audit log is
// whole. A seed says what happens; when it does so is the machine's. Without -every two short lives are played.
func TestChaos(t *testing.T) {
	seeds, rounds := []uint64{1, 2}, len(disasters)/2
	if *world.Every {
		seeds, rounds = []uint64{1, 2, 3, 4, 5, 6, 7, 8}, 4*len(disasters)
	}
	if *chaosSeed != 0 {
		seeds = []uint64{*chaosSeed}
	}
	t.Parallel() // it mostly waits
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			playChaos(t, seed, rounds)
		})
	}
}

func playChaos(t *testing.T, seed uint64, rounds int) {
	f := newFleet(t, 3)
	c := &chaos{crowd: newCrowd(f, seed), counts: map[string]int{}}
	for i := range rounds {
		// Two neighbouring seeds play different halves.
		d := disasters[(i+rounds*int(seed%2))%len(disasters)]
		c.t.Logf("%s", d.name)
		c.counts[d.name]++
		d.play(c)
		c.lives(time.Duration(c.rand.Int64N(int64(2 * time.Second))))
	}
	c.content = true
	c.waits("everybody has what they asked for", c.settled)
	c.waits("nothing is owed any more", func() bool { return len(c.owes()) == 0 && c.settled() })
	c.rests()
	c.verify()
}

func newCrowd(f *fleet, seed uint64) *crowd {
	return &crowd{fleet: f, rand: rand.New(rand.NewPCG(seed, 0)), tried: map[int]time.Time{}}
}

// waits goes on with everybody's life until ok.
func (c *chaos) waits(what string, ok func() bool) {
	c.t.Helper()
	if !world.Waited(world.Patience, func() bool { c.tend(); c.moment(); return ok() }) {
		c.t.Fatalf("waited in vain until %s", what)
	}
}

// lives goes on for a while.
func (c *chaos) lives(d time.Duration) {
	c.t.Helper()
	end := time.Now().Add(d)
	c.waits("time passes", func() bool { return time.Now().After(end) })
}

func (c *chaos) any() *replica { return c.each[c.rand.IntN(len(c.each))] }

func (c *chaos) two() (a, b *replica) {
	n := c.rand.IntN(len(c.each))
	return c.each[n], c.each[(n+1)%len(c.each)]
}

// some is a time to leave something as it is.
func (c *chaos) some() time.Duration {
	return 500*time.Millisecond + time.Duration(c.rand.Int64N(int64(2*shortLease)))
}

func (c *chaos) kills(r *replica) {
	r.down = true
	r.usher.kill()
	c.lives(c.some())
	r.start()
}

// pauses stops a process for longer than its lease, and lets it go on as if nothing had been.
func (c *chaos) pauses(r *replica) {
	r.signal(syscall.SIGSTOP)
	c.lives(2*shortLease + c.some())
	r.signal(syscall.SIGCONT)
}

func (c *chaos) cuts(r *replica, silent bool) {
	r.wire.set(true, silent)
	c.lives(c.some())
	r.wire.set(false, false)
}

func (c *chaos) restarts(end func() error) {
	require.NoError(c.t, end())
	c.lives(c.some())
	require.NoError(c.t, c.server.Start())
}

// all waits until every process hears again with both its connections.
func (c *chaos) all() {
	c.t.Helper()
	c.waits("all of them hear", func() bool { return c.connections() == 2*len(c.each) })
}

// rolls restarts one after another, as an upgrade does: somebody hears all the while.
func (c *chaos) rolls() {
	c.all()
	c.strictly = true
	for _, r := range c.each {
		r.down = true
		r.signal(syscall.SIGTERM)
		c.waits("it ends", r.ended)
		require.Equal(c.t, terminal.ExitDone, r.usher.code, "after SIGTERM")
		r.start()
		c.all()
	}
	c.strictly = false
	c.waits("what was sent has arrived", func() bool {
		for _, s := range c.sent {
			if s.strictly {
				return false
			}
		}
		return true
	})
}

// rests ends them all.
func (c *chaos) rests() {
	for _, r := range c.each {
		r.down = true
		r.signal(syscall.SIGTERM)
	}
	for _, r := range c.each {
		require.True(c.t, world.Waited(world.Patience, r.ended))
		require.Equal(c.t, terminal.ExitDone, r.usher.code, "after SIGTERM")
	}
}

// tally is what isn't as it should be, in words.
type tally struct{ lost, doubled, stale []string }

// times notes that something isn't there exactly so many times.
func (t *tally) times(want, is int, what string, args ...any) {
	switch what = fmt.Sprintf(what, args...); {
	case is < want:
		t.lost = append(t.lost, what)
	case is > want:
		t.doubled = append(t.doubled, fmt.Sprintf("%s %d times", what, is))
	}
}

// shows notes that a message says something else of a request that is over, or offers anything.
func (t *tally) shows(m slacksim.Message, r approvals.Request, say string) {
	if !says([]slacksim.Message{m}, say) || len(world.Buttons(m)) > 0 {
		t.stale = append(t.stale, fmt.Sprintf("#%d is %s, and this says: %s", r.Number, r.State, slacksim.PlainText(m)))
	}
}

// verify counts what came of it all.
func (c *chaos) verify() {
	c.t.Helper()
	require.NoError(c.t, c.look(func(db *postgres.Store) error { return db.Check(context.Background()) }))
	all := c.requests()
	t, done := &tally{}, 0
	for _, r := range all {
		if r.State == approvals.Done {
			done++
		}
		c.reckons(t, r)
	}
	for _, a := range c.asked {
		n := len(of(all, a.email))
		t.times(min(max(n, 1), a.tries), n, "the request for %s", a.email)
	}
	t.times(done, c.effects(vendorsim.Create), "accounts")
	t.times(done, c.effects(""), "changes at the vendor's")
	c.t.Logf("%v: promised %d, done %d, canceled or in vain %d, lost %d, doubled %d, stale %d; acknowledged %d, old buttons pressed %d, unheard while somebody heard %d",
		c.counts, len(c.asked), done, len(all)-done, len(t.lost), len(t.doubled), len(t.stale), c.heard, c.late, c.unheard)
	require.Equal(c.t, &tally{}, t)
	require.Zero(c.t, c.unheard, "not acknowledged, though somebody heard")
	a := c.each[0].command("audit", "verify")
	require.Equal(c.t, terminal.ExitDone, a.Code, a.Errors)
	require.True(c.t, strings.HasPrefix(a.Out, "ok: "), a.Out)
}

// reckons looks at all that was said of a request.
func (c *chaos) reckons(t *tally, r approvals.Request) {
	c.t.Helper()
	cards, tells := c.cards(int(r.Number)), c.tells(string(r.Requester), int(r.Number))
	t.times(1, len(cards), "the card of #%d", r.Number)
	t.times(map[approvals.State]int{approvals.Done: 1, approvals.Failed: 1}[r.State], len(tells), "word of #%d", r.Number)
	for _, who := range []string{"U0BOB", "U0ERIN"} {
		asked := keyed(c.dm(who), fmt.Sprintf("approver/%d", r.Number))
		t.times(min(1, len(asked)), len(asked), "what %s was asked about #%d", who, r.Number)
		for _, m := range asked {
			t.shows(m, r, "")
		}
	}
	for _, m := range cards {
		t.shows(m, r, "— "+string(r.State))
	}
}

// of are the requests for an address.
func of(all []approvals.Request, email string) (list []approvals.Request) {
	for _, r := range all {
		if r.Change.Email == email {
			list = append(list, r)
		}
	}
	return list
}
