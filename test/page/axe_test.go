package page

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/browser"
)

var axeFile = flag.String("axe", "", "axe-core's script: hold the page against it (.ci/axe/run.sh installs it)")

// axeScript is axe-core, where somebody named it.
func axeScript(t *testing.T) string {
	t.Helper()
	if *axeFile == "" {
		t.Skip("the page is held against axe-core only where -axe names it (.ci/axe/run.sh does)")
	}
	script, err := os.ReadFile(*axeFile)
	require.NoError(t, err)
	return string(script)
}

// accessible holds what is on the screen against axe-core, by day and by night, and takes a picture of each.
func (v *visit) accessible(axe, state string) {
	v.t.Helper()
	for _, theme := range []string{"dark", "light"} {
		v.Theme(theme)
		v.picture(state + "-" + theme)
		for _, finding := range v.Findings(axe) {
			v.t.Errorf("%s, %s: %s", state, theme, finding)
		}
	}
}

// ringed holds every control in sight against what shows where the keyboard is, by day and by night.
func (v *visit) ringed(state string) {
	v.t.Helper()
	v.Do(chromedp.KeyEvent(kb.F2)) // rings are for those who use the keyboard
	for _, theme := range []string{"dark", "light"} {
		v.Theme(theme)
		if faint := v.Tell(faintRings); faint != "" {
			v.t.Errorf("%s, %s: rings that do not stand out: %s", state, theme, faint)
		}
	}
}

// accessible goes through every state of the page, at a desk and on two phones, and wants
// nothing found.
func accessible(t *testing.T, b *browser.Browser) {
	axe := axeScript(t)
	for _, size := range [][2]int{{1280, 800}, {390, 800}, {320, 640}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, size[0], size[1])
			v.accessible(axe, "start")
			if size[0] == 320 {
				v.Click("guide-fold")
				v.accessible(axe, "guide-open")
			}
			v.picksAStory(axe)
			if size[0] == 320 {
				v.Click("guide-fold")
			}
			v.writes(axe)
			v.decides(axe)
			v.panes(axe)
		})
		if size[0] == 1280 {
			t.Run("side by side", func(t *testing.T) {
				t.Parallel()
				visitDemo(t, b, size[0], size[1]).besideAnother(axe)
			})
		}
		t.Run(fmt.Sprintf("the world at %dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			visitDemo(t, b, size[0], size[1]).looksBeside(axe)
		})
		t.Run(fmt.Sprintf("the form at %dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			visitDemo(t, b, size[0], size[1]).asksInTheForm(axe)
		})
	}
}

// picksAStory is the list of stories, one of them under way with its steps, and the list again after it was left.
func (v *visit) picksAStory(axe string) {
	v.Click("stories-open")
	v.Click("story-away")
	v.Says(browser.Mark("stories-open"), "Two steps, and a colleague who is away")
	v.accessible(axe, "story")
	v.Click("stories-open")
	v.Says(browser.Mark("stories"), "Bob is away for three days")
	v.accessible(axe, "story-steps")
	v.ringed("story-steps")
	v.Click("story-stop")
	v.Click("stories-open")
	v.Shows(browser.Mark("story-ask"))
	v.accessible(axe, "stories")
	v.ringed("stories")
	v.Click("stories-open")
}

// besideAnother is two people in one window, one of them with a form, and what came for a third.
func (v *visit) besideAnother(axe string) {
	v.types("/access create jane@acme.example Jane because she tracks rankings")
	v.Shows(browser.Mark("news"))
	v.accessible(axe, "news")
	v.Click("side-by-side")
	v.Says(in(1, "message"), "Alice Ames asks")
	v.accessible(axe, "two")
	v.ringed("two")
	v.Press(in(1, "button-Deny"))
	v.Says(in(1, "modal"), "#1")
	v.accessible(axe, "two-form")
}

// asksInTheForm is the form that asks: as it opens, for an outside address, with websites found and chosen, refused, and
// what came of it.
func (v *visit) asksInTheForm(axe string) {
	v.is("U0BOB", "C0GENERAL")
	v.types("/access request")
	v.Says(browser.Mark("modal"), "What would you like?")
	v.accessible(axe, "asking")
	v.ringed("asking")
	v.ticks("An address outside")
	v.Says(browser.Mark("modal"), "E-mail address")
	v.fills("email", "jane@acme")
	v.fills("first", "Jane")
	v.fills("reason", "Jane audits both shops")
	v.searches("f:sites", "shop", "offer-104", "shop.acme-europe.example")
	v.accessible(axe, "asking-found")
	v.picksFirst("f:sites")
	v.drawn(`"value":"103"`)
	v.Click("modal-submit")
	v.Says(browser.Mark("modal"), "what comes after the @ isn't a domain")
	v.accessible(axe, "asking-refused")
	v.ringed("asking-refused")
	v.fills("email", ".example")
	v.Click("modal-submit")
	v.answered("SE Ranking seat for jane@acme.example")
	v.accessible(axe, "asked-by-form")
}

// writes is the composer: what it offers, a command that the page wrote, what comes of it.
func (v *visit) writes(axe string) {
	v.Write("composer", "/")
	v.Says(browser.Mark("completions"), "See what you can do here")
	v.accessible(axe, "commands")
	v.Write("composer", "access create because @")
	v.Says(browser.Mark("completions"), "Head of marketing")
	v.accessible(axe, "people")
	v.ringed("people")
	v.Holds(`(Page.write(""), true)`)
	v.Click("guide-action")
	v.accessible(axe, "command")
	v.Click("guide-action")
	v.answered("#1")
	v.accessible(axe, "asked")
}

// decides is the card: as it waits, its form, and when it is done.
func (v *visit) decides(axe string) {
	v.guide("A card is waiting for Bob")
	v.sees("Alice Ames asks")
	v.accessible(axe, "card")
	v.ringed("card")
	v.Click("button-Deny")
	v.Says(browser.Mark("modal"), "#1")
	v.accessible(axe, "form")
	v.Click("modal-submit")
	v.Says(browser.Mark("modal"), "Please complete this required field.")
	v.accessible(axe, "form-refused")
	v.ringed("form-refused")
	v.Click("modal-cancel")
	v.Holds(`!document.querySelector('[data-testid="modal"]')`)
	v.Holds(`(Page.ask({ title: { text: "Remove Dale's account?" }, text: { type: "mrkdwn", text: "This can't be undone." }, confirm: { text: "Remove it" }, deny: { text: "Go back" }, style: "danger" }), true)`)
	v.accessible(axe, "confirm")
	v.ringed("confirm")
	v.Click("confirm-no")
	v.Click("button-Approve")
	v.vendorHas("jane@acme.example", "just created")
	v.Says(browser.Mark("guide-text"), "Usher has told Alice")
	v.accessible(axe, "done")
}

// panes are the rest of the page: the message, the other two panes of a phone, the report, no guide, the members, no demo.
func (v *visit) panes(axe string) {
	v.guide("Usher has told Alice")
	v.sees("Jane's SE Ranking seat is ready (#1)")
	for _, pane := range []string{"side", "vendor", "talk"} {
		v.Holds(fmt.Sprintf(`(Page.show(%q), true)`, pane))
		v.accessible(axe, "pane-"+pane)
		v.ringed("pane-" + pane)
	}
	v.guide("Last stop: Carol")
	v.guide("The digest posts itself")
	v.Click("guide-action")
	v.sees("amira.haddad@acme.example")
	v.Says(browser.Mark("guide-text"), "More to try")
	v.accessible(axe, "report")
	v.Holds(`(document.querySelector('[data-testid="guide-hide"]').click(), true)`)
	v.accessible(axe, "no-guide")
	v.Write("composer", "/access accounts"+kb.Enter)
	v.answered("priya")
	v.accessible(axe, "accounts")
	v.Holds(`(Page.show("side"), true)`)
	v.Click("member-U0PRIYA")
	v.accessible(axe, "members")
	v.ringed("members")
	v.Click("deactivate-U0PRIYA")
	v.Click("guide-show")
	v.Says(browser.Mark("guide-text"), "Somebody has left")
	v.accessible(axe, "left")
	v.ringed("left")
	v.Holds(`(Page.show("side"), true)`)
	v.Click("deactivate-all")
	v.sees("Did they really leave")
	v.accessible(axe, "left-all")
	v.stop()
	v.Says(browser.Mark("stopped"), "The demo has stopped.")
	v.accessible(axe, "stopped")
}

// faintRings names every control in sight whose ring, when the keyboard is on it, has a contrast of less
// than 3 with what is around it. axe-core looks at text alone.
const faintRings = `(() => {
	const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const over = (colors) => {
		paint.clearRect(0, 0, 1, 1);
		for (const color of colors) { paint.fillStyle = color; paint.fillRect(0, 0, 1, 1); }
		return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
	};
	const light = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
	const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
	const behind = (el) => { const all = []; for (let at = el; at; at = at.parentElement) all.unshift(getComputedStyle(at).backgroundColor); return ["#fff", ...all]; };
	const before = document.activeElement, faint = [];
	const scope = document.querySelector("dialog[open]") || document;
	for (const el of scope.querySelectorAll("button, a[href], summary, input, select, textarea, [tabindex='0']")) {
		if (!el.checkVisibility({ visibilityProperty: true }) || el.disabled) continue;
		el.focus({ focusVisible: true, preventScroll: true });
		const style = getComputedStyle(el), box = el.closest(".composer-box");
		if (!box && style.outlineStyle === "none" && !el.matches("input, select, textarea")) faint.push((el.dataset.testid || el.className) + " none");
		const ring = box ? getComputedStyle(box).borderTopColor : style.outlineStyle === "none" ? style.borderTopColor : style.outlineColor;
		const ground = behind((box || el).parentElement);
		const is = contrast(over([...ground, ring]), over(ground));
		if (is < 3) faint.push((el.dataset.testid || el.className || el.tagName) + " " + is.toFixed(2));
	}
	before?.focus({ preventScroll: true });
	return faint.join(", ");
})()`
