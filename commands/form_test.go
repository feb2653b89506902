package commands

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// sends submits a form as somebody; key names the form.
func (w *world) sends(who approvals.PersonID, d Draft, key string) (Reply, Mistakes, error) {
	w.t.Helper()
	return w.Submit(w.t.Context(), d, Call{User: who, Key: key, Team: "T0", Channel: "C0GENERAL"}, noon)
}

// outside is a form for an address.
func outside(action catalog.Verb, email string) Draft {
	return Draft{Action: action, For: ForOutside, Email: email, Reason: "she audits it", Chosen: map[string][]string{}, Typed: map[string]string{}}
}

func (d Draft) with(change func(*Draft)) Draft { d = d.clone(); change(&d); return d }

// TestAFormAsksForWhatItsTypedLineAsks: the same request, but for the envelope it came in, and the same answer.
func TestAFormAsksForWhatItsTypedLineAsks(t *testing.T) {
	for typed, d := range map[string]Draft{
		"create jane@acme.example Jane Doe type=user because she audits it": outside("create", " jane@ACME.example ").with(func(d *Draft) { d.First, d.Last, d.Chosen["type"] = "Jane", "Doe", []string{"user"} }),
		"create jane@acme.example Jane access=report_manual amount=50 period=month because she audits it": outside("create", "jane@acme.example").with(func(d *Draft) {
			d.First, d.Chosen["access"], d.Typed["amount"], d.Chosen["period"] = "Jane", []string{"report_manual"}, "50", []string{"month"}
		}),
		"create <@U0DAVE|dave> Dave because she audits it":                      {Action: "create", For: ForColleague, Person: "U0DAVE", First: "Dave", Reason: "she audits it"},
		"create <@U0ALICE|alice> Alice because she audits it":                   {Action: "create", For: ForMe, First: "Alice", Reason: "she audits it"},
		"share ann@acme.example 40,41 because she audits it":                    outside("share", "ann@acme.example").with(func(d *Draft) { d.Chosen["sites"] = []string{"40", "41"} }),
		"share ann@acme.example \"Acme UK\",rock.example because she audits it": outside("share", "ann@acme.example").with(func(d *Draft) { d.Typed["sites"] = "Acme UK, rock.example" }),
		"update ann@acme.example access=none because she audits it":             outside("update", "ann@acme.example").with(func(d *Draft) { d.Chosen["access"] = []string{NoneOf} }),
		"delete ann@acme.example because she audits it":                         outside("delete", "ann@acme.example"),
	} {
		for _, who := range []approvals.PersonID{"U0ALICE", "U0BOB"} {
			if strings.Contains(typed, string(who)) && d.For != ForMe || d.For == ForMe && who != "U0ALICE" {
				continue
			}
			byLine, byForm := newWorld(t), newWorld(t)
			if who == "U0BOB" && strings.Contains(typed, "dave") {
				byLine.vendor.seats, byForm.vendor.seats = nil, nil // he would be told that Dave has one
			}
			said := byLine.says(who, typed)
			reply, wrong, err := byForm.sends(who, d, "form V1")
			require.NoError(t, err, typed)
			require.Empty(t, wrong, typed)
			require.Equal(t, said, says(reply), typed)
			want, got := byLine.only(), byForm.only()
			got.Origin.Key, got.Nonce = want.Origin.Key, want.Nonce
			require.Equal(t, want, got, typed)
		}
	}
}

// TestWhatIsWrongWithAFormIsSaidAtItsPlace: all of it at once, and nothing is asked.
func TestWhatIsWrongWithAFormIsSaidAtItsPlace(t *testing.T) {
	whole := outside("create", "jane@acme.example").with(func(d *Draft) { d.First = "Jane" })
	for say, row := range map[string]struct {
		who    approvals.PersonID
		place  Place
		change func(*Draft)
	}{
		"needs one @":                    {"U0ALICE", PlaceWhom, func(d *Draft) { d.Email = "jane" }},
		"jane--doe@acme.example or":      {"U0ALICE", PlaceWhom, func(d *Draft) { d.Email = "jane—doe@acme.example" }},
		"plain letters":                  {"U0ALICE", PlaceWhom, func(d *Draft) { d.Email = "jаne@acme.example" }},
		"pick who it's for":              {"U0ALICE", PlaceWhom, func(d *Draft) { d.For = ForColleague }},
		"first name":                     {"U0ALICE", PlaceFirst, func(d *Draft) { d.First = " \u200b" }},
		"only 50 fit":                    {"U0ALICE", PlaceLast, func(d *Draft) { d.Last = strings.Repeat("x", 51) }},
		"write why":                      {"U0ALICE", PlaceReason, func(d *Draft) { d.Reason = "because" }},
		"a card holds 2000":              {"U0ALICE", PlaceReason, func(d *Draft) { d.Reason = strings.Repeat("x", 2001) }},
		"It's a whole number, 0 or more": {"U0ALICE", PlaceOf("amount"), func(d *Draft) { d.Typed["amount"], d.Chosen["period"] = "fifty", []string{"month"} }},
		"Per what time":                  {"U0ALICE", PlaceOf("period"), func(d *Draft) { d.Typed["amount"] = "50" }},
		"How much":                       {"U0ALICE", PlaceOf("amount"), func(d *Draft) { d.Chosen["period"] = []string{"week"} }},
		"isn't there any more":           {"U0ALICE", PlaceOf("type"), func(d *Draft) { d.Chosen["type"] = []string{"emperor"} }},
		"“gone” isn't there any more":    {"U0ALICE", PlaceOf("access"), func(d *Draft) { d.Chosen["access"] = []string{"report_manual", "gone"} }},
		"one request holds 50":           {"U0ALICE", PlaceOf("sites"), func(d *Draft) { d.Typed["sites"] = different(51) }},
		"has no website “99” any more":   {"U0BOB", PlaceOf("sites"), func(d *Draft) { d.Chosen["sites"] = []string{"39", "99"} }},
		"sees every website anyway":      {"U0BOB", PlaceOf("sites"), func(d *Draft) { d.Chosen["type"], d.Chosen["sites"] = []string{"user"}, []string{"39"} }},
		"This one's needed":              {"U0ALICE", PlaceOf("sites"), func(d *Draft) { d.Action = "share" }},
		"What should change":             {"U0ALICE", PlaceOf("access"), func(d *Draft) { d.Action = "update" }},
		"either some or none":            {"U0ALICE", PlaceOf("access"), func(d *Draft) { d.Action, d.Chosen["access"] = "update", []string{NoneOf, "report_manual"} }},
		"can't do that any more":         {"U0ALICE", PlaceAction, func(d *Draft) { d.Action = "fly" }},
		"already has a seat":             {"U0BOB", PlaceWhom, func(d *Draft) { d.Email = "ann@acme.example" }},
		"has no account":                 {"U0BOB", PlaceWhom, func(d *Draft) { d.Action = "delete" }},
		"deactivated":                    {"U0BOB", PlaceWhom, func(d *Draft) { d.For, d.Person = ForColleague, "U0GONE" }},
	} {
		w := newWorld(t)
		_, wrong, err := w.sends(row.who, whole.with(row.change), "form V1")
		require.NoError(t, err, say)
		require.Contains(t, wrong[row.place].Plain(), say, "%v", wrong)
		require.Len(t, wrong, 1, say)
		require.Empty(t, w.book.requests, say)
	}
	_, wrong, err := newWorld(t).sends("U0ALICE", Draft{Action: "create", For: ForOutside}, "form V1")
	require.NoError(t, err)
	require.Len(t, wrong, 3, "address, first name and reason at once")
}

// different is a list of so many different names.
func different(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("x%d", i))
	}
	return strings.Join(list, ", ")
}

// TestAFormIsOneRequest: sent again it is answered by the request that it opened, whatever it says by now.
func TestAFormIsOneRequest(t *testing.T) {
	w := newWorld(t)
	d := outside("create", "jane@acme.example").with(func(d *Draft) { d.First = "Jane" })
	first, _, err := w.sends("U0ALICE", d, "form V1")
	require.NoError(t, err)
	again, wrong, err := w.sends("U0ALICE", d.with(func(d *Draft) { d.Email, d.Reason = "lee@acme.example", "" }), "form V1")
	require.NoError(t, err)
	require.Empty(t, wrong)
	require.Equal(t, first.Head, again.Head)
	w.only()
	_, wrong, err = w.sends("U0ALICE", d, "form V2")
	require.NoError(t, err)
	require.Contains(t, wrong[PlaceWhom].Plain(), "You've already asked for this: #1")
	w.only()
}

// TestWhoMayNotAskHasNoForm: they are told only that, before there is anything to fill in.
func TestWhoMayNotAskHasNoForm(t *testing.T) {
	for _, who := range []approvals.PersonID{"U0GUEST", "U0BOT", "U0GONE"} {
		w := newWorld(t)
		_, err := w.Sheet(t.Context(), who, Draft{}, noon)
		require.Equal(t, approvals.NotAllowed, approvals.CodeOf(err), who)
		_, wrong, err := w.sends(who, Draft{Action: "create"}, "form V1")
		require.Equal(t, approvals.NotAllowed, approvals.CodeOf(err), who)
		require.Empty(t, wrong, "they aren't told what is wrong with it either")
		require.Zero(t, w.Search(t.Context(), who, Draft{Action: "share"}, "sites", "acme").All)
	}
}

// TestOnlyWhoMayReadFindsResources: everybody else writes them, and a search of theirs finds nothing.
func TestOnlyWhoMayReadFindsResources(t *testing.T) {
	w := newWorld(t)
	search := func(who approvals.PersonID, typed string) (labels []string) {
		for _, i := range w.Search(t.Context(), who, Draft{Action: "share"}, "sites", typed).Items {
			labels = append(labels, i.ID)
		}
		return labels
	}
	require.Empty(t, search("U0ALICE", "acme"))
	require.Equal(t, []string{"39", "40"}, search("U0BOB", "acme"))
	require.Equal(t, []string{"41", "42"}, search("U0ERIN", "globex"), "a lead, by their group; two of one name")
	require.Equal(t, []string{"40"}, search("U0CAROL", "uk acme"), "all words, in any order")
	require.Equal(t, []string{"41", "42"}, search("U0BOB", "globxe"), "nearly")
	require.Len(t, search("U0BOB", ""), 6)
	require.Empty(t, search("U0BOB", "zzzzzz"))
	require.Empty(t, w.Search(t.Context(), "U0BOB", Draft{Action: "create"}, "type", "c").Items, "no resources")
	w.dir.groupErr = errVague
	require.Empty(t, search("U0ERIN", "globex"), "that can't be found out of her")
	w.vendor.forgotten = true
	require.True(t, w.Search(t.Context(), "U0BOB", Draft{Action: "share"}, "sites", "acme").Unread)
	require.Zero(t, w.vendor.read, "no vendor was waited for")
	for who, sees := range map[approvals.PersonID]bool{"U0ALICE": false, "U0BOB": true, "U0CAROL": true} {
		sheet, err := w.Sheet(t.Context(), who, Draft{}, noon)
		require.NoError(t, err)
		require.Equal(t, sees, sheet.Sees)
	}
}

// TestASheetBeginsWithWhatIsLikely: the app that is meant, a new seat, oneself by name.
func TestASheetBeginsWithWhatIsLikely(t *testing.T) {
	w := newWorld(t)
	w.dir.people["U0ALICE"] = approvals.Person{Name: "Alice van Ames", Email: "alice@acme.example", Active: true}
	sheet, err := w.Sheet(t.Context(), "U0ALICE", Draft{App: "gone", Action: "gone"}, noon)
	require.NoError(t, err)
	d := sheet.Draft
	require.Equal(t, []string{"seranking", "create", "me", "Alice", "van Ames"}, []string{d.App, string(d.Action), string(d.For), d.First, d.Last})
	sheet, err = w.Sheet(t.Context(), "U0ALICE", Draft{For: ForColleague, Person: "U0ALICE"}, noon)
	require.NoError(t, err)
	require.Equal(t, ForMe, sheet.Draft.For)
}

// TestAFormWarnsBeforeItIsSent of what is there already and of what is asked already; who may not read is told of their
// own requests alone.
func TestAFormWarnsBeforeItIsSent(t *testing.T) {
	w := newWorld(t)
	notes := func(who approvals.PersonID, d Draft) string {
		sheet, err := w.Sheet(t.Context(), who, d, noon)
		require.NoError(t, err)
		return approvals.Join(sheet.Notes, "\n").Plain()
	}
	ann := outside("create", "ann@acme.example")
	require.Contains(t, notes("U0BOB", ann), "ann@acme.example already has a seat in SE Ranking.")
	require.Empty(t, notes("U0ALICE", ann), "that would tell her what is there")
	require.Contains(t, notes("U0BOB", outside("delete", "nobody@acme.example")), "no account for nobody@acme.example")
	require.Contains(t, notes("U0BOB", outside("share", "ulf@acme.example")), "", "nothing is picked yet")
	w.says("U0ALICE", "create jane@acme.example Jane because she asked")
	jane := outside("create", "jane@acme.example")
	require.Contains(t, notes("U0BOB", jane), "#1 already asks for this")
	require.Contains(t, notes("U0ALICE", jane), "You've already asked for this: #1")
	require.Empty(t, notes("U0DAVE", jane), "who has asked is not for him to know")
	w.vendor.seatsErr = errVague // the list is old: it warns all the same, with its age
	require.Contains(t, notes("U0BOB", ann), "ann@acme.example already has a seat in SE Ranking. Read 2026-11-23 11:58 UTC.")
	require.Contains(t, notes("U0BOB", outside("delete", "nobody@acme.example")), "Read 2026-11-23 11:58 UTC.")
}

// TestALineThatLacksSomethingOpensTheForm with all that was understood filled in; what is only wrong does not.
func TestALineThatLacksSomethingOpensTheForm(t *testing.T) {
	w := newWorld(t)
	for typed, want := range map[string]Draft{
		"create jane@acme.example type=user because she asked": {For: ForOutside, Email: "jane@acme.example", Reason: "she asked", Chosen: map[string][]string{"type": {"user"}}},
		"create jane@acme.example Jane Doe":                    {For: ForOutside, Email: "jane@acme.example", First: "Jane", Last: "Doe"},
		"create Jane Doe because she asked":                    {First: "Jane", Last: "Doe", Reason: "she asked"},
		"create":                                               {},
		"create <@U0DAVE|dave> because he asked":               {For: ForColleague, Person: "U0DAVE", Reason: "he asked"},
		"share ann@acme.example because she audits it":         {Action: "share", For: ForOutside, Email: "ann@acme.example", Reason: "she audits it"},
		"share ann@acme.example Acme UK, 41":                   {Action: "share", For: ForOutside, Email: "ann@acme.example", Typed: map[string]string{"sites": `"Acme UK", 41`}},
		"update ann@acme.example because of the budget":        {Action: "update", For: ForOutside, Email: "ann@acme.example", Reason: "of the budget"},
		"update amount=50 period=month because of the budget":  {Action: "update", Reason: "of the budget", Typed: map[string]string{"amount": "50"}, Chosen: map[string][]string{"period": {"month"}}},
	} {
		_, answer := w.Plan(Call{Text: typed})
		require.NotNil(t, answer, typed)
		require.True(t, answer.Missing, typed)
		want = want.clone()
		want.App = "seranking"
		if want.Action == "" {
			want.Action = "create"
		}
		answer.Form.Missing = nil
		require.Equal(t, want, *answer.Form, typed)
	}
	for _, typed := range []string{"create jane@acme.example Jane type=emperor because x", "create jane@acme Jane because x", "share ann@acme.example 1 amount=5 because x", "creat x@acme.example Jane because x"} {
		_, answer := w.Plan(Call{Text: typed})
		require.NotNil(t, answer, typed)
		require.Nil(t, answer.Form, typed)
	}
	sheet, err := w.Sheet(t.Context(), "U0BOB", *mustLack(t, w, "share ann@acme.example Acme UK, Globex").Form, noon)
	require.NoError(t, err)
	require.Equal(t, []catalog.Item{w.vendor.sites[1]}, sheet.Items["sites"], "who may see them finds what was typed picked")
	require.Contains(t, approvals.Join(sheet.Notes, "\n").Plain(), "I'm not sure which website “Globex” is")
}

func mustLack(t *testing.T, w *world, typed string) *Reply {
	_, answer := w.Plan(Call{Text: typed})
	require.NotNil(t, answer)
	return answer
}
