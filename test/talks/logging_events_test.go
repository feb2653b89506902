package talks

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// diaryLine is a line of the log as an operator's programs read it.
type diaryLine struct {
	Level, Msg, By, Via, Why, For, Wants string
	Request                              int64
}

// diaryOf plays a scenario with the log at INFO and returns what it says of requests, in order.
func diaryOf(t *testing.T, s world.Scenario) (lines []diaryLine, all string) {
	t.Helper()
	var diary world.LockedBuffer
	world.In(t, s.Config(), func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Diary = &diary
		(&world.Played{World: w, Scenario: s, Shares: w.N.Vendor.Accounts()}).Play()
	})
	for raw := range bytes.Lines([]byte(diary.String())) {
		var l diaryLine
		require.NoError(t, json.Unmarshal(raw, &l), string(raw))
		if strings.HasPrefix(l.Msg, "request ") {
			lines = append(lines, l)
		}
	}
	return lines, diary.String()
}

// TestTheLogTellsWhatBecomesOfARequest: at INFO there is one line for each event that matters to whoever runs
// Usher, which says which request it is and by whom, and none in words that only its authors know.
func TestTheLogTellsWhatBecomesOfARequest(t *testing.T) {
	t.Parallel()
	doubt := "WARN request in doubt: the vendor's answer was lost, and its list doesn't show what happened"
	for name, want := range map[string][]string{
		"create":           {"INFO request asked", "INFO request approved", "INFO request done"},
		"deny":             {"INFO request asked", "INFO request denied"},
		"cancel":           {"INFO request asked", "INFO request taken back"},
		"expiry":           {"INFO request asked", "INFO request expired: nobody decided in time"},
		"refused":          {"INFO request asked", "INFO request approved", "WARN request failed"},
		"retry":            {"INFO request asked", "INFO request approved", "WARN request failed", "INFO request tried again", "INFO request done"},
		"too late":         {"INFO request asked", "INFO request approved", "WARN request failed", "INFO request can't be tried again any more: it was approved too long ago"},
		"doubt, happened":  {"INFO request asked", "INFO request approved", doubt, "INFO request done"},
		"doubt, did not":   {"INFO request asked", "INFO request approved", doubt, "INFO request was not carried out after all, and is tried once more", "INFO request done"},
		"a question":       {"INFO request asked", "INFO request has a question for whoever asked for it", "INFO request has an answer to a question", "INFO request approved", "INFO request done"},
		"escalation":       {"INFO request asked", "INFO request escalated: others can decide it too", "INFO request approved", "INFO request done"},
		"share one by one": {"INFO request asked", "INFO request approved", "INFO request done"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := world.Of(name)
			if s.Form != "" {
				s = world.Of("share")
			}
			lines, all := diaryOf(t, s)
			var got []string
			for _, l := range lines {
				got = append(got, l.Level+" "+l.Msg)
				require.EqualValues(t, 1, l.Request)
				require.NotEmpty(t, l.By)
			}
			require.Equal(t, want, got, all)
			require.Equal(t, "U0ALICE", lines[0].By)
			require.NotEmpty(t, lines[0].For)
			require.Equal(t, strings.Fields(s.Ask)[0], lines[0].Wants)
			for _, l := range lines {
				require.Equal(t, l.Msg == "request failed", l.Why != "", l)
			}
			require.NotRegexp(t, world.OwnWords, all)
		})
	}
}
