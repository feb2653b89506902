package reports

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	byapi "github.com/usherbot/usher/provision/seranking"
)

var (
	seranking = approvals.App{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}
	monday    = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)
)

func seat(id int64, email string, blocked bool) approvals.Seat {
	return approvals.Seat{ID: strconv.FormatInt(id, 10), Email: email, Sort: "client", Holds: 1, Blocked: blocked}
}

func facts(seats ...approvals.Seat) Facts {
	return Facts{Apps: []AppFacts{{App: seranking, Census: CensusOf(approvals.SeatList{App: seranking, Seats: seats, Bought: 25, At: monday})}}}
}

// built is what Build makes where every account can be gone through.
func built(t *testing.T, o Occasion, f Facts, last Snapshot, now time.Time) Report {
	t.Helper()
	r, err := Build(o, f, last, now)
	require.NoError(t, err)
	return r
}

func after(t *testing.T, last Snapshot, slot string, f Facts) Snapshot {
	t.Helper()
	s, err := last.after(slot, f)
	require.NoError(t, err)
	return s
}

func emails(seats []approvals.Seat) []string {
	var out []string
	for _, s := range seats {
		out = append(out, s.Email)
	}
	return out
}

func blocked(a AppReport) []string {
	var out []string
	for _, b := range a.Blocked {
		out = append(out, b.Email)
	}
	return out
}

func addresses(all ...string) Names { return Names{First: all, Count: len(all)} }

func TestBlockedAreExactlyThoseThatAre(t *testing.T) {
	var seats []approvals.Seat
	var want []string
	for i := int64(250); i > 0; i-- {
		email := fmt.Sprintf("person%03d@acme.example", i)
		blocked := i%15 == 7 // 7, 22, … 247
		seats = append(seats, seat(i, email, blocked))
	}
	for i := 7; i <= 250; i += 15 {
		want = append(want, fmt.Sprintf("person%03d@acme.example", i))
	}
	require.Len(t, want, 17)
	r := built(t, Occasion{Name: "weekly"}, facts(seats...), Snapshot{}, monday)
	require.Equal(t, 250, r.Apps[0].Used)
	require.Equal(t, 25, r.Apps[0].Bought)
	require.Equal(t, want, blocked(r.Apps[0]))
}

func TestSeatsAreCountedByTypeAndWithoutASite(t *testing.T) {
	f := facts(
		approvals.Seat{ID: "1", Email: "zoe@acme.example", Sort: "client"},
		approvals.Seat{ID: "2", Email: "Abe@acme.example", Sort: "client"},
		approvals.Seat{ID: "3", Email: "user@acme.example", Sort: "user"},
		approvals.Seat{ID: "4", Email: "seen@acme.example", Sort: "client", Holds: 2})
	a := built(t, Occasion{}, f, Snapshot{}, monday).Apps[0]
	require.Equal(t, []SortCount{{"client", 3}, {"user", 1}}, a.BySort)
	require.Equal(t, []string{"Abe@acme.example", "zoe@acme.example"}, emails(a.Idle), "a user seat sees every site")
	require.Empty(t, a.Blocked)
	require.True(t, a.Since.IsZero(), "there is nothing to compare with")
	require.True(t, a.Changes.None())
}

func TestChangesAreByAccountAndNamedByAddress(t *testing.T) {
	before := facts(seat(1, "stays@a.example", false), seat(2, "old@a.example", false), seat(3, "leaves@a.example", true),
		seat(4, "eases@a.example", true), seat(5, "fills@a.example", false))
	last := throughJSON(t, after(t, Snapshot{}, "2026-11-16T09:00", before))
	now := facts(seat(6, "joins@a.example", true), seat(1, "stays@a.example", false), seat(2, "new@a.example", false),
		seat(4, "eases@a.example", false), seat(5, "fills@a.example", true), seat(7, "", false))
	a := built(t, Occasion{}, now, last, monday.Add(7*24*time.Hour)).Apps[0]
	require.Equal(t, monday, a.Since)
	require.Equal(t, Changes{
		UsedBefore:   5,
		Added:        addresses("account 7", "joins@a.example"),
		Removed:      addresses("leaves@a.example"),
		NewlyBlocked: addresses("fills@a.example", "joins@a.example"),
		Unblocked:    addresses("eases@a.example"),
	}, a.Changes)
}

func throughJSON(t *testing.T, s Snapshot) Snapshot {
	t.Helper()
	raw, err := json.Marshal(s)
	require.NoError(t, err)
	out, err := decodeSnapshot(raw)
	require.NoError(t, err)
	return out
}

// TestWhatIsLateIsToldByItsAge: what is there past its end stands in a digest once, the longest first, whatever keeps it there.
func TestWhatIsLateIsToldByItsAge(t *testing.T) {
	ended := func(n int64, s approvals.State, ago time.Duration, failed bool) approvals.Request {
		r := approvals.Request{Number: n, State: s, End: &approvals.End{By: approvals.Usher, At: monday.Add(-ago)}}
		if failed {
			r.End.Failed = &approvals.Outcome{At: monday}
		}
		return r
	}
	var f Facts
	f.Ending = []approvals.Request{ended(9, approvals.Ending, 14*time.Minute, false), ended(8, approvals.Ending, 15*time.Minute, false),
		ended(7, approvals.Ending, time.Minute, true), ended(6, approvals.Ending, 5*24*time.Hour, true)}
	f.InDoubt = []approvals.Request{ended(5, approvals.InDoubt, 9*24*time.Hour, false), {Number: 4, State: approvals.InDoubt}}
	r := built(t, Occasion{Name: "weekly"}, f, Snapshot{}, monday)
	var late, stuck []int64
	for _, q := range r.Late {
		late = append(late, q.Number)
	}
	for _, q := range r.Stuck {
		stuck = append(stuck, q.Number)
	}
	require.Equal(t, []int64{5, 6, 8, 7}, late, "what is being removed just now is not late yet")
	require.Equal(t, []int64{4}, stuck)
	require.Len(t, f.InDoubt, 2)
}

// What stands on disks out there must be readable for ever.
func TestASnapshotOfTheFirstReleaseIsRead(t *testing.T) {
	s, err := decodeSnapshot([]byte(`{"since":"2026-11-01T00:00:00Z","schedule":"0 9 * * MON Europe/London","slot":"2026-11-23T09:00",` +
		`"apps":{"seranking":{"at":"2026-11-23T09:00:02Z","slot":"2026-11-23T09:00","accounts":{"36872":{"email":"jane@acme.example","blocked":true}}}},"later":1}`))
	require.NoError(t, err)
	require.Equal(t, Snapshot{Since: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Schedule: "0 9 * * MON Europe/London", Slot: "2026-11-23T09:00",
		Apps: map[string]AppSnapshot{"seranking": {At: monday.Add(2 * time.Second), Slot: "2026-11-23T09:00",
			Accounts: map[string]Account{"36872": {"jane@acme.example", true}}}}}, s)
}

func TestAnAppThatCannotBeReadKeepsItsPast(t *testing.T) {
	last := after(t, Snapshot{}, "2026-11-16T09:00", facts(seat(1, "one@a.example", false)))
	dark := Facts{Apps: []AppFacts{{App: seranking, Unreadable: approvals.Sayf("it is dark")}}, Pending: []approvals.Request{{Number: 3}}}
	r := built(t, Occasion{}, dark, last, monday)
	require.Equal(t, "it is dark", r.Apps[0].Unreadable.Plain())
	require.Len(t, r.Waiting, 1, "what is known is told")
	next := after(t, last, "2026-11-23T09:00", dark)
	require.Equal(t, last.Apps, next.Apps)
	require.Equal(t, "2026-11-23T09:00", next.Slot)
	gone := after(t, last, "2026-11-23T09:00", Facts{})
	require.Empty(t, gone.Apps, "an app that is configured no more is forgotten")
}

func TestRequestsThatWaitAndThatAreStuck(t *testing.T) {
	var f Facts
	for n := int64(150); n > 0; n-- {
		f.Pending = append(f.Pending, approvals.Request{Number: n})
	}
	f.InDoubt = []approvals.Request{{Number: 220}, {Number: 210}}
	f.Failed = []approvals.Request{
		{Number: 215, Outcome: &approvals.Outcome{At: monday.Add(-time.Hour)}},
		{Number: 205, Decided: monday.Add(-60 * 24 * time.Hour), Outcome: &approvals.Outcome{At: monday.Add(-30 * 24 * time.Hour)}},
		{Number: 200, Outcome: &approvals.Outcome{At: monday.Add(-30*24*time.Hour - time.Second)}},
	}
	f.Head = approvals.Head{Seq: 412, Hash: "9f3c"}
	r := built(t, Occasion{Name: "weekly", Slot: "2026-11-23T09:00", AskedBy: "U0CAROL"}, f, Snapshot{}, monday)
	require.Len(t, r.Waiting, mostWaiting)
	require.EqualValues(t, 1, r.Waiting[0].Number, "oldest first")
	require.Equal(t, 50, r.WaitingMore)
	var stuck []int64
	for _, q := range r.Stuck {
		stuck = append(stuck, q.Number)
	}
	require.Equal(t, []int64{205, 210, 215, 220}, stuck)
	require.Equal(t, f.Head, r.Head)
	require.Equal(t, []any{"weekly", "2026-11-23T09:00", approvals.PersonID("U0CAROL"), monday}, []any{r.Name, r.Slot, r.AskedBy, r.At})
}
