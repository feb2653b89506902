package reviews_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
)

// TestWhoseEachLineIs: the manager's, whoever asked for somebody outside, an owner who is there, an admin; and nobody's own.
func TestWhoseEachLineIs(t *testing.T) {
	for name, row := range map[string]struct {
		email string
		asked approvals.PersonID
		with  func(h *house)
		who   approvals.PersonID
		why   reviews.Why
	}{
		"the manager":                         {email: "alice@acme.example", who: "U0BOB", why: reviews.AsManager},
		"no manager is named":                 {email: "carol@acme.example", who: "U0ERIN", why: reviews.AsOwner},
		"named as their own manager":          {email: "dave@acme.example", with: func(h *house) { h.Desk.Managers["U0DAVE"] = "U0DAVE" }, who: "U0ERIN", why: reviews.AsOwner},
		"the manager has left":                {email: "alice@acme.example", with: func(h *house) { h.people["U0BOB"] = approvals.Person{} }, who: "U0ERIN", why: reviews.AsOwner},
		"the manager is a guest":              {email: "alice@acme.example", with: func(h *house) { h.people["U0BOB"] = approvals.Person{Active: true, Guest: true} }, who: "U0ERIN", why: reviews.AsOwner},
		"the manager is a bot":                {email: "alice@acme.example", with: func(h *house) { h.people["U0BOB"] = approvals.Person{Active: true, Bot: true} }, who: "U0ERIN", why: reviews.AsOwner},
		"somebody outside, and who asked":     {email: "lee@globex.example", asked: "U0ALICE", who: "U0ALICE", why: reviews.AsAsker},
		"who asked has left":                  {email: "lee@globex.example", asked: "U0GONE", who: "U0ERIN", why: reviews.AsOwner},
		"nobody knows who it is":              {email: "ghost@globex.example", who: "U0ERIN", why: reviews.AsOwner},
		"an owner's own":                      {email: "erin@acme.example", who: "U0CAROL", why: reviews.AsAdmin},
		"the first owner of a group":          {email: "ghost@globex.example", with: func(h *house) { h.app.Owners = []string{"S0OWNERS"} }, who: "U0DAVE", why: reviews.AsOwner},
		"an owner who isn't away":             {email: "ghost@globex.example", with: func(h *house) { h.app.Owners = []string{"S0OWNERS"}; h.away("U0DAVE") }, who: "U0ERIN", why: reviews.AsOwner},
		"all owners are away":                 {email: "ghost@globex.example", with: func(h *house) { h.away("U0ERIN") }, who: "U0ERIN", why: reviews.AsOwner},
		"nobody owns it":                      {email: "ghost@globex.example", with: func(h *house) { h.app.Owners = nil }, who: "U0CAROL", why: reviews.AsAdmin},
		"the only admin's own":                {email: "carol@acme.example", with: func(h *house) { h.app.Owners = nil }, why: reviews.AsNobody},
		"the same address by another writing": {email: "CAROL@acme.example", with: func(h *house) { h.app.Owners = []string{"U0CAROL"} }, why: reviews.AsNobody},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			if row.with != nil {
				row.with(h)
			}
			h.holds(row.email, func(e *register.Entry) { e.Requester = row.asked })
			r := h.begin()
			require.Equal(t, reviews.Open, r.State, r.Wrong.Plain())
			require.Equal(t, []any{row.who, row.why}, []any{r.Lines[0].Reviewer, r.Lines[0].Why})
		})
	}
}

func (h *house) away(who approvals.PersonID) {
	h.t.Helper()
	require.NoError(h.t, h.store.Update(h.t.Context(), func(tx approvals.Tx) error {
		return tx.KeepAbsences([]approvals.Absence{{Person: who, Until: h.now.Add(48 * time.Hour)}})
	}))
}

// TestWhatCannotBeReadAsksNobody: it is tried a few times, and says why then.
func TestWhatCannotBeReadAsksNobody(t *testing.T) {
	for name, row := range map[string]struct {
		with  func(h *house)
		tries int
		says  string
	}{
		"the vendor":       {func(h *house) { h.unread = true }, 6, "I couldn't read who has what in Semrush just now, so I asked nobody."},
		"the register":     {func(h *house) { h.holdings.Unread = []string{"semrush"} }, 6, "I couldn't read who has what in Semrush"},
		"who is who":       {func(h *house) { h.mute = true }, 6, "I couldn't find out from Slack who is who"},
		"an app gone":      {func(h *house) { h.app.ID = "" }, 1, "I don't look after Semrush any more"},
		"an empty app":     {func(h *house) { h.holdings.Entries = nil }, 1, "there's nothing to review"},
		"a huge app":       {func(h *house) { h.many(2001) }, 1, "and a review holds 2000"},
		"what isn't there": {func(h *house) { h.holdings.Entries[0].Missing = true }, 1, "there's nothing to review"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.holds("alice@acme.example")
			r, _, err := h.Begin(t.Context(), reviews.Order{App: h.app, By: "U0ERIN", For: reviews.Usually, Key: "typed"}, h.now)
			require.NoError(t, err)
			row.with(h)
			tries := 0
			for ; h.review(r.Number).State == reviews.Gathering && tries < 20; tries++ {
				h.pass(6 * time.Minute)
			}
			r = h.review(r.Number)
			require.Equal(t, []any{reviews.Refused, row.tries}, []any{r.State, tries})
			require.Contains(t, r.Wrong.Plain(), row.says)
			require.Empty(t, h.owed(reviews.KindReviewer))
			require.Equal(t, []string{reviews.ReviewKey(1)}, h.owed(reviews.KindReview+"/"))
			index, err := h.store.Reviews(t.Context())
			require.NoError(t, err)
			require.Empty(t, index.Live, "another may begin")
		})
	}
}

func (h *house) many(n int) {
	for i := range n {
		h.holds(fmt.Sprintf("p%04d@globex.example", i))
	}
}

// TestOneAppHasOneReview, whatever the disk says; a redelivery is the same.
func TestOneAppHasOneReview(t *testing.T) {
	h := newHouse(t)
	h.holds("alice@acme.example")
	o := reviews.Order{App: h.app, By: "U0ERIN", For: reviews.Usually, Key: "typed"}
	for _, d := range []time.Duration{0, time.Hour, 91 * 24 * time.Hour} {
		short := o
		short.For = d
		_, _, err := h.Begin(t.Context(), short, h.now)
		require.Equal(t, approvals.Invalid, approvals.CodeOf(err))
	}
	h.fails = []bool{true}
	r, _, err := h.Begin(t.Context(), o, h.now)
	require.NoError(t, err, "it was kept, and the disk couldn't say so")
	again, known, err := h.Begin(t.Context(), o, h.now)
	require.NoError(t, err)
	require.True(t, known)
	require.Equal(t, r.Number, again.Number)
	o.Key = "typed again"
	_, _, err = h.Begin(t.Context(), o, h.now)
	require.ErrorContains(t, err, "Review #1 of Semrush has just begun")
	h.run()
	_, _, err = h.Begin(t.Context(), o, h.now)
	require.ErrorContains(t, err, "Review #1 of Semrush is under way: 0 of 1 answered")
	require.EqualValues(t, 2, h.logged())
}

// TestWhatIsKeptAgainstTheOddsNeedsAReason, in one answer and among many: then none is taken.
func TestWhatIsKeptAgainstTheOddsNeedsAReason(t *testing.T) {
	h := newHouse(t)
	h.holds("alice@acme.example", found)
	h.holds("dave@acme.example")
	r := h.begin()
	require.Equal(t, "never approved.", approvals.Join(r.Lines[0].Odds, " ").Plain())
	require.Empty(t, r.Lines[1].Odds)
	require.Equal(t, []int{1}, r.Usual("U0BOB"))
	for _, why := range []string{"", " \n"} {
		err := h.answer(r, "U0BOB", reviews.Given{Line: 1, Answer: reviews.Keep}, reviews.Given{Line: 0, Answer: reviews.Keep, Reason: why})
		require.ErrorContains(t, err, "Please say why alice · alice@acme.example should keep it: never approved.")
	}
	require.Equal(t, 2, h.review(1).Left())
	require.NoError(t, h.answer(r, "U0BOB", reviews.Given{Line: 1, Answer: reviews.Keep}, reviews.Given{Line: 0, Answer: reviews.Keep, Reason: "the audit"}))
	require.Equal(t, 2, h.review(1).Answered(reviews.Keep))
	require.Equal(t, "the audit", h.review(1).Lines[0].Reason)
}

// TestWhoMayAnswer: whose line it is, and nobody else, and nothing once it is over.
func TestWhoMayAnswer(t *testing.T) {
	h := newHouse(t)
	h.holds("alice@acme.example")
	h.holds("bob@acme.example")
	r := h.begin()
	keep := reviews.Given{Line: 0, Answer: reviews.Keep}
	require.ErrorContains(t, h.answer(r, "U0ERIN", keep), "isn't yours to answer")
	require.ErrorContains(t, h.answer(r, "U0ALICE", keep), "That's your own account")
	require.ErrorContains(t, h.answer(r, "U0GONE", keep), "Only active full members")
	require.ErrorContains(t, h.answer(r, "U0BOB", reviews.Given{Line: 7, Answer: reviews.Keep}), "I can't tell which line")
	require.ErrorContains(t, h.answer(r, "U0BOB", reviews.Given{Line: 0, Answer: "perhaps"}), "I can't tell whether you want to keep that")
	h.mute = true
	require.Equal(t, approvals.CannotTell, approvals.CodeOf(h.answer(r, "U0BOB", keep)))
	h.mute = false
	other := r
	other.Nonce = "another database's"
	require.Equal(t, approvals.Conflict, approvals.CodeOf(h.answer(other, "U0BOB", keep)))
	other.Number = 9
	require.Equal(t, approvals.NotFound, approvals.CodeOf(h.answer(other, "U0BOB", keep)))
	logged := h.logged()
	require.NoError(t, h.answer(r, "U0BOB", keep))
	require.NoError(t, h.answer(r, "U0BOB", keep), "said again it changes nothing")
	require.EqualValues(t, logged+1, h.logged())
	h.pass(11 * 24 * time.Hour)
	require.Equal(t, reviews.Late, h.review(1).State)
	require.ErrorContains(t, h.answer(r, "U0BOB", reviews.Given{Line: 0, Answer: reviews.Take}), "The time for answering review #1 was over")
	h.pass(6 * 24 * time.Hour)
	require.ErrorContains(t, h.answer(r, "U0ERIN", reviews.Given{Line: 1, Answer: reviews.Keep}), "is over, so nothing was changed")
}

// TestARemovalIsAskedForOnce: through a disk that doesn't say, and an answer that is changed while it's under way.
func TestARemovalIsAskedForOnce(t *testing.T) {
	h := newHouse(t)
	h.holds("alice@acme.example")
	r := h.begin()
	take, keep := reviews.Given{Line: 0, Answer: reviews.Take, Reason: "left the team"}, reviews.Given{Line: 0, Answer: reviews.Keep}
	_, err := h.Answer(t.Context(), reviews.Answers{Of: r.Name(), By: "U0BOB", Given: []reviews.Given{take}, Surface: "slack"}, h.now)
	require.NoError(t, err)
	h.fails = []bool{true, false}
	h.run()
	h.pass(10 * time.Minute)
	require.EqualValues(t, 1, h.review(1).Lines[0].Removal)
	require.Len(t, h.removed, 1)
	is, err := h.Desk.Request(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, []any{"review #1: left the team", approvals.PersonID("U0BOB")}, []any{is.Reason, is.Requester})

	// Changed while nobody has decided it: it is taken back.
	require.NoError(t, h.answer(r, "U0BOB", keep))
	l := h.review(1).Lines[0]
	require.Equal(t, []any{int64(0), []int64{1}}, []any{l.Removal, l.Withdrawn})
	is, err = h.Desk.Request(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, approvals.Canceled, is.State)

	// And changed again there is another; decided, it stands and so does the answer.
	require.NoError(t, h.answer(r, "U0BOB", take))
	require.EqualValues(t, 2, h.review(1).Lines[0].Removal)
	h.state(2, approvals.Approved)
	require.ErrorContains(t, h.answer(r, "U0BOB", keep), "#2, which takes that away, is approved already")
	require.Equal(t, reviews.Take, h.review(1).Lines[0].Answer)
	h.state(2, approvals.Denied)
	require.NoError(t, h.answer(r, "U0BOB", keep))
	require.Len(t, h.removed, 2)
}

// TestARemovalThatCannotBeAskedForSaysWhy, and what may pass is tried again.
func TestARemovalThatCannotBeAskedForSaysWhy(t *testing.T) {
	h := newHouse(t)
	h.holds("alice@acme.example")
	r := h.begin()
	var told []string
	h.Alarm = func(_ context.Context, topic string, say approvals.Text) { told = append(told, topic+": "+say.Plain()) }
	h.refuses = approvals.Refuse(approvals.Unavailable, "The disk is full.")
	require.NoError(t, h.answer(r, "U0BOB", reviews.Given{Line: 0, Answer: reviews.Take}))
	require.Empty(t, h.review(1).Lines[0].Wrong)
	h.refuses = approvals.Refuse(approvals.NotAllowed, "Policy “never” refuses it.")
	h.pass(10 * time.Minute)
	require.Equal(t, "Policy “never” refuses it.", h.review(1).Lines[0].Wrong.Plain())
	require.Len(t, told, 1, "the admins hear of what can't be asked for, and not of what may pass")
	require.Contains(t, told[0], "review-1: Semrush · review #1: @U0BOB answered that alice · alice@acme.example is to be taken away")
	require.Equal(t, []string{"1", "0", "1"}, h.facts("To be taken away, as answered", "… of these gone by now", "… of these couldn't be asked for"))
	h.refuses = nil
	require.NoError(t, h.answer(r, "U0BOB", reviews.Given{Line: 0, Answer: reviews.Keep}))
	require.NoError(t, h.answer(r, "U0BOB", reviews.Given{Line: 0, Answer: reviews.Take}))
	require.EqualValues(t, 1, h.review(1).Lines[0].Removal)
	require.Empty(t, h.review(1).Lines[0].Wrong)
	for is, fate := range map[approvals.State]string{approvals.Pending: "asked for, not decided yet", approvals.Approved: "approved, not done yet", approvals.Denied: "denied, canceled or failed", approvals.Done: "gone by now"} {
		h.state(1, is)
		require.Equal(t, []string{"1", "1"}, h.facts("To be taken away, as answered", "… of these "+fate), is)
	}
}

// TestWhatSomebodyLeavesIsHandedOn at the next reminder, and who hasn't answered is reminded twice, once each.
func TestWhatSomebodyLeavesIsHandedOn(t *testing.T) {
	h := newHouse(t)
	h.holds("alice@acme.example")
	h.holds("dave@acme.example")
	h.holds("erin@acme.example")
	r := h.begin()
	require.NoError(t, h.answer(r, "U0BOB", reviews.Given{Line: 0, Answer: reviews.Keep}))
	h.people["U0BOB"] = approvals.Person{ID: "U0BOB"}
	h.mute = true
	h.pass(5 * 24 * time.Hour)
	require.Equal(t, approvals.PersonID("U0BOB"), h.review(1).Lines[1].Reviewer, "what Slack can't say moves nothing")
	require.Empty(t, h.owed(reviews.KindRecall))
	h.mute = false
	h.pass(10 * time.Minute)
	r = h.review(1)
	require.Equal(t, []approvals.PersonID{"U0BOB", "U0ERIN", "U0CAROL"}, []approvals.PersonID{r.Lines[0].Reviewer, r.Lines[1].Reviewer, r.Lines[2].Reviewer}, "what was answered stays whose it was")
	require.Equal(t, approvals.PersonID("U0BOB"), r.Lines[1].Moved[0].From)
	require.Equal(t, []string{"recall/1/half/U0CAROL", "recall/1/half/U0ERIN"}, h.owed(reviews.KindRecall))
	h.pass(3 * 24 * time.Hour)
	require.Equal(t, []string{"recall/1/half/U0CAROL", "recall/1/half/U0ERIN", "recall/1/last/U0CAROL", "recall/1/last/U0ERIN"}, h.owed(reviews.KindRecall))
}

// TestTheEnd: what nobody answered goes to owners and admins for half the time again, but for their own; answered it closes, else it
// closes unanswered.
func TestTheEnd(t *testing.T) {
	for _, all := range []bool{true, false} {
		h := newHouse(t)
		h.holds("alice@acme.example", found)
		h.holds("erin@acme.example")
		r := h.begin()
		h.pass(10 * 24 * time.Hour)
		r = h.review(r.Number)
		require.Equal(t, []any{reviews.Late, []approvals.PersonID{"U0ERIN", "U0CAROL"}, h.now.Add(5 * 24 * time.Hour)}, []any{r.State, r.Heirs, r.Closes})
		require.Equal(t, []int{0}, r.Waits("U0ERIN"))
		require.Equal(t, []int{0, 1}, r.Waits("U0CAROL"))
		require.Empty(t, r.Waits("U0BOB"))
		require.Equal(t, []string{"reviewer/1/U0BOB", "reviewer/1/U0CAROL", "reviewer/1/late/U0CAROL", "reviewer/1/late/U0ERIN"}, h.owed(reviews.KindReviewer))
		require.NoError(t, h.answer(r, "U0ERIN", reviews.Given{Line: 0, Answer: reviews.Take}))
		if all {
			require.NoError(t, h.answer(r, "U0CAROL", reviews.Given{Line: 1, Answer: reviews.Keep}))
			require.Equal(t, reviews.Closed, h.review(1).State, "nothing is left to wait for")
		}
		h.pass(6 * 24 * time.Hour)
		require.Equal(t, map[bool]reviews.State{true: reviews.Closed, false: reviews.Unanswered}[all], h.review(1).State)
		index, err := h.store.Reviews(t.Context())
		require.NoError(t, err)
		require.Empty(t, index.Live)
	}
}

// TestAllAnsweredClosesAtItsEnd, and not before: until then an answer may change.
func TestAllAnsweredClosesAtItsEnd(t *testing.T) {
	h := newHouse(t)
	h.holds("alice@acme.example")
	r := h.begin()
	require.NoError(t, h.answer(r, "U0BOB", reviews.Given{Line: 0, Answer: reviews.Keep}))
	require.Equal(t, reviews.Open, h.review(1).State)
	h.pass(5 * 24 * time.Hour)
	require.Empty(t, h.owed(reviews.KindRecall))
	h.app.ID = "" // it isn't configured any more
	h.pass(5 * 24 * time.Hour)
	require.Equal(t, reviews.Closed, h.review(1).State)
}

// TestTheReport has who was asked, who answered what when and why, what came of it, and the end of the audit log.
func TestTheReport(t *testing.T) {
	h := newHouse(t)
	h.Key = "c0ffee"
	h.holds("alice@acme.example", found)
	h.holds("dave@acme.example", func(e *register.Entry) {
		e.Request, e.Since, e.Allowed, e.Requester = 12, h.now, []approvals.Actor{"U0ERIN"}, "U0DAVE"
	})
	h.holds("lee@globex.example", func(e *register.Entry) { e.Name = "=cmd|' /C calc'!A0" })
	r := h.begin()
	require.NoError(t, h.answer(r, "U0BOB", reviews.Given{Line: 1, Answer: reviews.Keep, Reason: "the audit"}, reviews.Given{Line: 2, Answer: reviews.Take}))
	h.state(1, approvals.Done)
	rep, err := h.Report(t.Context(), 1, h.now)
	require.NoError(t, err)
	require.Equal(t, "review-1-semrush-2026-11-02.csv", rep.FileName(".csv"))
	raw, err := rep.File(rep.FileName(".csv"))
	require.NoError(t, err)
	read := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	read.FieldsPerRecord = -1
	rows, err := read.ReadAll()
	require.NoError(t, err)
	facts, head := map[string]string{}, 0
	for i, row := range rows {
		if facts[row[0]] = row[1]; row[0] == "Address" {
			head = i
			break
		}
	}
	require.Equal(t, []string{"1", "Semrush (semrush)", "open", "erin (U0ERIN)", "3", "1", "1", "1", fmt.Sprint(rep.Head), "c0ffee"},
		[]string{facts["Review"], facts["App"], facts["State"], facts["Started by"], facts["Accounts"], facts["Kept"], facts["To be taken away, as answered"], facts["Unanswered"], facts["Audit log, head"], facts["Audit log, key"]})
	require.EqualValues(t, h.logged(), rep.Head.Seq)
	cell := func(i int, name string) string {
		for j, called := range rows[head] {
			if called == name {
				return rows[head+1+i][j]
			}
		}
		t.Fatalf("no column %s", name)
		return ""
	}
	require.Equal(t, "'=cmd|' /C calc'!A0", cell(0, "Name"))
	require.Equal(t, []string{"unanswered", "erin (U0ERIN)", "owner"}, []string{cell(0, "Answer"), cell(0, "Reviewer"), cell(0, "Reviewer is")})
	require.Equal(t, []string{"alice@acme.example", "keep", "the audit", "bob (U0BOB)", "2026-11-02T09:00:00Z", "never approved.", "kept"},
		[]string{cell(1, "Address"), cell(1, "Answer"), cell(1, "Reason"), cell(1, "Answered by"), cell(1, "Answered"), cell(1, "Against keeping it"), cell(1, "Came of it")})
	require.Equal(t, []string{"take away", "#1", "done", "taken away", "#12", "erin (U0ERIN)"},
		[]string{cell(2, "Answer"), cell(2, "Removal"), cell(2, "Removal is"), cell(2, "Came of it"), cell(2, "Request"), cell(2, "Allowed by")})
	_, err = rep.File("report.pdf")
	require.Error(t, err)
}

// TestTheReportIsHandedOut to who began the review and to the app's owners at its end, each once, and so far to whom looks after the
// app, when they ask for it.
func TestTheReportIsHandedOut(t *testing.T) {
	h := newHouse(t)
	h.app.Owners = []string{"U0ERIN", "U0DAVE", "U0GONE"}
	h.holds("alice@acme.example")
	r, _, err := h.Begin(t.Context(), reviews.Order{App: h.app, By: "U0CAROL", For: reviews.Usually, Key: "typed"}, h.now)
	require.NoError(t, err)
	require.Equal(t, approvals.Conflict, approvals.CodeOf(h.HandOut(t.Context(), r.Name(), "U0CAROL", "slack", h.now)), "there's nothing in it yet")
	h.run()
	for range 2 {
		require.NoError(t, h.HandOut(t.Context(), r.Name(), "U0ERIN", "slack", h.now))
	}
	require.Equal(t, approvals.NotAllowed, approvals.CodeOf(h.HandOut(t.Context(), r.Name(), "U0BOB", "slack", h.now)))
	h.mute = true
	require.Equal(t, approvals.CannotTell, approvals.CodeOf(h.HandOut(t.Context(), r.Name(), "U0ERIN", "slack", h.now)))
	h.mute = false
	require.Equal(t, []string{"reviewfile/1/20261102-0900/U0ERIN"}, h.owed(reviews.KindFile))
	require.NoError(t, h.answer(r, "U0BOB", reviews.Given{Line: 0, Answer: reviews.Keep}))
	h.pass(reviews.Usually)
	r = h.review(1)
	require.Equal(t, reviews.Closed, r.State)
	require.Equal(t, []string{"reviewfile/1/20261102-0900/U0ERIN", "reviewfile/1/end/U0CAROL", "reviewfile/1/end/U0DAVE", "reviewfile/1/end/U0ERIN"}, h.owed(reviews.KindFile))
	names := r.FileNames("reviewfile/1/end/U0DAVE")
	require.Equal(t, []string{"review-1-semrush-end-" + r.Nonce[:5] + ".csv", "review-1-semrush-end-" + r.Nonce[:5] + ".xlsx"}, names)
	rep, err := h.Report(t.Context(), 1, h.now)
	require.NoError(t, err)
	for _, name := range names {
		_, err := rep.File(name)
		require.NoError(t, err)
	}
}
