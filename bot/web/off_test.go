package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestWhatAStatusSays: of a status only that somebody is away is read, and until when.
func TestWhatAStatusSays(t *testing.T) {
	for _, away := range [][2]string{{":palm_tree:", "Vacationing"}, {":palm_tree:", ""}, {":face_with_thermometer:", "Out sick"}, {"", "OOO until Monday"},
		{":sunny:", "On holiday"}, {"", "Away till Friday"}, {":baby::skin-tone-3:", ""}, {"", "parental leave"}, {":no_entry:", "Out of office • Calendar"}} {
		require.Equal(t, approvals.Off{Says: true}, OffOf(away[0], away[1], 0), "%v", away)
	}
	for _, here := range [][2]string{{"", ""}, {":spiral_calendar_pad:", "In a meeting"}, {":bus:", "Commuting"}, {":house_with_garden:", "Working remotely"},
		{"", "Back right away"}, {"", "Leave me a message"}, {"", "Offline first"}, {":", ":"}} {
		require.Zero(t, OffOf(here[0], here[1], 1_800_000_000), "%v", here)
	}
	until := time.Unix(1_800_000_000, 0).UTC()
	off := OffOf(":palm_tree:", "", until.Unix())
	require.Equal(t, approvals.Off{Says: true, Until: until}, off)
	require.True(t, off.At(until.Add(-time.Second)))
	require.False(t, off.At(until), "never longer than Slack itself shows it")
}

// TestAStatusIsRemembered: what a status says is remembered with the person it is of, as long as they are, changes at Slack's
// word without a call, and is kept of nobody else; it is no news to anybody.
func TestAStatusIsRemembered(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		off := func() approvals.Off {
			who, err := w.people.Person(t.Context(), bob)
			require.NoError(t, err)
			return who.Off
		}
		w.SetStatus("U0BOB", ":palm_tree:", "Vacationing", time.Time{})
		away := approvals.Off{Says: true}
		require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: "U0ERIN", Able: true, Off: away}))
		_, kept := w.people.people.get("U0ERIN")
		require.False(t, kept)
		require.Equal(t, away, off())
		require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: bob, Able: true}))
		require.Zero(t, off())
		away.Until = time.Now().Add(time.Hour).UTC().Truncate(time.Second)
		require.NoError(t, w.slack.PersonChanged(t.Context(), Change{Person: bob, Able: true, Off: away}))
		require.Equal(t, away, off())
		w.Pass(personFor)
		require.Equal(t, approvals.Off{Says: true}, off(), "as old as that, it is asked for again")
	})
}
