package page

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/usherbot/usher/sim/browser"
)

// starting is a thing on the page by how its mark begins.
func starting(mark string) chromedp.CSS {
	return chromedp.CSS(fmt.Sprintf(`[data-testid="modal"] [data-testid^=%q]`, mark))
}

// fills writes into the field of a form whose mark begins so.
func (v *visit) fills(mark, text string) {
	v.t.Helper()
	v.Write(v.Tell(fmt.Sprintf(`document.querySelector('[data-testid="modal"] [data-testid^="field-%s"]').dataset.testid`, mark)), text)
}

// searches types into a menu until it offers that. Whom Slack is slow to tell the app about is found nothing, and so types it once more.
func (v *visit) searches(mark, words, offer, says string) {
	v.t.Helper()
	v.fills(mark, words)
	v.Holds(fmt.Sprintf(`(() => { if ([...document.querySelectorAll(%q)].some((el) => el.checkVisibility() && el.innerText.includes(%q))) return true;
		const field = document.querySelector('[data-testid="modal"] [data-testid^="field-%s"]'), nothing = document.querySelector('[data-testid="modal"] .offers:not([hidden]) .offers-head')?.innerText === "Nothing found";
		if (!nothing || Date.now() - (window.searchedAt ?? 0) < 5000) return false;
		window.searchedAt = Date.now();
		for (const text of [%[4]q + " ", %[4]q]) { field.value = text; field.dispatchEvent(new Event("input", { bubbles: true })); }
		return false; })()`, starting(offer), says, mark, words))
}

// offered waits for what a menu offers under a mark that begins so, with none of the menu behind the foot of the form, and goes
// back to the menu where the keyboard left it.
func (v *visit) offered(mark, offer string) {
	v.t.Helper()
	v.Holds(fmt.Sprintf(`(() => { const sight = document.querySelector('[data-testid="modal"] .modal-body')?.getBoundingClientRect(), whole = (at) => at.top >= sight.top - 1 && at.bottom <= sight.bottom + 1;
		if ([...document.querySelectorAll(%q)].some((el) => el.checkVisibility() && whole(el.closest(".offers").getBoundingClientRect()))) return true;
		document.querySelector('[data-testid="modal"] [data-testid^="field-%s"]')?.focus(); return false; })()`, starting(offer), mark))
}

// picks takes out of a menu what has that value. A press would go past it where the form moves just then, and close the menu.
func (v *visit) picks(mark, value string) {
	v.t.Helper()
	v.offered(mark, "offer-"+value)
	v.Holds(fmt.Sprintf(`(() => { if (document.querySelector('[data-testid="modal"] [data-testid="out-%[1]s"]')) return true;
		const offer = document.querySelector('[data-testid="modal"] [data-testid="offer-%[1]s"]');
		offer?.checkVisibility() ? offer.click() : document.querySelector('[data-testid="modal"] [data-testid^="field-%[2]s"]')?.focus(); return false; })()`, value, mark))
}

// picksFirst takes the first thing that a menu offers, by the keyboard; again where a key came to a form that was just drawn.
func (v *visit) picksFirst(mark string) {
	v.t.Helper()
	const picked = `document.querySelector('[data-testid="modal"] .pill') !== null`
	for done := false; !done; done = v.Soon(picked) {
		v.offered(mark, "offer-")
		v.fills(mark, kb.ArrowDown+kb.ArrowUp+kb.Enter) // also where the mark stands on the first already
	}
}

// drawn waits until the app has drawn the form anew, with this in it.
func (v *visit) drawn(words string) {
	v.t.Helper()
	v.Holds(fmt.Sprintf(`Page.form().includes(%q)`, words))
}

// ticks chooses in a form by what stands beside the mark.
func (v *visit) ticks(words string) {
	v.t.Helper()
	v.Holds(fmt.Sprintf(`(() => { const row = [...document.querySelectorAll('[data-testid="modal"] label.tick')].find((l) => l.textContent.includes(%q));
		row?.querySelector("input").click(); return Boolean(row); })()`, words))
}

// selects chooses in a menu of a form.
func (v *visit) selects(mark, label string) {
	v.t.Helper()
	v.Holds(fmt.Sprintf(`(() => { const menu = document.querySelector('[data-testid="modal"] [data-testid^="field-%s"]');
		const option = menu && [...menu.options].find((o) => o.textContent === %q); if (!option) return false;
		menu.value = option.value; menu.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`, mark, label))
}

// nothingCovered holds while no button of a message lies over the words of it.
const nothingCovered = `document.querySelector(".message.joined") !== null && [...document.querySelectorAll(".message.joined")].every((m) => {
	const button = m.querySelector(".shortcuts > summary"), at = button.getBoundingClientRect(), words = document.createRange();
	words.selectNodeContents(m.querySelector(".message-main"));
	return getComputedStyle(button).opacity === "0" || [...words.getClientRects()].every((w) => w.right <= at.left || w.top >= at.bottom || w.width < 2);
})`

// asksByTheForm is somebody who has never heard of the bot: the form changes with what they choose, tells them what is
// wrong under its field, finds websites as they type, and comes to the same as a line.
func asksByTheForm(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.is("U0BOB", "C0GENERAL")
			v.Holds(nothingCovered)
			v.types("/access")
			v.Says(browser.Mark("modal"), "What would you like?")
			v.Click("modal-cancel")
			v.Hides(browser.Mark("modal"))
			v.answered("I get people their seats")
			v.Click("button-Open the form")
			v.Says(browser.Mark("modal"), "What would you like?")
			v.Holds(`document.querySelector('[data-testid="field-first:me"]').value === "Bob"`)
			v.picture("opened")
			v.fills("reason", "Jane audits both shops")
			v.ticks("An address outside")
			v.Says(browser.Mark("modal"), "E-mail address")
			v.fills("email", "jane@acme")
			v.fills("first", "Jane")
			v.Holds(`document.querySelector('[data-testid="field-reason"]').value === "Jane audits both shops"`)
			v.searches("f:sites", "shop", "offer-104", "shop.acme-europe.example")
			v.picture("searching")
			v.Is(fmt.Sprintf(`(Page.again(), document.querySelector(%q)?.innerText ?? "gone")`, starting("offer-104")),
				v.Text(starting("offer-104"))) // as the app may draw it at any moment: the menu stays open
			v.Is(fmt.Sprintf(`(document.activeElement.value += ".", document.activeElement.dispatchEvent(new Event("input")), Page.again(), document.querySelector(%q)?.innerText ?? "gone")`,
				starting("offer-104")), v.Text(starting("offer-104"))) // also where one has typed on since it searched
			v.Is(`document.activeElement.dataset.testid.startsWith("field-f:sites") + " " + document.activeElement.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", cancelable: true }))`,
				"true false") // half of a key, where the form was drawn anew in the middle of it
			v.picksFirst("f:sites")
			v.drawn(`"value":"103"`)
			v.searches("f:sites", "104", "offer-104", "104")
			v.picks("f:sites", "104")
			v.drawn(`"value":"104"`)
			v.Says(browser.Mark("modal"), "Acme Shop – shop.acme.example (#103)")
			v.Says(browser.Mark("modal"), "Acme Shop – shop.acme-europe.example (#104)")
			v.fills("f:amount", "50")
			v.Click("modal-submit")
			v.Says(browser.Mark("modal"), "what comes after the @ isn't a domain")
			v.Says(browser.Mark("modal"), "Per what time?")
			v.picture("wrong")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.fills("email", ".example")
			v.selects("f:period", "Month")
			v.Holds(`document.querySelectorAll('[data-testid="modal"] .pill').length === 2`)
			v.picture("right")
			v.Click("modal-submit")
			v.answered("SE Ranking seat for jane@acme.example")
			v.Holds(`document.querySelector('[data-testid="modal"]') === null`)
			v.picture("asked")
			v.is("U0BOB", "C0APPROVE")
			v.sees("Jane audits both shops")
			v.sees("Shares 2 websites")
			v.picture("card")
		})
	}
}

// asksInOwnWords is somebody who may not see what there is: the same menu offers them what they type and what they wrote
// before, in pieces, and they choose by the keyboard.
func asksInOwnWords(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.types("/access share sam@acme.example northwind.example because he audits it")
			v.answered("#1")
			v.types("/access request")
			v.Says(browser.Mark("modal"), "Type the website's address, then choose it from the list")
			v.selects("action", "Share websites")
			v.drawn(`f:sites:own`)
			v.Holds(`!document.querySelector('[data-testid="modal"] [data-testid^="field-first"]')`)
			v.ticks("An address outside")
			v.Says(browser.Mark("modal"), "E-mail address")
			v.fills("f:sites", "north")
			v.offered("f:sites", "offer-northwind.example")
			v.picture("before")
			v.Is(`(() => { const box = document.querySelector('[data-testid="modal"] [data-testid^="field-f:sites"]'); box.value = "northwind";
				box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" })); box.value = "north";
				return document.querySelector('[data-testid="modal"] .pill')?.innerText ?? "nothing picked"; })()`, "nothing picked") // what stands there was found for fewer letters
			v.picksFirst("f:sites") // what they typed stands first
			v.drawn(`"value":"north"`)
			v.searches("f:sites", "shop.acme.example, careers", "offer-shop.acme.example, careers", "All 2")
			v.offered("f:sites", "offer-shop.acme.example, careers")
			v.Says(starting("offer-shop.acme.example, careers"), "All 2: shop.acme.example, careers")
			v.picture("typing")
			v.picks("f:sites", "shop.acme.example, careers")
			v.drawn(`"value":"careers"`)
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.fills("email", "jane@acme.example")
			v.fills("reason", "Jane audits them")
			v.picture("picked")
			v.Click("modal-submit")
			v.answered("#2")
			v.is("U0BOB", "C0APPROVE")
			v.sees("shop.acme.example")
			v.sees("Jane audits them")
		})
	}
}
