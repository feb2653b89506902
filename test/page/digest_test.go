package page

import (
	"fmt"
	"testing"

	"github.com/usherbot/usher/sim/browser"
)

// theDigest is Carol, who asks for the weekly report at a desk and on a phone, by day and by night: the accounts blocked by limits are
// a table, twelve weeks are a chart, and nothing but the table itself is wider than the screen.
func theDigest(t *testing.T, b *browser.Browser) {
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := visitDemo(t, b, width, 1400)
			v.reads12Weeks(width)
			for _, theme := range []string{"light", "dark"} {
				v.Theme(theme)
				v.picture("digest-" + theme)
				v.Holds(`(document.querySelector('[data-testid="data-chart"]').scrollIntoView({ block: "start" }), true)`)
				v.picture("chart-" + theme)
				v.fromItsTop()
			}
		})
	}
}

// reads12Weeks asks for the report and brings it before somebody's eyes.
func (v *visit) reads12Weeks(width int) {
	v.t.Helper()
	v.is("U0ADMIN", "C0REPORTS")
	v.types("/access report weekly-seats")
	v.Says(browser.Mark("data-table"), "marco.bianchi@acme.example")
	v.Says(browser.Mark("data-table"), "amira.haddad@acme.example")
	v.Holds(`document.querySelectorAll('[data-testid="data-chart"] polyline').length > 1`)
	v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d && [...document.querySelectorAll('[data-testid="message"], [data-testid="data-chart"]')].every((e) => e.getBoundingClientRect().right <= %d)`, width, width))
	v.fromItsTop()
}

func (v *visit) fromItsTop() {
	v.t.Helper()
	v.Holds(`(document.querySelector('[data-testid="data-table"]').closest('[data-testid="message"]').scrollIntoView({ block: "start" }), true)`)
}

// TestReportPicture holds docs/reports.png to being what docs/reports.md shows: a whole digest, and small. With -update-picture it
// makes it again.
func TestReportPicture(t *testing.T) {
	const file = "../../docs/reports.png"
	if *updatePicture {
		v := visitDemo(t, browser.Start(t), 1280, 1180)
		v.Click("guide-hide")
		v.reads12Weeks(1280)
		v.Picture(file)
	}
	holdsPicture(t, file, 1280, 1180)
}
