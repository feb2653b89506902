package approvals

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// TestNobodyDecidesWhatTheyGainFrom: whoever it is for never decides it, known by id or by any address of
// theirs; of whom that cannot be told the vote does not count either.
func TestNobodyDecidesWhatTheyGainFrom(t *testing.T) {
	facts := Facts{Groups: map[GroupID][]PersonID{"S0LEADS": {"U0ERIN"}}, People: map[PersonID]Person{
		"U0BOB": {Active: true, Email: "Bob@acme.example"}, "U0ERIN": {Active: true, Email: "erin@acme.example"}, "U0MUTE": {Active: true},
		"U0ALICE": {Active: true, Email: "alice+x@acme.example"}}}
	rule := Rule{Approvers: []string{"U0BOB", "U0MUTE", "S0LEADS"}, Need: 1}
	const own, nobody = "#12 is for you, so somebody else must decide. ", "can't tell whether #12 is for you"
	for name, row := range map[string]struct {
		by   Actor
		c    Change
		want Ruling
		says string
	}{
		"for somebody else":               {"U0BOB", Change{Email: "jane@acme.example"}, May, ""},
		"by id":                           {"U0BOB", Change{Email: "old-address@acme.example", Person: "U0BOB"}, MayNot, own + "@U0MUTE or anyone in @S0LEADS can."},
		"by address":                      {"U0BOB", Change{Email: "bob@ACME.example"}, MayNot, own + "@U0MUTE or anyone in @S0LEADS can."},
		"by address, as a tag":            {"U0BOB", Change{Email: "bob+seo@acme.example"}, MayNot, own},
		"by address, though another's id": {"U0BOB", Change{Email: "bob@acme.example", Person: "U0ERIN"}, MayNot, own},
		"as a member of a group":          {"U0ERIN", Change{Email: "erin@acme.example"}, MayNot, own + "@U0BOB, @U0MUTE or anyone in @S0LEADS can."},
		"to take it away":                 {"U0ERIN", Change{Email: "x@acme.example", Person: "U0ERIN"}, MayNot, own},
		"another domain":                  {"U0BOB", Change{Email: "bob@globex.example"}, May, ""},
		"no address, nobody's id":         {"U0MUTE", Change{Email: "jane@acme.example"}, CouldNotTell, nobody},
		"no address, another's id":        {"U0MUTE", Change{Email: "erin@acme.example", Person: "U0ERIN"}, May, ""},
		"an account of that name":         {"os:bob", Change{Email: "Bob+x@acme.example"}, MayNot, "Your account on this machine is called bob"},
		"an account of another name":      {"os:root", Change{Email: "bob@acme.example"}, May, ""},
		"an account of who asked":         {"os:Alice", Change{Email: "jane@acme.example"}, MayNot, "Your account on this machine is called Alice, like the mailbox of @U0ALICE, who asked for #12"},
		"only they are named":             {"U0BOB", Change{Email: "bob@acme.example"}, MayNot, "an admin can add another approver"},
	} {
		t.Run(name, func(t *testing.T) {
			r := pendingRequest()
			r.Rule, r.Change = rule, row.c
			if name == "only they are named" {
				r.Rule.Approvers = []string{"U0BOB"}
			}
			if name == "to take it away" {
				r.Action = catalog.Delete
			}
			got, say := MayDecide(r, row.by, facts)
			require.Equal(t, row.want, got)
			require.Contains(t, say.Plain(), row.says)
		})
	}
}

// TestNobodyDecidesAtTheMachineWhatTheyAsked, as far as the name of their account tells; a vote that was given while
// Slack could not say so is set aside once it can.
func TestNobodyDecidesAtTheMachineWhatTheyAsked(t *testing.T) {
	people := company{"U0ALICE": {Active: true, Email: "alice@acme.example"}}
	d, b := deskOf(pendingRequest(), people)
	for _, yes := range []bool{true, false} {
		_, err := d.Vote(t.Context(), 12, Vote{By: "os:alice", Yes: yes, At: noon}, noon)
		require.Equal(t, NotAllowed, CodeOf(err))
		_, err = d.Override(t.Context(), 12, Overridden{By: "os:alice", Yes: yes, Reason: "hurry"}, "command line", noon)
		require.Equal(t, NotAllowed, CodeOf(err))
		require.ErrorContains(t, err, "Your account on this machine is called alice, like the mailbox of @U0ALICE, who asked for #12")
	}
	require.Equal(t, Pending, b.r.State)

	b.r.Rule.Need = 2
	d.Directory = company{}
	_, err := d.Vote(t.Context(), 12, Vote{By: "os:alice", Yes: true, At: noon}, noon)
	require.NoError(t, err, "the machine decides also while Slack is away")
	require.Equal(t, []Actor{"os:alice"}, b.r.Yes())
	d.Directory = people
	_, err = d.Vote(t.Context(), 12, Vote{By: "os:root", Yes: true, At: noon}, noon)
	require.NoError(t, err)
	require.Equal(t, []Actor{"os:root"}, b.r.Yes())
	require.Equal(t, "alice (they asked for it)", b.r.SetAside()[0].Text().Plain())
	require.Equal(t, Pending, b.r.State)
}

// TestAVoteForOneselfIsSetAside: a vote that was given before it could be seen that it is for the voter does
// not count when the next one is judged, and the card says why.
func TestAVoteForOneselfIsSetAside(t *testing.T) {
	f := member("U0BOB", "U0ERIN", "U0CAROL")
	r := voted(t, 2, yesUnder(f, "U0BOB"))
	require.Equal(t, []Actor{"U0BOB"}, r.Yes())
	bob := f.People["U0BOB"]
	bob.Email = "Jane@acme.example"
	f.People["U0BOB"] = bob
	r, _, err := Step(r, yesUnder(f, "U0ERIN"), noon)
	require.NoError(t, err)
	require.Equal(t, Pending, r.State)
	require.Equal(t, []Actor{"U0ERIN"}, r.Yes())
	require.Equal(t, "@U0BOB (it's for them)", r.SetAside()[0].Text().Plain())
	r, _, err = Step(r, yesUnder(f, "U0CAROL"), noon)
	require.NoError(t, err)
	require.Equal(t, Approved, r.State)
	require.Equal(t, []Actor{"U0ERIN", "U0CAROL"}, r.Yes())
}

func openDesk(approvers ...string) *Desk {
	d, _ := deskOf(Request{}, company{"U0ALICE": {Active: true, Email: "alice@acme.example"}, "U0BOB": {Active: true, Email: "bob@acme.example"}, "U0GONE": {Email: "hal@acme.example"}})
	d.Policies = []Policy{{Name: "seats", Approvers: approvers, Need: 1, ExpiresAfter: 1 << 40}}
	return d
}

// TestWhomItIsForIsPinnedWhenAsked: an address is turned into the person who bears it; where Slack cannot say,
// the request is taken all the same.
func TestWhomItIsForIsPinnedWhenAsked(t *testing.T) {
	for _, row := range []struct {
		c    Change
		want PersonID
	}{
		{Change{Email: "BOB@acme.example"}, "U0BOB"},
		{Change{Email: "bob+seo@acme.example"}, "U0BOB"},
		{Change{Email: "bob@acme.example", Person: "U0GONE"}, "U0GONE"},
		{Change{Email: "hal@acme.example"}, ""},
		{Change{Email: "jane@elsewhere.example"}, ""},
		{Change{Email: "lost@acme.example"}, ""},
	} {
		r, _, err := openDesk("U0CAROL", "U0DAVE").Open(t.Context(), Ask{Requester: "U0ALICE", Action: catalog.Create, Change: row.c}, noon)
		require.NoError(t, err)
		require.Equal(t, row.want, r.Change.Person, row.c.Email)
	}
}

// TestWhatNobodyElseCanDecideIsNotTaken: the one who asks and the one it is for are not enough.
func TestWhatNobodyElseCanDecideIsNotTaken(t *testing.T) {
	for _, approvers := range [][]string{{"U0BOB"}, {"U0ALICE", "U0BOB"}} {
		_, _, err := openDesk(approvers...).Open(t.Context(), Ask{Requester: "U0ALICE", Action: catalog.Create, Change: Change{Email: "bob@acme.example"}}, noon)
		require.Equal(t, NotAllowed, CodeOf(err))
		require.ErrorContains(t, err, "Without you and @U0BOB, who this is for, there aren't enough approvers (policy “seats”)")
	}
	for want, said := range map[string]Said{"bob@acme.example": {Email: "bob@acme.example", Blind: true}, "@U0BOB": {Person: "U0BOB", Blind: true}} {
		_, _, err := openDesk("U0BOB").Open(t.Context(), Ask{Requester: "U0ALICE", Action: catalog.Create, Change: Change{Email: "bob@acme.example", Person: said.Person}, Said: &said}, noon)
		require.ErrorContains(t, err, "Without you and "+want+", who this is for", "whose an address is, is not told")
	}
	_, _, err := openDesk("U0ALICE").Open(t.Context(), Ask{Requester: "U0ALICE", Action: catalog.Create, Change: Change{Email: "bob@acme.example"}}, noon)
	require.ErrorContains(t, err, "You're the only approver for this")
	for _, approvers := range [][]string{{"U0BOB", "U0CAROL"}, {"U0BOB", "S0LEADS"}} {
		_, _, err := openDesk(approvers...).Open(t.Context(), Ask{Requester: "U0ALICE", Action: catalog.Create, Change: Change{Email: "bob@acme.example"}}, noon)
		require.NoError(t, err)
	}
}

// TestNobodySettlesWhatIsForThem: an admin's word about a deed, and starting it again, are decisions too.
func TestNobodySettlesWhatIsForThem(t *testing.T) {
	people := company{"U0CAROL": {Active: true, Email: "carol@acme.example"}, "U0MUTE": {Active: true}}
	for _, row := range []struct {
		by   Actor
		c    Change
		code Code
		says string
	}{
		{"U0CAROL", Change{Email: "x@acme.example", Person: "U0CAROL"}, NotAllowed, "#12 is for you, so another admin must settle it: @U0MUTE."},
		{"U0CAROL", Change{Email: "carol+1@acme.example"}, NotAllowed, "#12 is for you"},
		{"os:carol", Change{Email: "carol@acme.example"}, NotAllowed, "#12 is for you"},
		{"U0MUTE", Change{Email: "jane@acme.example"}, CannotTell, "Slack doesn't show me your e-mail address"},
		{"U0MUTE", Change{Email: "carol@acme.example", Person: "U0CAROL"}, "", ""},
		{"U0CAROL", Change{Email: "jane@acme.example"}, "", ""},
	} {
		for _, state := range []State{InDoubt, Failed} {
			r := in(state)
			r.Change = row.c
			d, b := deskOf(r, people, "U0CAROL", "U0MUTE")
			press := map[State]func() error{
				InDoubt: func() error { _, err := d.Settle(t.Context(), 12, row.by, false, "slack", noon); return err },
				Failed:  func() error { _, err := d.Retry(t.Context(), 12, row.by, "slack", noon); return err },
			}
			err := press[state]()
			require.Equal(t, row.code, CodeOf(err), "%s about %s", row.by, row.c.Email)
			if row.code != "" {
				require.ErrorContains(t, err, row.says)
				require.Equal(t, state, b.r.State)
			}
		}
	}
}

// TestNobodyOverridesForTheirOwnMailbox: what can be known at the machine is the name of the account.
func TestNobodyOverridesForTheirOwnMailbox(t *testing.T) {
	for by, code := range map[Actor]Code{"os:jane": NotAllowed, "os:root": ""} {
		d, _ := deskOf(pendingRequest(), company{})
		_, err := d.Override(t.Context(), 12, Overridden{By: by, Yes: true, Reason: "fire"}, "command line", noon)
		require.Equal(t, code, CodeOf(err), by)
		d, _ = deskOf(pendingRequest(), company{})
		_, err = d.Vote(t.Context(), 12, Vote{By: by, Yes: true, At: noon}, noon)
		require.Equal(t, code, CodeOf(err), by)
	}
}
