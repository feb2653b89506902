package approvals

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// ruledDesk has policies whose choice hangs on who asks, on what type, for whom, and on how many seats are left.
func ruledDesk(policies ...Policy) (*Desk, *oneBook, company) {
	in := company{}
	for _, id := range []PersonID{"U0ALICE", "U0BOB", "U0ERIN", "U0CAROL"} {
		in[id] = Person{Active: true, Email: strings.ToLower(strings.TrimPrefix(string(id), "U0")) + "@acme.example"}
	}
	d, b := deskOf(Request{}, in, "U0CAROL")
	for i := range policies {
		policies[i].ExpiresAfter = time.Duration(i+1) * time.Hour
	}
	d.Policies = policies
	return d, b, in
}

func asks(steps ...string) Policy { return Policy{Name: "seats", Approvers: steps, Need: 1} }

func (d *Desk) wants(t *testing.T, by PersonID, email string, seats SeatCount, look *Look) (Request, error) {
	t.Helper()
	r, _, err := d.Open(t.Context(), Ask{Requester: by, App: ranked(), Action: catalog.Create, Change: Change{Email: email}, Seats: seats, Look: look}, noon)
	return r, err
}

func seen(used int, change Change) Seen {
	return Seen{Change: change, Seats: SeatCount{Used: used, Of: 10, At: noon}, Look: Look{At: noon}}
}

// TestAPolicyDecidesByItself: what approve: auto rules is approved the moment it is asked, by the policy and nobody else,
// with what held; what refuse rules is never put on the table; and where nothing fits, why is said.
func TestAPolicyDecidesByItself(t *testing.T) {
	small := Policy{Name: "small", Auto: true, When: When{For: ForSelf, RequesterIn: []string{"S0STAFF"}}}
	outside := Policy{Name: "outside", Refusal: "Not outside the company", When: When{For: ForExternal}}
	d, b, in := ruledDesk(outside, small)
	r, err := d.wants(t, "U0ERIN", "Erin+seo@acme.example", SeatCount{}, nil)
	require.NoError(t, err)
	require.Equal(t, Approved, r.State)
	require.Equal(t, Usher, r.DecidedBy)
	require.Equal(t, "policy “small”", r.Decider().Plain())
	require.Equal(t, []string{"✗ policy “outside” doesn't fit", "  ✗ it's for who asks, and not for somebody outside the workspace",
		"✓ policy “small” approves it by itself", "  ✓ @U0ERIN is in @S0STAFF", "  ✓ it's for who asks"}, treeLines(r.Explain()))
	require.Equal(t, &Known{In: []GroupID{"S0STAFF"}, For: ForSelf}, r.Found)
	_, err = d.wants(t, "U0BOB", "bob@acme.example", SeatCount{}, nil)
	require.Equal(t, NotAllowed, CodeOf(err))
	require.ErrorContains(t, err, "No policy fits this request, so I can't take it: it's for who asks, and not for somebody outside the workspace; @U0BOB isn't in @S0STAFF.")
	_, err = d.wants(t, "U0BOB", "x@globex.example", SeatCount{}, nil)
	require.Equal(t, NotAllowed, CodeOf(err))
	require.ErrorContains(t, err, "Not outside the company. (Policy “outside”.) So nothing was sent.")
	require.Equal(t, r.Number, b.r.Number, "neither was put on the table")
	d.Directory = groupless{in}
	_, err = d.wants(t, "U0BOB", "x@globex.example", SeatCount{}, nil)
	require.ErrorContains(t, err, "Not outside the company", "nobody is looked up for a policy that never gets its turn")
	_, err = d.wants(t, "U0BOB", "bob@acme.example", SeatCount{}, nil)
	require.Equal(t, CannotTell, CodeOf(err), "what Slack can't tell is neither yes nor no")
}

// TestAGroupThatIsGoneLetsNobodyThrough: a policy that refuses who is in it doesn't take everybody for outside, and the
// admins are told what to do; who is known to be meant anyway is.
func TestAGroupThatIsGoneLetsNobodyThrough(t *testing.T) {
	in := hall{company{"U0ALICE": {Active: true}, "U0BOB": {Active: true}}, map[GroupID][]PersonID{"S0LEADS": {"U0BOB"}, "S0GONE": disbanded}}
	d, _ := deskOf(Request{}, nil)
	d.Directory = in
	d.Policies = []Policy{{Name: "contractors", Refusal: "Ask your agency", When: When{RequesterIn: []string{"S0GONE", "S0LEADS"}}}, asks("U0BOB", "U0ALICE")}
	_, err := d.wants(t, "U0ALICE", "x@globex.example", SeatCount{}, nil)
	require.Equal(t, CannotTell, CodeOf(err))
	require.ErrorContains(t, err, "Who approves this depends on a user group that isn't in Slack any more, so nothing was sent. The admins have been told; ask again once they've put it right.")
	_, err = d.wants(t, "U0BOB", "x@globex.example", SeatCount{}, nil)
	require.ErrorContains(t, err, "Ask your agency")

	require.Equal(t, []GroupID{"S0GONE", "S0LEADS"}, d.Groups(), "known before anybody asks")
	told := map[string]string{}
	roll := NewRoll(d, func() time.Time { return noon }, func(_ context.Context, topic string, say Text) { told[topic] = say.Plain() })
	require.True(t, roll.call(t.Context()))
	require.Equal(t, map[string]string{"groups of contractors": "Policy “contractors” depends on who's in the user group S0GONE, and that isn't in Slack any more. " +
		"I refuse what hangs on it until you put it right: turn the group on again in Slack, or name another one under requester_in in usher.yml, then restart me or send me a SIGHUP."}, told)
	require.NoError(t, roll.Changed(t.Context(), "S0GONE"))
	require.Len(t, roll.anew, 1, "and looked at again when Slack says that it has changed")
	delete(in.groups, "S0GONE")
	require.False(t, roll.call(t.Context()), "what Slack can't say now is asked again")
}

// groupless is a directory that cannot say who is in a group.
type groupless struct{ company }

func (groupless) Group(context.Context, GroupID) ([]PersonID, error) {
	return nil, errors.New("Slack is away")
}

// TestWhatHangsOnTheVendorIsSettledWhenItIsRead: nobody can say yes before, a no counts, and then the policy is the
// one that rules it: it asks, approves or refuses, and the time for deciding counts from when it was asked.
func TestWhatHangsOnTheVendorIsSettledWhenItIsRead(t *testing.T) {
	policies := func() []Policy {
		return []Policy{{Name: "none-left", Refusal: "No seat is left", When: When{SeatsLeftUnder: ptr(1)}},
			{Name: "plenty", Auto: true, When: When{SeatsLeftOver: ptr(5)}}, asks("U0BOB", "U0ALICE")}
	}
	for name, row := range map[string]struct {
		used   int
		by     PersonID
		state  State
		policy string
		hours  int
	}{
		"it approves by itself": {2, "U0ALICE", Approved, "plenty", 2},
		"it asks":               {6, "U0ALICE", Pending, "seats", 3},
		"it refuses":            {10, "U0ALICE", Denied, "none-left", 1},
	} {
		t.Run(name, func(t *testing.T) {
			d, b, _ := ruledDesk(policies()...)
			old := SeatCount{Used: 3, Of: 10, At: noon.Add(-time.Hour)} // which is read again
			r, err := d.wants(t, row.by, "jane@globex.example", old, &Look{Owed: true})
			require.NoError(t, err)
			require.Equal(t, Pending, r.State)
			require.True(t, r.Rule.Open && r.Look.Owed && r.Rule.Itself())
			_, err = d.Vote(t.Context(), 12, Vote{By: "U0CAROL", Yes: true, At: noon}, noon)
			require.ErrorContains(t, err, "Which policy decides #12 depends on what I'm still reading in SE Ranking")
			_, err = d.Record(t.Context(), 12, Unread{Since: noon}, noon)
			require.NoError(t, err)
			require.Equal(t, Pending, b.r.State, "what can't be read settles nothing")
			_, err = d.Record(t.Context(), 12, seen(row.used, r.Change), noon)
			require.NoError(t, err)
			require.Equal(t, row.state, b.r.State)
			require.Equal(t, row.policy, b.r.Rule.Policy)
			require.False(t, b.r.Look.Owed || b.r.Rule.Open)
			require.Equal(t, noon.Add(time.Duration(row.hours)*time.Hour), b.r.Expires)
			require.Equal(t, 10-row.used, *b.r.Found.Left)
			if row.state == Denied {
				require.Equal(t, "No seat is left.", b.r.Refusal)
			}
		})
	}
	d, b, _ := ruledDesk(policies()...)
	_, err := d.wants(t, "U0ALICE", "jane@globex.example", SeatCount{}, nil)
	require.NoError(t, err)
	_, err = d.Vote(t.Context(), 12, Vote{By: "U0CAROL", At: noon, Reason: "no"}, noon)
	require.NoError(t, err)
	require.Equal(t, Denied, b.r.State)
	require.Equal(t, Actor("U0CAROL"), b.r.DecidedBy)
}

// TestWhatTurnsOutToBeNobodysIsClosed: a request that hung on the vendor, and that only who asked could decide, or no
// policy, is closed with the reason.
func TestWhatTurnsOutToBeNobodysIsClosed(t *testing.T) {
	d, b, _ := ruledDesk(Policy{Name: "plenty", Auto: true, When: When{SeatsLeftOver: ptr(5)}}, asks("U0ALICE"))
	_, err := d.wants(t, "U0ALICE", "jane@globex.example", SeatCount{}, nil)
	require.NoError(t, err)
	_, err = d.Record(t.Context(), 12, seen(9, Change{Email: "jane@globex.example"}), noon)
	require.NoError(t, err)
	require.Equal(t, Denied, b.r.State)
	require.Contains(t, b.r.Refusal, "You're the only approver for this (policy “seats”)")

	d, b, _ = ruledDesk(Policy{Name: "plenty", Auto: true, When: When{SeatsLeftOver: ptr(5)}})
	_, err = d.wants(t, "U0ALICE", "jane@globex.example", SeatCount{}, nil)
	require.NoError(t, err)
	_, err = d.Record(t.Context(), 12, seen(9, Change{Email: "jane@globex.example"}), noon)
	require.NoError(t, err)
	require.Equal(t, Denied, b.r.State)
	require.Contains(t, b.r.Refusal, "No policy fits this request, so I can't take it: 1 seat is left, which isn't over 5.")
}

// TestAnAutomaticYesWaitsUntilItIsKnownWhatItDoes: websites that are not found yet, an account that could not be made as
// things are. Nobody is asked meanwhile, and an admin may say no.
func TestAnAutomaticYesWaitsUntilItIsKnownWhatItDoes(t *testing.T) {
	d, b, _ := ruledDesk(Policy{Name: "all", Auto: true})
	typed := Change{Email: "jane@globex.example", Values: catalog.Values{{Key: "sites", Typed: []string{"acme"}}}}
	r, _, err := d.Open(t.Context(), Ask{Requester: "U0ALICE", App: ranked(), Action: catalog.Create, Change: typed, Look: &Look{Owed: true}}, noon)
	require.NoError(t, err)
	require.Equal(t, Pending, r.State)
	waiting, _, err := d.WaitingFor(t.Context(), "U0CAROL", noon)
	require.NoError(t, err)
	require.Empty(t, waiting, "nobody is asked")
	_, err = d.Record(t.Context(), 12, seen(3, typed), noon)
	require.NoError(t, err)
	require.Equal(t, Pending, b.r.State, "it isn't found yet")
	found := Change{Email: "jane@globex.example", Values: catalog.Values{{Key: "sites", Items: []catalog.Item{siteOf("39", "Acme", "acme.example")}}}}
	_, err = d.Record(t.Context(), 12, seen(3, found), noon)
	require.NoError(t, err)
	require.Equal(t, Approved, b.r.State)
	require.ErrorIs(t, func() error { _, err := d.Record(t.Context(), 12, ByPolicy{Yes: true}, noon); return err }(), ErrNotNow, "once")
}

// TestExplainDrawsTheSteps: who said yes, who is missing, who was set aside and why.
func TestExplainDrawsTheSteps(t *testing.T) {
	r := inSteps()
	r.Votes = yesOn(0, "U0BOB", "U0ERIN")
	f := member("U0ERIN")
	f.People["U0BOB"] = Person{ID: "U0BOB"}
	r.Tally = tallyOf(Judge(r, f), r)
	lines := treeLines(r.Explain())
	require.Equal(t, "✓ policy “seats” rules it", lines[0])
	require.Contains(t, strings.Join(lines, "\n"), "step 1 of 3: ")
	require.Contains(t, strings.Join(lines, "\n"), "  ✗ not counted: @U0BOB (can't approve any more)")
	require.Contains(t, strings.Join(lines, "\n"), "  ✓ @U0ERIN said yes")
	require.Contains(t, strings.Join(lines, "\n"), "can say yes")
}
