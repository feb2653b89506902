package postgres

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/conform"
	"github.com/usherbot/usher/test/postgres"
)

// TestThroughAPoolerThatLendsAConnectionForATransaction: PgBouncer in transaction mode, of Debian's age, which knows no prepared
// statements. All that a store must be holds through it.
func TestThroughAPoolerThatLendsAConnectionForATransaction(t *testing.T) {
	direct := postgres.Database(t, "")
	through := pooler(t, direct)
	url := func(t testing.TB, at string) string {
		u, err := url.Parse(at)
		require.NoError(t, err)
		u.Host = through
		return u.String()
	}
	all := newShed(t)
	conform.Store(t, func(t testing.TB) conform.Place {
		p := &place{TB: t, url: url(t, all.empty(t))}
		return conform.Place{Open: func(name string) store.Store { return p.open(name) }}
	})
}

// TestThroughAPoolerNothingIsHeard, which is found out, and nobody listens on; what is due is looked for.
func TestThroughAPoolerNothingIsHeard(t *testing.T) {
	direct := postgres.Database(t, "")
	u, err := url.Parse(direct)
	require.NoError(t, err)
	u.Host = pooler(t, direct)
	s := open(t, u.String(), Options{Owner: "one", Lease: time.Hour})
	over := make(chan struct{})
	go func() {
		s.Listen(ctx, func() { t.Error("it heard") }, func(string) { t.Error("it heard") })
		close(over)
	}()
	select {
	case <-over:
	case <-time.After(20 * time.Second):
		require.Fail(t, "it listens on")
	}
}

// pooler starts a PgBouncer before the server of an address, and says where it answers.
func pooler(t *testing.T, at string) string {
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program, err = exec.LookPath("/usr/sbin/pgbouncer") // which is on root's path only
	}
	if err != nil {
		t.Skip("there is no PgBouncer on this machine (Debian: apt-get install pgbouncer)")
	}
	u, err := url.Parse(at)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().(*net.TCPAddr)
	require.NoError(t, l.Close())
	dir, err := os.MkdirTemp("", "usher-pooler-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	file := filepath.Join(dir, "pgbouncer.ini")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `[databases]
* = host=%s port=%s user=usher
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
`, u.Hostname(), u.Port(), address.Port), 0o644))
	args := []string{file}
	if os.Geteuid() == 0 {
		args = []string{"-u", "nobody", file}
		require.NoError(t, os.Chmod(dir, 0o755))
	}
	cmd := exec.Command(program, args...)
	var said strings.Builder
	cmd.Stderr = &said
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", address.String())
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	}, 20*time.Second, 20*time.Millisecond, "it never answered: %s", &said)
	return address.String()
}
