package approvals

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// waitingFor is a request that waits for some, and escalates after two days to Frank.
func waitingFor(need int, who ...string) Request {
	r := pendingRequest()
	r.Rule = Rule{Policy: "seats", Approvers: who, Need: need, EscalateAfter: 48 * time.Hour, EscalateTo: []string{"U0FRANK"}}
	return r
}

// TestWhoHasLeftHandsOn: where too few are left for the present step it goes to whom it would escalate, and to the admins
// where that isn't enough; a group, a deputy and a yes count as they do, and nobody who gains is counted.
func TestWhoHasLeftHandsOn(t *testing.T) {
	for name, row := range map[string]struct {
		r     Request
		alter func(*Request)
		gone  []string
		want  []string
		can   []string
	}{
		"the only one":                     {waitingFor(1, "U0BOB"), nil, []string{"U0BOB"}, []string{"U0FRANK"}, []string{"U0FRANK"}},
		"one of two":                       {waitingFor(1, "U0BOB", "U0CAROL"), nil, []string{"U0BOB"}, nil, []string{"U0CAROL"}},
		"one of two who must both":         {waitingFor(2, "U0BOB", "U0CAROL"), nil, []string{"U0BOB"}, []string{"U0FRANK"}, []string{"U0CAROL", "U0FRANK"}},
		"and it escalates to nobody":       {waitingFor(1, "U0BOB"), func(r *Request) { r.Rule.EscalateTo = nil }, []string{"U0BOB"}, []string{"U0ADMIN"}, []string{"U0ADMIN"}},
		"and who it escalates to has left": {waitingFor(1, "U0BOB"), nil, []string{"U0BOB", "U0FRANK"}, []string{"U0ADMIN"}, []string{"U0ADMIN"}},
		"and who it escalates to is not enough": {waitingFor(3, "U0BOB", "U0CAROL", "U0DAVE"), nil, []string{"U0BOB", "U0CAROL"}, []string{"U0FRANK", "U0ADMIN"},
			[]string{"U0DAVE", "U0FRANK", "U0ADMIN"}},
		"beside a group":           {waitingFor(2, "U0BOB", "S0LEADS"), nil, []string{"U0BOB"}, nil, []string{"S0LEADS"}},
		"a group that is empty":    {waitingFor(1, "S0LEADS"), nil, []string{"S0LEADS"}, []string{"U0FRANK"}, []string{"U0FRANK"}},
		"who asked is no other":    {waitingFor(1, "U0BOB", "U0ALICE"), nil, []string{"U0BOB"}, []string{"U0FRANK"}, []string{"U0FRANK"}},
		"the admin asked":          {waitingFor(1, "U0BOB"), func(r *Request) { r.Requester, r.Rule.EscalateTo = "U0ADMIN", nil }, []string{"U0BOB"}, nil, []string{"U0BOB"}},
		"it is escalated anyway":   {waitingFor(1, "U0BOB"), func(r *Request) { r.Raised = []Raise{{At: noon}} }, []string{"U0BOB"}, nil, []string{"U0FRANK"}},
		"a deputy":                 {waitingFor(1, "U0BOB"), func(r *Request) { r.Away = []Absence{gone()} }, []string{"U0DANA"}, []string{"U0FRANK"}, []string{"U0BOB", "U0FRANK"}},
		"who is away":              {waitingFor(1, "U0BOB"), func(r *Request) { r.Away = []Absence{gone()} }, []string{"U0BOB"}, []string{"U0FRANK"}, []string{"U0FRANK"}},
		"nobody":                   {waitingFor(1, "U0BOB"), func(r *Request) { r.Gone = []string{"U0BOB"} }, nil, nil, []string{"U0BOB"}},
		"by votes, not by leaving": {waitingFor(2, "U0BOB", "U0CAROL"), func(r *Request) { r.Requester = "U0CAROL" }, []string{"U0NOBODY"}, nil, []string{"U0BOB"}},
	} {
		t.Run(name, func(t *testing.T) {
			if row.alter != nil {
				row.alter(&row.r)
			}
			had := len(row.r.Raised)
			next, changes, err := Step(row.r, Missed{Gone: row.gone, Admins: []string{"U0ADMIN"}}, days(1))
			require.NoError(t, err)
			var to []string
			for _, e := range next.Raised[had:] {
				to = append(to, e.to(next.Rule)...)
				require.NotEmpty(t, e.Gone, "the card says why")
			}
			require.Equal(t, row.want, to)
			require.Equal(t, row.can, next.Eligible().Approvers)
			for _, who := range to {
				require.Contains(t, keys(changes), ApproverKey(12, PersonID(who)), "they are told")
			}
			_, _, err = Step(next, Missed{Gone: row.gone, Admins: []string{"U0ADMIN"}}, days(2))
			require.ErrorIs(t, err, ErrNotNow, "once")
		})
	}
}

// TestWhoIsBackMayDecide: who has left and is back decides again, and so does whom it was handed on to.
func TestWhoIsBackMayDecide(t *testing.T) {
	r, _ := step(t, waitingFor(1, "U0BOB"), Missed{Gone: []string{"U0BOB"}}, days(1))
	for _, who := range []Actor{"U0BOB", "U0FRANK"} {
		ruling, say := MayDecide(r, who, member("U0BOB", "U0FRANK"))
		require.Equal(t, May, ruling, "%s: %s", who, say.Plain())
	}
	back, _ := step(t, r, Missed{}, days(2))
	require.Equal(t, []string{"U0BOB", "U0FRANK"}, back.Eligible().Approvers, "nobody is taken away")
	require.Equal(t, "@U0BOB", r.GoneSay().Plain())
	require.Empty(t, back.GoneSay())
}

// TestWhoIsNamedIsLookedUp: when it is asked, when others are named or another step is decided, and not any more once it
// is over; of whom Slack can't say anything it stays as it was, and is tried again.
func TestWhoIsNamedIsLookedUp(t *testing.T) {
	r := waitingFor(1, "U0BOB")
	require.Equal(t, []string{"alive/12"}, keys(watched(Request{}, r, Opened{}, noon)))
	require.Empty(t, watched(r, r, Reminded{}, noon))
	moved := inSteps()
	moved.Tally = &Tally{Step: 1}
	require.Equal(t, []string{"alive/12"}, keys(watched(inSteps(), moved, Voted{}, noon)))
	away := r
	away.Away = []Absence{gone()}
	require.Equal(t, []string{"alive/12"}, keys(watched(r, away, Stood{}, noon)))
	over := r
	over.State = Denied
	require.Equal(t, []string{"-alive/12"}, keys(watched(r, over, Voted{}, noon)))

	people := company{"U0BOB": {}, "U0ADMIN": {Active: true}}
	d, b := deskOf(r, people, "U0ADMIN")
	now := func() time.Time { return days(1) }
	at, why, retry := d.Watching(now).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: AliveKey(12)}}).IsRetry()
	require.True(t, retry, "Frank can't be looked up")
	require.Contains(t, why, "Slack is away")
	require.Equal(t, days(1).Add(time.Second), at)
	require.Equal(t, []string{"U0BOB"}, b.r.Gone, "what is known is kept all the same")
	require.Len(t, b.r.Raised, 1)
	people["U0FRANK"] = Person{}
	again, ok := d.Watching(now).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: AliveKey(12)}}).IsDoneUntil()
	require.True(t, ok)
	require.Equal(t, days(2), again, "daily")
	require.Equal(t, []string{"U0ADMIN"}, b.r.Eligible().Approvers)
	delete(people, "U0BOB")
	d.Watching(now).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: AliveKey(12)}})
	require.Equal(t, []string{"U0BOB", "U0FRANK"}, b.r.Gone, "who can't be looked up is as they were")
}

// hall is a company with user groups.
type hall struct {
	company
	groups map[GroupID][]PersonID
}

func (h hall) Group(_ context.Context, id GroupID) ([]PersonID, error) {
	members, known := h.groups[id]
	switch {
	case !known:
		return nil, errors.New("Slack is away")
	case slices.Equal(members, disbanded):
		return nil, ErrNoGroup
	}
	return members, nil
}

// disbanded stands for the members of a group that Slack doesn't have any more.
var disbanded = []PersonID{"nobody"}

// TestAPolicyThatReachesNobody is found, of each that asks anybody; nothing is said of what Slack can't say.
func TestAPolicyThatReachesNobody(t *testing.T) {
	people := hall{company{"U0BOB": {}, "U0ERIN": {Active: true}, "U0GUEST": {Active: true, Guest: true}, "U0FRANK": {Active: true}},
		map[GroupID][]PersonID{"S0LEADS": {"U0BOB", "U0ERIN"}, "S0GUESTS": {"U0GUEST", "U0BOB"}, "S0EMPTY": nil, "S0GONE": disbanded}}
	for name, row := range map[string]struct {
		p    Policy
		want string
	}{
		"all is well":            {Policy{Approvers: []string{"U0BOB", "S0LEADS"}, Need: 2}, ""},
		"a manager":              {Policy{Approvers: []string{Manager}, Need: 1}, ""},
		"it asks nobody":         {Policy{Auto: true}, ""},
		"it refuses":             {Policy{Refusal: "no"}, ""},
		"who left":               {Policy{Approvers: []string{"U0BOB"}, Need: 1}, "Nobody named in policy “p” can approve any more: @U0BOB isn't an active member. Until that's put right the admins decide"},
		"guests":                 {Policy{Approvers: []string{"S0GUESTS"}, Need: 1}, "nobody in @S0GUESTS is an active member"},
		"a group that is gone":   {Policy{Approvers: []string{"S0GONE"}, Need: 1}, "nobody in @S0GONE is an active member"},
		"too few":                {Policy{Approvers: []string{"U0BOB", "U0ERIN"}, Need: 2}, "2 people named in policy “p” must say yes, and only 1 still can"},
		"it escalates":           {Policy{Approvers: []string{"U0BOB"}, Need: 1, EscalateTo: []string{"U0FRANK"}}, "who it escalates to decides what waits there"},
		"a later step":           {Policy{Approvers: []string{"U0ERIN"}, Need: 1, Then: []Stage{{Approvers: []string{"S0EMPTY"}, Need: 1}}}, "Nobody named in step 2 of policy “p” can"},
		"who can't be looked up": {Policy{Approvers: []string{"U0LOST"}, Need: 1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			row.p.Name = "p"
			d := &Desk{Directory: people, Policies: []Policy{row.p}, Apps: []App{{ID: "seranking"}}}
			list, err := d.Unreached(t.Context())
			require.Equal(t, name == "who can't be looked up", err != nil, "%v", err)
			if row.want == "" {
				require.Empty(t, list)
				return
			}
			require.Len(t, list, 1)
			require.Contains(t, list[0].Text().Plain(), row.want)
		})
	}
}
