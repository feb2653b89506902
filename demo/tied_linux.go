package demo

import (
	"errors"
	"fmt"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// tied has a process killed when the thread ends that has begun it, as it does with its process.
func tied() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// smallest is how long a file may be of a process that has no room: the store writes behind that whatever it keeps.
const smallest = 4096

// setRoom limits how long the files are that a process writes, or no more. It's told by an error (EFBIG) where a full disk says ENOSPC.
// A process that has just ended needs no limit: the next is born with it.
func setRoom(pid int, full bool) error {
	var was unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, nil, &was); errors.Is(err, unix.ESRCH) {
		return nil
	} else if err != nil {
		return fmt.Errorf("read how long the bot's files may be: %w", err)
	}
	limit := unix.Rlimit{Cur: was.Max, Max: was.Max}
	if full {
		limit.Cur = smallest
	}
	if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("limit how long the bot's files may be: %w", err)
	}
	return nil
}

// heedless has this process take that for an error alone, not for a signal that ends it.
func heedless() { signal.Ignore(syscall.SIGXFSZ) }
