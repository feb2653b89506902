package deploy

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/stretchr/testify/require"
)

// TestGrafanaReadsTheDashboard, strictly: a field that its types don't know, or one that's missing, is an error. What an export has
// for the one who imports it is no part of a dashboard.
func TestGrafanaReadsTheDashboard(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	raw, err := os.ReadFile("../../deploy/grafana/usher.json")
	require.NoError(t, err)
	var whole map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(raw, &whole))
	require.Contains(t, whole, "__inputs")
	delete(whole, "__inputs")
	delete(whole, "__requires")
	d, wrong := decoded(t, whole)
	require.Empty(t, wrong)
	require.NoError(t, d.Validate())
	require.Greater(t, len(d.Panels), 20)
	whole["refrehs"] = json.RawMessage(`"1m"`)
	_, wrong = decoded(t, whole)
	require.Contains(t, wrong, "refrehs", "a slip is noticed")
}

// decoded is a dashboard by Grafana's own types, and what is wrong with it; these types answer with an error that is empty where
// nothing is.
func decoded(t *testing.T, whole map[string]json.RawMessage) (d dashboard.Dashboard, wrong string) {
	t.Helper()
	raw, err := json.Marshal(whole)
	require.NoError(t, err)
	if err := d.UnmarshalJSONStrict(raw); err != nil {
		wrong = err.Error()
	}
	return d, wrong
}
