package approvals

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatIsSaidIsKeptOnce: with the request while it waits, changed by whoever wrote it, deleted with its words whatever has
// become of the request, and never more than there is room for. None of it owes anybody a message or decides anything.
func TestWhatIsSaidIsKeptOnce(t *testing.T) {
	remark := func(ts string, by PersonID, words string) Event {
		return Remarked{Remark{By: by, At: noon, TS: ts, Words: words}}
	}
	d, b := deskOf(pendingRequest(), company{})
	said := func(e Event) bool {
		t.Helper()
		before := b.r
		r, news, err := d.Said(t.Context(), 12, e, "slack", days(1))
		require.NoError(t, err)
		require.Equal(t, before.State, b.r.State)
		require.Empty(t, b.r.Votes, "words decide nothing")
		if news {
			_, changes, err := Step(before, e, days(1))
			require.NoError(t, err)
			require.Empty(t, changes, "and owe nothing")
			require.Equal(t, b.r, r)
		}
		return news
	}
	require.True(t, said(remark("1.1", "U0DAVE", " Is she &lt;the&gt; Jane &amp; co? ")))
	require.False(t, said(remark("1.1", "U0DAVE", "again")), "a redelivery")
	require.False(t, said(remark("1.2", "U0DAVE", " \n")), "no words")
	require.Equal(t, "Is she <the> Jane & co?", b.r.Talk[0].Words)
	require.True(t, said(Reworded{TS: "1.1", By: "U0DAVE", Words: "Is she Jane?"}))
	require.False(t, said(Reworded{TS: "1.1", By: "U0DAVE", Words: "Is she Jane?"}), "a link was unfurled")
	require.False(t, said(Reworded{TS: "1.1", By: "U0EVE", Words: "approved"}), "by somebody else")
	require.False(t, said(Reworded{TS: "9.9", By: "U0DAVE", Words: "?"}), "of what was never heard")
	require.Equal(t, []any{"Is she Jane?", days(1)}, []any{b.r.Talk[0].Words, b.r.Talk[0].Changed})
	require.True(t, said(remark("1.3", "U0BOB", strings.Repeat("ä", MostRemark+1))))
	require.Len(t, []rune(b.r.Talk[1].Words), MostRemark)
	require.True(t, said(Unsaid{TS: "1.3"}))
	require.False(t, said(Unsaid{TS: "1.3"}))
	require.False(t, said(Reworded{TS: "1.3", By: "U0BOB", Words: "back"}))
	require.Equal(t, Remark{By: "U0BOB", At: noon, TS: "1.3", Gone: true}, b.r.Talk[1])
	for i := range MostRemarks {
		said(remark(fmt.Sprintf("2.%d", i), "U0BOB", "and"))
	}
	require.Len(t, b.r.Talk, MostRemarks)
	b.r.State = Done
	require.False(t, said(remark("3.1", "U0BOB", "too late")))
	require.False(t, said(Reworded{TS: "1.1", By: "U0DAVE", Words: "too late"}))
	require.True(t, said(Unsaid{TS: "1.1"}), "what is deleted is forgotten, also then")
	require.NotContains(t, fmt.Sprint(b.r.Talk), "Is she Jane")
}

// TestTheLogKeepsNoWords: that somebody said something, which message and how long; their words are theirs to take back.
func TestTheLogKeepsNoWords(t *testing.T) {
	r := pendingRequest()
	for _, e := range []Event{Remarked{Remark{By: "U0DAVE", At: noon, TS: "1.1", Words: "secret plan"}}, Reworded{TS: "1.1", By: "U0DAVE", Words: "a secret"}, Unsaid{TS: "1.1"}} {
		next, _, err := Step(r, e, noon)
		require.NoError(t, err)
		entry, err := entryFor(r, next, e, "U0DAVE", "slack", noon)
		require.NoError(t, err)
		require.Contains(t, string(entry.Detail), `"message":"1.1","by":"U0DAVE"`)
		require.NotContains(t, string(entry.Detail)+strings.Join(entry.Why, ""), "secret")
		r = next
	}
}

// TestSoundsDecided: what reads as if somebody took it for a decision.
func TestSoundsDecided(t *testing.T) {
	for words, want := range map[string]bool{
		"looks good": true, "Looks good to me!": true, "LGTM": true, "+1": true, "👍": true, ":+1:": true, "approved.": true, "No.": true, "ok, go ahead": true, "Yes, please": true,
		"": false, "Is she the Jane of the agency?": false, "I know nobody there": false, "token": false, "looks goodish": false,
		"ok, but only if she really needs the website that we gave to the agency last year": false,
	} {
		require.Equal(t, want, SoundsDecided(words), words)
	}
}
