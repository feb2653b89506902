package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAnAppIDMayBeginWithADigit, as some vendors' names do; a number alone is a request's.
func TestAnAppIDMayBeginWithADigit(t *testing.T) {
	const of = "slack: {approvals_channel: C0APPROVE, reports_channel: C0REPORTS, admins: [U0ADMIN]}\napps:\n  \"ID\": {kind: seranking, name: A, base_url: \"https://api.example/v1\"}\npolicies: [{name: p, steps: [{approvers: [U0BOB]}]}]\n"
	for id, fits := range map[string]bool{"6sense": true, "360learning": true, "a": true, strings.Repeat("a", 40): true, strings.Repeat("a", 41): false, "12": false, "6-sense": false, "Sense": false, "6 sense": false} {
		cfg, problems := Parse("usher.yml", []byte(strings.Replace(of, "ID", id, 1)))
		if !fits {
			require.NotEmpty(t, problems, id)
			continue
		}
		require.Empty(t, problems, id)
		require.Equal(t, id, cfg.Apps[0].ID)
	}
}
