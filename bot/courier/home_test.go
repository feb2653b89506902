package courier

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/pace"
)

// home is what stands on somebody's Home.
func (w *world) home(who string) string {
	v, _ := w.Home(who)
	return slacksim.ViewText(v)
}

// published is how often Slack was asked to show a Home.
func (w *world) published() int { return len(w.CallsOf("views.publish")) }

// opens is somebody opening their Home, with time for it to be shown.
func (w *world) opens(who string) {
	require.True(w.T, w.OpenHome(who).Wait().Acked)
	w.Pass(5 * time.Second)
}

// TestAHomeUnderFaults: whatever becomes of a publication or of its answer, in the end a Home shows what is so, and soon.
func TestAHomeUnderFaults(t *testing.T) {
	row := 0
	for _, kind := range []slacksim.Kind{slacksim.Status500, slacksim.Cut, slacksim.HTML, slacksim.Hang, slacksim.Limited, slacksim.RetryAfter, slacksim.Torn,
		slacksim.Late, slacksim.Slow, slacksim.OtherID, slacksim.NoID} {
		for _, after := range []bool{false, true} {
			for _, first := range []bool{true, false} {
				if row++; !pace.Plays(row, 5) {
					continue
				}
				t.Run(fmt.Sprintf("%s, after %v, first %v", kind, after, first), func(t *testing.T) {
					inWorld(t, setup{}, func(t *testing.T, w *world) {
						if !first {
							w.opens(alice)
						}
						w.Plan(slacksim.Fault{Method: "views.publish", Kind: kind, After: after, Times: 2})
						w.opens(alice)
						n, card := w.Asked("jane@acme.example")
						w.Pass(90 * time.Second)
						require.Contains(t, w.home(alice), fmt.Sprintf("#%d", n))
						w.Clicked(bob, cards, card.TS, "Approve")
						w.Pass(90 * time.Second)
						require.Contains(t, w.home(alice), "Nothing is open.")
						w.Pass(2 * time.Hour)
						require.Contains(t, w.home(alice), "Nothing is open.", "nothing that was lost came after it")
						require.Less(t, w.published(), 24, "it isn't published for ever")
					})
				})
			}
		}
	}
}

// TestALateHomeIsNotShown: a publication that Slack takes in after the next one would show what is past, and is refused.
func TestALateHomeIsNotShown(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.opens(alice)
		w.Plan(slacksim.Fault{Method: "views.publish", Kind: slacksim.Late, Delay: time.Minute})
		n, card := w.Asked("jane@acme.example")
		w.Clicked(bob, cards, card.TS, "Approve")
		w.Pass(30 * time.Second)
		require.Contains(t, w.home(alice), "Nothing is open.", "the next one, which did not wait for the late one")
		w.Pass(45 * time.Second)
		require.Contains(t, w.home(alice), "Nothing is open.", "#%d waits no more", n)
	})
}

// TestManyChangesAreOnePublication of a Home a second at most.
func TestManyChangesAreOnePublication(t *testing.T) {
	inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
		w.opens(erin)
		before := w.published()
		began := time.Now()
		for i := range 20 {
			w.Typed(alice, fmt.Sprintf("/access create p%d@acme.example Pat because they asked", i))
		}
		w.Pass(3 * time.Second)
		require.Contains(t, w.home(erin), "#20")
		require.LessOrEqual(t, w.published()-before, int(time.Since(began)/homeSpacing)+1)
	})
}

// TestAHomeThatCannotBeIsDropped: where the tab is off, and where Slack says of somebody that they are gone.
func TestAHomeThatCannotBeIsDropped(t *testing.T) {
	for name, away := range map[string]func(w *world){
		"the tab is off": func(w *world) { w.DisableHome(true) },
		"they have left": func(w *world) { w.Deactivate(erin, true) },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				w.opens(erin)
				w.Asked("jane@acme.example")
				w.Pass(4 * time.Hour)
				away(w)
				w.Asked("joe@acme.example")
				w.Pass(4 * time.Hour)
				_, next, err := w.Store.Due(t.Context(), approvals.KindHome, time.Now(), 5)
				require.NoError(t, err)
				require.True(t, next.IsZero(), "nothing of it is owed")
				before := w.published()
				w.Pass(48 * time.Hour)
				require.Equal(t, before, w.published(), "and nothing is tried")
				w.DisableHome(false)
				w.Deactivate(erin, false)
				w.opens(erin)
				w.Pass(10 * time.Minute)
				require.Contains(t, w.home(erin), "joe@acme.example")
			})
		})
	}
}

// TestAHomeWaitsForWhatCannotBeSaid: where Slack or the store can't say what stands on it, it stays as it is and is owed.
func TestAHomeWaitsForWhatCannotBeSaid(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.opens(carol)
		gone := errors.New("the disk is gone")
		w.unwell.Store(&gone)
		w.Asked("jane@acme.example")
		w.Pass(time.Minute)
		require.NotContains(t, w.home(carol), "jane@acme.example")
		in, _, err := w.Store.Due(t.Context(), approvals.KindHome, time.Now().Add(latest), 5)
		require.NoError(t, err)
		require.Len(t, in, 1)
		require.Contains(t, in[0].Why, "the disk is gone")
		w.unwell.Store(nil)
		w.Pass(10 * time.Minute)
		require.Contains(t, w.home(carol), "Nothing I owe anybody is overdue.")
	})
}

// TestHomesConcernOnlyWhoIsConcerned: a change draws the Homes that may show it, and no others.
func TestHomesConcernOnlyWhoIsConcerned(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		for _, who := range []string{alice, dave, erin} {
			w.opens(who)
		}
		drawn := map[string]bool{}
		w.courier.home = noting{w.courier.home, drawn}
		w.Asked("jane@acme.example")
		w.Pass(5 * time.Second)
		require.Equal(t, map[string]bool{alice: true, erin: true}, drawn, "who asked, and who is in the group that decides")
	})
}

// TestWhoIsInAGroupShowsOnTheirHome as soon as Slack tells of it.
func TestWhoIsInAGroupShowsOnTheirHome(t *testing.T) {
	inWorld(t, setup{sim: slacksim.Options{Events: web.Events()}}, func(t *testing.T, w *world) {
		w.opens(dave)
		w.Asked("jane@acme.example")
		require.NotContains(t, w.home(dave), "jane@acme.example")
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Name: "Team leads", Users: []string{bob, erin, dave}})
		w.Pass(10 * time.Second)
		require.Contains(t, w.home(dave), "jane@acme.example")
		w.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Name: "Team leads", Users: []string{bob, erin}})
		w.Pass(10 * time.Second)
		require.NotContains(t, w.home(dave), "jane@acme.example")
	})
}

// TestEveryHomeIsOwedInParts: however many there are, no transaction promises them all.
func TestEveryHomeIsOwedInParts(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		var keys []outbox.Change
		for i := range 2*homesAtOnce + 1 {
			keys = append(keys, outbox.Promise(approvals.HomeKey(approvals.PersonID(fmt.Sprintf("U0P%03d", i))), time.Now().Add(100*time.Hour)))
		}
		require.NoError(t, w.Store.Promise(t.Context(), keys...))
		box := &counting{Box: w.Store}
		w.courier.box = box
		result := w.courier.homes(t.Context(), outbox.NewJob(outbox.Intent{Key: approvals.EveryHome}, box))
		require.True(t, result.IsDone())
		require.Equal(t, []int{homesAtOnce, homesAtOnce, 1}, box.promised)
		require.NotContains(t, strings.Join(box.keys, " "), "homes/")
	})
}
