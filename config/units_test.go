package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/reports/units"
)

// TestAFileThatExtendsSemrushHasUnits, with what is so where nothing is said.
func TestAFileThatExtendsSemrushHasUnits(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ours.yml"), []byte("extends: semrush\nname: Our Semrush\n"), 0o600))
	cfg, problems := Parse(filepath.Join(dir, "usher.yml"), []byte(`slack:
  approvals_channel: C0APPROVE
  reports_channel: C0REPORTS
  admins: [U0ADMIN]
apps:
  semrush:
    kind: manual
    template: ours.yml
    owners: [U0DAVE]
    units: {schedule: "0 * * * *"}
`))
	require.Empty(t, problems)
	app, watched := cfg.Watched()
	require.True(t, watched)
	require.Equal(t, "Our Semrush", app.Name)
	require.Equal(t, UnitsConfig{Schedule: "0 * * * *", BaseURL: "https://www.semrush.com",
		Settings: units.Settings{WarnAt: []units.Limit{{Percent: 20}, {Percent: 5}}, WarnDays: 14}}, *app.Units)
}
