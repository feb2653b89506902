// Package browser is a person at a web page, for tests: a headless browser that clicks, writes, reads
// and takes pictures.
//
// Its one idea: a Reader, one of several at one Browser, knows elements only by the mark that the page bears for tests (data-testid),
// waits for what should come instead of sleeping, and fails its test with the text of the page when it
// does not come. What the browser itself complains of, an error in a script or a breach of the
// content policy, fails the test too. Elements are found by the page's own script, anew each time: the copy of
// the page's tree that a driver keeps beside it can miss an element that was drawn just then, for ever.
//
// Its neighbours: the tests of sim/slacksim try the demo page by itself; those of test/page walk
// the whole demo. No program imports it. It uses the Chromium or Chrome that is installed, and skips the
// test, saying so, where there is none.
package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// patience is how long a Reader waits for anything.
const patience = 5 * time.Minute

// Reader is one person at one page. Its methods fail the test they were opened for.
type Reader struct {
	t   *testing.T
	ctx context.Context
}

// Browser is one headless browser, at which several people read side by side.
type Browser struct{ ctx context.Context }

// Start starts a browser, which ends with the test. Its readers belong to subtests: starting one takes longer than most
// of what they do.
func Start(t *testing.T) *Browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(installed(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("renderer-process-limit", "2"),
		chromedp.Flag("force-prefers-reduced-motion", true)) // a picture is never half-way
	allocator, endBrowser := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(endBrowser)
	ctx, endTab := chromedp.NewContext(allocator)
	t.Cleanup(endTab)
	require.NoError(t, chromedp.Do(ctx)) // the first call owns the browser: no deadline
	return &Browser{ctx}
}

// Open opens a page in a window of that many pixels, and waits until the element marked ready is to be seen. What the page
// keeps it shares with others at the same address alone. The window closes with the test.
func (b *Browser) Open(t *testing.T, url string, width, height int, ready string) *Reader {
	t.Helper()
	ctx, end := chromedp.NewContext(b.ctx, chromedp.WithListener(complaints(t)))
	t.Cleanup(end)
	r := &Reader{t: t, ctx: ctx}
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(int64(width), int64(height)), chromedp.Func(focused), chromedp.Func(remembers))) // the first call owns the window: no deadline
	r.Do(chromedp.Navigate(url))
	r.Shows(Mark(ready))
	return r
}

// installed is the path of a browser; without one the test is skipped.
func installed(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no browser is installed: the page is not tried (chromium or google-chrome would do)")
	return ""
}

func complaints(t *testing.T) func(any) {
	return func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page threw: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
				t.Errorf("the browser complains: %s", e.Entry.Text)
			}
		}
	}
}

// Mark selects the element that the page marks for tests.
func Mark(id string) chromedp.CSS { return chromedp.CSS(fmt.Sprintf(`[data-testid=%q]`, id)) }

// Do carries actions out.
func (r *Reader) Do(actions ...chromedp.Action[chromedp.Void]) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.ctx, patience)
	defer cancel()
	require.NoError(r.t, chromedp.Do(ctx, actions...))
}

// Holds waits until a condition in JavaScript is true.
func (r *Reader) Holds(condition string) { r.t.Helper(); await[bool](r, condition) }

// Soon reports whether a condition in JavaScript comes true within a blink; that it does not is no failure.
func (r *Reader) Soon(condition string) bool {
	return chromedp.Do(r.ctx, chromedp.Poll[chromedp.Void](condition, chromedp.WithPollingTimeout(blink))) == nil
}

// await is the first value of a JavaScript expression that is not falsy.
func await[T any](r *Reader, expression string) T {
	r.t.Helper()
	value, err := chromedp.Run(r.ctx, chromedp.Poll[T](expression, chromedp.WithPollingTimeout(patience)))
	if err != nil {
		body, _ := chromedp.Run(r.ctx, chromedp.Evaluate[string]("document.body.innerText")) // whatever can be had
		held, _ := chromedp.Run(r.ctx, chromedp.Evaluate[string](`JSON.stringify([...document.querySelectorAll("input, textarea")].map((el) => [el.dataset.testid, el.value]))`))
		require.NoError(r.t, err, "never came true: %s\ndone lately: %s\nwhat is written: %s\nthe page says:\n%s", expression, r.lately(), held, body)
	}
	return value
}

// Shows waits until the selected element can be seen.
func (r *Reader) Shows(selector chromedp.CSS) {
	r.t.Helper()
	r.Holds(fmt.Sprintf(`[...document.querySelectorAll(%q)].some((el) => el.checkVisibility())`, selector))
}

// Hides waits until nothing that is selected can be seen.
func (r *Reader) Hides(selector chromedp.CSS) {
	r.t.Helper()
	r.Holds(fmt.Sprintf(`![...document.querySelectorAll(%q)].some((el) => el.checkVisibility())`, selector))
}

// Says waits until an element that can be seen shows the text.
func (r *Reader) Says(selector chromedp.CSS, text string) {
	r.t.Helper()
	r.Holds(fmt.Sprintf(`[...document.querySelectorAll(%q)].some((el) => el.checkVisibility() && el.innerText.includes(%q))`, selector, text))
}

// Is compares what a JavaScript expression gives.
func (r *Reader) Is(expression, want string) {
	r.t.Helper()
	got, err := chromedp.Run(r.ctx, chromedp.Evaluate[string](expression))
	require.NoError(r.t, err, expression)
	require.Equal(r.t, want, got, expression)
}

// Text is what the selected element shows.
func (r *Reader) Text(selector chromedp.CSS) string {
	r.t.Helper()
	return await[[]string](r, fmt.Sprintf(`(() => { const el = document.querySelector(%q); return el && [el.innerText]; })()`, selector))[0]
}

// Picture writes what the browser shows to a PNG file.
func (r *Reader) Picture(file string) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	require.NoError(r.t, err)
	require.NoError(r.t, os.WriteFile(file, png, 0o644))
}
