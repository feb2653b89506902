package approvals

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func pendingRequest() Request {
	return Request{Number: 12, Requester: "U0ALICE", App: ranked(), Action: catalog.Create,
		Change: Change{Email: "jane@acme.example"}, Rule: Rule{Policy: "seats", Approvers: []string{"U0BOB", "S0LEADS"}, Need: 1},
		Asked: noon, Expires: noon.Add(7 * 24 * time.Hour), State: Pending}
}

func in(s State) Request {
	r := pendingRequest()
	r.State = s
	switch s {
	case Running, InDoubt, Failed, Done:
		r.Attempt = 1
	}
	if s == InDoubt {
		r.Doubt = &Doubt{Since: noon}
	}
	return r
}

func member(ids ...PersonID) Facts {
	f := Facts{People: map[PersonID]Person{}, Groups: map[GroupID][]PersonID{"S0LEADS": {"U0ERIN"}}}
	for _, id := range ids {
		f.People[id] = Person{ID: id, Active: true, Email: string(id) + "@acme.example"}
	}
	return f
}

func vote(by Actor, yes bool) Voted {
	return Voted{Vote: Vote{By: by, Yes: yes, At: noon}, Facts: member("U0BOB", "U0ERIN", "U0MALLORY")}
}

// TestStepTable holds the whole machine: every state against every event, with the state after it;
// "" stands for ErrNotNow.
func TestStepTable(t *testing.T) {
	events := []struct {
		e  Event
		to map[State]State
	}{
		{vote("U0BOB", true), map[State]State{Pending: Approved}},
		{vote("U0BOB", false), map[State]State{Pending: Denied}},
		{vote("U0MALLORY", true), map[State]State{Pending: Pending}},
		{Overridden{By: "os:root", Yes: true, Reason: "fire"}, map[State]State{Pending: Approved}},
		{Overridden{By: "os:root", Reason: "fire"}, map[State]State{Pending: Denied}},
		{CanceledBy{By: "U0ALICE"}, map[State]State{Pending: Canceled}},
		{Rejudged{}, nil}, // there is one step: stage_test.go
		{Seen{}, nil},     // nothing is to be read of this one: look_test.go
		{Unread{}, nil},
		{Begun{}, map[State]State{Approved: Running}},
		{Happened{}, map[State]State{Running: Done, InDoubt: Done}},
		{Refused{}, map[State]State{Running: Failed, InDoubt: Failed}},
		{Lost{}, map[State]State{Running: InDoubt, InDoubt: InDoubt}},
		{Resumed{}, map[State]State{InDoubt: Running}},
		{AdminSays{By: "U0ADMIN", Happened: true}, map[State]State{InDoubt: Done}},
		{AdminSays{By: "U0ADMIN"}, map[State]State{InDoubt: Running}},
		{RetriedBy{By: "U0ADMIN"}, map[State]State{Failed: Running}},
		{TooLate{}, map[State]State{}},
	}
	states := []State{Pending, Approved, Running, Done, Failed, InDoubt, Denied, Expired, Canceled}
	for _, row := range events {
		for _, from := range states {
			t.Run(fmt.Sprintf("%s/%s", row.e.what(), from), func(t *testing.T) {
				was := in(from)
				got, changes, err := Step(was, row.e, noon)
				require.Equal(t, in(from), was, "Step altered its argument")
				want, legal := row.to[from]
				if !legal {
					require.ErrorIs(t, err, ErrNotNow)
					require.Equal(t, was, got)
					require.Empty(t, changes)
					return
				}
				require.NoError(t, err)
				require.Equal(t, want, got.State)
				require.Contains(t, keys(changes), CardKey(12), "every change owes the card")
			})
		}
	}
}

func keys(changes []outbox.Change) []string {
	var out []string
	for _, c := range changes {
		if c.Put != nil {
			out = append(out, c.Put.Key)
		} else {
			out = append(out, "-"+c.Drop)
		}
	}
	return out
}

func TestStepExpiresOnlyWhenTimeIsUp(t *testing.T) {
	r := pendingRequest()
	_, _, err := Step(r, TimeUp{}, r.Expires.Add(-time.Nanosecond))
	require.ErrorIs(t, err, ErrNotNow)
	got, changes, err := Step(r, TimeUp{}, r.Expires)
	require.NoError(t, err)
	require.Equal(t, Expired, got.State)
	require.Equal(t, Usher, got.DecidedBy)
	require.Contains(t, keys(changes), TellKey(12, Expired, 0))
}

func TestNothingOverridesATimeThatIsUp(t *testing.T) {
	r := pendingRequest()
	for _, yes := range []bool{true, false} {
		e := Overridden{By: "os:root", Yes: yes, Reason: "fire"}
		_, _, err := Step(r, e, r.Expires)
		require.ErrorIs(t, err, ErrNotNow)
		_, _, err = Step(r, e, r.Expires.Add(-time.Nanosecond))
		require.NoError(t, err)
	}
}

func TestStepPromises(t *testing.T) {
	for _, row := range []struct {
		from State
		e    Event
		want []string
	}{
		{"", Opened{}, []string{"expire/12", "card/12", "approver/12/U0BOB"}},
		{Pending, vote("U0BOB", true), []string{"-expire/12", "deed/12", "card/12", "approver/12/U0BOB"}},
		{Pending, vote("U0BOB", false), []string{"-expire/12", "tell/12/requester/denied", "card/12", "approver/12/U0BOB"}},
		{Pending, CanceledBy{}, []string{"-expire/12", "card/12", "approver/12/U0BOB"}},
		{Running, Happened{}, []string{"-deed/12", "-lapse/12", "tell/12/requester/done", "card/12"}},
		{Running, Refused{}, []string{"-deed/12", "-lapse/12", "tell/12/requester/failed", "lapse/12", "card/12", "admin/12/"}},
		{Running, Lost{}, []string{"lapse/12", "card/12", "admin/12/"}},
		{InDoubt, Resumed{}, []string{"-lapse/12", "card/12"}},
		{Failed, RetriedBy{}, []string{"-deed/12", "-lapse/12", "deed/12", "card/12"}},
	} {
		_, changes, err := Step(in(row.from), row.e, noon)
		require.NoError(t, err)
		require.Equal(t, row.want, keys(changes), "%s from %q", row.e.what(), row.from)
	}
}

func TestARetriedDeedTellsItsOutcomeAnew(t *testing.T) {
	r, _, err := Step(in(Failed), RetriedBy{By: "U0ADMIN"}, noon)
	require.NoError(t, err)
	require.Equal(t, 2, r.Attempt)
	_, changes, err := Step(r, Refused{}, noon)
	require.NoError(t, err)
	require.Contains(t, keys(changes), "tell/12/requester/failed/2")
}

// TestADoubtThatSettledItselfIsRemembered until another doubt, or another attempt.
func TestADoubtThatSettledItselfIsRemembered(t *testing.T) {
	step := func(r Request, e Event) Request {
		next, _, err := Step(r, e, noon)
		require.NoError(t, err)
		return next
	}
	again := step(in(InDoubt), Resumed{})
	require.Equal(t, noon, again.SeenNot)
	require.Nil(t, again.Doubt)
	require.Equal(t, noon, step(again, Happened{}).SeenNot)
	require.Zero(t, step(again, Lost{}).SeenNot)
	failed := step(again, Refused{})
	require.Equal(t, noon, failed.SeenNot)
	require.Zero(t, step(failed, RetriedBy{By: "U0ADMIN"}).SeenNot)
}
