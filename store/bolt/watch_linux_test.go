package bolt_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/usherbot/usher/sim/ramdisk"
)

// watcher stands between the store and the kernel: every system call that touches a file under root
// stops until the watcher has seen it, so it can write the calls down in their order, with their data,
// and let one of them fail. It is seccomp's user notification, which asks a process about its own
// calls; nothing has to be installed and nobody has to be root.
type watcher struct {
	mu      sync.Mutex
	root    string
	verdict func(c call) verdict
}

// call is one system call about a file under root.
type call struct {
	name  string // "pwrite64", "fdatasync", …
	path  string // relative to root
	to    string // the new name of a rename
	flags int    // of an openat
	off   int64  // of a pwrite64; the new size of an ftruncate
	data  []byte // of a pwrite64
}

// verdict is what becomes of a call: the kernel carries it out, or it returns at once with errno
// (0: as if it had worked), having done nothing.
type verdict struct {
	instead bool
	errno   unix.Errno
}

var carryOut = verdict{}

// watchedCalls are the calls a database makes of its files. Those that return memory or descriptors
// to the kernel are left out: a lie about them would be worse than any disk.
var watchedCalls = map[int32]string{
	unix.SYS_OPENAT: "openat", unix.SYS_PWRITE64: "pwrite64", unix.SYS_PREAD64: "pread64", unix.SYS_FDATASYNC: "fdatasync",
	unix.SYS_FSYNC: "fsync", unix.SYS_FTRUNCATE: "ftruncate", unix.SYS_FALLOCATE: "fallocate", unix.SYS_FLOCK: "flock", unix.SYS_FSTAT: "fstat",
	unix.SYS_RENAMEAT: "renameat", unix.SYS_RENAMEAT2: "renameat", unix.SYS_LINKAT: "linkat", unix.SYS_UNLINKAT: "unlinkat", unix.SYS_MKDIRAT: "mkdirat", unix.SYS_MMAP: "mmap",
}

const childMark = "USHER_STORE_WATCHED"

// watched runs f under a watcher. A filter cannot be taken off a process again, so f runs in a child:
// this test binary, told to run this one test; what it prints and whether it passed are this test's.
func watched(t *testing.T, f func(t *testing.T, w *watcher)) {
	if isChild(t) {
		f(t, watch(t))
		return
	}
	inChild(t)
}

func isChild(t *testing.T) bool { return os.Getenv(childMark) == t.Name() }

// inChild runs this same test in a child.
func inChild(t *testing.T, env ...string) {
	t.Helper()
	args := []string{"-test.run=^" + strings.ReplaceAll(t.Name(), "/", "$/^") + "$", "-test.v", "-test.timeout=25m"}
	if testing.Short() {
		args = append(args, "-test.short")
	}
	if *leaveNothingOut {
		args = append(args, "-every")
	}
	ctx, stop := context.WithTimeout(t.Context(), 26*time.Minute)
	defer stop()
	child := exec.CommandContext(ctx, os.Args[0], args...)
	// A signal would send a call that is being looked at around a second time; and the runtime's own
	// look at how many processors it may use is a call during which nobody, the watcher included, can
	// be stopped for the garbage collector.
	child.Env = append(os.Environ(), append(env, childMark+"="+t.Name(), "GODEBUG=asyncpreemptoff=1,updatemaxprocs=0", "GOMAXPROCS=4", "GORACE=atexit_sleep_ms=0")...)
	out, err := child.CombinedOutput()
	text := strings.TrimSpace(string(out))
	require.NoError(t, err, "%s", text[max(len(text)-8000, 0):])
	require.Contains(t, text, t.Name(), "the child ran the test")
	for line := range strings.Lines(text) {
		if _, say, ok := strings.Cut(line, "_test.go:"); ok {
			t.Log(strings.TrimSpace(say))
		}
	}
	if strings.Contains(text, "--- SKIP: "+t.Name()+" ") {
		t.Skip("the child could not watch its system calls")
	}
}

// watch puts the filter on the whole process and answers its questions until the process ends.
func watch(t *testing.T) *watcher {
	fd, err := listen()
	if err != nil {
		t.Skipf("system calls cannot be watched here: %v", err)
	}
	w := &watcher{root: "\x00"}
	go func() {
		runtime.LockOSThread()
		for {
			if err := w.answer(fd); err != nil {
				panic(err)
			}
		}
	}()
	return w
}

// on sets what is decided about each call under root; nil lets everything pass.
func (w *watcher) on(root string, f func(c call) verdict) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.root, w.verdict = root, f
}

// do runs f while no call is being decided, so that what f notes has a place among the calls.
func (w *watcher) do(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

// question and reply are struct seccomp_notif and struct seccomp_notif_resp.
type question struct {
	id    uint64
	pid   uint32
	flags uint32
	nr    int32
	arch  uint32
	ip    uint64
	args  [6]uint64
}

type reply struct {
	id    uint64
	val   int64
	error int32
	flags uint32
}

func (w *watcher) answer(fd uintptr) error {
	var q question
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, unix.SECCOMP_IOCTL_NOTIF_RECV, uintptr(unsafe.Pointer(&q))); errno != 0 {
		if errno == unix.EINTR || errno == unix.ENOENT {
			return nil
		}
		return fmt.Errorf("receive a system call: %w", errno)
	}
	v := w.decide(q)
	r := reply{id: q.id, flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE}
	if v.instead {
		r = reply{id: q.id, error: -int32(v.errno)}
	}
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, unix.SECCOMP_IOCTL_NOTIF_SEND, uintptr(unsafe.Pointer(&r))); errno != 0 && errno != unix.ENOENT {
		return fmt.Errorf("answer a system call: %w", errno)
	}
	return nil
}

func (w *watcher) decide(q question) verdict {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.verdict == nil {
		return carryOut
	}
	c := decode(q)
	under, ok := strings.CutPrefix(c.path, w.root)
	if !ok {
		return carryOut
	}
	c.path, c.to = strings.TrimPrefix(under, "/"), strings.TrimPrefix(strings.TrimPrefix(c.to, w.root), "/")
	return w.verdict(c)
}

// decode reads the arguments; the caller stands still meanwhile.
func decode(q question) call {
	c := call{name: watchedCalls[q.nr]}
	switch c.name {
	case "openat", "unlinkat", "mkdirat":
		c.path, c.flags = cString(q.args[1]), int(q.args[2])
	case "renameat", "linkat":
		c.path, c.to = cString(q.args[1]), cString(q.args[3])
	case "mmap":
		c.path = pathOf(q.args[4])
	default:
		c.path = pathOf(q.args[0])
	}
	switch c.name {
	case "pwrite64":
		c.off, c.data = int64(q.args[3]), peek(q.args[1], int(q.args[2]))
	case "ftruncate":
		c.off = int64(q.args[1])
	}
	return c
}

// peek reads our own memory the way a debugger would, so that nobody takes it for a data race.
func peek(at uint64, n int) []byte {
	buf := make([]byte, n)
	local := []unix.Iovec{{Base: &buf[0], Len: uint64(n)}}
	got, err := unix.ProcessVMReadv(os.Getpid(), local, []unix.RemoteIovec{{Base: uintptr(at), Len: n}}, 0)
	if err != nil {
		panic(fmt.Errorf("read the argument of a system call: %w", err))
	}
	return buf[:got]
}

func cString(at uint64) string {
	s, _, _ := strings.Cut(string(peek(at, 256)), "\x00")
	return s
}

func pathOf(fd uint64) string {
	var buf [512]byte
	n, err := unix.Readlink(fmt.Sprintf("/proc/self/fd/%d", int32(fd)), buf[:])
	if err != nil {
		return ""
	}
	return string(buf[:n])
}

// listen installs the filter on every thread and returns the descriptor that the questions come from.
func listen() (uintptr, error) {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return 0, fmt.Errorf("set no_new_privs: %w", err)
	}
	prog := filter()
	p := unix.SockFprog{Len: uint16(len(prog)), Filter: &prog[0]}
	flags := unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_TSYNC | unix.SECCOMP_FILTER_FLAG_TSYNC_ESRCH
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, uintptr(flags), uintptr(unsafe.Pointer(&p)))
	if errno != 0 {
		return 0, fmt.Errorf("install a seccomp filter: %w", errno)
	}
	return fd, nil
}

// filter asks about the watched calls. Two kinds it lets pass, because the runtime makes them while it
// may have stopped the world, the watcher included, and would wait for ever: anonymous memory, and
// files opened to be read, which the C library does when a thread starts.
func filter() []unix.SockFilter {
	const (
		load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		any   = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
		give  = unix.BPF_RET | unix.BPF_K

		number, flagsOfOpen, fdOfMmap = 0, 16 + 2*8, 16 + 4*8
	)
	rest := uint8(len(watchedCalls) - 2)
	prog := []unix.SockFilter{
		{Code: load, K: number},
		{Code: equal, K: unix.SYS_MMAP, Jf: 2},
		{Code: load, K: fdOfMmap},
		{Code: equal, K: 1<<32 - 1, Jt: rest + 3, Jf: rest + 4},
		{Code: equal, K: unix.SYS_OPENAT, Jf: 2},
		{Code: load, K: flagsOfOpen},
		{Code: any, K: unix.O_WRONLY | unix.O_RDWR | unix.O_CREAT, Jt: rest + 1, Jf: rest},
	}
	for nr := range watchedCalls {
		if nr != unix.SYS_MMAP && nr != unix.SYS_OPENAT {
			prog = append(prog, unix.SockFilter{Code: equal, K: uint32(nr), Jt: rest})
			rest--
		}
	}
	return append(prog, unix.SockFilter{Code: give, K: unix.SECCOMP_RET_ALLOW}, unix.SockFilter{Code: give, K: unix.SECCOMP_RET_USER_NOTIF})
}

// TestTheWatcherSeesAndFails: calls are written down with their data, and one can be made to fail.
func TestTheWatcherSeesAndFails(t *testing.T) {
	watched(t, func(t *testing.T, w *watcher) {
		dir := ramdisk.Folder(t)
		var seen []string
		w.on(dir, func(c call) verdict {
			seen = append(seen, strings.TrimSpace(c.name+" "+c.path+" "+c.to+" "+string(c.data)))
			return verdict{instead: c.name == "fdatasync", errno: unix.EIO}
		})
		f, err := os.Create(dir + "/a")
		require.NoError(t, err)
		_, err = f.WriteAt([]byte("hello"), 3)
		require.NoError(t, err)
		require.ErrorIs(t, unix.Fdatasync(int(f.Fd())), unix.EIO)
		require.NoError(t, f.Close())
		require.NoError(t, os.Rename(dir+"/a", dir+"/b"))
		w.on("", nil)
		require.Equal(t, []string{"openat a", "pwrite64 a  hello", "fdatasync a", "renameat a b"}, seen)
		raw, err := os.ReadFile(dir + "/b")
		require.NoError(t, err)
		require.Equal(t, "\x00\x00\x00hello", string(raw))
		start := time.Now()
		for range 1000 {
			d, err := os.OpenFile(dir+"/b", os.O_RDWR, 0)
			require.NoError(t, err)
			require.NoError(t, d.Close())
		}
		t.Logf("a watched call costs %s", time.Since(start)/1000)
	})
}
