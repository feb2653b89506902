// Package metricstext reads Prometheus's text as a scraper does, for tests: of app, which writes it, and of the whole
// program on a bad day.
//
// It refuses what a scraper refuses, a series that stands there twice and a histogram that does not add up, and
// makes a map of what is left.
package metricstext

import (
	"fmt"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
)

// WellFormed reads a text as Prometheus does and returns its families; the parser refuses a series
// that stands there twice and a histogram that does not add up.
func WellFormed(t *testing.T, text string) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	require.NoError(t, err, text)
	return families
}

// Shown is every series of the families, as `name{labels}`, with its number; a histogram's is its count.
func Shown(families map[string]*dto.MetricFamily) map[string]float64 {
	out := map[string]float64{}
	for name, family := range families {
		for _, m := range family.Metric {
			var labels []string
			for _, l := range m.Label {
				labels = append(labels, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
			}
			out[name+"{"+strings.Join(labels, ",")+"}"] = m.GetGauge().GetValue() + m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return out
}
