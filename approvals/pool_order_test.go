package approvals

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// poolPlay is people who do anything they may, in any order, with a pool that changes its size, beside a count of its own.
type poolPlay struct {
	*poolDesk
	chance *rand.Rand
	// has is what people have by the last that was done for them, and asks for whom each request is.
	has  map[string]int64
	asks map[int64]string
}

func (p *poolPlay) sum() (n int64) {
	for _, s := range p.has {
		n += s
	}
	return n
}

// TestWhateverTheOrderThePoolHolds: what was done is what people have, nothing is given that isn't there, and less is always
// taken.
func TestWhateverTheOrderThePoolHolds(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			p := &poolPlay{newPool(t, 100), rand.New(rand.NewPCG(seed, 1)), map[string]int64{}, map[int64]string{}}
			for range 60 {
				p.now = p.now.Add(time.Minute)
				p.play()
				now := p.pool()
				require.Equal(t, p.sum(), now.Out)
				require.GreaterOrEqual(t, now.Promised, int64(0))
				kept := p.book.stock
				p.book.stock = nil // reckoned anew it is the same
				require.Equal(t, now, p.pool())
				p.book.stock = kept
			}
		})
	}
}

func (p *poolPlay) play() {
	what := p.chance.IntN(12)
	switch {
	case what < 3 || len(p.asks) == 0:
		p.wishes()
		return
	case what == 3 || what == 4:
		p.Apps[0].Pool = []Limit{{"light", 20 + p.chance.Int64N(90)}}
		return
	}
	n, ctx := 1+p.chance.Int64N(int64(len(p.asks))), p.t.Context()
	switch r := p.read(n); {
	case what < 7:
		before := p.pool()
		err := p.yes(n)
		require.True(p.t, err == nil || CodeOf(err) == Conflict, "%v", err)
		require.LessOrEqual(p.t, p.pool().Taken(), max(before.Taken(), before.Of))
	case what == 7:
		_, _ = p.Vote(ctx, n, Vote{By: "U0ERIN", Reason: "no"}, p.now)
	case what == 8:
		_, _ = p.Cancel(ctx, n, "U0ALICE", "slack", p.now)
	case what == 9:
		_, _ = p.Edit(ctx, n, Wanted{By: "U0ERIN", Why: "why", Edition: r.Edition(), Values: light(p.chance.IntN(70))}, p.now)
	case what == 10 && r.Working():
		_, err := p.CouldNot(ctx, n, "U0BOB", "it is gone", "slack", p.now)
		require.NoError(p.t, err)
	default:
		p.carries(n)
	}
}

// wishes asks for something that may be there or not.
func (p *poolPlay) wishes() {
	action, much := []Action{catalog.Create, catalog.Update, catalog.Delete}[p.chance.IntN(3)], p.chance.IntN(70)
	if action == catalog.Delete {
		much = -1
	}
	email := fmt.Sprintf("p%d@acme.example", p.chance.IntN(4))
	n, err := p.ask(action, email, much, p.chance.IntN(2) == 0)
	if err == nil {
		p.asks[n] = email
		return
	}
	require.Equal(p.t, Conflict, CodeOf(err), "%v", err)
}

// carries begins a task, and ticks its last step.
func (p *poolPlay) carries(n int64) {
	_ = p.begin(n)
	r, before, out := p.read(n), p.pool(), p.sum()
	if !r.Working() {
		return
	}
	if err := p.last(n); err != nil {
		require.Equal(p.t, Conflict, CodeOf(err), "%v", err)
		return
	}
	is, _ := strconv.ParseInt(r.Change.Values.ID("light"), 10, 64) // of a removal it names none
	more := is - p.has[p.asks[n]]
	if p.has[p.asks[n]] = is; more > 0 {
		require.LessOrEqual(p.t, out+more, before.Of, "more than there is")
	}
}
