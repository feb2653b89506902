package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/test/values"
)

// TestWhatHangsOnAnAccountEndsWithIt: only what is there for a time ends with its account, whether that was deleted or ended;
// a seat that was there before takes nothing with it.
func TestWhatHangsOnAnAccountEndsWithIt(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	lent := Request{Number: 5, Requester: "U0ALICE", App: ranked(), Action: catalog.Share, State: Done, Round: 1, EndsAt: at.Add(time.Hour),
		Term: &Term{For: time.Hour}, Outcome: &Outcome{At: at, AccountID: "36880"}, Change: Change{Email: "ann@acme.example", Person: "U0DAVE"}}
	r, out, err := Step(lent, WentWith{With: 7}, at)
	require.NoError(t, err)
	require.Equal(t, Ended, r.State)
	require.Equal(t, int64(7), r.End.With)
	require.Contains(t, r.End.Outcome.Text.Plain(), "Its account is gone")
	var owed []string
	for _, c := range out {
		if c.Put != nil {
			owed = append(owed, c.Put.Key)
		}
	}
	require.Subset(t, owed, []string{TellKey(5, Ended, 0), HolderKey(5, Ended)}, "who asked and who has it hear of it")
	require.NotContains(t, owed, EndKey(5), "nothing is asked of the vendor")
	forGood := lent
	forGood.EndsAt, forGood.Term = time.Time{}, nil
	for name, is := range map[string]Request{"for good": forGood, "over": r} {
		_, _, err = Step(is, WentWith{With: 7}, at)
		require.ErrorIs(t, err, ErrNotNow, name)
	}

	seat := Request{Number: 1, App: ranked(), Action: catalog.Create, State: Ended, Had: &Had{}, Outcome: &Outcome{At: at, AccountID: "36880"},
		End: &End{Outcome: &Outcome{At: at.Add(time.Minute)}}, Change: Change{Email: "ann@acme.example", Values: values.Of{Type: "client"}.Values()}}
	require.Equal(t, "36880", accountGone(seat))
	share := forGood
	share.Change.Values = values.Of{Sites: []catalog.Item{{ID: "1", Name: "s1"}}}.Values()
	require.Empty(t, Holdings([]Request{seat, share}, ByAddress), "what was shared for good is gone with the account too")
	kept := seat
	kept.Had = &Had{Account: true}
	require.Empty(t, accountGone(kept), "it was there before, and stays")
	require.Len(t, Holdings([]Request{kept, share}, ByAddress), 1)
	gone := Request{Number: 9, App: ranked(), Action: catalog.Delete, State: Done, Outcome: &Outcome{At: at, AccountID: "36880"}}
	require.Equal(t, "36880", accountGone(gone))
}

func accountGone(r Request) string {
	account, _ := r.accountGone()
	return account
}
