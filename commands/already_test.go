package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// finished is a request that was done, as it would be.
func (w *world) finished(n int64) {
	r := w.book.requests[n]
	r.State, r.Outcome = approvals.Done, &approvals.Outcome{At: noon}
	w.book.requests[n] = r
}

// TestEachOfSeveralIsWarnedOfByTheirOwnRequestsAlone: who may not read hears of each, and how it is taken back, what they
// asked for themselves and was set up; whoever may read isn't told by requests, and nobody is by those of others.
func TestEachOfSeveralIsWarnedOfByTheirOwnRequestsAlone(t *testing.T) {
	const again = "create jane@acme.example Jane, kim@acme.example Kim, sam@acme.example Sam because they join"
	for _, who := range []approvals.PersonID{"U0ALICE", "U0DAVE", "U0BOB"} {
		w := newWorld(t)
		require.Contains(t, w.says("U0ALICE", "create jane@acme.example Jane because she joins"), "sent: ")
		require.Contains(t, w.says("U0ALICE", "create sam@acme.example Sam because he joins"), "sent: ")
		w.finished(1)
		w.finished(2)
		form := Draft{Action: "create", For: ForSeveral, People: "jane@acme.example Jane\nkim@acme.example Kim\nsam@acme.example Sam", Reason: "they join"}
		sheet, err := w.Sheet(t.Context(), who, form.clone(), noon)
		require.NoError(t, err)
		warned := approvals.Join(sheet.Notes, "\n").Plain()
		reply, err := w.Do(t.Context(), Call{Text: again, User: who}, noon)
		require.NoError(t, err)
		said := approvals.Join(reply.Lines, "\n").Plain()
		if who != "U0ALICE" {
			require.NotContains(t, said+warned, "I set up", who)
			require.Nil(t, reply.Form, who)
			continue
		}
		require.Contains(t, said, "• jane@acme.example: I set up an account in SE Ranking for jane@acme.example already")
		require.Contains(t, said, "Don't need it? /access cancel 3")
		require.Contains(t, said, "• sam@acme.example: I set up an account in SE Ranking for sam@acme.example already")
		require.NotContains(t, said, "kim@acme.example: I set up")
		require.Equal(t, "jane@acme.example\nsam@acme.example", reply.Form.People, "the next best thing is for those alone")
		require.Contains(t, warned, "jane@acme.example: I set up an account")
		require.Contains(t, warned, "You can leave it out here, and ask for “Share websites” instead.")
		require.NotContains(t, warned, "kim@acme.example: I set up")
	}
}
