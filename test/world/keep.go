package world

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// keepsAQuarter is Config under which closed requests are kept for a quarter of a year.
var keepsAQuarter = strings.Replace(noSlot, "apps:\n", "keep: 90d\napps:\n", 1)

// takesBack is Alice asking for two seats and taking both back; then nobody has Usher up for a quarter, and what is old is removed. She
// asks once more.
func takesBack(p *Played) {
	for n := range int64(2) {
		ask, back := fmt.Sprintf("create jane%d@acme.example Jane because she asked", n), fmt.Sprintf("cancel %d", n+1)
		p.until("the asking", func() bool { return p.typesAs("U0ALICE", ask, " sent: ") }, func() bool { return p.stands(n+1, approvals.Pending) })
		p.until("the taking back", func() bool { return p.typesAs("U0ALICE", back, "#") }, func() bool { return p.stands(n+1, approvals.Canceled) })
	}
	p.Live(time.Minute)
	for range 2 {
		p.revive()
		p.End()
		p.Pass(91 * 24 * time.Hour)
		p.Live(3 * time.Minute)
	}
	p.wants("U0ALICE", "create lee@acme.example Lee because he asked")
	p.Live(time.Minute)
}

// stands reports whether the latest request has a number and a state.
func (p *Played) stands(n int64, s approvals.State) bool {
	p.revive()
	list, err := p.App.Desk.Requests(context.Background(), approvals.Filter{All: true}, 1)
	require.NoError(p.T, err)
	return len(list) == 1 && list[0].Number == n && list[0].State == s
}

// removedOnce: both are gone, each named by one entry of the log, and the next one has the next number.
func removedOnce(p *Played) {
	var gone []int64
	for line := range strings.Lines(p.log()) {
		var e struct {
			What   string
			Detail struct{ Requests []int64 }
		}
		if json.Unmarshal([]byte(line), &e) == nil && e.What == "closed requests removed" {
			gone = append(gone, e.Detail.Requests...)
		}
	}
	require.ElementsMatch(p.T, []int64{1, 2}, gone, "what the log says was removed")
	require.Equal(p.T, 2, strings.Count(p.log(), `"what":"canceled"`), "their own entries stay")
	for n := range int64(2) {
		_, err := p.App.Desk.Request(context.Background(), n+1)
		require.ErrorContains(p.T, err, "as your company keeps requests for 90 days")
	}
	list, err := p.App.Desk.Every(context.Background(), approvals.Filter{All: true})
	require.NoError(p.T, err)
	require.Len(p.T, list, 1)
	require.EqualValues(p.T, 3, list[0].Number)
}
