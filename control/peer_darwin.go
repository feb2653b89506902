package control

import (
	"fmt"
	"net"

	"golang.org/x/sys/unix"
)

// peerUID asks the kernel which account is at the other end of a Unix socket.
func peerUID(c *net.UnixConn) (uid int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, fmt.Errorf("ask who is there: %w", err)
	}
	var cred *unix.Xucred
	var bad error
	err = raw.Control(func(fd uintptr) { cred, bad = unix.GetsockoptXucred(int(fd), unix.SOL_LOCAL, unix.LOCAL_PEERCRED) })
	if err == nil {
		err = bad
	}
	if err != nil {
		return 0, fmt.Errorf("ask who is there: %w", err)
	}
	return int(cred.Uid), nil
}
