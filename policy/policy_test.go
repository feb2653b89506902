package policy

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/bolt"
)

const house = `slack:
  approvals_channel: C0APPROVE
  admins: [U0ADMIN]
apps:
  seranking: {kind: seranking, seats: 10, price: {amount: 20, currency: USD}, owners: [U0DAVE]}
policies:
`

const rules = `  - name: no-user-seats
    when: {type: [user], for: external}
    refuse: "A user seat sees every website."
  - name: small
    actions: [create, share]
    when: {requester_in: [S0STAFF], cost_under: 50, seats_left_over: 2}
    approve: auto
  - name: removals
    actions: [delete]
    steps: [{approvers: [U0BOB, S0LEADS], need: 2}, {approvers: [owners]}]
  - name: seats
    steps: [{approvers: [U0BOB, S0LEADS]}]
`

// written keeps a configuration in a file.
func written(t testing.TB, yml string) string {
	path := filepath.Join(t.TempDir(), "usher.yml")
	require.NoError(t, os.WriteFile(path, []byte(yml), 0o600))
	return path
}

func explained(t *testing.T, q Question) string {
	t.Helper()
	var out bytes.Buffer
	q.Config, q.Offline, q.Out, q.Now = written(t, house+rules), true, &out, time.Now
	require.NoError(t, Explain(t.Context(), q))
	return out.String()
}

// TestExplain draws the tree of reasons and who would be asked; what is not known is said to be so.
func TestExplain(t *testing.T) {
	require.Equal(t, `✗ policy “no-user-seats” doesn't fit
  ✗ type is client, not user
  ✗ it's for who asks, and not for somebody outside the workspace
✓ policy “small” approves it by itself
  ✓ U0ALICE is in S0STAFF
  ✓ it costs 20 USD a month
  ✓ 3 seats are left

Nobody is asked.
`, explained(t, Question{App: "seranking", Action: "create", By: "U0ALICE", Given: []string{"in=S0STAFF", "seats_left=3"}}))
	require.Equal(t, `✗ policy “no-user-seats” doesn't fit
  ✗ type is client, not user
? policy “small” may rule it
  ? whether U0ALICE is in S0STAFF isn't known
  ? how many seats are left isn't known yet

Which policy rules it depends on what isn't known here.
`, explained(t, Question{App: "seranking", Action: "create", By: "U0ALICE", For: "jane@globex.example"}))
	require.Contains(t, explained(t, Question{App: "seranking", Action: "create", For: "external", Given: []string{"type=user"}}), "It's refused: A user seat sees every website.\n")
	require.Contains(t, explained(t, Question{App: "seranking", Action: "delete", By: "U0ALICE", For: "U0DAVE"}),
		"Step 1: U0BOB or anyone in S0LEADS; 2 of them must say yes\nStep 2: U0DAVE\nUndecided, it expires after 7 days.\n")
	for _, q := range []Question{{App: "semrush", Action: "create"}, {App: "seranking", Action: "rename"}, {App: "seranking", Action: "create", Given: []string{"type=admin"}},
		{App: "seranking", Action: "create", Given: []string{"colour=red"}}, {App: "seranking", Action: "create", Given: []string{"seats_left=some"}}, {App: "seranking", Action: "create", Given: []string{"type"}}} {
		q.Config, q.Offline = written(t, house+rules), true
		require.ErrorContains(t, Explain(t.Context(), q), "usher: ")
	}
}

// people is a Slack that knows a few.
type people struct{ approvals.Directory }

func (people) Group(_ context.Context, g approvals.GroupID) ([]approvals.PersonID, error) {
	if g == "S0STAFF" {
		return []approvals.PersonID{"U0ALICE"}, nil
	}
	return nil, nil
}

func (people) ByEmail(_ context.Context, email string) (approvals.Person, error) {
	if email == "jane@acme.example" {
		return approvals.Person{ID: "U0JANE", Active: true}, nil
	}
	return approvals.Person{}, nil
}

// TestExplainAsksSlack who is in a group, and whose an address is.
func TestExplainAsksSlack(t *testing.T) {
	cfg, err := config.Load(written(t, house+rules))
	require.NoError(t, err)
	for to, want := range map[string]approvals.Beneficiary{"jane@acme.example": approvals.ForOther, "lee@globex.example": approvals.ForExternal} {
		s, err := Question{App: "seranking", Action: "create", By: "U0ALICE", For: to}.situation(cfg)
		require.NoError(t, err)
		k, err := ask(t.Context(), people{}, cfg, s, to)
		require.NoError(t, err)
		require.Equal(t, approvals.Known{In: []approvals.GroupID{"S0STAFF"}, For: want}, k)
	}
}

func tested(t *testing.T, yml string) (string, error) {
	var out bytes.Buffer
	err := Test(written(t, yml), &out)
	return out.String(), err
}

// TestCases: each example that comes out otherwise is a line, with what came out and why.
func TestCases(t *testing.T) {
	said, err := tested(t, house+rules)
	require.NoError(t, err)
	require.Contains(t, said, "There are no cases to check.")
	said, err = tested(t, house+rules+`    cases:
      - {by: U0ALICE, app: seranking, action: create, expect: "seats asks"}
      - {by: U0ALICE, app: seranking, action: create, expect: "seats asks S0LEADS"}
      - {by: U0ALICE, app: seranking, action: delete, expect: "removals asks U0BOB, then owners"}
      - {by: U0ALICE, app: seranking, action: create, in: [S0STAFF], seats_left: 3, expect: "small approves"}
      - {by: U0ALICE, app: seranking, action: create, type: user, for: external, expect: "no-user-seats refuses"}
`)
	require.NoError(t, err)
	require.Equal(t, "All 5 cases came out as expected.\n", said)
	said, err = tested(t, house+rules+`    cases:
      - {by: U0ALICE, app: seranking, action: create, in: [S0STAFF], seats_left: 2, expect: "small approves"}
      - {by: U0ALICE, app: seranking, action: create, in: [S0STAFF], expect: "small approves"}
      - {by: U0ALICE, app: seranking, action: delete, expect: "removals asks owners"}
      - {by: U0ALICE, app: seranking, action: delete, expect: "removals asks U0BOB, then owners, then U0BOB"}
`)
	require.ErrorContains(t, err, "4 of 4 cases came out differently")
	require.Contains(t, said, `usher.yml:20:9: expected "small approves", got "seats asks U0BOB, S0LEADS": policy “no-user-seats” doesn't fit, because type is client, not user, and it's for who asks, and not for somebody outside the workspace; policy “small” doesn't fit, because 2 seats are left, which isn't over 2; policy “seats” rules it`)
	require.Contains(t, said, `usher.yml:21:9: expected "small approves", and that can't be told: `)
	require.Contains(t, said, `expected "removals asks owners", got "removals asks 2 of U0BOB, S0LEADS, then owners"`)
}

// kept is a data folder with requests of Alice's that are done.
func kept(t *testing.T, requests ...approvals.Request) string {
	t.Helper()
	folder := t.TempDir()
	db, err := bolt.Open(folder, bolt.Options{})
	require.NoError(t, err)
	for i, r := range requests {
		r.Number, r.Requester, r.App, r.State = int64(i+1), "U0ALICE", approvals.App{ID: "seranking"}, approvals.Done
		require.NoError(t, db.Update(t.Context(), func(tx approvals.Tx) error {
			if _, err := tx.Next(); err != nil {
				return err
			}
			return tx.Put(r)
		}))
	}
	require.NoError(t, db.Close())
	return folder
}

// past is a data folder with requests that were asked under the rules, and come out under them as they did.
func past(t *testing.T) string {
	cfg, err := config.Load(written(t, house+rules))
	require.NoError(t, err)
	left, day := 5, 24*time.Hour
	noon := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	requests := []approvals.Request{
		{Action: catalog.Create, Found: &approvals.Known{In: []approvals.GroupID{"S0STAFF"}, For: approvals.ForSelf, Left: &left}, Rule: approvals.Rule{Policy: "small", Auto: true}, Asked: noon.Add(-40 * day)},
		{Action: catalog.Create, Found: &approvals.Known{Out: []approvals.GroupID{"S0STAFF"}, For: approvals.ForOther, Left: &left}, Rule: approvals.Rule{Policy: "seats", Approvers: []string{"U0BOB", "S0LEADS"}, Need: 1}, Asked: noon.Add(-day)},
		{Action: catalog.Delete, Rule: approvals.Rule{Policy: "removals", Approvers: []string{"U0BOB", "S0LEADS"}, Need: 2}, Asked: noon.Add(-time.Hour)},
	}
	for _, r := range requests {
		r.Requester, r.App = "U0ALICE", approvals.App{ID: "seranking"}
		require.Empty(t, Strays(cfg, r), "the past comes out as it was")
	}
	for _, policy := range []string{"small", "seats"} { // what Usher asks is asked of somebody, whatever the policy
		own := requests[map[string]int{"small": 0, "seats": 1}[policy]]
		own.App, own.Requester, own.Occasion, own.Rule.Auto = approvals.App{ID: "seranking"}, "", &approvals.Occasion{As: "U0ALICE"}, false
		require.Empty(t, Strays(cfg, own))
	}
	other := requests[0]
	other.App, other.Rule.Policy = approvals.App{ID: "seranking"}, "seats"
	require.Contains(t, Strays(cfg, other), "was under policy seats, and decided anew small approves comes out")
	return kept(t, requests...)
}

func replayed(t *testing.T, folder, yml string, since time.Duration) (string, error) {
	var out bytes.Buffer
	err := Replay(t.Context(), Past{Old: written(t, house+rules), New: written(t, yml), Data: control.Folder{Dir: folder}, Since: since,
		Now: time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)}, &out)
	return out.String(), err
}

// TestReplayKnowsWhoseManager: another manager is another person asked, though the policy says the same word.
func TestReplayKnowsWhoseManager(t *testing.T) {
	under := func(people string) *config.Config {
		cfg, err := config.Load(written(t, house[:strings.Index(house, "apps:")]+people+"\n"+house[strings.Index(house, "apps:"):]+"  - {name: all, steps: [{approvers: [manager]}]}"))
		require.NoError(t, err)
		return cfg
	}
	r := approvals.Request{Number: 7, Requester: "U0ALICE", App: approvals.App{ID: "seranking"}, Action: catalog.Create}
	bob, erin := under("people: {managers: {U0ALICE: U0BOB}}"), under("people: {managers: {U0ALICE: U0ERIN}}")
	require.Empty(t, Differs(bob, bob, r))
	require.Contains(t, Differs(bob, erin, r), "all asks U0BOB → all asks U0ERIN")
	r.Manager = &approvals.Managed{By: "U0BOB", Read: time.Now()}
	require.Empty(t, Differs(bob, under("people: {manager_field: Manager}"), r), "the profile had named him")
}

// TestReplay lists what would be asked differently, oldest first, and nothing where nobody else would be asked.
func TestReplay(t *testing.T) {
	folder := past(t)
	said, err := replayed(t, folder, house+rules, 0)
	require.NoError(t, err)
	require.Equal(t, "Nothing would be asked differently: 3 requests were decided anew under both.\n", said)
	said, err = replayed(t, folder, house+strings.ReplaceAll(rules, "name: seats", "name: renamed"), 0)
	require.NoError(t, err, "whoever is asked is asked as before: %s", said)
	stricter := strings.ReplaceAll(strings.ReplaceAll(rules, "seats_left_over: 2", "seats_left_over: 5"), "need: 2", "need: 1")
	said, err = replayed(t, folder, house+stricter, 0)
	require.ErrorContains(t, err, "2 of 3 requests would be asked differently")
	require.Equal(t, []string{"#1 · create in seranking, asked by U0ALICE on 2026-10-19: small approves → seats asks U0BOB, S0LEADS (policy “no-user-seats” doesn't fit, because type is client, not user, and it's for who asks, and not for somebody outside the workspace; policy “small” doesn't fit, because 5 seats are left, which isn't over 5; policy “seats” rules it)",
		"#3 · delete in seranking, asked by U0ALICE on 2026-11-28: removals asks 2 of U0BOB, S0LEADS, then owners → removals asks U0BOB, S0LEADS, then owners (policy “no-user-seats” doesn't fit, because it says no type, so that isn't user; policy “removals” rules it)"},
		strings.Split(strings.TrimSpace(said), "\n"))
	said, err = replayed(t, folder, house+stricter, 30*24*time.Hour)
	require.ErrorContains(t, err, "1 of 2 requests")
	require.NotContains(t, said, "#1 ")
	said, err = replayed(t, folder, strings.Replace(house, "owners: [U0DAVE]", "owners: [U0ERIN]", 1)+rules, 0)
	require.ErrorContains(t, err, "1 of 3 requests")
	require.Contains(t, said, "removals asks U0BOB, S0LEADS, then U0DAVE → removals asks U0BOB, S0LEADS, then U0ERIN", "the same words, which stand for others")
	said, err = replayed(t, folder, house+strings.ReplaceAll(rules, "S0STAFF", "S0NEW"), 0)
	require.ErrorContains(t, err, "2 of 3 requests")
	require.Contains(t, said, "#1 · create in seranking, asked by U0ALICE on 2026-10-19: can't be told: ")
	require.Contains(t, said, "whether U0ALICE is in S0NEW isn't known")
}
