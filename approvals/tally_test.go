package approvals

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// voted is a request that needs so many, after votes under what was known at each of them.
func voted(t *testing.T, need int, steps ...Voted) Request {
	t.Helper()
	r := pendingRequest()
	r.Rule.Need, r.Rule.Approvers = need, []string{"U0BOB", "U0ERIN", "U0CAROL"}
	for _, e := range steps {
		var err error
		r, _, err = Step(r, e, noon)
		require.NoError(t, err)
	}
	return r
}

func yesUnder(f Facts, by Actor) Voted {
	return Voted{Vote: Vote{By: by, Yes: true, At: noon}, Facts: f}
}

func TestTheTallyTellsWhoCounts(t *testing.T) {
	all := member("U0BOB", "U0ERIN", "U0CAROL")
	left := member("U0ERIN", "U0CAROL")
	left.People["U0BOB"] = Person{ID: "U0BOB"}
	for name, row := range map[string]struct {
		r       Request
		state   State
		counted []Actor
		aside   string
		hears   string
	}{
		"both count": {voted(t, 3, yesUnder(all, "U0BOB"), yesUnder(all, "U0ERIN")), Pending, []Actor{"U0BOB", "U0ERIN"}, "",
			"Your yes to #12 counts. One more person must say yes before anything happens: @U0CAROL."},
		"one has left": {voted(t, 2, yesUnder(all, "U0BOB"), yesUnder(left, "U0ERIN")), Pending, []Actor{"U0ERIN"}, "@U0BOB (can't approve any more)",
			"Your yes to #12 counts. Not counted: @U0BOB (can't approve any more). One more person must say yes before anything happens: @U0CAROL."},
		"one cannot be checked": {voted(t, 3, yesUnder(all, "U0BOB"), yesUnder(member("U0ERIN"), "U0ERIN")), Pending, []Actor{"U0ERIN"}, "@U0BOB (couldn't be checked)",
			"Not counted: @U0BOB (couldn't be checked). 2 more people must say yes before anything happens: @U0BOB or @U0CAROL."},
		"two accounts of the machine": {voted(t, 2, yesUnder(all, "os:usher"), yesUnder(all, "os:root")), Pending, []Actor{"os:usher"}, "root (the command line counts as one person)",
			"Your yes to #12 is saved but doesn't add to an earlier one: root (the command line counts as one person). One more person"},
		"enough without who left": {voted(t, 2, yesUnder(all, "U0BOB"), yesUnder(left, "U0ERIN"), yesUnder(left, "U0CAROL")), Approved,
			[]Actor{"U0ERIN", "U0CAROL"}, "@U0BOB (can't approve any more)", ""},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, row.state, row.r.State)
			require.Equal(t, row.counted, row.r.Yes())
			aside := ""
			for _, d := range row.r.SetAside() {
				aside += d.Text().Plain()
				require.NotEmpty(t, d.Reason)
			}
			require.Equal(t, row.aside, aside)
			raw, err := json.Marshal(row.r)
			require.NoError(t, err)
			var kept Request
			require.NoError(t, json.Unmarshal(raw, &kept))
			kept.App.Entry = row.r.App.Entry // what is configured is not kept
			require.Equal(t, row.r, kept, "it is kept with the request")
			if row.hears != "" {
				last := row.r.Votes[len(row.r.Votes)-1].By
				b := Ballot{Request: row.r, By: last, Missing: row.r.Rule.Need - len(row.counted)}
				require.Contains(t, b.Counts().Plain(), row.hears)
			}
		})
	}
}

// A request that was kept before there was a tally shows the votes that it has.
func TestARequestWithoutATallyShowsItsVotes(t *testing.T) {
	var r Request
	require.NoError(t, json.Unmarshal([]byte(`{"number":1,"state":"pending","votes":[{"by":"U0BOB","yes":true},{"by":"U0ERIN","yes":false}]}`), &r))
	require.Equal(t, []Actor{"U0BOB"}, r.Yes())
	require.Empty(t, r.SetAside())
}
