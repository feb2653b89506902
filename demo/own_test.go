package demo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
)

// TestOwnAppsStandBesideTheDemos: those that people set up, in the place of one of the same id, and carried out by who is in
// the demo's Slack. Nothing of them asks the world outside.
func TestOwnAppsStandBesideTheDemos(t *testing.T) {
	theirs := []config.AppConfig{{ID: "seranking", Kind: config.KindSERanking}, {ID: "semrush", Name: "Semrush", Manual: &config.ManualConfig{}}}
	own := []config.AppConfig{
		{ID: "ranks", Kind: config.KindSERanking},
		{ID: "semrush", Name: "Ours", Manual: &config.ManualConfig{}, Owners: []string{"U0REAL"}, Units: &config.UnitsConfig{}},
		{ID: "seranking", Name: "By hand", Manual: &config.ManualConfig{}},
		{ID: "acme", Name: "Acme Board", Manual: &config.ManualConfig{}},
	}
	own = offered(theirs, own)
	apps := beside(theirs, own)
	require.Len(t, apps, 3)
	require.Equal(t, "Semrush", theirs[1].Name)
	require.Nil(t, apps[0].Manual, "the demo's own bundle and policies are about it")
	require.Equal(t, "Ours", apps[1].Name)
	require.Nil(t, apps[1].Units)
	require.Equal(t, "acme", apps[2].ID)
	for _, a := range apps[1:] {
		require.Equal(t, []string{"U0BOB", "U0ADMIN"}, a.Owners)
	}
	require.Equal(t, "Ask for Ours", tries(own)[0].Label)
	require.Equal(t, demoTries, tries(nil))
}
