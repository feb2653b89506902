package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// inSteps is a request that waits under a policy of three steps: Bob or the leads, then two of Carol, Dave and Bob,
// then whoever of these, though they decided before.
func inSteps() Request {
	r := pendingRequest()
	r.Rule.Then = []Stage{{Approvers: []string{"U0CAROL", "U0DAVE", "U0BOB"}, Need: 2}, {Approvers: []string{"U0CAROL", "S0LEADS"}, Need: 1, Again: true}}
	r.Rule.Hash = "9f3c"
	return r
}

func yesOn(step int, who ...Actor) (out []Vote) {
	for _, a := range who {
		out = append(out, Vote{By: a, Yes: true, Step: step, At: noon})
	}
	return out
}

func votes(lists ...[]Vote) (out []Vote) {
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// TestJudgeStepByStep: a step that has enough gives the word to the next, who decided one decides no other unless it
// says so, and each decides only the step on which they were asked.
func TestJudgeStepByStep(t *testing.T) {
	all := member("U0BOB", "U0ERIN", "U0CAROL", "U0DAVE", "U0MALLORY")
	without := func(id PersonID) Facts {
		f := member("U0BOB", "U0ERIN", "U0CAROL", "U0DAVE")
		f.People[id] = Person{ID: id}
		return f
	}
	for name, row := range map[string]struct {
		votes   []Vote
		facts   Facts
		status  Status
		step    int
		missing int
	}{
		"nobody yet":                            {nil, all, Waiting, 0, 1},
		"the first":                             {yesOn(0, "U0BOB"), all, Waiting, 1, 2},
		"one of two":                            {votes(yesOn(0, "U0ERIN"), yesOn(1, "U0BOB")), all, Waiting, 1, 1},
		"both":                                  {votes(yesOn(0, "U0ERIN"), yesOn(1, "U0BOB", "U0DAVE")), all, Waiting, 2, 1},
		"all":                                   {votes(yesOn(0, "U0ERIN"), yesOn(1, "U0BOB", "U0DAVE"), yesOn(2, "U0CAROL")), all, Granted, 2, 0},
		"all, one of them again":                {votes(yesOn(0, "U0ERIN"), yesOn(1, "U0BOB", "U0CAROL"), yesOn(2, "U0CAROL")), all, Granted, 2, 0},
		"the same in two steps":                 {votes(yesOn(0, "U0BOB"), yesOn(1, "U0BOB", "U0DAVE")), all, Waiting, 1, 1},
		"the machine in two steps":              {votes(yesOn(0, "os:root"), yesOn(1, "os:usher", "U0DAVE")), all, Waiting, 1, 1},
		"the machine, and again":                {votes(yesOn(0, "os:root"), yesOn(1, "U0BOB", "U0DAVE"), yesOn(2, "os:usher")), all, Granted, 2, 0},
		"on a step that is not theirs":          {yesOn(0, "U0CAROL"), all, Waiting, 0, 1},
		"on a later step alone":                 {yesOn(1, "U0CAROL", "U0DAVE"), all, Waiting, 0, 1},
		"a stranger's no":                       {votes(yesOn(0, "U0BOB"), []Vote{{By: "U0MALLORY", Step: 1}}), all, Waiting, 1, 2},
		"a no on the second":                    {votes(yesOn(0, "U0BOB"), []Vote{{By: "U0CAROL", Step: 1}}), all, Vetoed, 1, 2},
		"a no of who decides the first":         {votes(yesOn(0, "U0BOB"), []Vote{{By: "U0ERIN", Step: 1}}), all, Waiting, 1, 2},
		"who decided the first has left":        {votes(yesOn(0, "U0BOB"), yesOn(1, "U0CAROL")), without("U0BOB"), Waiting, 0, 1},
		"and others would be enough":            {votes(yesOn(0, "U0BOB"), yesOn(1, "U0CAROL", "U0DAVE"), yesOn(2, "U0CAROL")), without("U0BOB"), Waiting, 0, 1},
		"somebody else decided it since":        {votes(yesOn(0, "U0BOB"), yesOn(1, "U0CAROL"), yesOn(0, "U0ERIN")), without("U0BOB"), Waiting, 1, 1},
		"whether the first counts is not known": {votes(yesOn(0, "U0BOB"), yesOn(1, "U0CAROL", "U0DAVE")), member("U0CAROL", "U0DAVE"), Unproven, 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := inSteps()
			r.Votes = row.votes
			v := Judge(r, row.facts)
			require.Equal(t, []any{row.status, row.step, row.missing}, []any{v.Status, v.Step, v.Missing()})
			require.Len(t, v.Steps, 3)
			require.NotEmpty(t, v.Reasons)
		})
	}
}

// TestAVerdictExplainsItselfStepByStep: who said yes on each, and who was set aside and why.
func TestAVerdictExplainsItselfStepByStep(t *testing.T) {
	r := inSteps()
	r.Votes = votes(yesOn(0, "U0ERIN"), yesOn(1, "U0BOB", "U0GONE"))
	f := member("U0BOB", "U0ERIN")
	f.People["U0GONE"] = Person{ID: "U0GONE"}
	require.Equal(t, []string{
		"U0ERIN said yes", "policy seats (9f3c), step 1 of 3: 1 of 1 said yes",
		"U0BOB said yes", "U0GONE set aside: Only active members of this workspace can decide, and Slack doesn't list you as one.", "policy seats (9f3c), step 2 of 3: 1 of 2 said yes",
	}, Judge(r, f).Reasons)
}

// TestStepsGoOnAndBack: those named on a step are owed what asks them when it begins, and what they have is owed anew
// when it is over; so it is when a step is undone.
func TestStepsGoOnAndBack(t *testing.T) {
	all := member("U0BOB", "U0ERIN", "U0CAROL", "U0DAVE")
	r := inSteps()
	r.State = ""
	r, changes, err := Step(r, Opened{}, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"expire/12", "card/12", "approver/12/U0BOB"}, keys(changes))
	r, changes, err = Step(r, Voted{Vote: yesOn(0, "U0BOB")[0], Facts: all}, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"card/12", "approver/12/U0BOB", "approver/12/U0CAROL", "approver/12/U0DAVE"}, keys(changes))
	require.Equal(t, 1, r.Present())
	require.Equal(t, []PersonID{"U0CAROL", "U0DAVE"}, r.Eligible().People(), "who decided the first is not asked again")

	gone := member("U0ERIN", "U0CAROL", "U0DAVE")
	gone.People["U0BOB"] = Person{ID: "U0BOB"}
	r, changes, err = Step(r, Rejudged{Facts: gone}, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"card/12", "approver/12/U0BOB", "approver/12/U0CAROL", "approver/12/U0DAVE"}, keys(changes))
	require.Equal(t, []any{0, 1, Pending}, []any{r.Present(), r.Reached(), r.State})
	require.Equal(t, []Discard{{By: "U0BOB", Reason: "Only active members of this workspace can decide, and Slack doesn't list you as one."}}, r.SetAside())
	_, _, err = Step(r, Rejudged{Facts: gone}, noon)
	require.ErrorIs(t, err, ErrNotNow, "it is at that step")
}

// stepsDesk is a desk with a request in steps, of people who are all there.
func stepsDesk() (*Desk, *oneBook, company) {
	in := company{}
	for _, id := range []PersonID{"U0ALICE", "U0BOB", "U0ERIN", "U0CAROL", "U0DAVE"} {
		in[id] = Person{Active: true, Email: string(id) + "@acme.example"}
	}
	r := inSteps()
	r.Rule.Approvers = []string{"U0BOB", "U0ERIN", "U0CAROL"}
	r.Rule.Then[1].Approvers = []string{"U0CAROL", "U0ERIN"}
	d, b := deskOf(r, in)
	return d, b, in
}

// TestOneClickDecidesOneStep: what was pressed where another step was shown counts for none, and by the same person
// it is the yes they have given.
func TestOneClickDecidesOneStep(t *testing.T) {
	d, b, _ := stepsDesk()
	cast := func(by Actor, step int, yes bool) (Ballot, error) {
		return d.Vote(t.Context(), 12, Vote{By: by, Yes: yes, Step: step, At: noon}, noon)
	}
	for _, by := range []Actor{"U0DAVE", "U0MALLORY"} {
		_, err := cast(by, 0, true)
		require.Error(t, err)
	}
	_, err := cast("U0CAROL", 0, true)
	require.NoError(t, err)
	again, err := cast("U0CAROL", 0, true)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	_, err = cast("U0CAROL", 1, true)
	require.ErrorContains(t, err, "You said yes to step 1 of #12, so somebody else must decide step 2: @U0DAVE or @U0BOB.")
	_, err = cast("U0DAVE", 0, true)
	require.ErrorContains(t, err, "#12 is at step 2 of 3 now, and what you clicked was for step 1")
	_, err = cast("U0ERIN", 1, true)
	require.ErrorContains(t, err, "Step 1 of #12 is decided. Step 2 of 3 isn't yours to decide; @U0DAVE or @U0BOB can.")
	for _, by := range []Actor{"U0DAVE", "U0BOB"} {
		_, err = cast(by, 1, true)
		require.NoError(t, err)
	}
	require.Equal(t, 2, b.r.Present())
	_, err = cast("U0DAVE", 2, false)
	require.ErrorContains(t, err, "Step 2 of #12 is decided.", "whose step is over cannot deny either")
	require.Equal(t, Pending, b.r.State)
	_, err = cast("U0CAROL", 2, true)
	require.NoError(t, err, "who may decide again, by a click of its own")
	require.Equal(t, Approved, b.r.State)
	require.Equal(t, []Actor{"U0CAROL", "U0DAVE", "U0BOB"}, b.r.Yes())
	_, err = cast("U0BOB", 2, true)
	require.ErrorContains(t, err, "Nothing is left to decide here.")
}

// TestAStepThatIsUndoneIsGoneBackTo, and what was said on a later one is kept.
func TestAStepThatIsUndoneIsGoneBackTo(t *testing.T) {
	d, b, in := stepsDesk()
	cast := func(by Actor, step int) error {
		_, err := d.Vote(t.Context(), 12, Vote{By: by, Yes: true, Step: step, At: noon}, noon)
		return err
	}
	require.NoError(t, cast("U0ERIN", 0))
	require.NoError(t, cast("U0CAROL", 1))
	delete(in, "U0ERIN")
	require.ErrorContains(t, cast("U0DAVE", 1), "couldn't check with Slack whether everyone who said yes")
	require.Equal(t, 1, b.r.Present(), "what cannot be found out undoes nothing")
	in["U0ERIN"] = Person{}
	require.ErrorContains(t, cast("U0DAVE", 1), "#12 isn't yours to decide yet: it's at step 1 of 3")
	require.Equal(t, 0, b.r.Present())
	require.ErrorContains(t, cast("U0CAROL", 0), "You said yes to step 2 of #12, so somebody else must decide step 1: @U0BOB", "nor the step before the one they decided")
	require.NoError(t, cast("U0BOB", 0))
	require.Equal(t, []any{1, []Actor{"U0CAROL"}}, []any{b.r.Present(), b.r.YesOn(1)})
	_, err := d.Override(t.Context(), 12, Overridden{By: "os:root", Yes: true, Reason: "fire"}, "command line", noon)
	require.NoError(t, err, "the command line ends all steps")
	require.Equal(t, Approved, b.r.State)
}

// TestAPolicyIsPinnedWithWhomItsWordsMean, step by step; what nobody could decide is refused.
func TestAPolicyIsPinnedWithWhomItsWordsMean(t *testing.T) {
	p := Policy{Name: "seats", Text: "seats", ExpiresAfter: time.Hour, RemindAfter: time.Minute, EscalateAfter: 2 * time.Minute, EscalateTo: []string{"U0CAROL"}, Approvers: []string{"S0LEADS"}, Then: []Stage{{Approvers: []string{Owners, "U0BOB", Admins}}}}
	d, b := deskOf(Request{}, company{"U0ALICE": {Active: true, Email: "alice@acme.example"}, "U0DAVE": {Active: true, Email: "dave@acme.example"}}, "U0ADMIN", "U0BOB")
	d.Policies, d.Apps[0].Owners = []Policy{p}, []string{"U0DAVE", "S0OPS"}
	ask := Ask{Requester: "U0ALICE", App: ranked(), Action: catalog.Create, Change: Change{Email: "jane@acme.example"}}
	_, _, err := d.Open(t.Context(), ask, noon)
	require.NoError(t, err)
	require.Equal(t, Rule{Policy: "seats", Hash: p.Hash(), Approvers: []string{"S0LEADS"}, Need: 1,
		Then: []Stage{{Approvers: []string{"U0DAVE", "S0OPS", "U0BOB", "U0ADMIN"}, Need: 1}}, RemindAfter: time.Minute, EscalateAfter: 2 * time.Minute, EscalateTo: []string{"U0CAROL"}}, b.r.Rule)
	require.Equal(t, noon.Add(time.Hour), b.r.Expires)
	require.Equal(t, []string{"S0LEADS", "S0OPS", "U0ADMIN", "U0BOB", "U0CAROL", "U0DAVE"}, d.Approvers().Approvers)

	d.Policies[0].Then, d.Apps[0].Owners = []Stage{{Approvers: []string{Owners}}}, []string{"U0ALICE", "U0DAVE"}
	ask.Change.Email = "dave@acme.example"
	_, _, err = d.Open(t.Context(), ask, noon)
	require.ErrorContains(t, err, "Without you and @U0DAVE, who this is for, there aren't enough approvers (step 2 of policy “seats”)")
	d.Apps[0].Owners = []string{"U0ALICE"}
	ask.Change.Email = "jane@acme.example"
	_, _, err = d.Open(t.Context(), ask, noon)
	require.ErrorContains(t, err, "Without you there aren't enough approvers (step 2 of policy “seats”)")
}

// TestWhoGainsIsLeftOutOfEachStep: who asked and whom it is for, by their id and by their address.
func TestWhoGainsIsLeftOutOfEachStep(t *testing.T) {
	for now, votes := range [][]Vote{nil, yesOn(0, "U0BOB"), votes(yesOn(0, "U0BOB"), yesOn(1, "U0CAROL", "U0DAVE"))} {
		r := inSteps()
		everybody := []string{"U0ALICE", "U0JANE", "U0CAROL", "U0DAVE", "U0BOB", "U0ERIN"}
		r.Rule.Approvers, r.Rule.Then[0].Approvers, r.Rule.Then[1].Approvers = everybody, everybody, everybody
		r.Votes = votes
		f := member("U0ALICE", "U0BOB", "U0CAROL", "U0DAVE", "U0ERIN")
		f.People["U0JANE"] = Person{ID: "U0JANE", Active: true, Email: "jane+x@acme.example"}
		r.Tally = tallyOf(Judge(r, f), r)
		require.Equal(t, now, r.Present())
		for _, by := range []Actor{"U0ALICE", "U0JANE", "os:jane"} {
			ruling, _ := MayDecide(r, by, f)
			require.Equal(t, MayNot, ruling, "%s on step %d", by, now+1)
		}
		r.Votes = append(r.Votes, Vote{By: "U0JANE", Yes: true, Step: now}, Vote{By: "U0ALICE", Yes: true, Step: now})
		require.Equal(t, now, Judge(r, f).Step)
		ruling, _ := MayDecide(r, "U0ERIN", f)
		require.Equal(t, May, ruling)
	}
}

// TestWhichStepIsShort: people are counted once, a group is enough, and a step that lets people decide again takes
// nobody away.
func TestWhichStepIsShort(t *testing.T) {
	of := func(need int, who ...string) Stage { return Stage{Approvers: who, Need: need} }
	again := func(s Stage) Stage { s.Again = true; return s }
	for name, row := range map[string]struct {
		steps []Stage
		want  int
	}{
		"one":                         {[]Stage{of(1, "U0A")}, -1},
		"need too high":               {[]Stage{of(2, "U0A")}, 0},
		"one for two":                 {[]Stage{of(1, "U0A"), of(1, "U0A")}, 1},
		"one for two, again":          {[]Stage{of(1, "U0A"), again(of(1, "U0A"))}, -1},
		"the first must take another": {[]Stage{of(1, "U0A", "U0B"), of(1, "U0A")}, -1},
		"a chain":                     {[]Stage{of(1, "U0A", "U0D"), of(1, "U0B", "U0C"), of(1, "U0A"), of(1, "U0B")}, -1},
		"a chain that is too long":    {[]Stage{of(1, "U0A", "U0B"), of(1, "U0B", "U0A"), of(1, "U0A")}, 2},
		"a group":                     {[]Stage{of(1, "U0A"), of(5, "U0A", "S0G")}, -1},
		"nobody":                      {[]Stage{of(1, "U0A"), of(1)}, 1},
	} {
		require.Equal(t, row.want, Short(row.steps), name)
	}
}
