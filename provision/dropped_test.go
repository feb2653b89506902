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

// TestCreateTellsWhatTheVendorDropped: an account that exists, but not as it was asked for, is never
// told as if it were. What the quirks change is seen in reading back alone; the vendor accepted all of it.
func TestCreateTellsWhatTheVendorDropped(t *testing.T) {
	const told = "Checked in SE Ranking: the account is there (id 36881)."
	codes := []string{"report_manual", "marketing_plan"}
	for name, row := range map[string]struct {
		quirks vendorsim.Quirks
		change approvals.Change
		says   string
	}{
		"nothing":                {vendorsim.Quirks{}, approvals.Change{Sort: "client", Values: values.Of{HasAccess: true, Access: codes, HasLimit: true, Amount: 50, Period: "week"}.Values()}, ""},
		"nothing of a user seat": {vendorsim.Quirks{}, approvals.Change{Sort: "user"}, ""},
		"the type": {vendorsim.Quirks{DropType: true}, approvals.Change{Sort: "client"},
			" But SE Ranking made it a user seat, which sees every website; the request was for a client seat. An admin can fix that there, or you can ask to delete it with /access delete."},
		"the type nobody named": {vendorsim.Quirks{DropType: true}, approvals.Change{},
			" But SE Ranking made it a user seat, which sees every website; the request was for a client seat. An admin can fix that there, or you can ask to delete it with /access delete."},
		"the limit": {vendorsim.Quirks{DropLimit: true}, approvals.Change{Sort: "client", Values: values.Of{HasLimit: true, Amount: 50, Period: "week"}.Values()},
			" SE Ranking didn't take the limit of 50 a week and didn't say why: it shows 0 a month."},
		"everything": {vendorsim.Quirks{DropType: true, DropLimit: true, DropAccess: codes}, approvals.Change{Sort: "client", Values: values.Of{HasAccess: true, Access: codes, HasLimit: true, Amount: 50, Period: "month"}.Values()},
			" But SE Ranking made it a user seat, which sees every website; the request was for a client seat. An admin can fix that there, or you can ask to delete it with /access delete." +
				" SE Ranking didn't take these permissions and didn't say why: report_manual, marketing_plan." +
				" SE Ranking didn't take the limit of 50 a month and didn't say why: it shows 0 a month."},
	} {
		for _, path := range []string{"/v1", "/legacy"} {
			t.Run(name+path, func(t *testing.T) {
				inWorld(t, path, func(w *world) {
					w.vendor.SetQuirks(row.quirks)
					row.change.Email, row.change.FirstName = "new@acme.example", "New"
					r := w.settle(w.approve(catalog.Create, row.change), time.Minute)
					require.Equal(t, approvals.Done, r.State, "the account is there: a second try would not mend it")
					require.Equal(t, told+row.says, r.Outcome.Text.Plain())
					require.Equal(t, 1, effects(w, vendorsim.Create))
				})
			})
		}
	}
}

// TestCreateDoesNotJudgeWhatItCannotSee: a server that shows the list in the place of details hides
// permissions and limits. Unified alone has the list at that address.
func TestCreateDoesNotJudgeWhatItCannotSee(t *testing.T) {
	inWorld(t, "/v1", func(w *world) {
		w.vendor.SetQuirks(vendorsim.Quirks{IgnoreUserID: true})
		r := w.settle(w.approve(catalog.Create, approvals.Change{Email: "new@acme.example", FirstName: "New", Values: values.Of{Type: "client", HasAccess: true, Access: []string{"report_manual"}, HasLimit: true, Amount: 50, Period: "week"}.Values()}), time.Minute)
		require.Equal(t, approvals.Done, r.State)
		require.Equal(t, "Checked in SE Ranking: the account is there (id 36881). SE Ranking doesn't show its permissions and limits, so I can't tell whether it took the ones requested.", r.Outcome.Text.Plain())
	})
}
