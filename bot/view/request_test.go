package view

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/sim/slacksim"
)

// sheetOf is what to draw for a draft of SE Ranking's.
func sheetOf(d commands.Draft, sees bool) commands.Sheet {
	app := seRanking()
	action, _ := app.Entry.Action(d.Action)
	d.App = app.ID
	return commands.Sheet{Draft: d, Apps: []approvals.App{app}, App: app, Action: action, Sees: sees, Items: map[string][]catalog.Item{}}
}

var twoShops = []catalog.Item{{ID: "103", Name: "Acme Shop", Host: "shop.acme.example"}, {ID: "104", Name: "Acme Shop", Host: "shop.acme-europe.example", Paused: true}}

func TestTheFormForAsking(t *testing.T) {
	fresh := sheetOf(commands.Draft{Action: "create", For: commands.ForMe, First: "Alice", Last: "Ames"}, false)
	golden(t, "request seat", heldView(t, RequestForm(fresh, Borne{Channel: "C0GENERAL"})))

	share := sheetOf(commands.Draft{Action: "share", For: commands.ForColleague, Person: "U0DAVE", Reason: "He audits both"}, true)
	share.Items["sites"] = twoShops
	share.Notes = []approvals.Text{say("#12 already asks for this (it's pending, asked by %v %v).", approvals.PersonID("U0ALICE"), clock(9, 12))}
	golden(t, "request share", heldView(t, RequestForm(share, Borne{Kept: map[string][]string{"first:me": {"Alice"}}})))

	three := sheetOf(commands.Draft{Action: "create", For: commands.ForColleague, Persons: []approvals.PersonID{"U0DAVE", "U0ERIN", "U0FRED"},
		Names: map[approvals.PersonID]string{"U0DAVE": "Dave Diaz", "U0ERIN": `"Mary Erin" Ek`}, Reason: "They join"}, false)
	golden(t, "request colleagues", heldView(t, RequestForm(three, Borne{Kept: map[string][]string{FieldPerson: {"U0DAVE"}, "names:U0DAVE,U0BOB": {"x\ny"}, "first:me": {"Alice"}}})))

	change := sheetOf(commands.Draft{Action: "update", For: commands.ForOutside, Email: "jane@acme.example", Chosen: map[string][]string{"access": {commands.NoneOf}, "period": {"month"}},
		Typed: map[string]string{"amount": "50"}}, true)
	golden(t, "request update", heldView(t, RequestForm(change, Borne{})))

	golden(t, "request opening", heldView(t, OpeningForm(Borne{Channel: "C0GENERAL"})))
}

// TestSeveralAppsAreChosenFrom, and an app that lacks labels is called by its keys.
func TestSeveralAppsAreChosenFrom(t *testing.T) {
	s := sheetOf(commands.Draft{Action: "create", For: commands.ForMe}, false)
	s.Apps = append(s.Apps, approvals.App{ID: "boards", Name: "Planner", Entry: &catalog.Entry{}})
	require.Equal(t, FieldApp, RequestForm(s, Borne{}).Blocks.BlockSet[0].(*slack.InputBlock).BlockID)
	require.Equal(t, "Hand over", actionName(catalog.Action{Key: "hand_over"}))
}

// TestABundleIsChosenBesideTheApps: what is in it stands there in place of an action and its fields; whom it is for is asked in a
// block of its own, because it is never for several, and what was filled in elsewhere is kept for when that is shown again.
func TestABundleIsChosenBesideTheApps(t *testing.T) {
	s := sheetOf(commands.Draft{Action: "create", For: commands.ForMe, First: "Alice", Reason: "She starts"}, false)
	s.Bundles = []approvals.Bundle{{ID: "seo-starter", Name: "SEO starter"}}
	before := string(JSON(RequestForm(s, Borne{})))
	require.Contains(t, before, `"value":":bundle seo-starter"`)
	require.Contains(t, before, "App or bundle")

	d, b := ReadRequest(Borne{App: "seranking"}, []Input{{Block: FieldApp, Values: []string{":bundle seo-starter"}}, {Block: FieldAction, Values: []string{"create"}},
		{Block: FieldFor, Values: []string{"several"}}, {Block: FieldPeople, Values: []string{"jane@acme.example"}}, {Block: "f:access:some:seranking", Values: []string{"report_manual"}}})
	require.Equal(t, []any{"seranking", "seo-starter", commands.ForSeveral}, []any{d.App, d.Bundle, d.For})
	s.Draft, s.Bundle, s.Action, s.Contents = d, s.Bundles[0], catalog.Action{Named: true, Undo: "delete"}, []approvals.Text{say("a new seat"), say("share websites")}
	s.Draft.For = commands.ForOutside
	form := RequestForm(s, b)
	golden(t, "request bundle", heldView(t, form))
	b, err := ParseBorne(form.PrivateMetadata)
	require.NoError(t, err)
	require.Contains(t, b.Kept, "f:access:some:seranking")

	d, b = ReadRequest(b, []Input{{Block: FieldApp, Values: []string{"seranking"}}, {Block: FieldForOne, Values: []string{"me"}}})
	require.Equal(t, []any{"seranking", "", commands.ForMe, catalog.Verb("create")}, []any{d.App, d.Bundle, d.For, d.Action}, "what was chosen last counts")
	d, _ = ReadRequest(b, []Input{{Block: FieldApp, Values: []string{"seranking"}}, {Block: FieldFor, Values: []string{"several"}}})
	require.Equal(t, []any{commands.ForSeveral, "jane@acme.example"}, []any{d.For, d.People})
	persons := Borne{Kept: map[string][]string{FieldPersons: {"U0DAVE", "U0ERIN"}}}
	d, _ = ReadRequest(persons, []Input{{Block: FieldForOne, Values: []string{"colleague"}}, {Block: FieldPerson}})
	require.Equal(t, []any{approvals.PersonID(""), 2}, []any{d.Person, len(d.Persons)}, "nobody is picked, and the others are kept")
	d, _ = ReadRequest(persons, []Input{{Block: FieldForOne, Values: []string{"colleague"}}, {Block: FieldPerson, Values: []string{"U0ERIN"}}})
	require.Equal(t, []any{approvals.PersonID("U0ERIN"), 0}, []any{d.Person, len(d.Persons)})
	require.Equal(t, FieldForOne, blockFor(commands.PlaceWhom, []Input{{Block: FieldForOne}}))
}

// TestOptionsFitIntoAnAck: at most a hundred, and all of it in less than an ack may hold, whatever things are called; their
// heading says how many there are. The number, by which two of one name differ, is never cut off.
func TestOptionsFitIntoAnAck(t *testing.T) {
	for name, title := range map[string]string{"plain": "Acme", "long": strings.Repeat("Long name ", 30), "of another script": strings.Repeat("網站名稱", 40), "quoted": strings.Repeat(`"\`, 60), "marked": strings.Repeat("&<>", 50), "none": ""} {
		var all []catalog.Item
		for i := range 400 {
			all = append(all, catalog.Item{ID: fmt.Sprint(100000 + i), Name: title, Host: strings.Repeat("sub.", i%20) + "acme.example", Paused: i%2 == 0})
		}
		raw := JSON(struct {
			EnvelopeID string `json:"envelope_id"`
			Payload    any    `json:"payload"`
		}{"00000000-0000-4000-8000-000000000000", Options(commands.Found{Items: all, All: len(all), Noun: catalog.Noun{One: "website", Many: "websites"}}, "acme")})
		require.Less(t, len(raw), 20_000, name)
		var menu struct {
			Payload struct {
				OptionGroups []struct {
					Label   struct{ Text string }
					Options []struct {
						Text  struct{ Text string }
						Value string
					}
				} `json:"option_groups"`
			}
		}
		require.NoError(t, json.Unmarshal(raw, &menu), name)
		group := menu.Payload.OptionGroups[0]
		require.LessOrEqual(t, len(group.Options), 100, name)
		require.Greater(t, len(group.Options), 20, name)
		require.Equal(t, fmt.Sprintf("%d of 400 websites. Keep typing to narrow it down.", len(group.Options)), group.Label.Text)
		for i, o := range group.Options {
			require.Contains(t, o.Text.Text, "(#"+o.Value+")", name)
			require.Equal(t, i%2 == 0, strings.HasSuffix(o.Text.Text, " · paused"), name)
			require.LessOrEqual(t, units(o.Text.Text), longestOption, name)
		}
	}
	require.JSONEq(t, `{"options":[]}`, string(JSON(Options(commands.Found{}, "x"))))
	require.Contains(t, string(JSON(Options(commands.Found{Unread: true}, "acme.example"))), `"value":"acme.example"`)
}

// TestWhatIsFilledInIsReadBack: what a form that was drawn has in it is the draft it was drawn of, through any other form
// in between.
func TestWhatIsFilledInIsReadBack(t *testing.T) {
	d := commands.Draft{App: "seranking", Action: "create", For: commands.ForOutside, Email: "jane@acme.example", First: "Jane", Last: "Doe", Reason: "She\naudits “it” & more",
		Chosen: map[string][]string{"type": {"client"}, "access": {"report_manual", "audit_website"}, "period": {"month"}, "sites": {"103", "104"}, "lang": {"cs"}}, Typed: map[string]string{"amount": "50"}}
	sheet := sheetOf(d, true)
	sheet.Items["sites"] = twoShops
	v := RequestForm(sheet, Borne{Channel: "C1"})
	b, err := ParseBorne(v.PrivateMetadata)
	require.NoError(t, err)
	got, b := ReadRequest(b, filledIn(t, v))
	require.Equal(t, d, got)

	other := sheetOf(commands.Draft{App: "seranking", Action: "delete", For: commands.ForMe}, true)
	b, err = ParseBorne(RequestForm(other, b).PrivateMetadata)
	require.NoError(t, err)
	require.Equal(t, "C1", b.Channel)
	back, _ := ReadRequest(b, []Input{{FieldAction, []string{"create"}}, {FieldFor, []string{"outside"}}, {FieldReason, []string{d.Reason}}})
	require.Equal(t, d, back)
	elsewhere, _ := ReadRequest(b, []Input{{FieldApp, []string{"boards"}}, {FieldAction, []string{"create"}}})
	require.Empty(t, elsewhere.Chosen, "another app's fields are others")
}

// TestAButtonDecidesWhatAFormIsTurnedInto: Slack keeps what was filled into a block of the same name, so what the button decides
// stands in blocks of other names, is read there, and what is wrong with it stands under these.
func TestAButtonDecidesWhatAFormIsTurnedInto(t *testing.T) {
	was := commands.Draft{App: "seranking", Action: "create", For: commands.ForSeveral, People: "jane@acme.example Jane", Reason: "x"}
	v := RequestForm(sheetOf(was, false), Borne{})
	b, err := ParseBorne(v.PrivateMetadata)
	require.NoError(t, err)
	before := filledIn(t, v)
	_, b = ReadRequest(b, before)
	into := commands.Draft{App: "seranking", Action: "share", For: commands.ForSeveral, People: "jane@acme.example", Reason: "x"}
	for range 2 {
		b.Turn()
		v = RequestForm(sheetOf(into, false), b)
		drawn := filledIn(t, v)
		for _, in := range drawn {
			if strings.HasPrefix(in.Block, FieldAction) || strings.HasPrefix(in.Block, FieldPeople) {
				require.False(t, slices.ContainsFunc(before, func(o Input) bool { return o.Block == in.Block }), "%v would keep what was in it", in.Block)
			}
		}
		b, err = ParseBorne(v.PrivateMetadata)
		require.NoError(t, err)
		var got commands.Draft
		got, b = ReadRequest(b, drawn)
		require.Equal(t, []any{into.Action, into.People, into.Reason}, []any{got.Action, got.People, got.Reason})
		require.Contains(t, Wrong(commands.Mistakes{commands.PlaceWhom: approvals.Sayf("No.")}, drawn), b.inTurn(FieldPeople))
		before = append(before, drawn...)
	}
}

// TestColleaguesAreReadBack: several with their names, through whoever is picked beside them or instead; one by the menu of
// one that a form had which an earlier version drew.
func TestColleaguesAreReadBack(t *testing.T) {
	d := commands.Draft{App: "seranking", Action: "create", For: commands.ForColleague, Persons: []approvals.PersonID{"U0DAVE", "U0ERIN"}, Reason: "They join",
		Names: map[approvals.PersonID]string{"U0DAVE": "Dave Diaz", "U0ERIN": `"Mary Erin" Ek`}, Chosen: map[string][]string{}, Typed: map[string]string{}}
	d.Chosen["type"] = []string{"client"}
	v := RequestForm(sheetOf(d, true), Borne{})
	drawn := filledIn(t, v)
	b, err := ParseBorne(v.PrivateMetadata)
	require.NoError(t, err)
	got, _ := ReadRequest(b, drawn)
	require.Equal(t, d, got)
	picking := func(ids ...string) []Input {
		var out []Input
		for _, in := range drawn {
			if in.Block == FieldPersons {
				in.Values = ids
			}
			out = append(out, in)
		}
		return out
	}
	three, _ := ReadRequest(b, picking("U0ERIN", "U0FRED", "U0DAVE", "U0ERIN"))
	require.Equal(t, []approvals.PersonID{"U0ERIN", "U0FRED", "U0DAVE"}, three.Persons, "nobody twice")
	require.Equal(t, d.Names, three.Names, "what was written stays theirs")
	one, _ := ReadRequest(b, picking("U0ERIN"))
	require.Equal(t, [3]string{"U0ERIN", "Mary Erin", "Ek"}, [3]string{string(one.Person), one.First, one.Last})
	require.Empty(t, one.Persons)
	none, _ := ReadRequest(b, picking())
	require.Empty(t, none.Person)

	old := []Input{{FieldAction, []string{"create"}}, {FieldFor, []string{"colleague"}}, {FieldPerson, []string{"U0DAVE"}}, {"first:U0DAVE", []string{"Dave"}}, {FieldReason, []string{"He joins"}}}
	was, kept := ReadRequest(Borne{App: "seranking"}, old)
	require.Equal(t, [2]string{"U0DAVE", "Dave"}, [2]string{string(was.Person), was.First})
	was.App = "seranking"
	v = RequestForm(sheetOf(was, true), kept)
	again, err := ParseBorne(v.PrivateMetadata)
	require.NoError(t, err)
	require.Empty(t, again.Kept[FieldPerson], "whoever is taken out doesn't come back from the old menu")
	beside, _ := ReadRequest(again, append(filledIn(t, v), Input{FieldPersons, []string{"U0DAVE", "U0ERIN"}}))
	require.Equal(t, map[approvals.PersonID]string{"U0DAVE": "Dave"}, beside.Names)
}

// TestNamesThatAreTooManyOrTooFewAreNobodys: whose is whose is asked, and not guessed.
func TestNamesThatAreTooManyOrTooFewAreNobodys(t *testing.T) {
	for written, unmatched := range map[string]int{"Dave Diaz\n\nErin Ek\n": 0, "Dave Diaz": 1, "Dave\nErin\nFred": 3, "…\nErin Ek": 0} {
		d, _ := ReadRequest(Borne{}, []Input{{FieldFor, []string{"colleague"}}, {FieldPersons, []string{"U0DAVE", "U0ERIN"}}, {"names:U0DAVE,U0ERIN", []string{written}}})
		require.Equal(t, unmatched, d.Unmatched, written)
		require.Equal(t, unmatched == 0, d.Names["U0ERIN"] == "Erin Ek", written)
		require.NotEqual(t, "…", d.Names["U0DAVE"])
	}
}

// filledIn is what Slack tells of a form that was drawn and that nobody has touched.
func filledIn(t *testing.T, v slack.ModalViewRequest) (inputs []Input) {
	for _, b := range v.Blocks.BlockSet {
		in, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		var e map[string]any
		require.NoError(t, json.Unmarshal(JSON(in.Element), &e))
		require.Equal(t, in.BlockID, e["action_id"])
		var list []string
		for _, key := range []string{"initial_value", "initial_user", "initial_date"} {
			if s, ok := e[key].(string); ok {
				list = append(list, s)
			}
		}
		users, _ := e["initial_users"].([]any)
		for _, id := range users {
			list = append(list, id.(string))
		}
		options, _ := e["initial_options"].([]any)
		if one := e["initial_option"]; one != nil {
			options = append(options, one)
		}
		for _, o := range options {
			list = append(list, o.(map[string]any)["value"].(string))
		}
		inputs = append(inputs, Input{in.BlockID, list})
	}
	return inputs
}

// TestWhatAFormBearsIsBounded: however much was filled in elsewhere, it stays within what Slack takes, and is dropped the
// longest first.
func TestWhatAFormBearsIsBounded(t *testing.T) {
	b := Borne{Channel: "C1", Kept: map[string][]string{"first:me": {"Zoë"}}}
	for i := range 40 {
		b.Kept[fmt.Sprint("f:text:text-text0:app", i)] = []string{strings.Repeat("ж", 20*i)}
	}
	s := b.String()
	require.LessOrEqual(t, escaped(s), 3000)
	got, err := ParseBorne(s)
	require.NoError(t, err)
	require.Equal(t, []string{"Zoë"}, got.Kept["first:me"])
	require.Contains(t, got.Kept, "f:text:text-text0:app1")
	require.NotContains(t, got.Kept, "f:text:text-text0:app39")
	for _, foreign := range []string{"", "v1:12", "{}", `{"v":2}`, `[1]`, `{"v":"1"}`} {
		_, err := ParseBorne(foreign)
		require.Error(t, err, foreign)
	}
}

// TestMistakesStandUnderTheirFields, those without one under the last.
func TestMistakesStandUnderTheirFields(t *testing.T) {
	inputs := filledIn(t, RequestForm(sheetOf(commands.Draft{Action: "create", For: commands.ForOutside}, true), Borne{}))
	wrong := Wrong(commands.Mistakes{commands.PlaceWhom: say("Who? `x` <b>"), commands.PlaceFirst: say("First?"), commands.PlaceOf("amount"): say("How much?"),
		commands.PlaceOf("gone"): say("Gone."), commands.PlaceReason: say("Why?")}, inputs)
	require.Len(t, wrong, 4)
	require.Equal(t, "Who? x <b>", wrong[FieldEmail])
	require.Equal(t, "First?", wrong["first:outside"])
	require.Contains(t, wrong[FieldReason], "Why?")
	require.Contains(t, wrong[FieldReason], "Gone.")
	for id := range wrong {
		require.True(t, strings.HasPrefix(id, "f:amount:") || id == FieldEmail || id == "first:outside" || id == FieldReason, id)
	}
}

// TestTheButtonBearsWhatFits of a draft, and nothing of it is markup.
func TestTheButtonBearsWhatFits(t *testing.T) {
	for _, reason := range []string{"because", strings.Repeat("ж", 1900), strings.Repeat(`"`, 1990)} {
		d := commands.Draft{App: "seranking", Action: "share", Email: "jane@acme.example", For: commands.ForOutside, Reason: reason}
		m := Reply(commands.Reply{Head: say("x"), Form: &d})
		raw := held(t, m)
		require.Contains(t, string(raw), "Open the form")
		button := m.Blocks[len(m.Blocks)-1].(*slack.ActionBlock).Elements.ElementSet[0].(*slack.ButtonBlockElement)
		got, err := ParseFormValue(button.Value)
		require.NoError(t, err)
		require.Equal(t, d.Action, got.Action)
	}
	_, err := ParseFormValue("v9:{}")
	require.ErrorIs(t, err, ErrOtherVersion)
	_, err = ParseFormValue("12")
	require.Error(t, err)
}

// TestHostileWordsInTheForm: whatever people, apps and vendors call things, the form is one that Slack takes, and its
// words are words.
func TestHostileWordsInTheForm(t *testing.T) {
	for _, bad := range hostile {
		s := sheetOf(commands.Draft{Action: "create", For: commands.ForOutside, Email: bad, First: bad, Last: bad, Reason: bad,
			Typed: map[string]string{"amount": bad, "sites": bad}, Chosen: map[string][]string{"type": {bad}, "access": {bad}, "lang": {bad}, "sites": {bad}}}, true)
		s.Items["sites"] = []catalog.Item{{ID: "1", Name: bad, Host: bad}, {ID: bad}}
		s.Notes = []approvals.Text{say("%v", bad)}
		s.App.Name = bad
		for _, sees := range []bool{true, false} {
			s.Sees = sees
			raw := JSON(RequestForm(s, Borne{Channel: "C1", Kept: map[string][]string{bad: {bad}}}))
			require.Empty(t, slacksim.ValidateView(raw), "%q", bad)
		}
		Options(commands.Found{Items: s.Items["sites"], All: 2, Unread: true}, bad)
	}
}
