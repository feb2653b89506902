package web

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestALinkLeadsToAMessageOrIsNone: it is made of what Slack said, where that has the shape of what leads to one.
func TestALinkLeadsToAMessageOrIsNone(t *testing.T) {
	link := func(url, place, ts string) string {
		return (&Client{identity: &Identity{URL: url}}).Link(place, ts)
	}
	require.Equal(t, "https://acme.slack.com/archives/C0APPROVE/p1795425600000100", link("https://acme.slack.com/", "C0APPROVE", "1795425600.000100"))
	for _, none := range [][3]string{
		{"", "C0APPROVE", "1795425600.000100"}, {"https://acme.slack.com/|here>", "C0APPROVE", "1795425600.000100"}, {"javascript:alert(1)/", "C0APPROVE", "1795425600.000100"},
		{"https://acme.slack.com/", "", "1795425600.000100"}, {"https://acme.slack.com/", "C0APPROVE", ""}, {"https://acme.slack.com/", "C0APPROVE", "undeliverable"},
	} {
		require.Empty(t, link(none[0], none[1], none[2]), none)
	}
	require.Empty(t, (&Client{}).Link("C0APPROVE", "1795425600.000100"), "before Slack has said who we are")
}
