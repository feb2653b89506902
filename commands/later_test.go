package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestPuttingAFindingOff: only who looks after an app does, with a reason, for as long as there is to choose; and it is said until when,
// by whom and why.
func TestPuttingAFindingOff(t *testing.T) {
	w, l := listing(t, 2)
	key := l.findings[0].Key()
	p := PuttingOff{App: "seranking", Key: key, Days: 90, Why: " she is  on leave ", Surface: "slack"}
	for who, code := range map[approvals.PersonID]approvals.Code{"U0ALICE": approvals.NotAllowed, "U0NOBODY": approvals.NotAllowed} {
		_, err := w.PutOff(t.Context(), who, p, noon)
		require.Equal(t, code, approvals.CodeOf(err), who)
		_, err = w.MayPutOff(t.Context(), who, p.App, p.Key)
		require.Equal(t, code, approvals.CodeOf(err), who)
	}
	for _, wrong := range []PuttingOff{{App: "seranking", Key: key, Days: 90, Why: "  "}, {App: "seranking", Key: key, Days: 31, Why: "x"}} {
		_, err := w.PutOff(t.Context(), "U0DAVE", wrong, noon)
		require.Equal(t, approvals.Invalid, approvals.CodeOf(err))
	}
	f, err := w.MayPutOff(t.Context(), "U0DAVE", p.App, p.Key)
	require.NoError(t, err)
	require.Contains(t, f.Say.Plain(), "xa@globex.example")
	require.Empty(t, l.off)

	reply, err := w.PutOff(t.Context(), "U0DAVE", p, noon)
	require.NoError(t, err)
	require.Contains(t, reply.Head.Plain(), "xa@globex.example is put off until")
	require.Equal(t, noon.AddDate(0, 0, 90), l.off[0].Later.Until)
	reply, err = w.Findings(t.Context(), "U0DAVE", More{App: "seranking"})
	require.NoError(t, err)
	require.Equal(t, &More{App: "seranking", Left: 1, Off: true}, reply.Off)
	reply, err = w.Findings(t.Context(), "U0DAVE", *reply.Off)
	require.NoError(t, err)
	require.Regexp(t, `^xa@globex\.example · there but never approved: .* Put off until .* by @U0DAVE: “she is on leave”$`, reply.Findings[0].Say.Plain())
	require.True(t, reply.Findings[0].Off)
	l.off = nil
	reply, err = w.Findings(t.Context(), "U0DAVE", More{App: "seranking", Off: true})
	require.NoError(t, err)
	require.Equal(t, "SE Ranking · nothing is put off any more.", reply.Head.Plain())

	l.closed[key] = true
	_, err = w.MayPutOff(t.Context(), "U0DAVE", p.App, p.Key)
	require.Equal(t, approvals.Conflict, approvals.CodeOf(err))
}
