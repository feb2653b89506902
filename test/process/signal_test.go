package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/test/world"
)

// TestASignalThatComesTwiceAtOnceIsOne: `timeout 9 usher demo` sends SIGTERM to the process and to its
// group. The demo still ends in order, and takes its folder with it.
func TestASignalThatComesTwiceAtOnceIsOne(t *testing.T) {
	bin, scratch := filepath.Join(buildPrograms(t), "usher"), t.TempDir()
	var out, errs world.LockedBuffer
	cmd := exec.Command(bin, "demo", "--addr", "127.0.0.1:0")
	cmd.Env, cmd.Stdout, cmd.Stderr = []string{"HOME=" + scratch, "TMPDIR=" + scratch}, &out, &errs
	require.NoError(t, cmd.Start())
	over := make(chan error, 1)
	go func() { over <- cmd.Wait() }()
	require.True(t, world.Waited(world.Patience, func() bool { return strings.Contains(out.String(), "http://") }), "%s%s", &out, &errs)
	require.Len(t, left(t, scratch), 1)

	began, again := time.Now(), time.NewTicker(200*time.Microsecond)
	defer again.Stop()
	for time.Since(began) < 400*time.Millisecond {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended already, which is well
		<-again.C
	}
	select {
	case err := <-over:
		require.NoError(t, err, "%s", &errs)
	case <-time.After(world.Patience):
		_ = cmd.Process.Kill() // the test fails for it
		t.Fatal("it did not end")
	}
	require.Empty(t, left(t, scratch), "folders of the demo that stay")
}

func left(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "usher-demo-") {
			names = append(names, e.Name())
		}
	}
	return names
}
