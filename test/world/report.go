package world

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// SlowPages is a vendor that shows two accounts on a page and takes four seconds for each: a report that is read from it says how far it is
// on its own message, before that becomes the report.
func SlowPages(w *World) {
	w.N.Vendor.SetQuirks(vendorsim.Quirks{MaxPage: 2})
	require.NoError(w.T, w.N.Vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.List, Times: -1}, Kind: vendorsim.Slow, Delay: 4 * time.Second}))
}

// TheReport is the one message that stands in the reports channel, which is a report and says each account that is blocked.
func (w *World) TheReport() slacksim.Message {
	there := w.N.Slack.Messages("C0REPORTS")
	require.Len(w.T, there, 1, "digests of one slot")
	require.NotContains(w.T, there[0].Text, "Reading")
	for _, email := range []string{"amira.haddad@acme.example", "marco.bianchi@acme.example"} {
		require.Contains(w.T, there[0].Text, email)
	}
	return there[0]
}
