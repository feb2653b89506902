package bolt

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/test/values"
)

// TestADayHasALimitToo: one person who asks and takes back as fast as a minute allows, for a day, has 200 requests
// and adds a few MB to the file; who comes beyond that is told when it is over, and it is.
func TestADayHasALimitToo(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	d := deskOn(s, 1)
	d.Limits = approvals.Limits{}
	told := 0
	ask := func(now time.Time) error {
		r, _, err := d.Open(ctx, approvals.Ask{Origin: approvals.Origin{Key: now.String(), Surface: "slack"}, Requester: "U0ALICE",
			App: approvals.App{ID: "seranking", Name: "SE Ranking"}, Action: catalog.Create, Reason: "rank tracking",
			Change: approvals.Change{Email: fmt.Sprintf("p%d@acme.example", now.Unix()), FirstName: "Pat", Values: values.Of{Type: "client"}.Values()}}, now)
		if err != nil {
			return err
		}
		_, err = d.Cancel(ctx, r.Number, "U0ALICE", "slack", now)
		return err
	}
	for now := noon; now.Before(noon.Add(24 * time.Hour)); now = now.Add(6 * time.Second) {
		if err := ask(now); err != nil {
			require.Equal(t, approvals.Busy, approvals.CodeOf(err))
			require.ErrorContains(t, err, "You've asked 200 times in 24 hours")
			require.ErrorContains(t, err, "You can ask again 2026-11-24 12:00 UTC.")
			told++
		}
	}
	require.Equal(t, 24*60*10-200, told)
	at, err := os.Stat(filepath.Join(dir, File))
	require.NoError(t, err)
	t.Logf("a day of one person adds %d kB", at.Size()/1000)
	require.Less(t, at.Size(), int64(5_000_000))
	require.NoError(t, ask(noon.Add(24*time.Hour)))
	require.NoError(t, s.Check(ctx))
}
