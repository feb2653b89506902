package approvals

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// fickle is a company of which Slack cannot say at times whose an address is.
type fickle struct {
	company
	away bool
}

func (f *fickle) ByEmail(ctx context.Context, email string) (Person, error) {
	if f.away {
		return Person{}, errors.New("Slack is away")
	}
	return f.company.ByEmail(ctx, email)
}

func (f *fickle) Group(ctx context.Context, id GroupID) ([]PersonID, error) {
	return f.company.Group(ctx, id)
}

// unpinned is a request that was asked for Jane's address while Slack could not say whose it is.
func unpinned(t *testing.T) (*Desk, *oneBook, *fickle) {
	t.Helper()
	in := &fickle{company{"U0ALICE": {Active: true, Email: "alice@acme.example"}, "U0BOB": {Active: true, Email: "bob@acme.example"},
		"U0JANE": {Active: true, Email: "jane@acme.example"}}, true}
	d, b := deskOf(Request{}, nil)
	d.Directory, d.Policies = in, []Policy{{Name: "seats", Approvers: []string{"U0BOB", "U0JANE"}, Need: 2, ExpiresAfter: 7 * 24 * time.Hour, Text: "seats"}}
	_, _, err := d.Open(t.Context(), Ask{Requester: "U0ALICE", App: ranked(), Action: catalog.Create, Change: Change{Email: "Jane+seo@acme.example"}}, noon)
	require.NoError(t, err)
	require.Empty(t, b.r.Change.Person)
	require.True(t, b.r.Unpinned)
	return d, b, in
}

// TestWhomItIsForIsLookedUpAgainAtTheVote: Slack is asked anew, on every route; who is found is known by their id from
// then on, decides nothing about it, and is seen to have left.
func TestWhomItIsForIsLookedUpAgainAtTheVote(t *testing.T) {
	yes := func(d *Desk, by Actor) error {
		_, err := d.Vote(t.Context(), 12, Vote{By: by, Yes: true, At: noon}, noon)
		return err
	}
	d, b, in := unpinned(t)
	require.NoError(t, yes(d, "U0BOB"), "while Slack cannot say the yes is taken, and the deed asks")
	require.True(t, b.r.Unpinned)
	in.away = false
	in.company["U0JANE"] = Person{Active: true, Email: "jane@acme.example"}
	require.ErrorContains(t, yes(d, "U0JANE"), "#12 is for you")
	require.Equal(t, PersonID("U0JANE"), b.r.Change.Person)
	require.False(t, b.r.Unpinned)
	in.company["U0JANE"], in.company["U0ERIN"] = Person{}, Person{Active: true, Email: "erin@acme.example"}
	b.r.Rule.Approvers = append(b.r.Rule.Approvers, "U0ERIN")
	require.ErrorContains(t, yes(d, "U0ERIN"), "who #12 is for, has left")

	d, b, in = unpinned(t)
	in.away = false
	past := Overridden{By: "os:root", Yes: true, Reason: "fire"}
	_, err := d.Override(t.Context(), 12, past, "command line", noon)
	require.NoError(t, err)
	require.Equal(t, PersonID("U0JANE"), b.r.Change.Person)

	d, b, in = unpinned(t)
	in.away = false
	delete(in.company, "U0JANE")
	require.NoError(t, yes(d, "U0BOB"))
	require.Empty(t, b.r.Change.Person, "an address that Slack shows nobody for is an address")
	require.True(t, b.r.Unpinned, "and the deed asks once more")
}

// TestWhomItIsForIsPinnedOnce, before it is over.
func TestWhomItIsForIsPinnedOnce(t *testing.T) {
	r := pendingRequest()
	_, _, err := Step(r, Pinned{Person: "U0JANE"}, noon)
	require.ErrorIs(t, err, ErrNotNow, "what was known stays")
	for _, s := range []State{Pending, Approved, Running, InDoubt} {
		r := in(s)
		r.Unpinned = true
		next, changes, err := Step(r, Pinned{Person: "U0JANE"}, noon)
		require.NoError(t, err, s)
		require.Equal(t, []any{PersonID("U0JANE"), false, s}, []any{next.Change.Person, next.Unpinned, next.State})
		require.Equal(t, CardKey(12), changes[0].Put.Key)
	}
	for _, s := range []State{Done, Failed, Denied, Expired, Canceled} {
		r := in(s)
		r.Unpinned = true
		_, _, err := Step(r, Pinned{Person: "U0JANE"}, noon)
		require.ErrorIs(t, err, ErrNotNow, s)
	}
}
