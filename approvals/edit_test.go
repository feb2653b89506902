package approvals

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// editDesk has a request for Jane before Bob and then Erin, under policies that hang on what is asked.
func editDesk(t *testing.T) (*Desk, *oneBook) {
	steps := asks("U0BOB")
	steps.Then = []Stage{{Approvers: []string{"U0ERIN"}, Need: 1}}
	never := Policy{Name: "never", Refusal: "Nobody gets this", When: When{Fields: []FieldIs{{Key: "access", In: []string{"hide_search_volume"}}}}}
	small := Policy{Name: "small", Auto: true, When: When{Fields: []FieldIs{{Key: "access", In: []string{"report_manual"}}}}}
	d, b, _ := ruledDesk(never, small, steps)
	_, err := d.wants(t, "U0ALICE", "jane@globex.example", SeatCount{}, nil)
	require.NoError(t, err)
	return d, b
}

func may(id string) catalog.Values {
	return catalog.Values{{Key: "access", Items: []catalog.Item{{ID: id, Name: id}}}}
}

func (d *Desk) edits(t *testing.T, by Actor, form string, edition int, values catalog.Values) (Request, error) {
	t.Helper()
	return d.Edit(t.Context(), 12, Wanted{By: by, Surface: "slack", Why: "it is enough", Form: form, Edition: edition, Values: values}, noon.Add(time.Minute))
}

func (d *Desk) says(t *testing.T, by Actor, edition int) error {
	t.Helper()
	r, err := d.Request(t.Context(), 12)
	require.NoError(t, err)
	_, err = d.Vote(t.Context(), 12, Vote{By: by, Yes: true, At: noon, Step: r.Present(), Edition: edition}, noon.Add(time.Hour))
	return err
}

// TestAnEditDecidesNothingAndIsDecidedAnew: what was said to something else counts no more, the steps begin anew under the
// policy that rules it now, a yes on what was shown before is none, and one that would approve by itself takes a click.
func TestAnEditDecidesNothingAndIsDecidedAnew(t *testing.T) {
	d, b := editDesk(t)
	require.NoError(t, d.says(t, "U0BOB", 0))
	require.Equal(t, 1, b.r.Present())
	r, err := d.edits(t, "U0ERIN", "V1", 0, may("audit_website"))
	require.NoError(t, err)
	require.Equal(t, []any{Pending, 0, 0, 1, "seats"}, []any{r.State, r.Present(), len(r.Votes), r.Edition(), r.Rule.Policy})
	require.Equal(t, []Altered{{Field: "access", Label: "Permissions", Was: "not asked for", Is: "audit_website"}}, r.Edits[0].Changed)
	require.Equal(t, []Vote{{By: "U0BOB", Yes: true, At: noon}}, r.Edits[0].Votes)
	require.Equal(t, noon.Add(time.Minute), r.Since())
	require.Equal(t, noon.Add(time.Minute+3*time.Hour), r.Expires)
	require.True(t, r.Former("U0ERIN"), "she has a message of the second step")
	require.False(t, r.Waits("U0ERIN"))

	err = d.says(t, "U0BOB", 0)
	require.Equal(t, Conflict, CodeOf(err))
	require.ErrorContains(t, err, "@U0ERIN changed #12")
	require.ErrorContains(t, err, "the card you clicked showed how it was before")
	require.Empty(t, b.r.Votes)

	r, err = d.edits(t, "U0BOB", "V2", 1, may("report_manual"))
	require.NoError(t, err)
	require.Equal(t, []any{Pending, "small", true, false}, []any{r.State, r.Rule.Policy, r.Rule.ByHand, r.Rule.Auto})
	require.Equal(t, []string{"U0BOB"}, r.Stage().Approvers, "who decided it before")
	require.Equal(t, NotAllowed, CodeOf(d.says(t, "U0ERIN", 2)))
	require.NoError(t, d.says(t, "U0BOB", 2))
	require.Equal(t, Approved, b.r.State)
	require.Equal(t, 2, b.r.Votes[0].Edition)
}

// TestWhoEdits: who may decide the present step, and nobody who would gain from it; what they may not, they are told, and
// nothing is changed.
func TestWhoEdits(t *testing.T) {
	d, b := editDesk(t)
	for by, code := range map[Actor]Code{"U0ALICE": NotAllowed, "U0ERIN": NotAllowed, "U0CAROL": NotAllowed, Usher: NotAllowed, "U0NOBODY": CannotTell} {
		_, err := d.edits(t, by, "V1", 0, may("audit_website"))
		require.Equal(t, code, CodeOf(err), by)
	}
	b.r.Change.Person = "U0BOB"
	_, err := d.edits(t, "U0BOB", "V1", 0, may("audit_website"))
	require.Equal(t, NotAllowed, CodeOf(err), "it is for them")
	b.r.Change.Person, b.r.Change.Email = "", "bob+seat@acme.example"
	_, err = d.edits(t, "U0BOB", "V1", 0, may("audit_website"))
	require.Equal(t, NotAllowed, CodeOf(err), "it is for an address of theirs")
	b.r.Change.Email = "jane@globex.example"
	b.away = []Absence{{Person: "U0BOB", Deputy: "U0ALICE", Since: noon, Until: noon.Add(time.Hour)}}
	_, err = d.edits(t, "U0ALICE", "V1", 0, may("audit_website"))
	require.Equal(t, NotAllowed, CodeOf(err), "who asked, as a deputy")
	require.Zero(t, b.r.Edition())
}

// TestAnEditThatCannotBe is refused at the field that makes it so, and leaves everything as it was.
func TestAnEditThatCannotBe(t *testing.T) {
	d, b := editDesk(t)
	was := b.r
	var m Misplaced
	_, err := d.edits(t, "U0BOB", "V1", 0, may("hide_search_volume"))
	require.True(t, errors.As(err, &m), "%v", err)
	require.Equal(t, "access", m.Field)
	require.ErrorContains(t, err, "Nobody gets this. (Policy “never”.) So nothing was changed.")
	_, err = d.edits(t, "U0BOB", "V1", 0, b.r.Change.Values)
	require.ErrorContains(t, err, "Nothing is different")
	_, err = d.edits(t, "U0BOB", "V1", 3, may("audit_website"))
	require.Equal(t, Conflict, CodeOf(err), "the form was drawn for another edition")
	_, err = d.Edit(t.Context(), 12, Wanted{By: "U0BOB", Why: "  ", Form: "V1", Values: may("audit_website")}, noon)
	require.Equal(t, Invalid, CodeOf(err), "without a reason")
	_, err = d.Edit(t.Context(), 12, Wanted{By: "U0BOB", Why: "late", Form: "V1", Values: may("audit_website")}, b.r.Expires)
	require.Equal(t, Conflict, CodeOf(err), "its time is over")
	require.Equal(t, was, b.r)

	d.Policies = d.Policies[:1]
	_, err = d.edits(t, "U0BOB", "V1", 0, may("audit_website"))
	require.ErrorContains(t, err, "No policy fits it then")
	require.Equal(t, was, b.r)
}

// TestOneFormIsOneEdit, however often it comes and whatever it says by then; and a request is edited so often and no more.
func TestOneFormIsOneEdit(t *testing.T) {
	d, b := editDesk(t)
	for i := range MostEdits {
		for range 2 {
			_, err := d.edits(t, "U0BOB", fmt.Sprint("V", i), i, may([]string{"audit_website", "report_manual"}[i%2]))
			require.NoError(t, err)
			require.Equal(t, i+1, b.r.Edition())
		}
	}
	_, err := d.edits(t, "U0BOB", "V99", MostEdits, may("hide_search_volume"))
	require.Equal(t, Conflict, CodeOf(err))
	require.ErrorContains(t, err, "has been changed 10 times")
}

// TestAnEditIsOwed: its card, the messages of everybody who has one, the requester's one message, and every timer anew; no other
// state has room for one.
func TestAnEditIsOwed(t *testing.T) {
	r := inSteps()
	r.Number, r.State, r.Look = 12, Pending, &Look{Owed: true}
	to := r.clone()
	to.Edits = []Edit{{By: "U0BOB", At: noon, Changed: []Altered{{Field: "access"}}, Called: []PersonID{"U0ZOE"}}}
	one, promised := step(t, r, Edited{By: "U0BOB", To: to}, noon)
	require.Equal(t, []string{"-expire/12", "expire/12", "-look/12", "look/12", "tell/12/requester/edited", "card/12", "approver/12/U0ZOE", "approver/12/U0BOB"}, promised)
	require.Empty(t, r.Edits, "Step alters no argument")
	require.Len(t, watched(r, one, Edited{}, noon), 1, "whom it was handed to because others had left, is found anew")
	_, _, err := Step(one, Edited{By: "U0BOB", To: to}, noon)
	require.ErrorIs(t, err, ErrNotNow, "it is of another edition by now")
	_, _, err = Step(one, Seen{}, noon)
	require.ErrorIs(t, err, ErrNotNow, "what was read before means what was asked before")
	_, _, err = Step(one, Seen{Edition: 1}, noon)
	require.NoError(t, err)
	for _, s := range []State{Approved, Running, Done, Failed, InDoubt, Denied, Expired, Canceled} {
		_, _, err := Step(in(s), Edited{By: "U0BOB", To: to}, noon)
		require.ErrorIs(t, err, ErrNotNow, s)
	}
}

// TestWhatWasEditedIsReadAnew: of an account that is there nobody says yes before it was read since.
func TestWhatWasEditedIsReadAnew(t *testing.T) {
	r := pendingRequest()
	r.Action, r.Change.Account, r.Look = catalog.Update, "7", &Look{At: noon}
	require.True(t, r.Known())
	r.Edits, r.Look = []Edit{{At: noon}}, &Look{Owed: true}
	require.False(t, r.Known())
	r.Look.At = noon
	require.True(t, r.Known())
}

// TestAnEditIsHeardInOnesOwnWords by who doesn't see what the vendor holds.
func TestAnEditIsHeardInOnesOwnWords(t *testing.T) {
	r := pendingRequest()
	sites := func(v catalog.Value) catalog.Values { v.Key = "sites"; return catalog.Values{v} }
	r.Change.Values = sites(catalog.Value{Items: []catalog.Item{{ID: "7", Name: "North", Host: "n.example"}}})
	r.Said = &Said{Email: "jane@acme.example", Typed: sites(catalog.Value{Typed: []string{"the north one"}}), Blind: true}
	to, err := r.wanted(Wanted{By: "U0BOB", Why: "other", Values: sites(catalog.Value{Items: []catalog.Item{{ID: "8", Name: "South", Host: "s.example"}}})}, noon)
	require.NoError(t, err)
	require.Equal(t, "North – n.example (#7)", to.Edits[0].Changed[0].Was)
	heard := to.Heard()
	require.Equal(t, "“the north one”", heard.Edits[0].Changed[0].Was)
	require.Equal(t, "South – s.example (#8)", heard.Edits[0].Changed[0].Is)
	require.Equal(t, "North – n.example (#7)", to.Edits[0].Changed[0].Was, "what is kept stays")
	v, _ := heard.Change.Values.Get("sites")
	require.Equal(t, []string{"South – s.example (#8)"}, v.Typed)
}
