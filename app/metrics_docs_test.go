package app

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/test/metricstext"
)

// metricName is a metric wherever somebody writes of one; those of a histogram end in a word of their own.
var metricName = regexp.MustCompile(`\busher_[a-z_]+`)

// histogramPart is how the names of a histogram's parts end.
var histogramPart = regexp.MustCompile(`_(bucket|sum|count)$`)

// served are the names of all that Usher serves.
func served(t *testing.T) map[string]bool {
	t.Helper()
	var out strings.Builder
	require.NoError(t, someNumbers().write(&out))
	names := map[string]bool{}
	for name, family := range metricstext.WellFormed(t, out.String()) {
		names[name] = true
		if family.Metric[0].Histogram != nil {
			names[name+"_bucket"], names[name+"_sum"], names[name+"_count"] = true, true, true
		}
	}
	return names
}

// TestMetricsAreExplained: each number that is served stands in docs/operating.md, and it names no other.
func TestMetricsAreExplained(t *testing.T) {
	raw, err := os.ReadFile("../docs/operating.md")
	require.NoError(t, err)
	names, told := served(t), map[string]bool{}
	for _, name := range metricName.FindAllString(string(raw), -1) {
		if name == "usher_before_" {
			continue // a schema of a database, of what was there before a restore
		}
		require.True(t, names[name], "docs/operating.md has %s, which isn't served", name)
		told[histogramPart.ReplaceAllString(name, "")] = true
	}
	for name := range names {
		whole := histogramPart.ReplaceAllString(name, "")
		require.True(t, told[whole], "docs/operating.md doesn't have %s", whole)
	}
}

// TestWhatWatchesNamesWhatIsServed: alerts and dashboard ask for nothing that isn't there, and between them for nearly all that is.
func TestWhatWatchesNamesWhatIsServed(t *testing.T) {
	names, asked := served(t), map[string]bool{}
	for _, file := range []string{"../deploy/prometheus/alerts.yml", "../deploy/prometheus/alerts_test.yml", "../deploy/grafana/usher.json"} {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		found := metricName.FindAllString(string(raw), -1)
		require.NotEmpty(t, found, file)
		for _, name := range found {
			require.True(t, names[name], "%s asks for %s, which isn't served", file, name)
			asked[histogramPart.ReplaceAllString(name, "")] = true
		}
	}
	for name := range names {
		if !histogramPart.MatchString(name) && name != "usher_last_request_number" && name != "usher_directory_people" {
			require.True(t, asked[name], "nothing watches %s", name)
		}
	}
}
