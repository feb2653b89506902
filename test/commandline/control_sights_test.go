package commandline

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/terminal"
)

// askUnread asks to delete an account of which nothing is known yet.
func (s *standing) askUnread(t *testing.T, key string) int64 {
	t.Helper()
	r, _, err := s.desk.Open(t.Context(), approvals.Ask{Origin: approvals.Origin{Key: key}, Requester: "U0ALICE", Action: catalog.Delete,
		App: approvals.App{ID: "seranking", Name: "SE Ranking"}, Change: approvals.Change{Email: key + "@acme.example"}, Reason: "left",
		Look: &approvals.Look{Owed: true}}, time.Now())
	require.NoError(t, err)
	return r.Number
}

// reads completes a request as the promise "look/12" does.
func (s *standing) reads(t *testing.T, n int64) {
	t.Helper()
	change := s.state(t, n).Change
	change.Account, change.Sort = "36872", "client"
	_, err := s.desk.Record(t.Context(), n, approvals.Seen{Change: change, Look: approvals.Look{At: time.Now()}}, time.Now())
	require.NoError(t, err)
}

// TestAYesAtTheMachineCountsOnlyToWhatWasShownThere: before it is known what a request would do no yes counts, and
// after it none of whoever was shown it before; past the policy neither. A no always does.
func TestAYesAtTheMachineCountsOnlyToWhatWasShownThere(t *testing.T) {
	yes, past := []string{"approve", "1"}, []string{"approve", "1", "--override", "--reason", "fire"}
	for name, row := range map[string]struct {
		before []string // what they do while it is not known
		yes    []string
		sees   []string // what they look at once it is
	}{
		"listed":                   {[]string{"requests"}, yes, []string{"requests"}},
		"listed for a program":     {[]string{"requests", "--json"}, yes, []string{"requests", "--json"}},
		"listed with what is over": {[]string{"requests", "--all"}, yes, []string{"requests", "--all"}},
		"shown":                    {[]string{"show", "1"}, yes, []string{"show", "1"}},
		"tried at once":            {yes, yes, []string{"show", "1"}},
		"past the policy":          {[]string{"requests"}, past, []string{"show", "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStanding(t, 1)
			n := s.askUnread(t, "dale")
			s.usher(t, row.before...)
			early := s.usher(t, row.yes...)
			require.Equal(t, terminal.ExitFailed, early.Code)
			require.Contains(t, early.Errors, "I'm still checking in SE Ranking what #1 would do, so I haven't counted your yes. usher show 1 will show it in a moment.")
			s.reads(t, n)
			for range 2 {
				late := s.usher(t, row.yes...)
				require.Equal(t, terminal.ExitFailed, late.Code, "asked twice it counts no more")
				require.Contains(t, late.Errors, "what you saw here didn't show it yet, so I haven't counted your yes. Please look at usher show 1, then approve it again.")
			}
			require.Equal(t, approvals.Pending, s.state(t, n).State)
			require.Empty(t, s.state(t, n).Votes)
			require.NotContains(t, s.usher(t, row.sees...).Out, "not read yet")
			require.Equal(t, terminal.ExitDone, s.usher(t, row.yes...).Code)
			require.Equal(t, approvals.Approved, s.state(t, n).State)
		})
	}
	s := openStanding(t, 1)
	n := s.askUnread(t, "dale")
	require.Contains(t, s.usher(t, "requests").Out, "delete (I haven't read yet what it would do)")
	s.reads(t, n)
	require.Equal(t, terminal.ExitDone, s.usher(t, "deny", "1", "--reason", "no").Code)
	other := s.askUnread(t, "erin")
	s.reads(t, other)
	require.Equal(t, terminal.ExitDone, s.usher(t, "approve", "2").Code, "whoever saw nothing here speaks of what they saw elsewhere")
}
