package commandline

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
)

// installBlocks are the commands of the README's section on installing, a block each, in order.
func installBlocks(t *testing.T) []string {
	t.Helper()
	_, section, found := strings.Cut(readText(t, "../../README.md"), "\n## Install it\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	var blocks []string
	for _, m := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1) {
		blocks = append(blocks, m[1])
	}
	require.Len(t, blocks, 5, "build, install, check, start, ask")
	return blocks
}

// needsBareMachine skips where none can be made.
func needsBareMachine(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and runs the program on a machine of its own; left out under -short")
	}
	if os.Geteuid() != 0 {
		t.Skip("makes an account and mounts folders in a namespace of its own, which takes root")
	}
	for _, tool := range []string{"unshare", "mount", "chroot", "useradd", "runuser", "setpriv", "getent"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("not here: " + tool)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "unshare", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "none", t.TempDir()).CombinedOutput(); err != nil {
		t.Skipf("no namespaces and mounts here: %s", out)
	}
}

// TestREADMEInstallsOnABareMachine does what the README says, to the letter, on a machine that has never heard of
// Usher: its commands run in a root of their own, beside a simulated Slack and a simulated vendor. Only systemd is
// played: testdata/install/systemctl does with the unit what systemd would.
func TestREADMEInstallsOnABareMachine(t *testing.T) {
	needsBareMachine(t)
	w := newOutset(t, slacksim.Options{})
	here, err := filepath.Abs("../..")
	require.NoError(t, err)
	root := bareRoot(t, w, here)
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "testdata/install/bare", root)
	cmd.Env = append(os.Environ(), "GOPROXY=off", "LC_ALL=C", "SOURCE="+here)
	for _, name := range []string{"GOROOT", "GOMODCACHE", "GOCACHE"} {
		at, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		require.NoError(t, err)
		cmd.Env = append(cmd.Env, name+"="+strings.TrimSpace(string(at)))
	}
	raw, err := cmd.CombinedOutput()
	out := string(raw)
	require.NoError(t, err, out)
	for _, line := range []string{
		"/usr/local/bin/usher 755 root:root", "/etc/usher 750 root:usher", "/etc/usher/usher.yml 640 root:usher", "/etc/usher/environment 600 root:root",
		"/var/lib/usher 700 usher:usher", "/etc/systemd/system/usher.service 644 root:root",
		"runs as usher", "/var/lib/usher/usher.db 600 usher:usher", "/var/lib/usher/usher.sock 600 usher:usher",
	} {
		require.Contains(t, out, line+"\n")
	}
	require.Regexp(t, `\n\d+ ok, 0 warnings, 0 failed\n`, out, "usher check has nothing to say")
	require.Contains(t, out, "Nothing is waiting.", "the bot answers")
	require.NotContains(t, out, `"level":"ERROR"`)
	for _, name := range config.SecretNames {
		if w.env[name] != "" {
			require.NotContains(t, out, w.env[name])
		}
	}
}

// bareRoot is the folder that becomes the machine: the source, the README's commands, and what is filled in.
func bareRoot(t *testing.T, w *outset, here string) string {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.Chmod(root, 0o755))
	given := filepath.Join(root, "given")
	require.NoError(t, os.MkdirAll(filepath.Join(given, "bin"), 0o755))
	write := func(name, text string, mode os.FileMode) {
		require.NoError(t, os.WriteFile(filepath.Join(given, name), []byte(text), mode))
	}
	for i, block := range installBlocks(t) {
		write(fmt.Sprintf("block-%d", i+1), block, 0o644)
	}
	write("steps", readText(t, "testdata/install/steps"), 0o644)
	write("bin/systemctl", readText(t, "testdata/install/systemctl"), 0o755)
	write("usher.yml", w.config, 0o644)
	environment := ""
	for name, value := range w.env {
		if name != config.AuditKeyName { // the README's own command makes one
			environment += name + "=" + value + "\n"
		}
	}
	write("environment", environment, 0o600)
	src := filepath.Join(root, here) // the path it has here, so that what is compiled already need not be again
	require.NoError(t, os.MkdirAll(src, 0o755))
	copied := exec.CommandContext(t.Context(), "bash", "-c", `tar --exclude=./.git --exclude=node_modules --exclude=./usher -cf - . | tar -xf - -C "$1"`, "bash", src)
	copied.Dir = here
	out, err := copied.CombinedOutput()
	require.NoError(t, err, string(out))
	return root
}

func readText(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(raw)
}
