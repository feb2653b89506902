package postgres

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
)

// The signals of PostgreSQL's own protocol for its end.
const (
	fast      = syscall.SIGINT
	immediate = syscall.SIGQUIT
)

// account is whom the cluster runs as, where that is somebody else: PostgreSQL refuses to run as root.
type account struct{ uid, gid uint32 }

// nobodySpecial is the account of Debian's package where the tests run as root, which dir is then given to.
func nobodySpecial(dir string) (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("%w: as root it needs the user postgres: %w", ErrNone, err)
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, fmt.Errorf("read the user postgres: %w", err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, fmt.Errorf("read the user postgres: %w", err)
	}
	return &account{uint32(uid), uint32(gid)}, os.Chown(dir, uid, gid)
}

func (a *account) run(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if a != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
}

// process is a cluster that was started; said is what it wrote, to be read once it has ended.
type process struct {
	cmd   *exec.Cmd
	said  bytes.Buffer
	ended chan struct{}
}

// spawn starts a program that ends with this process, however that ends. The kernel ends it with the thread that started
// it, so one thread does nothing else than wait for it.
func (s *Server) spawn(name string, args ...string) (*process, error) {
	p := &process{cmd: s.command(name, args...), ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	endsWithUs(p.cmd.SysProcAttr)
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait()
		}
		close(p.ended)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}
