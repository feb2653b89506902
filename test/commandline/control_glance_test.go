package commandline

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
)

// TestAGlanceShowsWhatIsKeptAndReadsNothing: requests and promises in short, and the log from an entry on. Who glances hasn't read a request,
// so that somebody who decides at the command line is still shown what has changed.
func TestAGlanceShowsWhatIsKeptAndReadsNothing(t *testing.T) {
	s := openStanding(t, 1)
	first, second := s.ask(t, "jane@acme.example"), s.ask(t, "sam@acme.example")
	f := control.Folder{Dir: s.dir}
	g, err := f.Glance(t.Context())
	require.NoError(t, err)
	require.Len(t, g.Requests, 2)
	require.Equal(t, second, g.Requests[0].Number)
	require.Equal(t, approvals.Pending, g.Requests[1].State)
	require.Equal(t, "jane@acme.example", g.Requests[1].For)
	require.EqualValues(t, 2, g.Head.Seq)
	require.Equal(t, g.Owed, len(g.Promises))
	owed := map[string]control.Promised{}
	for _, p := range g.Promises {
		owed[p.Key] = p
	}
	require.True(t, owed[approvals.CardKey(first)].Due.IsZero(), "it waits for nothing")
	require.False(t, owed[approvals.ExpireKey(first)].Due.IsZero())
	var lines [][]byte
	require.NoError(t, f.AuditLinesFrom(t.Context(), 2, func(line []byte) error {
		lines = append(lines, append([]byte(nil), line...))
		return nil
	}))
	require.Len(t, lines, 1)
	require.Contains(t, string(lines[0]), `"seq":2`)
	require.NoError(t, f.AuditLinesFrom(t.Context(), 3, func([]byte) error { t.Fatal("there is no third entry"); return nil }))
	require.EqualError(t, f.AuditLinesFrom(t.Context(), 0, func([]byte) error { return nil }), "0 isn't the number of an entry.")
	s.shut()
	_, err = f.Glance(t.Context())
	require.ErrorContains(t, err, "no Usher answers")
}
