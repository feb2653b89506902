package courier

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// TestTheRestOfADayIsOneMessage: whatever becomes of Slack's answers, somebody has as many messages of a day as they are to
// have, and one that stands for the rest; on their next day the rest comes as usual.
func TestTheRestOfADayIsOneMessage(t *testing.T) {
	const most = 2
	twoADay := func(w *world) { w.courier.ration.Ration = Ration{Most: most, Memory: w.Store} }
	kinds := func(w *world) (single, needs int) {
		for _, m := range w.DM(bob) {
			if strings.Contains(m.Text, "so here is the rest in one") {
				needs++
			} else {
				single++
			}
		}
		return single, needs
	}
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{approvers: []string{bob}, before: twoADay}, func(t *testing.T, w *world) {
				fault.Method, fault.Times = "chat.postMessage", 3
				w.Plan(fault)
				for i := range 4 {
					w.Asked(fmt.Sprintf("jane%d@acme.example", i))
				}
				w.Pass(time.Hour)
				single, needs := kinds(w)
				require.Equal(t, [2]int{most, 1}, [2]int{single, needs})
				w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Times: 5})
				w.Pass(25 * time.Hour)
				single, needs = kinds(w)
				require.Equal(t, [2]int{4, 1}, [2]int{single, needs}, "what was held came the next day")
			})
		})
	}
}

// TestAMessageTakesOnePlaceOfADay: however often it is asked of one, through any end of the program; and another day
// begins anew.
func TestAMessageTakesOnePlaceOfADay(t *testing.T) {
	kept := lessons{}
	take := func(day, key string) bool {
		l := ration{Ration: Ration{Most: 2, Memory: kept}}
		sent, err := l.take(t.Context(), bob, day, key)
		require.NoError(t, err)
		return sent
	}
	for range 3 {
		require.True(t, take("2026-11-28", "approver/1/U0BOB"))
		require.True(t, take("2026-11-28", "approver/2/U0BOB"))
		require.False(t, take("2026-11-28", "approver/3/U0BOB"))
	}
	require.True(t, take("2026-11-29", "approver/3/U0BOB"))
	require.True(t, take("2026-11-29", "approver/4/U0BOB"))
	require.False(t, take("2026-11-29", "approver/1/U0BOB"))
	require.Len(t, kept, 1, "no day before is kept")
}

// lessons is a Memory.
type lessons map[string][]byte

func (k lessons) Learned(_ context.Context, name string) ([]byte, error) { return k[name], nil }

func (k lessons) Relearn(_ context.Context, name string, was, raw []byte) (bool, error) {
	if is, there := k[name]; there != (was != nil) || string(is) != string(was) {
		return false, nil
	}
	k[name] = raw
	return true, nil
}

// raced is a Memory behind which another process counts between what is read and what is kept.
type raced struct {
	lessons
	between func()
}

func (r *raced) Relearn(ctx context.Context, name string, was, raw []byte) (bool, error) {
	if between := r.between; between != nil {
		r.between = nil
		between()
	}
	return r.lessons.Relearn(ctx, name, was, raw)
}

// TestTwoProcessesDealOutOneRation: while one counts, another does for the same person; between them nobody has more than their fill,
// and none of what they had is forgotten.
func TestTwoProcessesDealOutOneRation(t *testing.T) {
	const most = 3
	kept := lessons{}
	other := ration{Ration: Ration{Most: most, Memory: kept}}
	for i := range most {
		one := ration{Ration: Ration{Most: most, Memory: &raced{kept, func() {
			_, err := other.take(t.Context(), bob, "2026-11-28", fmt.Sprintf("ask/%d/U0BOB", i))
			require.NoError(t, err)
		}}}}
		_, err := one.take(t.Context(), bob, "2026-11-28", fmt.Sprintf("approver/%d/U0BOB", i))
		require.NoError(t, err)
	}
	_, had, err := other.had(t.Context(), bob, "2026-11-28")
	require.NoError(t, err)
	require.Len(t, had.Sent, most, "%+v", had)
	require.Len(t, had.Held, most, "%+v", had)
}
