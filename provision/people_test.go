package provision_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/values"
)

// forDave is a wish for somebody in Slack.
func (w *world) forDave(action approvals.Action) approvals.Change {
	c := w.wishes()[action]
	c.Person = "U0DAVE"
	return c
}

// giving are the actions that give somebody something.
var giving = map[approvals.Action]bool{catalog.Create: true, catalog.Share: true, catalog.Update: true}

// TestNothingIsGivenToWhoHasLeft: whoever leaves between the approval and the deed is given nothing; what takes
// away goes on.
func TestNothingIsGivenToWhoHasLeft(t *testing.T) {
	for _, action := range values.Verbs() {
		t.Run(string(action), func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				w.slack.say(true, nil)
				n := w.approve(action, w.forDave(action))
				r := w.settle(n, time.Minute)
				if !giving[action] {
					require.Equal(t, approvals.Done, r.State)
					require.Zero(t, w.slack.n)
					return
				}
				require.Equal(t, approvals.Failed, r.State)
				require.Contains(t, r.Outcome.Text.Plain(), "@U0DAVE, who it's for, has left (deactivated in Slack)")
				require.False(t, r.Outcome.Tried)
				require.Empty(t, w.vendor.CallsOf(writeOps[action]), "the vendor was not asked")
				require.Equal(t, []string{approvals.TellKey(n, approvals.Failed, 1)}, w.told)
				w.slack.say(false, nil)
				_, err := w.desk.Retry(w.ctx, n, "U0ADMIN", "slack", time.Now())
				require.NoError(t, err)
				require.Equal(t, approvals.Done, w.settle(n, time.Minute).State, "who is back is given it")
			})
		})
	}
}

// TestADeedWaitsUntilSlackSays: whether somebody has left is never guessed; what takes away does not wait.
func TestADeedWaitsUntilSlackSays(t *testing.T) {
	for _, left := range []bool{false, true} {
		for _, action := range values.Verbs() {
			inWorld(t, "/v1", func(w *world) {
				w.slack.say(false, errors.New("Slack is away"))
				n := w.approve(action, w.forDave(action))
				if !giving[action] {
					require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
					return
				}
				require.Equal(t, approvals.Running, w.settle(n, 20*time.Minute).State)
				require.Empty(t, w.vendor.CallsOf(writeOps[action]))
				require.Contains(t, w.alarms, "stuck-"+approvals.DeedKey(n))
				w.slack.say(left, nil)
				want := map[bool]approvals.State{false: approvals.Done, true: approvals.Failed}[left]
				require.Equal(t, want, w.settle(n, 2*time.Minute).State)
			})
		}
	}
}

// TestWhatWasDoneBeforeTheyLeftIsDone: a write whose answer was lost is looked for first; only a second one is
// stopped.
func TestWhatWasDoneBeforeTheyLeftIsDone(t *testing.T) {
	for when, want := range map[vendorsim.When]approvals.State{vendorsim.After: approvals.Done, vendorsim.Before: approvals.Failed} {
		inWorld(t, "/v1", func(w *world) {
			require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Cut, When: when}))
			n := w.approve(catalog.Create, w.forDave(catalog.Create))
			for len(w.vendor.CallsOf(vendorsim.Create)) == 0 {
				pass(50 * time.Millisecond)
			}
			w.slack.say(true, nil)
			require.Equal(t, want, w.settle(n, 10*time.Minute).State)
			require.Len(t, w.vendor.CallsOf(vendorsim.Create), 1)
		})
	}
}

// typed is the directory of a desk that is told as little of addresses as the deed is.
type typed struct {
	people
	slack *asked
}

func (d typed) ByEmail(ctx context.Context, email string) (approvals.Person, error) {
	return d.slack.ByEmail(ctx, email)
}

// TestWhomADeedIsForIsLookedUpAgain where Slack could not say when it was asked, nor at the vote: the deed waits until
// it does, keeps who it is, and gives nothing to somebody who has left. What takes away does not wait.
func TestWhomADeedIsForIsLookedUpAgain(t *testing.T) {
	away := errors.New("Slack is away")
	for name, row := range map[string]struct {
		owner approvals.PersonID
		left  bool
		want  approvals.State
	}{
		"somebody who is here": {"U0DAVE", false, approvals.Done},
		"somebody who left":    {"U0DAVE", true, approvals.Failed},
		"nobody in Slack":      {"", true, approvals.Done},
	} {
		for _, action := range values.Verbs() {
			t.Run(name+" "+string(action), func(t *testing.T) {
				inWorld(t, "/v1", func(w *world) {
					w.desk.Directory = typed{slack: w.slack}
					w.slack.finds("", away)
					n := w.approve(action, w.wishes()[action])
					if !giving[action] {
						require.Equal(t, approvals.Done, w.settle(n, time.Minute).State)
						return
					}
					require.Equal(t, approvals.Running, w.settle(n, 20*time.Minute).State)
					require.Empty(t, w.vendor.CallsOf(writeOps[action]))
					require.Contains(t, w.alarms, "stuck-"+approvals.DeedKey(n))
					w.slack.say(row.left, nil)
					w.slack.finds(row.owner, nil)
					r := w.settle(n, 2*time.Minute)
					require.Equal(t, row.want, r.State)
					require.Equal(t, row.owner, r.Change.Person)
					require.Equal(t, row.owner == "", r.Unpinned)
				})
			})
		}
	}
}

// TestALookFindsWhomItIsFor, in the commit that keeps what was read; where Slack doesn't say, it's asked again later.
func TestALookFindsWhomItIsFor(t *testing.T) {
	for name, row := range map[string]struct {
		owner approvals.PersonID
		lost  error
	}{
		"somebody":          {"U0DAVE", nil},
		"nobody":            {"", nil},
		"Slack doesn't say": {"", errors.New("Slack is away")},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				w.desk.Directory = typed{slack: w.slack}
				w.desk.Recalls = func(string) (approvals.Person, bool) { return approvals.Person{}, false }
				w.slack.finds(row.owner, row.lost)
				n := w.asked(catalog.Create, w.typed()[catalog.Create])
				require.True(t, w.request(n).Unpinned, "nobody was asked")
				r := w.looked(n, time.Minute)
				require.Equal(t, []any{row.owner, row.lost != nil}, []any{r.Change.Person, r.Unpinned})
				require.Equal(t, []int{1, 0}, []int{w.entries("read at the vendor"), w.entries("found whom it is for")})
			})
		})
	}
}
