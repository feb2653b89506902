package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// remembering keeps in each page what was done to it lately, with what it was done to: where the keyboard went is the first
// thing one asks when a walk goes wrong once in a hundred times.
const remembering = `(() => {
	const done = window.doneLately = [];
	const named = (el) => el.dataset?.testid || el.tagName || "page";
	for (const kind of ["focusin", "keydown", "click", "submit"]) {
		window.addEventListener(kind, (e) => { done.push(kind + " " + (e.key || "") + " " + named(e.target)); if (done.length > 60) done.shift(); }, true);
	}
})()`

func remembers(ctx context.Context, target *chromedp.Target) error {
	_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: remembering})
	return err
}

// lately is what was done to the page last, for who reads why a test failed.
func (r *Reader) lately() string {
	said, err := chromedp.Run(r.ctx, chromedp.Evaluate[string](`window.doneLately.join(" · ")`))
	if err != nil {
		return "not known: " + err.Error()
	}
	return said
}
