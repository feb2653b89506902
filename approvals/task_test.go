package approvals

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// byHand is an app that a person carries out, which some own.
func byHand(owners ...string) App {
	return App{ID: "office", Name: "The office", Owners: owners, Confirms: true, Entry: &catalog.Entry{Kind: "office", Seat: catalog.Noun{One: "badge", Many: "badges"},
		Actions: []catalog.Action{
			{Key: catalog.Create, Effect: catalog.Gives, New: true, Undo: catalog.Delete, Steps: []catalog.Step{
				{Key: "print", Do: "Print it"},
				{Key: "photo", Do: "Is there a photo?", Asks: "had_photo"},
				{Key: "picture", Do: "Take one", If: "not had_photo", Proof: catalog.Link},
				{Key: "vault", Do: "Show the vault", If: "floor=vault"},
				{Key: "give", Do: "Hand it over", Proof: catalog.Note},
			}},
			{Key: catalog.Delete, Effect: catalog.Takes, Ends: true, Steps: []catalog.Step{
				{Key: "collect", Do: "Collect it", Marks: catalog.AccessRemoved},
				{Key: "release", Do: "Tell the landlord", Marks: catalog.SeatReleased},
			}},
		}}}
}

// crew are Alice, who asks, four others, and an admin.
func crew() company {
	c := company{}
	for _, id := range []PersonID{"U0ALICE", "U0BOB", "U0CAROL", "U0DAVE", "U0ERIN", "U0ADMIN"} {
		c[id] = Person{Active: true, Email: string(id) + "@acme.example", TZ: "UTC"}
	}
	return c
}

// work is a desk with one request, approved by now, of which a task is to come.
type work struct {
	*testing.T
	*Desk
	book *oneBook
	now  time.Time
}

func approvedWork(t *testing.T, action Action, owners ...string) *work {
	r := pendingRequest()
	r.App, r.Action = byHand(owners...), action
	r.Rule.Approvers = []string{"U0ERIN"}
	d, b := deskOf(r, crew(), "U0ADMIN")
	d.Apps = []App{r.App}
	w := &work{t, d, b, noon}
	next, _, err := Step(d.known(r), Voted{Vote: Vote{By: "U0ERIN", Yes: true, At: noon}, Facts: member("U0ERIN")}, noon)
	require.NoError(t, err)
	require.Equal(t, Approved, next.State)
	require.True(t, next.ByHand())
	b.r = next
	return w
}

// given is approvedWork whose turn was found.
func givenWork(t *testing.T, action Action, owners ...string) *work {
	w := approvedWork(t, action, owners...)
	w.gives()
	return w
}

// gives finds whose turn it is.
func (w *work) gives() PersonID {
	r, err := w.seeTo(w.Context(), 12, 0, w.now)
	require.NoError(w, err)
	return r.Task.Owner
}

func (w *work) tick(who Actor, step int, t Tick) error {
	t.By = who
	_, err := w.Tick(w.Context(), 12, step-1, t, w.now)
	return err
}

var (
	saysYes = Tick{Answer: "yes"}
	saysNo  = Tick{Answer: "no"}
	leftOut = Tick{Skipped: true}
	noted   = Tick{Evidence: Evidence{Note: "given 10:12"}}
	linked  = Tick{Evidence: Evidence{Link: "https://photos.example/1"}}
)

// TestATaskEndsWithItsLastStep: out of order, but for the last; a step that depends on an answer waits for it.
func TestATaskEndsWithItsLastStep(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB")
	require.Equal(t, Running, w.book.r.State)
	require.ErrorContains(t, w.tick("U0BOB", 5, noted), "step 1 is still open")
	require.ErrorContains(t, w.tick("U0BOB", 3, linked), "isn't answered yet")
	require.ErrorContains(t, w.tick("U0BOB", 4, Tick{}), "doesn't apply here")
	require.ErrorContains(t, w.tick("U0BOB", 2, Tick{}), "yes or no")
	require.ErrorContains(t, w.tick("U0BOB", 9, Tick{}), "numbered from 1 to 5")
	require.NoError(t, w.tick("U0BOB", 2, saysNo))
	require.ErrorContains(t, w.tick("U0BOB", 3, Tick{}), "needs a link")
	require.NoError(t, w.tick("U0BOB", 3, linked))
	require.ErrorContains(t, w.tick("U0BOB", 5, noted), "step 1 is still open")
	require.NoError(t, w.tick("U0BOB", 1, Tick{}))
	require.ErrorContains(t, w.tick("U0BOB", 5, Tick{}), "needs a note")
	require.Equal(t, Running, w.book.r.State)
	require.NoError(t, w.tick("U0BOB", 5, noted))
	require.Equal(t, Done, w.book.r.State)
	require.NoError(t, w.tick("U0BOB", 5, noted), "the same once more changes nothing")
	require.Equal(t, CodeOf(w.tick("U0ADMIN", 5, noted)), Conflict)
}

// TestATaskOfWhichNothingWasDoneIsNotDone: leaving out every step is no way to the end.
func TestATaskOfWhichNothingWasDoneIsNotDone(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB")
	for _, step := range []int{1, 2, 3} {
		require.NoError(t, w.tick("U0BOB", step, leftOut))
	}
	require.ErrorContains(t, w.tick("U0BOB", 5, leftOut), "leave nothing of #12 done")
	require.NoError(t, w.tick("U0BOB", 5, noted))
	require.Equal(t, Done, w.book.r.State)
}

// TestAStepIsTickedOnce: by whoever was first; the same again is no error, another's hears who it was.
func TestAStepIsTickedOnce(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB", "U0DAVE")
	require.NoError(t, w.tick("U0BOB", 1, Tick{}))
	first := *w.book.r.Task.Steps[0].Tick
	w.now = w.now.Add(time.Second)
	require.NoError(t, w.tick("U0BOB", 1, Tick{}))
	require.ErrorContains(t, w.tick("U0DAVE", 1, Tick{}), "was ticked by @U0BOB")
	require.ErrorContains(t, w.tick(OSUser("root"), 1, Tick{}), "was ticked by @U0BOB", "in Slack and at the command line at once")
	require.Equal(t, first, *w.book.r.Task.Steps[0].Tick)
}

// TestUndoing: within a minute by a click; later with a note, which stays.
func TestUndoing(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB")
	undo := func(why string) error {
		_, err := w.Untick(t.Context(), 12, 0, Remnant{By: "U0BOB", Evidence: Evidence{Note: why}}, w.now)
		return err
	}
	require.ErrorContains(t, undo(""), "isn't ticked")
	require.NoError(t, w.tick("U0BOB", 1, Tick{}))
	w.now = w.now.Add(59 * time.Second)
	require.NoError(t, undo(""))
	require.NoError(t, undo(""), "a click that comes twice")
	require.Nil(t, w.book.r.Task.Steps[0].Tick)
	require.NoError(t, w.tick("U0BOB", 1, Tick{}))
	w.now = w.now.Add(time.Minute)
	require.ErrorContains(t, undo(" "), "more than a minute ago")
	require.NoError(t, undo("wrong name"))
	notes := w.book.r.Task.Steps[0].Notes
	require.Equal(t, "wrong name", notes[len(notes)-1].Note)
	require.True(t, notes[len(notes)-1].Undid)
}

// TestWhoMayTick: owners, people and members of groups, whoever has it, admins and who sits at the machine; and whom it is for only
// where nobody else can.
func TestWhoMayTick(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB", "S0LEADS")
	for who, may := range map[Actor]bool{"U0BOB": true, "U0ERIN": true, "U0ADMIN": true, OSUser("root"): true, "U0ALICE": false, "U0DAVE": false} {
		_, err := w.MayWork(t.Context(), 12, who, noon)
		require.Equal(t, may, err == nil, "%s: %v", who, err)
	}
	_, err := w.MayWork(t.Context(), 12, "U0NOBODY", noon)
	require.Error(t, err)
	_, err = w.HandOver(t.Context(), 12, "U0BOB", "U0DAVE", "slack", noon)
	require.NoError(t, err)
	_, err = w.MayWork(t.Context(), 12, "U0DAVE", noon)
	require.NoError(t, err, "who has it may, whoever owns the app")

	w.book.r.Change.Person, w.book.r.Change.Email = "U0BOB", "u0bob@acme.example"
	require.ErrorContains(t, w.tick("U0BOB", 1, Tick{}), "is for you, so somebody else must decide")
	require.ErrorContains(t, w.tick(OSUser("U0BOB"), 1, Tick{}), "is for you")
	w.Admins, w.Apps[0].Owners, w.book.r.Task.Owner = nil, []string{"U0BOB"}, "U0BOB"
	require.NoError(t, w.tick("U0BOB", 1, Tick{}), "there is nobody else")
}

// TestASecondPersonConfirms what was taken away: never the first, and the task goes to another by itself.
func TestASecondPersonConfirms(t *testing.T) {
	w := givenWork(t, catalog.Delete, "U0BOB", "U0DAVE")
	steps := w.book.r.Task.Steps
	require.True(t, steps[len(steps)-1].Confirms)
	require.NoError(t, w.tick("U0BOB", 1, Tick{}))
	require.NoError(t, w.tick("U0BOB", 2, Tick{}))
	require.Empty(t, w.book.r.Task.Owner)
	require.Equal(t, PersonID("U0DAVE"), w.gives())
	require.ErrorContains(t, w.tick("U0BOB", 3, Tick{}), "somebody else must confirm it")
	require.ErrorContains(t, w.tick("U0DAVE", 3, leftOut), "can't be left out")
	require.NoError(t, w.tick("U0DAVE", 3, Tick{}))
	require.Equal(t, Done, w.book.r.State)
}

// TestMarksHaveDatesOfTheirOwn: who can't get in any more may still be paid for.
func TestMarksHaveDatesOfTheirOwn(t *testing.T) {
	w := givenWork(t, catalog.Delete, "U0BOB", "U0DAVE")
	require.NoError(t, w.tick("U0BOB", 1, Tick{}))
	w.now = w.now.Add(time.Hour)
	require.Equal(t, []Marked{{Mark: catalog.AccessRemoved, At: noon, By: "U0BOB"}, {Mark: catalog.SeatReleased}}, w.book.r.Marks())
	require.NoError(t, w.tick("U0BOB", 2, leftOut))
	require.True(t, w.book.r.Marks()[1].Never)
}

// TestTurns: the owners one after another; never who is away, has left, has had their fill, or has it done for themselves while
// another is there; then the admins, and at last whoever can act at all.
func TestTurns(t *testing.T) {
	full := func(ids ...PersonID) func(w *work) {
		return func(w *work) {
			w.Fill = func(_ context.Context, p Person) (bool, error) { return slices.Contains(ids, p.ID), nil }
		}
	}
	away := func(ids ...PersonID) func(w *work) {
		return func(w *work) {
			for _, id := range ids {
				w.book.away = append(w.book.away, Absence{Person: id, Since: noon, Until: noon.Add(time.Hour)})
			}
		}
	}
	for name, row := range map[string]struct {
		alter func(w *work)
		want  PersonID
		stand bool
	}{
		"the first":             {nil, "U0BOB", false},
		"after the last":        {func(w *work) { w.book.turn = "U0BOB" }, "U0DAVE", false},
		"a member of a group":   {func(w *work) { w.book.turn = "U0DAVE" }, "U0ERIN", false},
		"around":                {func(w *work) { w.book.turn = "U0ERIN" }, "U0BOB", false},
		"who owns it no more":   {func(w *work) { w.book.turn = "U0CAROL" }, "U0BOB", false},
		"away":                  {away("U0BOB"), "U0DAVE", false},
		"away no more":          {func(w *work) { away("U0BOB")(w); w.now = noon.Add(2 * time.Hour) }, "U0BOB", false},
		"has left":              {func(w *work) { w.Directory.(company)["U0BOB"] = Person{} }, "U0DAVE", false},
		"has had their fill":    {full("U0BOB"), "U0DAVE", false},
		"it is for them":        {func(w *work) { w.book.r.Change.Person = "U0BOB" }, "U0DAVE", false},
		"nobody is there":       {away("U0BOB", "U0DAVE", "U0ERIN"), "U0ADMIN", true},
		"nor an admin":          {away("U0BOB", "U0DAVE", "U0ERIN", "U0ADMIN"), "U0BOB", false},
		"all have had enough":   {full("U0BOB", "U0DAVE", "U0ERIN", "U0ADMIN"), "U0BOB", false},
		"rather full than away": {func(w *work) { full("U0DAVE")(w); away("U0BOB", "U0ERIN", "U0ADMIN")(w) }, "U0DAVE", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := approvedWork(t, catalog.Create, "U0BOB", "U0DAVE", "S0LEADS")
			if row.alter != nil {
				row.alter(w)
			}
			require.Equal(t, row.want, w.gives())
			require.Equal(t, row.stand, w.book.r.Task.Stand)
			if !row.stand {
				require.Equal(t, row.want, w.book.turn)
			}
			was := w.book.r
			require.Equal(t, row.want, w.gives(), "it stays theirs")
			require.Equal(t, was, w.book.r)
		})
	}
}

// TestATaskMovesOn: an absence and a leaving move it; what can't be found out moves nothing.
func TestATaskMovesOn(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB", "U0DAVE")
	delete(w.Directory.(company), "U0BOB")
	_, err := w.seeTo(t.Context(), 12, 0, w.now)
	require.Error(t, err, "Slack can't say whether Bob is there")
	require.Equal(t, PersonID("U0BOB"), w.book.r.Task.Owner)
	w.Directory.(company)["U0BOB"] = Person{Email: "u0bob@acme.example"}
	require.Equal(t, PersonID("U0DAVE"), w.gives())
	w.book.away = []Absence{{Person: "U0DAVE", Until: noon.Add(time.Hour)}}
	require.Equal(t, PersonID("U0ADMIN"), w.gives())
	require.True(t, w.book.r.Task.Stand)
	require.Equal(t, []PersonID{"U0BOB", "U0DAVE", "U0ADMIN"}, w.book.r.Task.Had, "the messages of all of them follow")
}

// TestPutBack: nobody's for two hours, for whoever takes it, and then another's.
func TestPutBack(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB", "U0DAVE")
	for range 2 {
		_, err := w.PutTaskBack(t.Context(), 12, "U0BOB", "slack", w.now)
		require.NoError(t, err)
	}
	require.Empty(t, w.gives())
	list, err := w.Tasks(t.Context(), "U0DAVE", w.now)
	require.NoError(t, err)
	require.Len(t, list, 1, "they may take it")
	list, err = w.Tasks(t.Context(), "U0ALICE", w.now)
	require.NoError(t, err)
	require.Empty(t, list)
	w.now = w.now.Add(putBackWaits)
	require.Equal(t, PersonID("U0DAVE"), w.gives())
	for range 2 {
		_, err = w.TakeTask(t.Context(), 12, "U0BOB", "slack", w.now)
		require.NoError(t, err)
	}
	require.Equal(t, PersonID("U0BOB"), w.book.r.Task.Owner)
}

// TestCouldNotBeDone: it failed, with why; an admin starts it again, and what was ticked stays so.
func TestCouldNotBeDone(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB")
	require.NoError(t, w.tick("U0BOB", 1, Tick{}))
	for range 2 {
		_, err := w.CouldNot(t.Context(), 12, "U0BOB", "the printer is gone", "slack", w.now)
		require.NoError(t, err)
	}
	require.Equal(t, Failed, w.book.r.State)
	require.Contains(t, w.book.r.Outcome.Text.Plain(), "the printer is gone")
	require.Equal(t, CodeOf(w.tick("U0BOB", 2, saysYes)), Conflict)
	_, err := w.Retry(t.Context(), 12, "U0ADMIN", "slack", w.now)
	require.NoError(t, err)
	require.Equal(t, PersonID("U0BOB"), w.gives())
	require.NotNil(t, w.book.r.Task.Steps[0].Tick)
	require.NoError(t, w.tick("U0BOB", 2, saysYes))
}

// TestTheStepsOfAnOpenTaskStay: a step that is configured no more, or otherwise, is as it was; its words are those of now.
func TestTheStepsOfAnOpenTaskStay(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB")
	entry := byHand().Entry
	entry.Actions[0].Steps = []catalog.Step{{Key: "print", Do: "Print it in red", Proof: catalog.File, If: "floor=vault"}}
	w.Apps[0].Entry = entry
	r, err := w.Request(t.Context(), 12)
	require.NoError(t, err)
	list := r.TaskSteps()
	require.Len(t, list, 5)
	require.Equal(t, catalog.Words("Print it in red"), list[0].Do)
	require.Equal(t, catalog.Words("Is there a photo?"), list[1].Do)
	require.NoError(t, w.tick("U0BOB", 1, Tick{}), "proof and condition are those of then")
	w.Apps = nil
	require.NoError(t, w.tick("U0BOB", 2, saysYes), "whoever has it goes on though the app is gone")
	require.NoError(t, w.tick("U0ADMIN", 5, noted))
	require.Equal(t, Done, w.book.r.State)
}

// TestATaskIsRemindedOfEverMoreSeldom: whose it is, then the other owners, then the admins; what was missed is one reminder.
func TestATaskIsRemindedOfEverMoreSeldom(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB", "S0LEADS")
	due := noon.Add(DefaultDue)
	for i, row := range []struct {
		at  time.Time
		who []string
	}{
		{due, []string{"U0BOB"}},
		{due.Add(24 * time.Hour), []string{"S0LEADS", "U0BOB"}},
		{due.Add(72 * time.Hour), []string{"S0LEADS", "U0ADMIN", "U0BOB"}},
	} {
		r := w.known(w.book.r)
		at, ok := r.pressing()
		require.True(t, ok)
		require.Equal(t, row.at, at)
		_, early := r.pressed(w.Admins, at.Add(-time.Second))
		require.False(t, early)
		e, is := r.pressed(w.Admins, at)
		require.True(t, is)
		require.Equal(t, Pressed{Rounds: i + 1, Who: row.who}, e)
		next, _, err := Step(r, e, at)
		require.NoError(t, err)
		_, _, err = Step(next, e, at)
		require.ErrorIs(t, err, ErrNotNow, "once for its occasion")
		w.book.r = next
	}
	e, is := w.known(w.book.r).pressed(w.Admins, due.Add(1000*time.Hour))
	require.True(t, is)
	require.Greater(t, e.Rounds, 4, "one for all that was missed")
}

// TestEvidence: what is too long, too large, or a link to nowhere is refused, and changes nothing.
func TestEvidence(t *testing.T) {
	w := givenWork(t, catalog.Create, "U0BOB")
	for _, l := range []string{"nowhere", "ftp://a.example", "https://", "javascript:alert(1)", "http:///x", "//a.example"} {
		require.ErrorContains(t, w.tick("U0BOB", 1, Tick{Evidence: Evidence{Link: l}}), "leads nowhere", l)
	}
	require.ErrorContains(t, w.tick("U0BOB", 1, Tick{Evidence: Evidence{File: &Attached{ID: "F1", Name: "big.mov", Size: MostFile + 1}}}), "larger than 25 MB")
	require.Nil(t, w.book.r.Task.Steps[0].Tick)
	n := Remnant{By: "U0BOB", Evidence: Evidence{File: &Attached{ID: "F1", Name: "badge.png", Size: 9}}}
	for range 2 {
		_, err := w.NoteStep(t.Context(), 12, 0, n, w.now)
		require.NoError(t, err)
	}
	require.Len(t, w.book.r.Task.Steps[0].Notes, 1)
}
