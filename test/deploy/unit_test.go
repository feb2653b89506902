package deploy

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const unit = "../../deploy/systemd/usher.service"

// tool runs one that this machine has; the test is skipped where it has none.
func tool(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skip("not here: " + name)
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	return string(out), err
}

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(raw)
}

// TestTheUnitIsWellFormed: systemd finds nothing it doesn't know. Only where the program will be is something else here, which
// exists.
func TestTheUnitIsWellFormed(t *testing.T) {
	t.Parallel()
	here := filepath.Join(t.TempDir(), "usher.service")
	require.NoError(t, os.WriteFile(here, []byte(strings.Replace(read(t, unit), "/usr/local/bin/usher", "/bin/true", 1)), 0o600))
	out, err := tool(t, "systemd-analyze", "verify", "--recursive-errors=no", here)
	require.NoError(t, err, out)
	require.NotContains(t, out, "usher.service", "it warns of the unit")
	require.NoError(t, os.WriteFile(here, []byte(strings.Replace(read(t, unit), "ProtectHome=yes", "ProtectHom=yes", 1)), 0o600))
	out, _ = tool(t, "systemd-analyze", "verify", "--recursive-errors=no", here)
	require.Contains(t, out, "ProtectHom", "a slip is noticed")
}

// TestTheUnitLocksUsherIn: systemd's own score is at most 1.5 (10 is wide open), without the one setting that would keep
// Usher from knowing who is at its socket.
func TestTheUnitLocksUsherIn(t *testing.T) {
	t.Parallel()
	out, err := tool(t, "systemd-analyze", "security", "--offline=true", "--no-pager", unit)
	require.NoError(t, err, out)
	found := regexp.MustCompile(`Overall exposure level for usher.service: ([0-9.]+)`).FindStringSubmatch(out)
	require.NotNil(t, found, out)
	score, err := strconv.ParseFloat(found[1], 64)
	require.NoError(t, err)
	require.LessOrEqual(t, score, 1.5, out)
	require.NotRegexp(t, `(?m)^(PrivateUsers|DynamicUser)=`, read(t, unit))
}

// TestTheUnitLetsUsherWork: every system call that Usher makes is one that the unit lets through.
func TestTheUnitLetsUsherWork(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the program and watches its system calls; left out under -short")
	}
	made := systemCalls(t)
	require.Contains(t, made, "openat")
	require.Contains(t, made, "fsync")
	require.Contains(t, made, "accept4")
	lets := filtered(t)
	for _, c := range made {
		require.True(t, lets[c], "%s: the unit doesn't let it through, of %s", c, made)
	}
}

// filtered are the calls that the unit lets through, by its filters in their order.
func filtered(t *testing.T) map[string]bool {
	t.Helper()
	lets := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^SystemCallFilter=(~?)(.*)$`).FindAllStringSubmatch(read(t, unit), -1) {
		for group := range strings.FieldsSeq(m[2]) {
			for _, c := range calls(t, group) {
				lets[c] = m[1] == ""
			}
		}
	}
	require.NotEmpty(t, lets)
	return lets
}

// calls are the system calls of one of systemd's groups, and of the groups in it.
func calls(t *testing.T, group string) (all []string) {
	t.Helper()
	out, err := tool(t, "systemd-analyze", "syscall-filter", group)
	require.NoError(t, err, out)
	for line := range strings.Lines(out) {
		switch name := strings.TrimSpace(line); {
		case strings.HasPrefix(name, "#"), name == "", name == group:
		case strings.HasPrefix(name, "@"):
			all = append(all, calls(t, name)...)
		default:
			all = append(all, name)
		}
	}
	return all
}

// systemCalls are those of a whole demo from its start to its end, the bot's own among them.
func systemCalls(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	bin, trace := filepath.Join(dir, "usher"), filepath.Join(dir, "trace")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "../..").CombinedOutput()
	require.NoError(t, err, string(out))
	if out, err := tool(t, "strace", "-o", "/dev/null", "/bin/true"); err != nil {
		t.Skip("nobody may watch system calls here: " + out)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	demo := exec.CommandContext(ctx, "strace", "-f", "-qq", "-o", trace, bin, "demo", "--addr", "127.0.0.1:0", "--data", filepath.Join(dir, "data"))
	demo.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // who kills the watcher alone lets the watched go on
	demo.Cancel = func() error { return syscall.Kill(-demo.Process.Pid, syscall.SIGKILL) }
	require.NoError(t, demo.Start())
	require.Eventually(t, func() bool {
		return exec.CommandContext(ctx, bin, "check", "--ready", "--data", filepath.Join(dir, "data")).Run() == nil
	}, time.Minute, 100*time.Millisecond)
	out, err = exec.CommandContext(ctx, bin, "backup", filepath.Join(dir, "backup"), "--data", filepath.Join(dir, "data")).CombinedOutput()
	require.NoError(t, err, string(out))
	watched, err := strconv.Atoi(strings.TrimSpace(read(t, fmt.Sprintf("/proc/%d/task/%[1]d/children", demo.Process.Pid))))
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(watched, syscall.SIGINT))
	require.NoError(t, demo.Wait())
	var made []string
	for _, m := range regexp.MustCompile(`(?m)^\d+ +([a-z0-9_]+)\(`).FindAllStringSubmatch(read(t, trace), -1) {
		made = append(made, m[1])
	}
	slices.Sort(made)
	return slices.Compact(made)
}
