package policy

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const starter = `bundles:
  seo-starter:
    name: SEO starter
    items:
      - {app: seranking, action: create, type: client}
      - {app: seranking, action: share, sites: [acme.example, 106]}
`

func explainedBundle(t *testing.T, policies string, q Question) string {
	t.Helper()
	var out bytes.Buffer
	q.Config, q.Offline, q.Out, q.Now = written(t, starter+house+policies), true, &out, time.Now
	require.NoError(t, Explain(t.Context(), q))
	return out.String()
}

// TestABundleIsExplainedItemByItem: the policy of each, and then what becomes of all of it; by its name, or as it is typed.
func TestABundleIsExplainedItemByItem(t *testing.T) {
	policies := `  - name: sites
    actions: [share]
    steps: [{approvers: [owners]}]
  - name: quick
    when: {shorter_than: 10d}
    approve: auto
  - name: seats
    steps: [{approvers: [U0BOB, S0LEADS]}]
`
	said := explainedBundle(t, policies, Question{Bundle: "seo-starter", By: "U0ALICE", For: "jane@globex.example", Given: []string{"lasts=30d"}})
	require.Equal(t, `1. create in seranking type=client
   ✗ policy “quick” doesn't fit
     ✗ it's for 30 days, which isn't shorter than 10 days
   ✓ policy “seats” rules it

   Step 1: U0BOB or anyone in S0LEADS
   Undecided, it expires after 7 days.

2. share in seranking sites=acme.example,106
   ✓ policy “sites” rules it

   Step 1: U0DAVE
   Undecided, it expires after 7 days.

“SEO starter” is decided as one: nothing of it is set up before 1, 2 are all approved, then one thing after another.
A no to one is a no to all.
`, said)
	line := []string{"bundle", "SEO-starter", "jane@globex.example", "Jane", "Doe", "for=30d", "because", "for=ever"}
	require.Equal(t, said, explainedBundle(t, policies, Question{By: "U0ALICE", Given: line}))
	require.Contains(t, explainedBundle(t, policies, Question{Bundle: "SEO starter", Given: []string{"lasts=2d"}}), "nothing of it is set up before 2 is approved")

	for says, policies := range map[string]string{
		"it's refused, because of 2.":                  "  - {name: seats, actions: [create], approve: auto}\n",
		"it's refused, because of 1.":                  "  - {name: never, when: {type: [client]}, refuse: Nobody}\n  - {name: all, approve: auto}\n",
		"nobody is asked.":                             "  - {name: all, approve: auto}\n",
		"of 1, 2.":                                     "  - {name: few, when: {requester_in: [S0STAFF]}, approve: auto}\n  - {name: all, approve: auto}\n",
		"nothing of it is set up before 2 is approved": "  - {name: site, actions: [share], when: {sites: [\"106\", acme.example]}, steps: [{approvers: [U0BOB]}]}\n  - {name: all, approve: auto}\n",
	} {
		require.Contains(t, explainedBundle(t, policies, Question{Bundle: "seo-starter", By: "U0ALICE"}), says, policies)
	}
	for _, q := range []Question{{Bundle: "holidays"}, {Bundle: "seo-starter", App: "seranking", Action: "create"}, {}, {App: "seranking"}} {
		q.Config, q.Offline = written(t, starter+house+rules), true
		require.ErrorContains(t, Explain(t.Context(), q), "usher: ")
	}
}
