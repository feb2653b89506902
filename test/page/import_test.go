package page

import (
	"fmt"
	"testing"

	"github.com/usherbot/usher/sim/browser"
)

// addsFile picks a file in the form that is open.
func (v *visit) addsFile(name, content string) {
	v.t.Helper()
	v.Holds(fmt.Sprintf(`(() => { const box = document.querySelector('[data-testid="modal"] input[type=file]');
		if (!box) return false;
		const picked = new DataTransfer(); picked.items.add(new File([%q], %q)); box.files = picked.files;
		box.dispatchEvent(new Event("change", { bubbles: true }));
		Page.again(); // as the app may draw it at any moment, also while the file goes up
		return true; })()`, content, name))
	v.Holds(fmt.Sprintf(`document.querySelector('[data-testid="files"]')?.textContent === %q`, name))
}

// importsAList is Bob, who looks after an app that a person sets up, and adds its member list: what differs is a message, with the
// button that opens the request to mend it.
func importsAList(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 800)
			v.is("U0BOB", "C0GENERAL")
			v.types("/access import semrush")
			v.Says(browser.Mark("modal"), "Export the members of")
			v.addsFile("members.csv", "Email,Role\nghost@globex.example,User\n")
			v.picture("import")
			v.Click("modal-submit")
			v.answered("reading")
			v.opens("channel-D")
			v.sees("1 finding, new")
			v.picture("findings")
			v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
			v.Click("button-Remove a user or session…")
			v.Holds(`document.querySelector('[data-testid="modal"] textarea')?.value === "it belongs to nobody we know"`)
		})
	}
}
