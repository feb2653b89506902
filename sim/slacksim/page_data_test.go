package slacksim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/browser"
)

// longTable is one of Slack's own tables, of n accounts, each with a button.
func longTable(n int) string {
	rows := []string{`[{"type":"raw_text","text":"Account"},{"type":"raw_text","text":"Mend it"}]`}
	for i := range n {
		rows = append(rows, fmt.Sprintf(`[{"type":"raw_text","text":"<b>%d@acme.example"},{"type":"action_cell","element":{"type":"button","action_id":"mend@%d","value":"v%d","text":{"type":"plain_text","text":"Mend"}}}]`, i+1, i+1, i+1))
	}
	return `{"type":"data_table","caption":"Blocked accounts","page_size":5,"rows":[` + strings.Join(rows, ",") + `]}`
}

const aChart = `{"type":"data_visualization","title":"Seats used","chart":{"type":%q,"axis_config":{"categories":["7 Sep","14 Sep","21 Sep"],"x_label":"week","y_label":"seats"},
	"series":[{"name":"SE Ranking","data":[{"label":"7 Sep","value":18},{"label":"14 Sep","value":20},{"label":"21 Sep","value":22}]},
	{"name":"Semrush","data":[{"label":"7 Sep","value":2},{"label":"21 Sep","value":5},{"label":"14 Sep","value":3}]}]}}`

const aPie = `{"type":"data_visualization","title":"What it costs","chart":{"type":"pie","segments":[{"label":"used","value":440},{"label":"idle","value":60.5}]}}`

// turnsThePagesOfATable and presses a button in a row that was not on the first; on a phone nothing but the table itself is wider than the screen.
func turnsThePagesOfATable(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	app := w.startApp()
	w.api("chat.postMessage", map[string]any{"channel": "C0APPROVE", "text": "blocked", "blocks": blocks(t, `[`+longTable(12)+`]`)})
	r := openPage(t, b, w, 390, 800)
	r.Click("persona-U0BOB")
	r.Says(browser.Mark("data-table"), "1–5 of 12")
	r.Says(browser.Mark("data-table"), "<b>5@acme.example")
	r.Holds(`document.documentElement.scrollWidth <= 390 && document.querySelector('[data-testid="data-previous"]').disabled`)
	r.Click("data-next")
	r.Says(browser.Mark("data-table"), "6–10 of 12")
	r.Holds(`document.querySelectorAll('[data-testid="data-table"] tbody tr').length === 5`)
	r.Click("data-next")
	r.Says(browser.Mark("data-table"), "11–12 of 12")
	r.Holds(`document.querySelector('[data-testid="data-next"]').disabled`)
	r.Press(chromedp.CSS(`[data-action-id="mend@12"]`))
	require.Equal(t, "v12", app.hears(1).Payload.Actions[0].Value)
}

// drawsCharts as drawings with their numbers beside them; where a number is missing a line ends and begins anew.
func drawsCharts(t *testing.T, b *browser.Browser) {
	w := newPageWorld(t)
	w.startApp()
	r := openPage(t, b, w, 390, 800)
	shown := func(block, find string) string {
		return fmt.Sprintf(`(() => { const el = Page.blocks([%s]); document.body.append(el); const found = %s; el.remove(); return String(found); })()`, block, find)
	}
	line, bar, area := fmt.Sprintf(aChart, "line"), fmt.Sprintf(aChart, "bar"), fmt.Sprintf(aChart, "area")
	r.Is(shown(line, `el.querySelectorAll("polyline").length + " " + el.querySelectorAll("circle").length`), "2 6")
	r.Is(shown(bar, `el.querySelectorAll("svg.chart rect").length`), "6")
	r.Is(shown(area, `el.querySelectorAll("polygon").length`), "2")
	r.Is(shown(aPie, `el.querySelectorAll("path").length`), "2")
	r.Is(shown(strings.Replace(line, `{"label":"14 Sep","value":20},`, "", 1), `el.querySelectorAll("polyline").length`), "3")
	r.Is(shown(line, `[...el.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((c) => c.textContent).join(" ")).join("; ")`), "7 Sep 18 2; 14 Sep 20 3; 21 Sep 22 5")
	r.Is(shown(aPie, `[...el.querySelectorAll("li")].map((e) => e.textContent).join(" ")`), "used idle")
	r.Is(shown(line, `el.querySelector("svg.chart").getAttribute("aria-label")`), "Line chart: Seats used. Its numbers are in the table below.")
	r.Holds(shown(line, `el.querySelector("svg.chart").width.baseVal.value <= 360`) + ` === "true"`)
}
