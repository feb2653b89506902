package deploy

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

const (
	alerts    = "../../deploy/prometheus/alerts.yml"
	dashboard = "../../deploy/grafana/usher.json"
)

// TestAlertsAreWhatPrometheusReads: promtool takes them, and they say on an ordinary day nothing and on a bad one each thing
// that alerts_test.yml says they do.
func TestAlertsAreWhatPrometheusReads(t *testing.T) {
	t.Parallel()
	out, err := tool(t, "promtool", "check", "rules", alerts)
	require.NoError(t, err, out)
	out, err = tool(t, "promtool", "test", "rules", filepath.Join(filepath.Dir(alerts), "alerts_test.yml"))
	require.NoError(t, err, out)
}

// TestEachAlertSaysWhatToDo, and each is tried by alerts_test.yml.
func TestEachAlertSaysWhatToDo(t *testing.T) {
	t.Parallel()
	var all struct {
		Groups []struct {
			Rules []struct {
				Alert       string
				Labels      map[string]string
				Annotations map[string]string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, alerts)), &all))
	tried := read(t, filepath.Join(filepath.Dir(alerts), "alerts_test.yml"))
	require.NotEmpty(t, all.Groups[0].Rules)
	for _, r := range all.Groups[0].Rules {
		require.NotEmpty(t, r.Annotations["summary"], r.Alert)
		require.NotEmpty(t, r.Annotations["do"], r.Alert)
		require.Contains(t, []string{"page", "ticket"}, r.Labels["severity"], r.Alert)
		require.Contains(t, tried, `alertname="`+r.Alert+`"`, "%s is made to fire by no test", r.Alert)
	}
}

// TestTheDashboardAsksWhatPrometheusKnows: each expression in it is one that promtool reads.
func TestTheDashboardAsksWhatPrometheusKnows(t *testing.T) {
	t.Parallel()
	var d struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(read(t, dashboard)), &d))
	rules := "groups:\n- name: dashboard\n  rules:\n"
	for _, p := range d.Panels {
		for _, x := range p.Targets {
			expr := strings.NewReplacer("$__rate_interval", "5m", "$instance", ".*").Replace(x.Expr)
			rules += fmt.Sprintf("  - {record: %q, expr: %q}\n", fmt.Sprintf("panel:%d", strings.Count(rules, "\n")), expr)
		}
	}
	require.Contains(t, rules, "usher_ack_seconds_bucket")
	at := filepath.Join(t.TempDir(), "rules.yml")
	require.NoError(t, os.WriteFile(at, []byte(rules), 0o600))
	out, err := tool(t, "promtool", "check", "rules", at)
	require.NoError(t, err, out)
}
