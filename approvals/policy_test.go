package approvals

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

func TestMayDecide(t *testing.T) {
	facts := member("U0BOB", "U0ERIN", "U0MALLORY")
	facts.People["U0GONE"] = Person{ID: "U0GONE"}
	facts.People["U0GUEST"] = Person{ID: "U0GUEST", Active: true, Guest: true}
	facts.People["U0BOT"] = Person{ID: "U0BOT", Active: true, Bot: true}
	noGroups := Facts{People: facts.People}
	rule := []string{"U0BOB", "U0ALICE", "U0GONE", "U0GUEST", "U0BOT", "S0LEADS"}
	for _, row := range []struct {
		name  string
		by    Actor
		facts Facts
		want  Ruling
		says  string
	}{
		{"named", "U0BOB", facts, May, ""},
		{"in the group", "U0ERIN", facts, May, ""},
		{"a stranger", "U0MALLORY", facts, MayNot, "isn't yours to decide"},
		{"a stranger while the group is unreadable", "U0MALLORY", noGroups, CouldNotTell, "couldn't check who's in"},
		{"named while the group is unreadable", "U0BOB", noGroups, May, ""},
		{"the requester, though named", "U0ALICE", facts, MayNot, "You asked for #12 yourself"},
		{"somebody Slack will not speak about", "U0DARK", facts, CouldNotTell, "couldn't check with Slack"},
		{"deactivated, though named", "U0GONE", facts, MayNot, "Only active members"},
		{"a guest, though named", "U0GUEST", facts, MayNot, "Only active members"},
		{"a bot, though named", "U0BOT", facts, MayNot, "Only active members"},
		{"at the machine", OSUser("root"), Facts{}, May, ""},
		{"Usher itself", Usher, facts, MayNot, "Only people can decide"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := pendingRequest()
			r.Rule.Approvers = rule
			got, say := MayDecide(r, row.by, row.facts)
			require.Equal(t, row.want, got)
			require.Contains(t, say.Plain(), row.says)
			require.NotContains(t, say.Plain(), "@U0ALICE", "who asked is never named as one who may decide")
		})
	}
}

func TestJudge(t *testing.T) {
	yes := func(a Actor) Vote { return Vote{By: a, Yes: true} }
	no := func(a Actor) Vote { return Vote{By: a} }
	facts := member("U0BOB", "U0ERIN", "U0MALLORY")
	for _, row := range []struct {
		name    string
		need    int
		votes   []Vote
		facts   Facts
		want    Status
		counted int
	}{
		{"nobody yet", 1, nil, facts, Waiting, 0},
		{"one of one", 1, []Vote{yes("U0BOB")}, facts, Granted, 1},
		{"one of two", 2, []Vote{yes("U0BOB")}, facts, Waiting, 1},
		{"two of two", 2, []Vote{yes("U0BOB"), yes("U0ERIN")}, facts, Granted, 2},
		{"a stranger does not count", 1, []Vote{yes("U0MALLORY")}, facts, Waiting, 0},
		{"a stranger's no does not count", 1, []Vote{no("U0MALLORY"), yes("U0BOB")}, facts, Granted, 1},
		{"one no vetoes", 2, []Vote{yes("U0BOB"), no("U0ERIN")}, facts, Vetoed, 1},
		{"an approver who left meanwhile", 2, []Vote{yes("U0BOB"), yes("U0ERIN")}, Facts{People: map[PersonID]Person{"U0BOB": {Active: false}, "U0ERIN": {Active: true, Email: "erin@acme.example"}}, Groups: facts.Groups}, Waiting, 1},
		{"an approver nobody can tell about", 2, []Vote{yes("U0BOB"), yes("U0ERIN")}, member("U0ERIN"), Unproven, 1},
		{"two accounts of the machine are one person", 2, []Vote{yes("os:root"), yes("os:usher")}, facts, Waiting, 1},
		{"one at the machine and one in Slack are two", 2, []Vote{yes("os:root"), yes("U0BOB")}, facts, Granted, 2},
		{"need 0 means 1", 0, nil, facts, Waiting, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := pendingRequest()
			r.Rule.Need, r.Votes = row.need, row.votes
			v := Judge(r, row.facts)
			require.Equal(t, row.want, v.Status)
			require.Len(t, v.Counted, row.counted)
			require.NotEmpty(t, v.Reasons, "a verdict explains itself")
		})
	}
}

func TestMatchTakesTheFirstPolicy(t *testing.T) {
	policies := []Policy{
		{Name: "removal", Actions: []Action{catalog.Delete}},
		{Name: "semrush", Apps: []string{"semrush"}},
		{Name: "rest"},
	}
	for _, row := range []struct {
		app    string
		action Action
		want   string
	}{{"semrush", catalog.Delete, "removal"}, {"semrush", catalog.Create, "semrush"}, {"seranking", catalog.Create, "rest"}} {
		c := Choose(policies, Situation{App: App{ID: row.app}, Action: row.action})
		require.False(t, c.None)
		require.Equal(t, row.want, c.Policy.Name)
	}
	require.True(t, Choose(policies[:2], Situation{App: App{ID: "seranking"}, Action: catalog.Create}).None)
}

func TestSayfKeepsWhatPeopleTypedApart(t *testing.T) {
	got := Sayf("*#%v* for %v: “%v”", 12, PersonID("U0BOB"), "*bold* <!channel> %v `x`")
	require.Equal(t, Text{
		{S: "#12", Bold: true},
		{S: " for "},
		{Kind: SpanPerson, S: "U0BOB"},
		{S: ": “*bold* <!channel> %v `x`”"},
	}, got)
	require.Equal(t, "#12 for @U0BOB: “*bold* <!channel> %v `x`”", got.Plain())
}
