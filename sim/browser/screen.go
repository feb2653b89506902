package browser

import (
	"context"
	"encoding/json"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Size makes the window that many CSS pixels: half of them each way are a zoom of 200 %.
func (r *Reader) Size(width, height int) {
	r.t.Helper()
	r.Do(chromedp.EmulateViewport(int64(width), int64(height)))
}

// focused lets a page behave as the one that somebody is at, whichever window is in front.
func focused(ctx context.Context, target *chromedp.Target) error {
	_, err := cdp.Call(ctx, target, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return err
}

// Theme is what the reader's system prefers: light or dark.
func (r *Reader) Theme(name string) {
	r.t.Helper()
	r.Do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}))
}

// Tab is another window of the same browser, at the same page. It ends with the test.
func (r *Reader) Tab(url, ready string) *Reader {
	r.t.Helper()
	ctx, end := chromedp.NewContext(r.ctx, chromedp.WithListener(complaints(r.t)))
	r.t.Cleanup(end)
	tab := &Reader{t: r.t, ctx: ctx}
	_, err := chromedp.Run(ctx, chromedp.Navigate(url)) // the first call owns the tab: no deadline
	require.NoError(r.t, err)
	tab.Shows(Mark(ready))
	return tab
}

// Tell is the string that a JavaScript expression gives, or that a promise of it comes to.
func (r *Reader) Tell(expression string) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.ctx, patience)
	defer cancel()
	told, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
	require.NoError(r.t, err)
	return told
}

// Findings is everything that axe-core, whose script is given, holds against the page as it is: every rule
// that it has on by itself, those of good practice among them, and the size of targets. One line each.
func (r *Reader) Findings(axe string) []string {
	r.t.Helper()
	r.Tell(axe + "\n;axe.version")
	told := r.Tell(`axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true }, "label-content-name-mismatch": { enabled: true } } })
		.then(({ violations }) => JSON.stringify(violations.flatMap((v) => v.nodes.map((n) =>
			[v.impact, v.id, n.target.join(" "), n.html.slice(0, 160), n.failureSummary.replace(/\s+/g, " ")].join(" | ")))))`)
	var findings []string
	require.NoError(r.t, json.Unmarshal([]byte(told), &findings))
	return findings
}
