package bolt_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/ramdisk"
)

// commitsOfACrowd is in how many commits at most 64 requests are kept that come at one moment, on a disk that takes a while: the first is
// alone, and the others share.
const commitsOfACrowd = 3

// TestACrowdSharesItsCommits asks 64 times at once.
func TestACrowdSharesItsCommits(t *testing.T) {
	dir := ramdisk.Folder(t)
	synctest.Test(t, func(t *testing.T) {
		var commits atomic.Int64
		l, err := begin(dir, newOutside(), wiring{hook: func(point string) error {
			if point == "after commit" {
				commits.Add(1)
				<-time.After(10 * time.Millisecond)
			}
			return nil
		}})
		require.NoError(t, err)
		l.desk.Limits = approvals.Limits{Pending: 1 << 30, PerMinute: 1 << 30}
		synctest.Wait()
		before := commits.Load()
		asked := make(chan error, 64)
		for i := range cap(asked) {
			go func() {
				_, err := l.ask(fmt.Sprint("p", i))
				asked <- err
			}()
		}
		for range cap(asked) {
			require.NoError(t, <-asked)
		}
		require.LessOrEqual(t, commits.Load()-before, int64(commitsOfACrowd))
		require.NoError(t, l.end())
	})
}
