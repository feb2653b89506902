// Package postgres starts a PostgreSQL of its own for tests: a cluster in a temporary folder, on a port of loopback, that
// ends with the test process. Nothing of the machine's own cluster is needed, nor touched.
//
// One server serves all tests of a package, because making one takes a second. It is started by TestMain, which leaves
// its address in the environment (a test may keep nothing in variables):
//
//	func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }
//
//	url := postgres.Database(t, "") // an empty database that nobody else has
//
// Where the machine has no PostgreSQL, Database skips the test with a sentence. What a test does to a whole server (stop
// it, start it again) it does to one of its own: Own.
//
// The cluster writes without fsync: the machine does not lose its power in a test, and what survives a SIGKILL of the
// server is the same.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// hba lets everybody in at once, because asking for a password takes longer than most tests, but for the user guarded, who
// needs one. A test that is about passwords makes that user.
const hba = "host replication all all trust\nhost all guarded all scram-sha-256\nhost all all all trust\n"

// Server is a cluster, running or stopped.
type Server struct {
	bin, dir string
	port     int
	as       *account
	run      *process
}

// ErrNone says that this machine has no PostgreSQL to start.
var ErrNone = errors.New("there is no PostgreSQL on this machine (Debian: apt-get install postgresql-15)")

// Make makes a cluster in a folder of its own under dir and starts it. Settings are lines of postgresql.conf beside its own.
func Make(dir string, settings ...string) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: filepath.Join(dir, "cluster")}
	if s.as, err = nobodySpecial(dir); err != nil {
		return nil, err
	}
	if err := s.initialise(settings); err != nil {
		return nil, err
	}
	// Somebody else may take a port that was free a moment ago.
	for range 3 {
		if s.port, err = freePort(); err != nil {
			return nil, err
		}
		if err = s.Start(); err == nil {
			return s, nil
		}
	}
	return nil, err
}

// initialise makes the cluster, whose user usher may do everything.
func (s *Server) initialise(settings []string) error {
	out, err := s.command("initdb", "--pgdata", s.dir, "--username", "usher", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync").CombinedOutput()
	if err != nil {
		return fmt.Errorf("make a cluster: %w: %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "pg_hba.conf"), []byte(hba), 0o600); err != nil {
		return fmt.Errorf("say who may connect to the cluster: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(s.dir, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("open the settings of the cluster: %w", err)
	}
	own := []string{"listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", "fsync = off",
		"full_page_writes = off", "max_connections = 300", "shared_buffers = 32MB", "autovacuum = off", "max_wal_size = 64MB", "log_min_messages = panic"}
	for _, line := range append(own, settings...) {
		if _, err := fmt.Fprintln(file, line); err != nil {
			return errors.Join(fmt.Errorf("write the settings of the cluster: %w", err), file.Close())
		}
	}
	return file.Close()
}

// Start starts the cluster and waits until it answers.
func (s *Server) Start() error {
	run, err := s.spawn("postgres", "-D", s.dir, "-p", strconv.Itoa(s.port))
	if err != nil {
		return err
	}
	s.run = run
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		if s.command("pg_isready", "-q", "-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-d", "postgres").Run() == nil {
			tick.Stop()
			return nil
		}
		select {
		case <-tick.C:
		case <-run.ended:
			return fmt.Errorf("the cluster ended at once: %s", run.said.String())
		}
	}
}

// Standby makes a cluster under dir that follows this one, and waits for nothing.
func (s *Server) Standby(dir string) (*Server, error) {
	by := &Server{bin: s.bin, dir: filepath.Join(dir, "cluster")}
	var err error
	if by.as, err = nobodySpecial(dir); err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(s.Address())
	if err != nil {
		return nil, fmt.Errorf("read the address of the cluster: %w", err)
	}
	out, err := by.command("pg_basebackup", "--pgdata", by.dir, "--host", host, "--port", port, "--username", "usher", "--write-recovery-conf",
		"--wal-method", "stream", "--checkpoint", "fast", "--no-sync").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("copy a cluster: %w: %s", err, out)
	}
	if by.port, err = freePort(); err != nil {
		return nil, err
	}
	return by, by.Start()
}

// Stop ends the cluster as a person does who is in a hurry: open transactions are rolled back.
func (s *Server) Stop() error { return s.end(fast) }

// Kill ends the cluster without a checkpoint; the next start replays its log.
func (s *Server) Kill() error { return s.end(immediate) }

func (s *Server) end(how os.Signal) error {
	if s.run == nil {
		return nil
	}
	err := s.run.cmd.Process.Signal(how)
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	<-s.run.ended
	s.run = nil
	return err
}

// URL is the address of a database of this cluster.
func (s *Server) URL(database string) string {
	return fmt.Sprintf("postgres://usher@%s/%s?sslmode=disable", s.Address(), database)
}

// Address is the host and port that the cluster answers at.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), filepath.Join(s.bin, name), args...)
	cmd.Dir = filepath.Dir(s.dir)
	s.as.run(cmd)
	return cmd
}

// programs is the folder of initdb and postgres: the newest that Debian's packages made, or where the path leads.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", ErrNone
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	return filepath.Dir(path), nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("look for a free port: %w", err)
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
