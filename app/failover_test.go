package app

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/postgres"
)

func entryOf(seq int64, who approvals.Actor, what string, n int64, before approvals.State) approvals.Entry {
	return approvals.Entry{Seq: seq, Actor: who, What: what, Request: n, Before: before}
}

// TestWhatPeopleHearOfAFailover: each hears of their own, and the admins of all.
func TestWhatPeopleHearOfAFailover(t *testing.T) {
	noon := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	const (
		switched = "Sorry, some of what you did got lost: my database switched to a copy of itself that didn't have the last moments yet."
		ended    = "My database has gone on from a copy of itself, as it does when a standby takes over. The last thing in it is from 2026-11-29 12:00 UTC."
		goesOn   = "Before I do anything I still owe, I'll check whether it's been done already, so nothing happens twice. The next request's number is higher than any that may be gone."
	)
	asked := []approvals.Entry{entryOf(8, "U0BOB", "voted yes", 2, approvals.Pending), entryOf(9, "U0ALICE", "asked", 3, ""), entryOf(10, "U0BOB", "voted yes", 3, approvals.Pending),
		entryOf(11, approvals.Usher, "deed begun", 3, approvals.Approved), entryOf(12, "U0ALICE", "canceled", 3, approvals.Pending), entryOf(13, "U0DAVE", "is away", 0, "")}
	for name, row := range map[string]struct {
		f    postgres.Failover
		want map[string]string
	}{
		"nobody saw": {postgres.Failover{First: true}, map[string]string{
			"U0ADMIN": ended + "\nI wasn't there to see what came after that, so I can't tell whether something is missing. If somebody misses a request, please have them ask again.\n" + goesOn}},
		"nothing is missing": {postgres.Failover{First: true, Seen: true}, map[string]string{
			"U0ADMIN": ended + "\nAll that I've seen in it before is still there.\n" + goesOn}},
		"much is": {postgres.Failover{First: true, Seen: true, Gone: asked}, map[string]string{
			"U0ADMIN": ended + "\n• Gone altogether: #3. I've told whoever asked.\n• Set back: #2. The cards show where they stand now, and I've told whoever did something that's gone.\n" + goesOn,
			"U0ALICE": switched + "\n• You asked for #3: please ask again. Whatever was already set up stays.",
			"U0BOB": switched + "\n• What you did with #2: the card shows where it stands now, so please look at it again." +
				"\n• What you did with #3, which is gone altogether. I've told whoever asked, so you don't need to do anything.",
			"U0DAVE": switched + "\n• What you told me apart from requests, after 2026-11-29 12:00 UTC: please tell me again."}},
		"another replica knows more": {postgres.Failover{Seen: true, Gone: asked[1:2]}, map[string]string{
			"U0ADMIN": "My database went on from a copy of itself a while ago, and I know of more that got lost with that.\n• Gone altogether: #3. I've told whoever asked.",
			"U0ALICE": switched + "\n• You asked for #3: please ask again. Whatever was already set up stays."}},
		"of what another told": {postgres.Failover{Seen: true, Gone: asked[1:3], Told: []int64{3}}, map[string]string{
			"U0ALICE": switched + "\n• You asked for #3: please ask again. Whatever was already set up stays.",
			"U0BOB":   switched + "\n• What you did with #3, which is gone altogether. I've told whoever asked, so you don't need to do anything."}},
	} {
		t.Run(name, func(t *testing.T) {
			row.f.Restored = store.Restored{At: noon.Add(time.Minute), Since: noon, Number: 2, Copy: true}
			owed, err := failover([]approvals.PersonID{"U0ADMIN"})(row.f)
			require.NoError(t, err)
			require.Len(t, owed, len(row.want))
			l := lossesOf(row.f)
			if say := row.want["U0ADMIN"]; say != "" {
				require.Equal(t, say, l.toAdmins().Plain())
			}
			for _, who := range l.people {
				require.Equal(t, row.want[string(who)], l.toPerson(who).Plain())
			}
			for _, c := range owed {
				require.True(t, c.Once, c.Put.Key)
				require.Contains(t, row.want, c.Put.Key[strings.LastIndex(c.Put.Key, "/")+1:])
			}
		})
	}
}
