package talks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store/bolt"
)

// TestALifeHoldsARequestInEachState, as it was kept: a talk that begins there has all of them to go on with.
func TestALifeHoldsARequestInEachState(t *testing.T) {
	lives, err := filepath.Glob("testdata/lives/*.zip")
	require.NoError(t, err)
	require.NotEmpty(t, lives)
	for _, life := range lives {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, bolt.File), part(t, life, "usher.db"), 0o600))
		s, err := bolt.OpenReadOnly(dir)
		require.NoError(t, err)
		for i, state := range []approvals.State{"expired", "done", "failed", "denied", "canceled", "in doubt", "in doubt", "in doubt", "pending", "pending", "pending", "pending", "running", "approved"} {
			r, err := s.Request(t.Context(), int64(i+1))
			require.NoError(t, err)
			require.Equal(t, state, r.State, "%s #%d", life, i+1)
			require.Contains(t, life, string(r.Action))
		}
		require.NoError(t, s.Close())
	}
}

// lived is for how long a talk waits in all.
func lived(t *testing.T, lines []string) (all time.Duration) {
	for _, line := range lines {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "wait" {
			d, err := config.ParseDuration(f[1])
			require.NoError(t, err, line)
			all += d
		}
	}
	return all
}
