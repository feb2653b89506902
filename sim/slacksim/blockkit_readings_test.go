package slacksim

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
)

// specimens are a good block of each kind.
func specimens() map[string]string {
	return map[string]string{
		"section": section("x"), "divider": divider, "image": `{"type":"image",` + anImage + `}`, "actions": actions(okButton),
		"context": `{"type":"context","elements":[` + say + `]}`, "context_actions": `{"type":"context_actions","elements":[{"type":"icon_button","icon":"trash","text":` + say + `}]}`,
		"header": `{"type":"header","text":` + say + `}`, "input": anInput, "rich_text": `{"type":"rich_text","elements":[]}`,
		"markdown": `{"type":"markdown","text":"x"}`, "table": `{"type":"table","rows":[` + aRow + `]}`,
		"video": `{"type":"video","title":` + say + `,"video_url":"https://x.example/v","thumbnail_url":"https://x.example/t","alt_text":"x"}`,
		"call":  `{"type":"call","call_id":"R1"}`, "file": `{"type":"file","external_id":"x","source":"remote"}`,
		"alert": `{"type":"alert","text":` + say + `}`, "card": aCard, "carousel": `{"type":"carousel","elements":[` + aCard + `]}`,
		"container":  `{"type":"container","title":` + say + `,"child_blocks":[` + divider + `]}`,
		"data_table": dataTableOf(aRow), "data_visualization": pieWith(`"segments":[{"label":"a","value":1}]`),
		"task_card": `{"type":"task_card","task_id":"1","title":"x","status":"complete"}`, "plan": `{"type":"plan","title":"x"}`,
		"layout": layoutWith(`{"items":[` + anItem + `]}`),
	}
}

// TestEverySurfaceByEveryReading: each kind of block on each surface, as each reading has it; the strictest refuses what any refuses.
func TestEverySurfaceByEveryReading(t *testing.T) {
	refused := map[Reading]map[Surface][]string{
		June2026: {
			InMessage: {"alert", "file"},
			InModal:   {"card", "carousel", "context_actions", "data_visualization", "file", "markdown", "plan", "table", "task_card"},
			InHome:    {"alert", "context_actions", "data_visualization", "file", "markdown", "plan", "table", "task_card"},
		},
		October2026: {
			InMessage: {"alert"},
			InModal:   {"carousel", "container", "context_actions", "data_table", "data_visualization", "markdown", "table"},
			InHome:    {"alert", "context_actions", "markdown"},
		},
	}
	all := specimens()
	require.ElementsMatch(t, slices.Collect(maps.Keys(blockShapes)), slices.Collect(maps.Keys(all)))
	for kind, block := range all {
		for on, surface := range map[Surface]string{InMessage: `{"blocks":[` + block + `]}`, InModal: modal(submit, block), InHome: `{"type":"home","blocks":[` + block + `]}`} {
			of := func(r Reading) []Problem {
				if on == InMessage {
					return r.Message(json.RawMessage(surface))
				}
				return r.View(json.RawMessage(surface))
			}
			june, october := slices.Contains(refused[June2026][on], kind), slices.Contains(refused[October2026][on], kind)
			require.Equal(t, june, len(of(June2026)) > 0, "June: %s in a %s: %v", kind, on, of(June2026))
			require.Equal(t, october, len(of(October2026)) > 0, "October: %s in a %s: %v", kind, on, of(October2026))
			require.Equal(t, june || october, len(of(Strictest)) > 0, "strictest: %s in a %s: %v", kind, on, of(Strictest))
		}
	}
	require.True(t, Strictest.Known() && June2026.Known() && October2026.Known())
	require.False(t, Reading("2027-01").Known())
}

// TestAWorkspaceOfAnotherReading takes what the usual one refuses.
func TestAWorkspaceOfAnotherReading(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		table := slack.HomeTabViewRequest{Type: "home", Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewTableBlock("t").AddRow(slack.NewTableRawTextCell("x"))}}}
		publish := func() error {
			_, err := w.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: "U0ALICE", View: table})
			return err
		}
		require.ErrorContains(t, publish(), "invalid_arguments")
		w.Behave(Manners{Reading: October2026})
		require.NoError(t, publish())
		w.Behave(Manners{Reading: June2026})
		require.ErrorContains(t, publish(), "invalid_arguments")
	})
}

// TestWhatStandsWithinABlockIsHeldToo: its own limits, where it may stand, its ids.
func TestWhatStandsWithinABlockIsHeldToo(t *testing.T) {
	in := func(child string) string {
		return `{"type":"container","title":` + say + `,"child_blocks":[` + child + `]}`
	}
	beside := func(child string) string { return layoutWith(`{"items":[{"block":` + child + `}]}`) }
	for name, pair := range map[string][2]string{
		"a kind that may":              {in(section("x")), in(`{"type":"markdown","text":"x"}`)},
		"none within another":          {in(divider), in(in(divider))},
		"a limit of the child's":       {in(section("x")), in(section("LONG3001"))},
		"unique block_id":              {in(`{"type":"divider","block_id":"a"}`), in(`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}`)},
		"what collapses":               {opening(in(divider), `"is_collapsible":true,"default_collapsed":true`), opening(in(divider), `"default_collapsed":true`)},
		"a divider or a fold":          {opening(in(divider), `"has_header_divider":true`), opening(in(divider), `"has_header_divider":true,"is_collapsible":true`)},
		"a title":                      {in(divider), `{"type":"container","child_blocks":[` + divider + `]}`},
		"a width":                      {opening(in(divider), `"width":"full"`), opening(in(divider), `"width":"huge"`)},
		"no markdown beside":           {beside(section("x")), beside(`{"type":"markdown","text":"x"}`)},
		"one table with those within":  {beside(`{"type":"table","rows":[` + aRow + `]}`), beside(`{"type":"table","rows":[`+aRow+`]}`) + `,{"type":"table","rows":[` + aRow + `]}`},
		"two charts with those within": {beside(pieWith(`"segments":[{"label":"a","value":1}]`)), `MANY2(` + pieWith(`"segments":[{"label":"a","value":1}]`) + `),` + beside(pieWith(`"segments":[{"label":"a","value":1}]`))},
		"a surface":                    {beside(section("x")), beside(`{"type":"alert","text":` + say + `}`)},
		"a fallback of old":            {opening(beside(divider), `"fallback":[`+divider+`]`), opening(beside(divider), `"fallback":[`+aCard+`]`)},
		"a card of something":          {aCard, `{"type":"card","subtitle":` + say + `}`},
		"one icon":                     {opening(aCard, `"icon":{"type":"image"}`), opening(aCard, `"icon":{"type":"image"},"slack_icon":{"type":"icon"}`)},
		"cards alone":                  {`{"type":"carousel","elements":[` + aCard + `]}`, `{"type":"carousel","elements":[` + divider + `]}`},
		"a level":                      {divider, `{"type":"task_card","task_id":"1","title":"x","status":"lost"}`},
	} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, ValidateMessage(expand(t, `{"text":"x","blocks":[`+pair[0]+`]}`)))
			require.NotEmpty(t, ValidateMessage(expand(t, `{"text":"x","blocks":[`+pair[1]+`]}`)))
		})
	}
}

// opening puts fields at the front of a block.
func opening(block, fields string) string { return `{` + fields + `,` + block[1:] }

// TestAButtonWithinABlock is found and pressed as any other, with its own block's id.
func TestAButtonWithinABlock(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		for _, one := range []slack.Block{
			slack.NewContainerBlock(slack.NewActionBlock("inner", button("go", "Go", "12"))).WithTitle(plain("x")),
			slack.NewLayoutBlock("x", slack.NewLayoutRow(slack.NewLayoutItem(slack.NewActionBlock("inner", button("go", "Go", "12"))))),
		} {
			_, ts, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionText("x", false), slack.MsgOptionBlocks(one))
			require.NoError(t, err)
			m, _ := w.Message("C0GENERAL", ts)
			require.Contains(t, PlainText(m), "Go")
			require.True(t, w.Click("U0BOB", "C0GENERAL", ts, "Go").Wait().Acked)
		}
		clicks := a.interactions(slack.InteractionTypeBlockActions)
		require.Len(t, clicks, 2)
		for _, c := range clicks {
			require.Equal(t, "inner", c.ActionCallback.BlockActions[0].BlockID)
		}
	})
}
