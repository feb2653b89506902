package check

import (
	"fmt"
	"strings"

	"github.com/usherbot/usher/config"
)

// byHand tells what an app consists of that a person carries out: there is no vendor to ask.
func (t *Table) byHand(app config.AppConfig) {
	thing := "steps of " + app.ID
	var each []string
	for _, a := range app.Manual.Entry.Actions {
		each = append(each, fmt.Sprintf("%s %d", a.Key, len(a.Steps)))
	}
	found := fmt.Sprintf("%s: %s", app.Manual.Template, strings.Join(each, ", "))
	if app.Manual.Entry.Unverified {
		t.warn(thing, found+"; vendor path unverified", "nobody has seen the vendor's own words for these steps: compare them with its screens, and put what differs under steps of "+app.ID+" in the configuration")
		return
	}
	t.ok(thing, "%s", found)
}
