package register

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// looked is what somebody who looks at an app is shown, at an hour of a day.
func (s *shelf) looked(now time.Time) (Holdings, error) {
	g := s.joined()
	g.Now = func() time.Time { return now }
	return g.LookOver(s.t.Context(), "semrush", "U0DAVE")
}

// TestALookFindsWhatASweepWould: at once, in the name of who looks; kept once, and only where it changes anything. The sweep of that day
// finds the same findings, and what it reckons by is its own.
func TestALookFindsWhatASweepWould(t *testing.T) {
	for name, fails := range map[string][]bool{"no trouble": nil, "kept": {true}, "not kept": {false}} {
		s := &shelf{t: t, seats: seatsOf("a@acme.example", "b@acme.example", "nobodys@agency.example"), people: staff, fails: fails}
		_, sweep := sweeping(t, s)
		for range 2 {
			h, err := s.looked(noon)
			require.NoError(t, err, name)
			require.True(t, h.Looked, name)
			require.Len(t, h.Findings, 1, name)
			require.Equal(t, []any{Orphan, "nobodys@agency.example", noon}, []any{h.Findings[0].Kind, h.Findings[0].Email, h.Findings[0].First}, name)
			require.Len(t, s.log, 1, name)
		}
		require.Equal(t, approvals.Actor("U0DAVE"), s.log[0].Actor, name)
		require.JSONEq(t, `{"app":"semrush","members":3,"new":["belongs to nobody we know/semrush/nobodys@agency.example"],"again":0}`, string(s.log[0].Detail), name)
		require.Empty(t, s.kept.Slot, "the day isn't swept by it")
		sweep(0)
		require.Equal(t, 3, s.kept.Count, name)
		require.Len(t, s.log, 1, "the sweep finds the same finding")
		s.seats = s.seats[:2]
		h, err := s.looked(noon.Add(time.Hour))
		require.NoError(t, err, name)
		require.Empty(t, h.Findings, name)
		require.Equal(t, []any{2, 3}, []any{len(s.log), s.kept.Count}, "what was there is the sweep's to reckon")
		require.Empty(t, s.open(), name)
	}
}

// TestALookThatIsNotBelievedChangesNothing: what was found before is shown, as of then, however often somebody looks.
func TestALookThatIsNotBelievedChangesNothing(t *testing.T) {
	all := seatsOf("a@acme.example", "b@acme.example", "c@acme.example", "d@acme.example", "nobodys@agency.example")
	for name, breaks := range map[string]func(*shelf){
		"the app can't be read":     func(s *shelf) { s.blind = errors.New("503") },
		"Slack can't be read":       func(s *shelf) { s.mute = errors.New("ratelimited") },
		"the app lists nobody":      func(s *shelf) { s.seats = nil },
		"the app lists half":        func(s *shelf) { s.seats = all[3:] },
		"Slack lists half":          func(s *shelf) { s.people = staff[:2] },
		"Slack suddenly has nobody": func(s *shelf) { s.people = nil },
	} {
		s := &shelf{t: t, seats: all, people: staff}
		_, sweep := sweeping(t, s)
		sweep(0)
		breaks(s)
		was := s.kept
		for day := range 4 {
			h, err := s.looked(noon.AddDate(0, 0, day))
			require.NoError(t, err, name)
			require.False(t, h.Looked, name)
			require.Equal(t, []any{was, 1}, []any{s.kept, len(s.log)}, name)
			if len(s.seats) > 0 {
				require.Len(t, h.Findings, 1, name)
			}
		}
	}
}

// TestALookWhereSomebodyImports: what was imported meanwhile isn't overwritten, and asks nobody anything of outsiders.
func TestALookWhereSomebodyImports(t *testing.T) {
	newer := Kept{At: noon, Imported: noon.Add(time.Second), Revision: 7}
	s := &shelf{t: t, seats: seatsOf("a@acme.example", "nobodys@agency.example"), people: staff, read: true, meanwhile: &newer}
	h, err := s.looked(noon)
	require.NoError(t, err)
	require.False(t, h.Looked)
	require.Equal(t, newer, s.kept)
	require.Empty(t, s.log)
	h, err = s.looked(noon)
	require.NoError(t, err)
	require.True(t, h.Looked)
	for _, c := range s.owed {
		require.Equal(t, approvals.EveryHome, c.Put.Key)
	}
}

// TestWhatAnUnbelievedListLacksIsNotGone: nobody who follows what a leaver holds takes it for gone while an app suddenly lists half; what is
// listed is there, and once a sweep believes it, the rest is gone.
func TestWhatAnUnbelievedListLacksIsNotGone(t *testing.T) {
	all := seatsOf("a@acme.example", "b@acme.example", "c@acme.example", "d@acme.example", "e@acme.example")
	s := &shelf{t: t, seats: all, people: staff}
	_, sweep := sweeping(t, s)
	sweep(0)
	s.seats = all[3:]
	listed := func(email string) (bool, error) {
		there, _, _, err := s.joined().Listed(t.Context(), "semrush", email)
		return there, err
	}
	there, err := listed("e@acme.example")
	require.NoError(t, err)
	require.True(t, there)
	_, err = listed("a@acme.example")
	require.ErrorIs(t, err, errUnbelieved)
	h, err := s.joined().Where(t.Context(), func(Entry) bool { return true })
	require.NoError(t, err)
	require.Equal(t, []string{"semrush"}, h.Unread, "it counts as one that can't be read")
	for day := range believedAfter {
		sweep(1 + day)
	}
	there, err = listed("a@acme.example")
	require.NoError(t, err)
	require.False(t, there)
	h, err = s.joined().Where(t.Context(), func(Entry) bool { return true })
	require.NoError(t, err)
	require.Empty(t, h.Unread)
}
