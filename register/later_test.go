package register

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestWhatIsPutOffComesBack: it is neither shown nor counted until then, found again or not; it is kept once, whatever the disk says;
// and what was mended meanwhile and is found anew is shown at once.
func TestWhatIsPutOffComesBack(t *testing.T) {
	for name, fails := range map[string][]bool{"no trouble": nil, "kept": {true}, "not kept": {false}} {
		s := &shelf{t: t, seats: seatsOf("nobodys@agency.example", "a@acme.example"), people: staff}
		_, sweep := sweeping(t, s)
		sweep(0)
		g, now := s.joined(), noon
		g.Now = func() time.Time { return now }
		key := s.kept.Findings[0].Key()
		s.fails = fails
		l := Later{Until: noon.AddDate(0, 0, 30), At: noon, By: "U0DAVE", Why: "they audit"}
		f, err := g.PutOff(t.Context(), "semrush", key, l, "slack")
		require.NoError(t, err, name)
		require.Equal(t, "nobodys@agency.example", f.Email)
		require.Len(t, s.log, 2, name)
		require.Equal(t, "a finding was put off", s.log[1].What)
		var said map[string]string
		require.NoError(t, json.Unmarshal(s.log[1].Detail, &said))
		require.Equal(t, map[string]string{"app": "semrush", "finding": key, "until": "2026-12-26T12:00:00Z", "reason": "they audit"}, said)

		shown := func() (on, off int) {
			h, err := g.OfApp(t.Context(), "semrush")
			require.NoError(t, err)
			many, err := g.Amiss(t.Context(), "semrush", now)
			require.NoError(t, err)
			require.Len(t, h.Findings, many)
			return len(h.Findings), len(h.Off)
		}
		for day, want := range map[int][2]int{1: {0, 1}, 29: {0, 1}, 30: {1, 0}} {
			now = noon.AddDate(0, 0, day)
			on, off := shown()
			require.Equal(t, want, [2]int{on, off}, "%s, day %d", name, day)
		}
		now = noon.AddDate(0, 0, 2)
		sweep(1)
		on, off := shown()
		require.Equal(t, []int{0, 1}, []int{on, off}, "found again it is off still")
		s.seats = seatsOf("a@acme.example")
		sweep(2)
		_, err = g.PutOff(t.Context(), "semrush", key, l, "slack")
		require.Equal(t, approvals.Conflict, approvals.CodeOf(err))
		s.seats = seatsOf("a@acme.example", "nobodys@agency.example")
		sweep(3)
		on, off = shown()
		require.Equal(t, []int{1, 0}, []int{on, off}, "found anew")
	}
}
