package register

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// days are the lists that were handed over to be remembered, and breaks is what comes of the next one.
type days struct {
	told   []string
	breaks error
}

func (d *days) Remember(_ context.Context, all approvals.Accounts, sure bool) error {
	l, err := all.List()
	if err != nil {
		return err
	}
	if err := d.breaks; err != nil {
		d.breaks = nil
		return err
	}
	d.told = append(d.told, fmt.Sprintf("%s %d %t", l.At.Format("2 Jan"), len(l.Seats), sure))
	return nil
}

// TestWhatIsReadIsRemembered: before it is known whether it's believed, so that trouble with Slack leaves no gap; and as something that
// is sure once it is.
func TestWhatIsReadIsRemembered(t *testing.T) {
	s := &shelf{t: t, people: staff, seats: seatsOf("a@acme.example", "b@acme.example", "c@acme.example", "d@acme.example")}
	_, sweep := sweeping(t, s)
	sweep(0)
	require.Equal(t, []string{"26 Nov 4 false", "26 Nov 4 true"}, s.past.told)
	s.past, s.mute = days{}, errors.New("ratelimited")
	sweep(1)
	require.Contains(t, s.past.told, "26 Nov 4 false")
	require.NotContains(t, s.past.told, "26 Nov 4 true")
	s.past, s.mute, s.seats = days{}, nil, s.seats[:1]
	sweep(2)
	require.NotContains(t, s.past.told, "26 Nov 1 true", "that isn't believed yet")
	sweep(3)
	sweep(4)
	require.Contains(t, s.past.told, "26 Nov 1 true", "and now it is")
	s.past, s.blind = days{}, errors.New("503")
	sweep(5)
	require.Empty(t, s.past.told)
}

// TestADayThatCouldNotBeRememberedIsTriedAgain: the app isn't looked over before it is.
func TestADayThatCouldNotBeRememberedIsTriedAgain(t *testing.T) {
	s := &shelf{t: t, people: staff, seats: seatsOf("nobodys@agency.example"), past: days{breaks: approvals.ErrBusy}}
	_, sweep := sweeping(t, s)
	require.True(t, sweep(0).IsDone())
	require.Equal(t, []string{"26 Nov 1 false", "26 Nov 1 true"}, s.past.told)
	require.Equal(t, []string{"nobodys@agency.example"}, s.open())
}

// TestAnImportedListIsRememberedForItsDay: at once, and by the next look where that couldn't be; who is switched off has no seat.
func TestAnImportedListIsRememberedForItsDay(t *testing.T) {
	im := Import{App: "semrush", Raw: []byte("Email,Status\na@acme.example,Active\nb@acme.example,Deactivated\nc@acme.example,Invited\n"), At: noon.AddDate(0, 0, -3)}
	for name, s := range map[string]*shelf{"at once": {t: t, people: staff}, "later": {t: t, people: staff, past: days{breaks: approvals.ErrBusy}}} {
		_, err := s.joined().Import(t.Context(), im, "U0DAVE", "slack", noon)
		require.NoError(t, err, name)
		if name == "later" {
			require.Empty(t, s.past.told)
			_, sweep := sweeping(t, s)
			s.read = false
			sweep(1)
		}
		require.Equal(t, []string{"23 Nov 2 true"}, s.past.told, name)
	}
	s := &shelf{t: t, people: staff}
	im.DryRun = true
	_, err := s.joined().Import(t.Context(), im, "U0DAVE", "slack", noon)
	require.NoError(t, err)
	require.Empty(t, s.past.told)
}
