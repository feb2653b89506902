package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// gone is Bob's absence, in whose place Dana decides.
func gone() Absence { return Absence{Person: "U0BOB", Deputy: "U0DANA", Since: noon, Until: days(3)} }

// deputized is a request that waits for Bob or Carol, of whom Bob is away.
func deputized(need int) Request {
	r := pendingRequest()
	r.Rule = Rule{Policy: "seats", Approvers: []string{"U0BOB", "U0CAROL"}, Need: need}
	r.Away = []Absence{gone()}
	return r
}

// TestNobodyDecidesByDeputyWhatTheyGainFrom: neither the deputy, nor whom they stand for, known by id or by any address;
// and a deputy's deputy decides nothing.
func TestNobodyDecidesByDeputyWhatTheyGainFrom(t *testing.T) {
	for name, row := range map[string]struct {
		by    Actor
		alter func(*Request, Facts)
		want  Ruling
		says  string
	}{
		"the deputy":                     {"U0DANA", nil, May, ""},
		"who is away may still":          {"U0BOB", nil, May, ""},
		"somebody else":                  {"U0ERIN", nil, MayNot, "#12 isn't yours to decide; @U0BOB (away; @U0DANA decides for them) or @U0CAROL can."},
		"the deputy asked":               {"U0DANA", func(r *Request, _ Facts) { r.Requester = "U0DANA" }, MayNot, "You asked for #12 yourself"},
		"it is for the deputy":           {"U0DANA", func(r *Request, _ Facts) { r.Change.Person = "U0DANA" }, MayNot, "#12 is for you, so somebody else must decide."},
		"by an address of the deputy":    {"U0DANA", func(r *Request, _ Facts) { r.Change.Email = "u0dana+x@acme.example" }, MayNot, "#12 is for you"},
		"the one who is away asked":      {"U0DANA", func(r *Request, _ Facts) { r.Requester = "U0BOB" }, MayNot, "#12 isn't yours to decide; @U0CAROL can."},
		"it is for the one who is away":  {"U0DANA", func(r *Request, _ Facts) { r.Change.Person = "U0BOB" }, MayNot, "#12 isn't yours to decide; @U0CAROL can."},
		"by an address of theirs":        {"U0DANA", func(r *Request, _ Facts) { r.Change.Email = "u0bob+x@acme.example" }, MayNot, "@U0BOB, who you decide for, would gain from #12"},
		"whom it is for cannot be known": {"U0DANA", func(_ *Request, f Facts) { f.People["U0BOB"] = Person{Active: true} }, CouldNotTell, "could decide #12"},
		"nothing is known of them":       {"U0DANA", func(_ *Request, f Facts) { delete(f.People, "U0BOB") }, CouldNotTell, "could decide #12"},
		"they have left":                 {"U0DANA", func(_ *Request, f Facts) { f.People["U0BOB"] = Person{} }, MayNot, "@U0BOB, who you decide for, can't approve any more"},
		"the deputy has left":            {"U0DANA", func(_ *Request, f Facts) { f.People["U0DANA"] = Person{} }, MayNot, "Only active members"},
		"the deputy's deputy": {"U0ERIN", func(r *Request, _ Facts) {
			r.Away = append(r.Away, Absence{Person: "U0DANA", Deputy: "U0ERIN", Until: days(3)})
		}, MayNot, "#12 isn't yours to decide"},
		"of somebody who is not named": {"U0ERIN", func(r *Request, _ Facts) {
			r.Away = []Absence{{Person: "U0FRANK", Deputy: "U0ERIN", Until: days(3)}}
		}, MayNot, "#12 isn't yours to decide"},
		"it is over":      {"U0DANA", func(r *Request, _ Facts) { r.Away[0].Over = true }, MayNot, "#12 isn't yours to decide; @U0BOB or @U0CAROL can."},
		"its time is up":  {"U0DANA", func(r *Request, _ Facts) { *r = r.asOf(days(3)) }, MayNot, "#12 isn't yours to decide"},
		"a moment before": {"U0DANA", func(r *Request, _ Facts) { *r = r.asOf(days(3).Add(-1)) }, May, ""},
		"without a deputy": {"U0DANA", func(r *Request, _ Facts) { r.Away[0].Deputy = "" }, MayNot,
			"#12 isn't yours to decide; @U0BOB (away) or @U0CAROL can."},
	} {
		t.Run(name, func(t *testing.T) {
			r, f := deputized(1), addressed("U0BOB", "U0CAROL", "U0DANA", "U0ERIN", "U0FRANK")
			if row.alter != nil {
				row.alter(&r, f)
			}
			got, say := MayDecide(r, row.by, f)
			require.Equal(t, row.want, got, say.Plain())
			require.Contains(t, say.Plain(), row.says)
		})
	}
}

// addressed are full members, each with an address of their own.
func addressed(ids ...PersonID) Facts {
	f := newFacts()
	for _, id := range ids {
		f.People[id] = Person{ID: id, Active: true, Email: FoldEmail(string(id) + "@acme.example")}
	}
	return f
}

// TestADeputysYesFillsOnePlace: it is their own vote and counts once, whoever else is away with them as deputy; whose
// place it is does not fill it again; and where the deputy may not any more it is free again.
func TestADeputysYesFillsOnePlace(t *testing.T) {
	f := addressed("U0BOB", "U0CAROL", "U0DANA")
	forBob := Vote{By: "U0DANA", Yes: true, For: "U0BOB", Until: days(3)}
	for name, row := range map[string]struct {
		votes []Vote
		want  []Actor
		aside string
	}{
		"the deputy, then another":       {[]Vote{forBob, {By: "U0CAROL", Yes: true}}, []Actor{"U0DANA", "U0CAROL"}, ""},
		"the deputy, then whose it is":   {[]Vote{forBob, {By: "U0BOB", Yes: true}}, []Actor{"U0DANA"}, "@U0BOB (their deputy said yes for them)"},
		"whose it is, then the deputy":   {[]Vote{{By: "U0BOB", Yes: true}, forBob}, []Actor{"U0BOB"}, "@U0DANA (@U0BOB's place is filled)"},
		"who was deputy of somebody not": {[]Vote{{By: "U0DANA", Yes: true, For: "U0ERIN"}}, nil, "@U0DANA (can't approve any more)"},
	} {
		t.Run(name, func(t *testing.T) {
			r := deputized(2)
			r.Votes = row.votes
			v := Judge(r, f)
			require.Equal(t, row.want, v.Counted)
			if row.aside != "" {
				require.Equal(t, row.aside, v.Discarded[0].Text().Plain())
			}
		})
	}
	r := deputized(2)
	r.Votes = []Vote{forBob, {By: "U0BOB", Yes: true}}
	f.People["U0DANA"] = Person{}
	require.Equal(t, []Actor{"U0BOB"}, Judge(r, f).Counted, "the deputy has left")
	no := deputized(2)
	no.Votes = []Vote{{By: "U0DANA", For: "U0BOB"}}
	require.Equal(t, Vetoed, Judge(no, addressed("U0BOB", "U0CAROL", "U0DANA")).Status)
}

// TestAVoteGivenAsDeputyStaysOne when the absence is over before it is judged again, as long as both may decide.
func TestAVoteGivenAsDeputyStaysOne(t *testing.T) {
	f := addressed("U0BOB", "U0CAROL", "U0DANA")
	r := deputized(2)
	r.Votes = []Vote{{By: "U0DANA", Yes: true, For: "U0BOB", Until: days(3)}}
	r.Away[0].Over = true
	require.Equal(t, []Actor{"U0DANA"}, Judge(r, f).Counted)
	require.Contains(t, Judge(r, f).Reasons, "U0DANA for U0BOB, who is away until "+days(3).UTC().Format(time.RFC3339)+", said yes")
	f.People["U0BOB"] = Person{}
	require.Empty(t, Judge(r, f).Counted, "whose place it is has left")
}

// TestDistinctStepsAreDecidedByOthersThanADeputy: who decided a step decides no later one for somebody else, and nobody
// decides in the place of who did.
func TestDistinctStepsAreDecidedByOthersThanADeputy(t *testing.T) {
	f := addressed("U0BOB", "U0CAROL", "U0DANA", "U0ERIN")
	r := deputized(1)
	r.Rule.Then = []Stage{{Approvers: []string{"U0BOB", "U0ERIN"}, Need: 1}}
	after := func(v Vote) Request {
		next, _, err := Step(r, Voted{Vote: v, Facts: f}, noon)
		require.NoError(t, err)
		require.Equal(t, 1, next.Present())
		return next
	}
	own, say := MayDecide(after(Vote{By: "U0BOB", Yes: true}), "U0DANA", f)
	require.Equal(t, MayNot, own, "Bob decided step 1")
	require.Contains(t, say.Plain(), "@U0BOB, who you decide for, decided another step of #12")
	own, say = MayDecide(after(Vote{By: "U0DANA", Yes: true, For: "U0BOB"}), "U0DANA", f)
	require.Equal(t, MayNot, own, "Dana did")
	require.Contains(t, say.Plain(), "You said yes to step 1 of #12")
	own, _ = MayDecide(after(Vote{By: "U0DANA", Yes: true, For: "U0BOB"}), "U0BOB", f)
	require.Equal(t, May, own, "Bob has decided nothing himself")
}

// TestWhatWaitsMovesOnceAndBack: a request that waits goes to the deputy, says so in one event however often the promise
// is kept, and comes back by a word or when the time is over; what is decided by then stays where it is.
func TestWhatWaitsMovesOnceAndBack(t *testing.T) {
	people := company{}
	for _, id := range []PersonID{"U0ALICE", "U0BOB", "U0CAROL", "U0DANA"} {
		people[id] = Person{Active: true, Email: FoldEmail(string(id) + "@acme.example")}
	}
	r := deputized(1)
	r.Away = nil
	d, b := deskOf(r, people)
	now := noon
	clock := func() time.Time { return now }
	moved := func() {
		for range 2 {
			require.Equal(t, outbox.Done(), d.Moving(clock).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: AwayKey("U0BOB")}}))
		}
	}
	_, err := d.Leave(t.Context(), gone(), "slack", now)
	require.NoError(t, err)
	moved()
	require.Equal(t, []PersonID{"U0DANA"}, b.r.Eligible().Deputies())
	require.Equal(t, []string{"U0CAROL", "U0DANA"}, b.r.Awaits(), "who is reminded")
	require.Len(t, b.r.Away, 1)

	_, was, err := d.Back(t.Context(), "U0BOB", "slack", now)
	require.True(t, was)
	require.NoError(t, err)
	_, err = d.Vote(t.Context(), 12, Vote{By: "U0DANA", Yes: true, At: now}, now)
	require.Equal(t, NotAllowed, CodeOf(err), "though nobody has moved it yet")
	moved()
	require.Empty(t, b.r.Eligible().Deputies())
	require.True(t, b.r.Stood("U0DANA"), "what she has follows it")
	_, was, err = d.Back(t.Context(), "U0BOB", "slack", now)
	require.False(t, was)
	require.NoError(t, err)

	_, err = d.Leave(t.Context(), gone(), "slack", now)
	require.NoError(t, err)
	moved()
	now = days(3).Add(-1)
	require.Equal(t, outbox.RetryAt(days(3), "its time is not up yet"), d.Returning(clock).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: BackKey("U0BOB")}}))
	now = days(3)
	_, err = d.Vote(t.Context(), 12, Vote{By: "U0DANA", Yes: true, At: now}, now)
	require.Equal(t, NotAllowed, CodeOf(err), "its time is over, whoever has taken that down")
	for range 2 {
		require.Equal(t, outbox.Done(), d.Returning(clock).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: BackKey("U0BOB")}}))
	}
	moved()
	require.Empty(t, b.away)
	require.Empty(t, b.r.Eligible().Deputies())
}

// TestADeputyIsRemindedFromWhenItWaitsForThem: whose place they fill may be asked later than they went away, the step may be
// handed to the deputy besides, and what they have been reminded of by then is not said again.
func TestADeputyIsRemindedFromWhenItWaitsForThem(t *testing.T) {
	for name, row := range map[string]struct {
		away, raised int // days after it was asked; 0: never
		person       PersonID
		want         int
	}{
		"named, away before":                  {-1, 0, "U0BOB", 0},
		"named, away later":                   {1, 0, "U0BOB", 1},
		"handed to who is away":               {-1, 2, "U0FRANK", 2},
		"handed to who goes away":             {3, 2, "U0FRANK", 3},
		"handed to the deputy too":            {1, 2, "U0BOB", 1},
		"handed to who is their deputy later": {3, 2, "U0BOB", 2},
	} {
		t.Run(name, func(t *testing.T) {
			r := deputized(1)
			r.Asked, r.Rule.EscalateTo = noon, []string{"U0FRANK", "U0DANA"}
			if row.person == "U0FRANK" {
				r.Rule.EscalateTo = []string{"U0FRANK"}
			}
			r.Away = []Absence{{Person: row.person, Deputy: "U0DANA", Since: days(row.away), Until: days(9)}}
			if row.raised > 0 {
				r.Raised = []Raise{{At: days(row.raised)}}
			}
			require.Equal(t, days(row.want), r.askedAt("U0DANA"))
		})
	}

	r := deputized(1)
	r.Asked, r.Expires = noon, days(9)
	r.Rule.RemindAfter, r.Rule.EscalateAfter, r.Rule.EscalateTo = 24*time.Hour, 48*time.Hour, []string{"U0DANA"}
	r, _ = step(t, r, Reminded{Who: "U0DANA", Key: "reminder/12/1/U0DANA"}, days(1))
	r, promised := step(t, r, Escalated{}, days(2))
	require.Contains(t, promised, "reminder/12/2/U0DANA", "it is theirs too now")
	_, _, err := Step(r, Reminded{Who: "U0DANA"}, days(2))
	require.ErrorIs(t, err, ErrNotNow, "they were reminded a day ago")
}

// TestWhoCannotBeAwaySo hears why, and nothing is kept.
func TestWhoCannotBeAwaySo(t *testing.T) {
	people := company{"U0BOB": {Active: true}, "U0DANA": {Active: true}, "U0ERIN": {Active: true}, "U0GUEST": {Active: true, Guest: true}, "U0BOT": {Active: true, Bot: true}, "U0GONE": {}}
	at := func(person, deputy PersonID, until time.Time) Absence {
		return Absence{Person: person, Deputy: deputy, Until: until}
	}
	for want, a := range map[string]Absence{
		"is over already":                    at("U0BOB", "U0DANA", noon),
		"is more than a year ahead":          at("U0BOB", "U0DANA", noon.AddDate(1, 0, 2)),
		"You can't be your own deputy":       at("U0BOB", "U0BOB", days(1)),
		"@U0GUEST is a guest here":           at("U0BOB", "U0GUEST", days(1)),
		"@U0BOT is a bot":                    at("U0BOB", "U0BOT", days(1)),
		"@U0GONE has left":                   at("U0BOB", "U0GONE", days(1)),
		"who @U0LOST is just now":            at("U0BOB", "U0LOST", days(1)),
		"Only full members":                  at("U0GUEST", "", days(1)),
		"their decisions come back to you":   at("U0ERIN", "U0BOB", days(1)),
		"who you are just now, so nothing w": at("U0LOST", "", days(1)),
	} {
		d, b := deskOf(pendingRequest(), people)
		b.away = []Absence{at("U0BOB", "U0DANA", days(2)), at("U0DANA", "U0ERIN", days(2))}
		if a.Person == "U0BOB" {
			b.away = nil
		}
		before := len(b.away)
		_, err := d.Leave(t.Context(), a, "slack", noon)
		require.ErrorContains(t, err, want)
		require.Len(t, b.away, before)
	}
}

// TestALoopOfDeputies is found, of however many, as long as all of them are away.
func TestALoopOfDeputies(t *testing.T) {
	away := func(who, deputy PersonID) Absence { return Absence{Person: who, Deputy: deputy, Until: days(3)} }
	table := []Absence{away("U0DANA", "U0ERIN"), away("U0ALICE", "U0BOB"), away("U0BOB", "U0CAROL"), away("U0CAROL", "U0ALICE")}
	require.Equal(t, []string{"U0ALICE", "U0BOB", "U0CAROL", "U0ALICE"}, LoopOf(table, noon))
	require.Nil(t, LoopOf(table[:3], noon))
	require.Nil(t, LoopOf(table, days(3)), "they are back")
	require.Equal(t, []string{"U0BOB", "U0BOB"}, LoopOf([]Absence{away("U0BOB", "U0BOB")}, noon))
}
