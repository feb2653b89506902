package commands

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// bundling is a world with the bundle of a seat and two websites, and one of a seat alone.
func bundling(t *testing.T) *world {
	w := newWorld(t)
	w.Bundles = bundles()
	w.Bundles = append(w.Bundles, approvals.Bundle{ID: "seat", Name: "A seat", Items: w.Bundles[0].Items[:1]})
	return w
}

// TestAFormForABundleAsksForWhatItsTypedLineAsks: the same requests and the same answer, and nothing twice where it is sent
// again.
func TestAFormForABundleAsksForWhatItsTypedLineAsks(t *testing.T) {
	for typed, d := range map[string]Draft{
		"bundle seo-starter jane@acme.example Jane Doe because she starts": {For: ForOutside, Email: " jane@ACME.example", First: "Jane", Last: "Doe"},
		"bundle seo-starter <@U0BOB> Bob for=30d because she starts":       {For: ForColleague, Person: "U0BOB", First: "Bob", Long: LongWhile, While: "30d"},
		"bundle seat <@U0ALICE> Alice until=2026-12-31 because she starts": {For: ForMe, First: "Alice", Long: LongUntil, Until: "2026-12-31"},
	} {
		d.Bundle, d.Reason = strings.Fields(typed)[1], "she starts"
		w := bundling(t)
		want, answer := w.Plan(Call{Text: typed})
		require.Nil(t, answer, typed)
		got, wrong := w.fillBundle(d.clone(), "U0ALICE")
		require.Empty(t, wrong, typed)
		require.Equal(t, want, got, typed)
		if d.Bundle != "seat" {
			continue
		}
		said := w.says("U0ALICE", typed)
		byForm := bundling(t)
		for range 2 {
			reply, wrong, err := byForm.sends("U0ALICE", d.clone(), "form V1")
			require.NoError(t, err, typed)
			require.Empty(t, wrong, typed)
			require.Equal(t, said, says(reply), typed)
			asked := byForm.only()
			asked.Origin.Key, asked.Nonce = w.only().Origin.Key, w.only().Nonce
			require.Equal(t, w.only(), asked, typed)
		}
	}
}

// TestABundlesLineThatLacksSomethingOpensTheForm with everything that was understood filled in.
func TestABundlesLineThatLacksSomethingOpensTheForm(t *testing.T) {
	for typed, want := range map[string]Draft{
		"bundle": {},
		"bundle jane@acme.example Jane because x":                           {For: ForOutside, Email: "jane@acme.example", First: "Jane", Reason: "x"},
		"bundle seo-starter Jane Doe because x":                             {Bundle: "seo-starter", First: "Jane", Last: "Doe", Reason: "x"},
		"bundle seo-starter jane@acme.example for=30d because x":            {Bundle: "seo-starter", For: ForOutside, Email: "jane@acme.example", Long: LongWhile, While: "30d", Reason: "x"},
		"bundle seo-starter <@U0BOB|bob> Bob Baker until=2026-12-31":        {Bundle: "seo-starter", For: ForColleague, Person: "U0BOB", First: "Bob", Last: "Baker", Long: LongUntil, Until: "2026-12-31"},
		"bundle “SEO starter” <mailto:jane@acme.example|jane@acme.example>": {Bundle: "seo-starter", For: ForOutside, Email: "jane@acme.example"},
	} {
		s := words()
		s.bundles = append(bundles(), approvals.Bundle{ID: "other", Name: "Other"})
		_, answer := parse(s, typed)
		require.NotNil(t, answer, typed)
		require.True(t, answer.Missing, typed)
		answer.Form.Missing = nil
		require.Equal(t, want.clone(), *answer.Form, typed)
		s.bundles = bundles()
		_, answer = parse(s, typed)
		require.Equal(t, "seo-starter", answer.Form.Bundle, "where there is one alone it is meant")
	}
}

// TestTheFormOffersTheBundlesThatOneMayAskFor, says what is in the one that is chosen, and warns of what would be refused.
func TestTheFormOffersTheBundlesThatOneMayAskFor(t *testing.T) {
	w := bundling(t)
	sheet := func(d Draft) Sheet {
		t.Helper()
		s, err := w.Sheet(t.Context(), "U0ALICE", d, noon)
		require.NoError(t, err)
		return s
	}
	s := sheet(Draft{Bundle: "seo-starter", For: ForSeveral, Email: "ann@acme.example", First: "Ann", Reason: "x"})
	require.Equal(t, []any{w.Bundles, "seo-starter", true, true, ForOutside}, []any{s.Bundles, s.Bundle.ID, s.Action.Named, s.Action.Undo != "", s.Draft.For})
	require.Len(t, s.Contents, 3)
	require.Contains(t, approvals.Join(s.Contents, "; ").Plain(), "in SE Ranking (type client")
	require.Empty(t, s.Notes, "who reads no list of the vendor isn't told by a warning who has an account")
	bobs, err := w.Sheet(t.Context(), "U0BOB", s.Draft, noon)
	require.NoError(t, err)
	require.Contains(t, approvals.Join(bobs.Notes, "; ").Plain(), "already has")

	s = sheet(Draft{Bundle: "holidays"})
	require.Equal(t, []string{"", ""}, []string{s.Bundle.ID, s.Draft.Bundle})
	require.Contains(t, s.Notes[0].Plain(), "There's no bundle “holidays” any more. Please pick again.")

	for name, row := range map[string]struct {
		when   approvals.When
		offers bool
	}{
		"refused to all":          {approvals.When{}, false},
		"refused to others":       {approvals.When{RequesterIn: []string{"S0LEADS"}}, true},
		"refused to them":         {approvals.When{RequesterIn: []string{"U0ALICE"}}, false},
		"refused for whom":        {approvals.When{For: approvals.ForExternal}, true},
		"refused for so long":     {approvals.When{LongerThan: time.Hour}, true},
		"refused without a seat":  {approvals.When{SeatsLeftUnder: new(int)}, true},
		"refused for this type":   {approvals.When{Fields: []approvals.FieldIs{{Key: "type", In: []string{"client"}}}}, false},
		"refused for other types": {approvals.When{Fields: []approvals.FieldIs{{Key: "type", In: []string{"user"}}}}, true},
	} {
		w = bundling(t)
		w.Desk.Policies = append([]approvals.Policy{{Name: "never", Refusal: "Nobody gets this", Actions: []approvals.Action{"create"}, When: row.when}}, w.Desk.Policies...)
		s = sheet(Draft{Bundle: "seo-starter"})
		require.Equal(t, row.offers, len(s.Bundles) == 2, name)
		if !row.offers {
			require.Contains(t, s.Notes[0].Plain(), "You can't ask for “SEO starter”", name)
		}
	}
}

// TestWhatIsWrongWithAFormForABundleIsSaidAtItsPlace, and nothing of it is asked.
func TestWhatIsWrongWithAFormForABundleIsSaidAtItsPlace(t *testing.T) {
	whole := (Draft{Bundle: "seo-starter", For: ForOutside, Email: "jane@acme.example", First: "Jane", Reason: "x"}).clone()
	for says, row := range map[string]struct {
		who    approvals.PersonID
		place  Place
		change func(*Draft)
	}{
		"There's no bundle “gone” any more": {"U0ALICE", PlaceApp, func(d *Draft) { d.Bundle = "gone" }},
		"write the e-mail address":          {"U0ALICE", PlaceWhom, func(d *Draft) { d.Email = "" }},
		"Please pick who it's for":          {"U0ALICE", PlaceWhom, func(d *Draft) { d.For = ForColleague }},
		"first name?":                       {"U0ALICE", PlaceFirst, func(d *Draft) { d.First = "" }},
		"Please write why":                  {"U0ALICE", PlaceReason, func(d *Draft) { d.Reason = "" }},
		"For good? Then pick that above.":   {"U0ALICE", PlaceLong, func(d *Draft) { d.Long, d.While = LongWhile, "forever" }},
		"That end, 2026-11-01 23:59 UTC":    {"U0ALICE", PlaceLong, func(d *Draft) { d.Long, d.Until = LongUntil, "2026-11-01" }},
		"“SEO starter” goes together, and part of it can't be asked for. A new seat in SE Ranking: ann@acme.example already": {"U0BOB", PlaceWhom, func(d *Draft) { d.Email = "ann@acme.example" }},
	} {
		w := bundling(t)
		d := whole.with(row.change)
		_, wrong, err := w.sends(row.who, d, "form V1")
		require.NoError(t, err, says)
		require.Contains(t, strings.ReplaceAll(wrong[row.place].Plain(), "`", ""), says)
		require.Empty(t, w.book.requests, says)
	}
}

// TestABundleSaysOfWhatNobodyHasSeen: each app of it whose steps nobody has compared with its screens, once.
func TestABundleSaysOfWhatNobodyHasSeen(t *testing.T) {
	unseen := approvals.App{ID: "board", Name: "Board", Entry: &catalog.Entry{Unverified: true, Actions: []catalog.Action{{Key: "create", New: true, Steps: []catalog.Step{{Key: "a"}}}}}}
	seen := approvals.App{ID: "desk", Name: "Desk", Entry: &catalog.Entry{}}
	s := speech{apps: []approvals.App{unseen, seen}}
	b := approvals.Bundle{Items: []approvals.BundleItem{{App: "board", Action: "create"}, {App: "desk"}, {App: "board"}}}
	require.Len(t, s.cautions(b), 1)
	require.Contains(t, s.cautions(b)[0].Plain(), "what Board really shows")
	require.True(t, s.asOne(b).ByHand())
}
