package courier

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"

	"github.com/usherbot/usher/sim/slacksim"
)

// TestWhatWaitsForTheMorning: what is unasked and goes to one person; outcomes, what is for admins and what is said in the
// channel do not.
func TestWhatWaitsForTheMorning(t *testing.T) {
	r := approvals.Request{Number: 12, Requester: "U0ALICE", Questions: []approvals.Question{{By: "U0ERIN"}}}
	for key, want := range map[string]approvals.PersonID{
		approvals.ApproverKey(12, "U0BOB"):               "U0BOB",
		approvals.AskKey(12, 1):                          "U0ALICE",
		approvals.AnswerKey(12, 1):                       "U0ERIN",
		approvals.ReminderKey(12, 3, "U0BOB"):            "U0BOB",
		approvals.NudgeKey(12, 4, "U0BOB"):               "U0BOB",
		approvals.ReminderKey(12, 3, "S0LEADS"):          "",
		approvals.WarnKey(12):                            "U0ALICE",
		approvals.TellKey(12, approvals.Done, 1):         "-",
		approvals.TellKey(12, approvals.Expired, 0):      "-",
		approvals.LapsedKey(12, 1):                       "-",
		approvals.CardKey(12):                            "-",
		approvals.AdminKey(12, "U0ADMIN"):                "-",
		KindAlarm + "/channel-C1/2026-11-28/U0ADMIN":     "-",
		KindGone + "/failover 1/U0ALICE":                 "-",
		kindStray + "/" + approvals.AdminKey(12, "U0A1"): "-",
	} {
		if want == "-" {
			require.False(t, unasked(key), key)
			continue
		}
		require.True(t, unasked(key), key)
		require.Equal(t, want, addressee(key, r), key)
	}
}

// TestQuietHoursHoldNothingTwice: whatever becomes of Slack's answers, and of its word on who somebody is, they have one
// message when their quiet hours are over.
func TestQuietHoursHoldNothingTwice(t *testing.T) {
	asleep := func(w *world) {
		local := time.Now().In(mustZone(t, "Europe/London"))
		from := time.Duration(local.Hour()) * time.Hour
		w.courier.quiet = approvals.Quiet{From: from, To: (from + 2*time.Hour) % (24 * time.Hour)}
	}
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{approvers: []string{bob}, before: asleep}, func(t *testing.T, w *world) {
				w.Asked("jane@acme.example")
				w.Pass(30 * time.Minute)
				require.Empty(t, w.DM(bob))
				fault.Method, fault.Times = "chat.postMessage", 3
				w.Plan(fault)
				w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Times: 5})
				w.Pass(3 * time.Hour)
				require.Len(t, w.DM(bob), 1)
			})
		})
	}
}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	require.NoError(t, err)
	return zone
}
