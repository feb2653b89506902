//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package bolt

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lock takes the lock that bbolt takes, before bbolt reads a byte: a lock belongs to the open file, so
// bbolt finds it taken by itself. Others are waited for that long.
func lock(f *os.File, exclusive bool, wait time.Duration) error {
	how := syscall.LOCK_SH | syscall.LOCK_NB
	if exclusive {
		how = syscall.LOCK_EX | syscall.LOCK_NB
	}
	const step = 20 * time.Millisecond
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return fmt.Errorf("lock %s: %w", f.Name(), err)
		}
		if wait < step {
			return ErrLocked
		}
		time.Sleep(step)
		wait -= step
	}
}
