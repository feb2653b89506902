package approvals

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// profiles are whom people's Slack profiles name; of nobody else anything can be found out.
type profiles map[PersonID]Claim

func (p profiles) Recalled() map[PersonID]PersonID {
	out := map[PersonID]PersonID{}
	for of, claim := range p {
		out[of] = claim.By
	}
	return out
}

func (p profiles) Manager(_ context.Context, of PersonID) (Claim, error) {
	claim, ok := p[of]
	if !ok {
		return claim, errors.New("Slack is away")
	}
	claim.Read = noon
	return claim, nil
}

// staff is a company of which Slack knows everybody, and nothing of U0DARK.
func staff() company {
	return company{"U0ALICE": {Active: true, Email: "alice@acme.example"}, "U0BOB": {Active: true, Email: "bob@acme.example"}, "U0CAROL": {Active: true, Email: "carol@acme.example"},
		"U0DAVE": {Active: true, Email: "dave@acme.example"}, "U0ERIN": {Active: true, Email: "erin@acme.example"}, "U0GONE": {}, "U0GUEST": {Active: true, Guest: true}, "U0BOT": {Active: true, Bot: true}}
}

// managed is a desk with a policy whose first step is a manager's.
func managed(admins ...PersonID) (*Desk, *oneBook) {
	d, b := deskOf(Request{}, staff(), admins...)
	d.Policies = []Policy{{Name: "seats", Approvers: []string{Manager}, Need: 1, ExpiresAfter: 7 * 24 * time.Hour, Text: "seats"}}
	return d, b
}

// TestWhoseManagerDecides: that of whom it is for, where that is somebody in Slack, and else of who asks; never who gains
// from it, and nobody who couldn't decide. Who isn't found leaves it to those the policy escalates to, else to the admins.
func TestWhoseManagerDecides(t *testing.T) {
	conf := map[PersonID]PersonID{"U0ALICE": "U0BOB", "U0DAVE": "U0ERIN"}
	for name, row := range map[string]struct {
		by       PersonID
		email    string
		managers map[PersonID]PersonID
		profiles Profiles
		to       []string // escalate_to
		want     Managed
		approves []string
		refused  string
	}{
		"of who asks, for somebody outside":      {"U0ALICE", "lee@globex.example", conf, nil, nil, Managed{Of: "U0ALICE", By: "U0BOB"}, []string{"U0BOB"}, ""},
		"of whom it is for":                      {"U0ALICE", "dave+seo@acme.example", conf, nil, nil, Managed{Of: "U0DAVE", By: "U0ERIN"}, []string{"U0ERIN"}, ""},
		"for oneself":                            {"U0ALICE", "alice@acme.example", conf, nil, nil, Managed{Of: "U0ALICE", By: "U0BOB"}, []string{"U0BOB"}, ""},
		"by the profile":                         {"U0ALICE", "lee@globex.example", nil, profiles{"U0ALICE": {By: "U0DAVE"}}, nil, Managed{Of: "U0ALICE", By: "U0DAVE", Read: noon}, []string{"U0DAVE"}, ""},
		"the configuration wins":                 {"U0ALICE", "lee@globex.example", conf, profiles{"U0ALICE": {By: "U0DAVE"}}, nil, Managed{Of: "U0ALICE", By: "U0BOB"}, []string{"U0BOB"}, ""},
		"the manager is who asks":                {"U0BOB", "alice@acme.example", conf, nil, nil, Managed{Of: "U0ALICE", Lack: LackAsker, Named: "U0BOB", Instead: SteadAdmins}, []string{"U0CAROL"}, ""},
		"whom it is for is their own":            {"U0ALICE", "dave@acme.example", nil, profiles{"U0DAVE": {By: "U0DAVE"}}, nil, Managed{Of: "U0DAVE", Read: noon, Lack: LackOwn, Named: "U0DAVE", Instead: SteadAdmins}, []string{"U0CAROL"}, ""},
		"who asks is their own":                  {"U0ALICE", "lee@globex.example", nil, profiles{"U0ALICE": {By: "U0ALICE"}}, nil, Managed{Of: "U0ALICE", Read: noon, Lack: LackAsker, Named: "U0ALICE", Instead: SteadAdmins}, []string{"U0CAROL"}, ""},
		"nobody is named":                        {"U0BOB", "lee@globex.example", conf, nil, nil, Managed{Of: "U0BOB", Lack: LackNone, Instead: SteadAdmins}, []string{"U0CAROL"}, ""},
		"nobody by the profile either":           {"U0BOB", "lee@globex.example", conf, profiles{"U0BOB": {Lack: LackNone}}, nil, Managed{Of: "U0BOB", Read: noon, Lack: LackNone, Instead: SteadAdmins}, []string{"U0CAROL"}, ""},
		"a name instead of a person":             {"U0BOB", "lee@globex.example", conf, profiles{"U0BOB": {Lack: LackWords}}, nil, Managed{Of: "U0BOB", Read: noon, Lack: LackWords, Instead: SteadAdmins}, []string{"U0CAROL"}, ""},
		"they have left":                         {"U0BOB", "lee@globex.example", map[PersonID]PersonID{"U0BOB": "U0GONE"}, nil, nil, Managed{Of: "U0BOB", Lack: LackLeft, Named: "U0GONE", Instead: SteadAdmins}, []string{"U0CAROL"}, ""},
		"a guest":                                {"U0BOB", "lee@globex.example", map[PersonID]PersonID{"U0BOB": "U0GUEST"}, nil, nil, Managed{Of: "U0BOB", Lack: LackGuest, Named: "U0GUEST", Instead: SteadAdmins}, []string{"U0CAROL"}, ""},
		"a bot":                                  {"U0BOB", "lee@globex.example", map[PersonID]PersonID{"U0BOB": "U0BOT"}, nil, nil, Managed{Of: "U0BOB", Lack: LackBot, Named: "U0BOT", Instead: SteadAdmins}, []string{"U0CAROL"}, ""},
		"those it escalates to":                  {"U0BOB", "lee@globex.example", nil, nil, []string{"U0ERIN", "S0LEADS"}, Managed{Of: "U0BOB", Lack: LackNone, Instead: SteadEscalation}, []string{"U0ERIN", "S0LEADS"}, ""},
		"that is who asks":                       {"U0ERIN", "lee@globex.example", nil, nil, []string{"U0ERIN"}, Managed{Of: "U0ERIN", Lack: LackNone, Instead: SteadAdmins}, []string{"U0CAROL"}, ""},
		"the only admin asks":                    {"U0CAROL", "lee@globex.example", nil, nil, nil, Managed{}, nil, "Nobody is named as @U0CAROL's manager, so the admins decide instead. Without you and who it's for, there aren't enough approvers"},
		"whose profile Slack can't say":          {"U0BOB", "lee@globex.example", conf, profiles{}, nil, Managed{}, nil, "I couldn't check with Slack just now which manager decides this, so nothing was sent."},
		"of whom Slack can't say who they are":   {"U0BOB", "lee@globex.example", map[PersonID]PersonID{"U0BOB": "U0DARK"}, nil, nil, Managed{}, nil, "I couldn't check with Slack just now which manager decides this"},
		"whose address it is, Slack doesn't say": {"U0ALICE", "lost@acme.example", conf, nil, nil, Managed{}, nil, "I couldn't check with Slack just now whose address lost@acme.example is"},
	} {
		t.Run(name, func(t *testing.T) {
			d, b := managed("U0CAROL")
			d.Managers, d.Profiles, d.Policies[0].EscalateTo = row.managers, row.profiles, row.to
			_, _, err := d.Open(t.Context(), Ask{Requester: row.by, App: ranked(), Action: catalog.Create, Change: Change{Email: row.email}}, noon)
			if row.refused != "" {
				require.ErrorContains(t, err, row.refused)
				require.Empty(t, b.r.State, "nothing is on the table")
				return
			}
			require.NoError(t, err)
			require.Equal(t, &row.want, b.r.Rule.Manager)
			require.Equal(t, row.approves, b.r.Rule.Approvers)
			require.NotContains(t, b.r.Eligible().Approvers, string(row.by))
		})
	}
}

// TestTheManagerIsPinned: what the configuration or the profile says later changes nothing of what is asked, and what was so
// is kept and told.
func TestTheManagerIsPinned(t *testing.T) {
	d, b := managed("U0CAROL")
	d.Policies[0].Then = []Stage{{Approvers: []string{"U0ERIN", Manager}, Need: 1}}
	d.Profiles = profiles{"U0ALICE": {By: "U0BOB"}}
	_, _, err := d.Open(t.Context(), Ask{Requester: "U0ALICE", App: ranked(), Action: catalog.Create, Change: Change{Email: "lee@globex.example"}}, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"U0ERIN", "U0BOB"}, b.r.Rule.Then[0].Approvers)
	require.Equal(t, "@U0BOB (@U0ALICE's manager, by their Slack profile, read 2026-11-23 12:00 UTC)", b.r.Deciders().Plain())
	require.Equal(t, []string{"@U0BOB decides as @U0ALICE's manager, by their Slack profile, read 2026-11-23 12:00 UTC"}, why(b.r, Opened{}))

	raw, err := json.Marshal(b.r)
	require.NoError(t, err)
	var kept Request
	require.NoError(t, json.Unmarshal(raw, &kept))
	require.Equal(t, b.r.Rule, kept.Rule)

	d.Profiles, d.Managers = profiles{"U0ALICE": {By: "U0DAVE"}}, map[PersonID]PersonID{"U0ALICE": "U0DAVE"}
	_, err = d.Vote(t.Context(), 12, Vote{By: "U0DAVE", Yes: true, At: noon}, noon)
	require.ErrorContains(t, err, "isn't yours to decide; @U0BOB")
}

// TestWhoIsBehindAnAddressIsNotTold to who may not read that: neither whose manager it is, nor that they are their own.
func TestWhoIsBehindAnAddressIsNotTold(t *testing.T) {
	d, b := managed("U0CAROL")
	d.Managers = map[PersonID]PersonID{"U0DAVE": "U0ERIN"}
	ask := Ask{Requester: "U0ALICE", App: ranked(), Action: catalog.Create, Change: Change{Email: "dave@acme.example"}, Said: &Said{Email: "dave@acme.example", Blind: true}}
	_, _, err := d.Open(t.Context(), ask, noon)
	require.NoError(t, err)
	require.Equal(t, "@U0ERIN (the manager of who it's for, by the configuration)", b.r.Heard().Deciders().Plain())
	require.Equal(t, "@U0ERIN (@U0DAVE's manager, by the configuration)", b.r.Deciders().Plain(), "who decides reads it")
	ask.Change, ask.Said = Change{Email: "dave@acme.example", Person: "U0DAVE"}, &Said{Person: "U0DAVE", Blind: true}
	b.r = Request{}
	_, _, err = d.Open(t.Context(), ask, noon)
	require.NoError(t, err)
	require.Contains(t, b.r.Heard().Deciders().Plain(), "@U0DAVE's manager", "they named him themselves")

	d.Managers, d.Profiles = nil, profiles{"U0DAVE": {By: "U0DAVE"}}
	ask.Change, ask.Said, b.r = Change{Email: "dave@acme.example"}, &Said{Email: "dave@acme.example", Blind: true}, Request{}
	_, _, err = d.Open(t.Context(), ask, noon)
	require.NoError(t, err)
	require.NotContains(t, b.r.Heard().Managed().Missing().Plain(), "U0DAVE")
	require.Contains(t, b.r.Managed().Missing().Plain(), "@U0DAVE, who it's for, is named as their own manager")
}

// TestAManagerCountsOnce: who is named beside the word as well is one person, and a step that needs two is refused.
func TestAManagerCountsOnce(t *testing.T) {
	d, b := managed("U0CAROL")
	d.Managers = map[PersonID]PersonID{"U0ALICE": "U0BOB", "U0DAVE": "U0ERIN"}
	d.Policies[0].Approvers, d.Policies[0].Need = []string{Manager, "U0BOB"}, 2
	ask := Ask{Requester: "U0ALICE", App: ranked(), Action: catalog.Create, Change: Change{Email: "lee@globex.example"}}
	_, _, err := d.Open(t.Context(), ask, noon)
	require.ErrorContains(t, err, "@U0BOB is @U0ALICE's manager, by the configuration, and is already counted as an approver")
	require.Empty(t, b.r.State)
	ask.Requester = "U0DAVE"
	_, _, err = d.Open(t.Context(), ask, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"U0ERIN", "U0BOB"}, b.r.Rule.Approvers)
	require.Equal(t, []string{"U0BOB"}, d.Approvers().Approvers, "whoever is somebody's manager is no approver beyond that")
}

// TestAManagerNobodyLookedFor is nobody: a policy that comes to rule a request later, and wants one, leaves it to others.
func TestAManagerNobodyLookedFor(t *testing.T) {
	d, _ := managed("U0CAROL")
	d.Managers = map[PersonID]PersonID{"U0ALICE": "U0BOB"}
	r := pendingRequest()
	r.Rule = d.pinned(d.Policies[0], r)
	require.Equal(t, []string{"U0CAROL"}, r.Rule.Approvers)
	require.Equal(t, "Who @U0ALICE's manager is wasn't looked up when this was asked, so the admins decide instead.", r.Managed().Missing().Plain())
	m, err := d.findManager(t.Context(), r, Policy{Approvers: []string{"U0BOB"}})
	require.NoError(t, err)
	require.Nil(t, m, "nobody is looked for whom no policy wants")
	r.Manager, err = d.findManager(t.Context(), r, Policy{Approvers: []string{"U0BOB"}}, d.Policies[0])
	require.NoError(t, err)
	require.Equal(t, []string{"U0BOB"}, d.pinned(d.Policies[0], r).Approvers)
	require.Equal(t, "the manager", d.Policies[0].Stages()[0].Text().Plain())
}

// TestWhoseManagerSomebodyIs, as far as that is known: by the configuration, which wins, and by profiles that were read. Their Home
// is one of those that a request for one of them concerns.
func TestWhoseManagerSomebodyIs(t *testing.T) {
	d, b := managed("U0CAROL")
	d.Managers = map[PersonID]PersonID{"U0ALICE": "U0BOB", "U0DAVE": "U0ERIN"}
	require.Equal(t, []PersonID{"U0ALICE"}, d.Led("U0BOB"))
	require.Empty(t, d.Led("U0ALICE"))
	d.Profiles = profiles{"U0ALICE": {By: "U0ERIN"}, "U0FRED": {By: "U0ERIN"}, "U0ERIN": {By: "U0ERIN"}, "U0GINA": {Lack: LackNone}}
	require.Equal(t, []PersonID{"U0DAVE", "U0FRED"}, d.Led("U0ERIN"))
	for of, want := range map[PersonID][]PersonID{"U0ALICE": {"U0BOB"}, "U0FRED": {"U0ERIN"}, "U0GINA": nil} {
		r := pendingRequest()
		r.Rule.Approvers, r.Requester, r.Change.Person = []string{"U0CAROL"}, "U0GINA", of
		b.r = r
		got, err := d.Concerned(t.Context(), r.Number, []PersonID{"U0BOB", "U0ERIN"})
		require.NoError(t, err)
		require.Equal(t, want, got, of)
	}
}
