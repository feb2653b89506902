package bolt

import (
	"os"

	"golang.org/x/sys/unix"
)

// expecting has the system read of a file what it's told of, and nothing beside; end has it guess again.
func expecting(file *os.File) (ahead func(at, n int64), end func()) {
	advise := func(at, n int64, what int) { _ = unix.Fadvise(int(file.Fd()), at, n, what) } // read later, it's the same
	advise(0, 0, unix.FADV_RANDOM)
	return func(at, n int64) { advise(at, n, unix.FADV_WILLNEED) }, func() { advise(0, 0, unix.FADV_NORMAL) }
}
