package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/values"
)

// sets gives Jane's account permissions and a limit.
func (w *world) sets(access []string, amount int64, period string) {
	require.True(w.t, w.vendor.Edit(w.jane.Email, func(a *vendorsim.Account) {
		a.Access, a.Limits.Amount, a.Limits.Period = access, amount, period
	}))
}

func updating(w *world) approvals.Change {
	return approvals.Change{Email: w.jane.Email, Values: values.Of{HasAccess: true, Access: []string{"report_manual"}, HasLimit: true, Amount: 50, Period: "month"}.Values()}
}

// read is v as it is read of an account: the vendor has no words for its periods.
func read(v catalog.Values) catalog.Values {
	if period := v.ID("period"); period != "" {
		return v.With(catalog.Value{Key: "period", Items: []catalog.Item{{ID: period}}})
	}
	return v
}

// TestALookKeepsWhatAnUpdateReplaces, by name, for its card and for the deed.
func TestALookKeepsWhatAnUpdateReplaces(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		w.sets([]string{"audit_website", "report_manual"}, 20, "week")
		n := w.asked(catalog.Update, updating(w))
		r := w.looked(n, time.Minute)
		require.Equal(t, approvals.Was{Values: read(values.Of{HasAccess: true, Access: []string{"audit_website", "report_manual"}, HasLimit: true, Amount: 20, Period: "week"}.Values())}, *r.Look.Was)
		require.NoError(t, w.says(n, true))
		r = w.settle(n, time.Minute)
		require.Equal(t, approvals.Done, r.State)
		require.Len(t, r.Look.Was.Values.Items("access"), 2, "it is kept with the request")
	})
}

// TestAnUpdateStopsWhereItWouldReplaceWhatWasNotOnItsCard, and says what was approved and what is there now. What it
// does not touch may have changed, and what it wants may be so by now.
func TestAnUpdateStopsWhereItWouldReplaceWhatWasNotOnItsCard(t *testing.T) {
	for name, row := range map[string]struct {
		now    func(w *world)
		alter  func(c *approvals.Change)
		state  approvals.State
		says   string
		writes int
	}{
		"new permissions": {func(w *world) { w.sets([]string{"audit_website", "show_groups"}, 20, "week") }, nil, approvals.Failed,
			"This isn't what was approved any more: its permissions were website audit and are now website audit, groups. Nothing was done.", 0},
		"another limit": {func(w *world) { w.sets([]string{"audit_website"}, 30, "week") }, nil, approvals.Failed,
			"its money limit was 20 a week and is now 30 a week. Nothing was done.", 0},
		"a limit it leaves alone": {func(w *world) { w.sets([]string{"audit_website"}, 30, "week") }, func(c *approvals.Change) { c.Values = c.Values.Without("amount").Without("period") }, approvals.Done, "Checked in SE Ranking", 1},
		"permissions it leaves alone": {func(w *world) { w.sets([]string{"show_groups"}, 20, "week") },
			func(c *approvals.Change) { c.Values = c.Values.Without("access") }, approvals.Done, "Checked in SE Ranking", 1},
		"in another order": {func(w *world) {}, nil, approvals.Done, "Checked in SE Ranking", 1},
		"so already":       {func(w *world) { w.sets([]string{"report_manual"}, 50, "month") }, nil, approvals.Done, "Checked in SE Ranking", 0},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				w.sets([]string{"audit_website"}, 20, "week")
				c := updating(w)
				if row.alter != nil {
					row.alter(&c)
				}
				n := w.asked(catalog.Update, c)
				w.looked(n, time.Minute)
				row.now(w)
				require.NoError(t, w.says(n, true))
				r := w.settle(n, time.Minute)
				require.Equal(t, row.state, r.State)
				require.Contains(t, r.Outcome.Text.Plain(), row.says)
				require.Len(t, w.vendor.CallsOf(writeOps[catalog.Update]), row.writes)
			})
		})
	}
}

// TestAnUpdateThatWasLostIsNoSurpriseToItself: what the lost try made of the account is written once more; what
// somebody else made of it is not.
func TestAnUpdateThatWasLostIsNoSurpriseToItself(t *testing.T) {
	for name, row := range map[string]struct {
		now   func(w *world)
		state approvals.State
	}{
		"nothing":           {func(*world) {}, approvals.Done},
		"half of it":        {func(w *world) { w.sets(nil, 50, "week") }, approvals.Done},
		"somebody's rights": {func(w *world) { w.sets([]string{"show_groups"}, 20, "week") }, approvals.Failed},
		"somebody's limit":  {func(w *world) { w.sets([]string{"audit_website"}, 30, "week") }, approvals.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, "/v1", func(w *world) {
				w.sets([]string{"audit_website"}, 20, "week")
				n := w.asked(catalog.Update, updating(w))
				w.looked(n, time.Minute)
				require.NoError(t, w.vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: writeOps[catalog.Update]}, Kind: vendorsim.Cut, When: vendorsim.Before}))
				require.NoError(t, w.says(n, true))
				w.until(writeOps[catalog.Update])
				row.now(w)
				r := w.settle(n, 15*time.Minute)
				require.Equal(t, row.state, r.State, "%v", r.Outcome)
				if row.state == approvals.Failed {
					require.Contains(t, r.Outcome.Text.Plain(), "I had already asked for it once, so please check there")
				}
			})
		})
	}
}
