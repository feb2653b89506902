package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/test/pace"
)

// What a life of a request has the system do at most, as strace counts it: from its asking to what is said last about it, by people who
// take their time. What is saved here must not come back unnoticed. Two commits that happen to come at one moment share their syncs, so
// it is held from above only. Of a few lives the one counts beside which the program did least by itself.
const (
	syncsOfALife  = 18
	writesOfALife = 62
)

// rounds is how often lives are counted before it's believed that none is within these: what has to wait for a processor is written once more.
const rounds = 3

// tooSlow is how long a life may take where nothing waits for a processor.
const tooSlow = 700 * time.Millisecond

// TestCallsOfALife runs the program as people do, and counts what it asks of the disk.
func TestCallsOfALife(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("there is no strace here to count system calls")
	}
	pace.Apart(t, "the simulated Slack and the vendor are slow under it, so that messages go out one by one")
	if testing.Short() {
		t.Skip("it takes a while in which nothing but one request goes on")
	}
	b := &bench{out: os.Stdout, temp: t.TempDir()}
	own := filepath.Join(b.temp, usher)
	said, err := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", own, "github.com/usherbot/usher").CombinedOutput()
	require.NoError(t, err, "%s", said)
	quiet := none()
	for round := 0; round < rounds && (quiet.syncs > syncsOfALife || quiet.writes > writesOfALife); round++ {
		_, least, err := b.traced(context.WithoutCancel(t.Context()), &program{name: usher, command: []string{own}, run: usherRun}, 4)
		require.NoError(t, err)
		t.Logf("the least: %.0f fdatasync, %.0f pwrite, %v", least.syncs, least.writes, least.took)
		quiet = quiet.least(least)
	}
	if quiet.took > tooSlow {
		t.Skipf("the quickest life took %v here: what is taken up late is written as well, so it's counted where less goes on", quiet.took)
	}
	require.LessOrEqual(t, quiet.syncs, float64(syncsOfALife))
	require.LessOrEqual(t, quiet.writes, float64(writesOfALife))
}
