package app

import (
	"fmt"
	"os"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"
)

// slim lets the system have the pages of the program's own file that this process has mapped: its text and its constants. A start runs
// through most of both, in passing: what each package makes of its tables takes a page here and there, and each page that is touched
// brings its fifteen neighbours. What is needed again is mapped again at its next use, without the disk as long as the system still has it;
// under pressure it's the first to go, before what others use.
func slim() error {
	self, err := procfs.Self()
	if err != nil {
		return fmt.Errorf("find this process: %w", err)
	}
	maps, err := self.ProcMaps()
	if err != nil {
		return fmt.Errorf("read what is mapped: %w", err)
	}
	path, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	for _, m := range maps {
		if m.Pathname != path || m.Perms.Write || m.Perms.Shared {
			continue // what can be written would be lost
		}
		for _, how := range []uintptr{unix.MADV_COLD, unix.MADV_DONTNEED} {
			if _, _, errno := unix.Syscall(unix.SYS_MADVISE, m.StartAddr, m.EndAddr-m.StartAddr, how); errno != 0 && errno != unix.EINVAL {
				return fmt.Errorf("give back what is mapped: %w", errno) // before 5.4 Linux doesn't know what cold is
			}
		}
	}
	return nil
}
