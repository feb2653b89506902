package control

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
)

// SocketName is the socket in the data folder. Whoever may write there holds the database anyway.
const SocketName = "usher.sock"

// socketMark begins the name of the folder a socket is made in. It is short: a socket's path must be.
const socketMark = "s"

// longestSocket is how many bytes the path of a socket may have; Linux has room for 108 with the zero
// at the end, macOS for 104.
const longestSocket = 103

// door is the socket of a running Usher and what is served behind it.
type door struct {
	path   string
	file   fs.FileInfo
	server *http.Server
	served sync.WaitGroup
	// close is shut, once, or nothing where there is no socket.
	Close func() error
}

// Open serves h at the socket in dir. Where there can be no socket (a path that is too long, a file
// system that has none) it says so in the log: the bot works without. It fails where a
// live process answers at the socket already.
func Open(dir string, h http.Handler, log *slog.Logger) (*door, error) {
	path := filepath.Join(dir, SocketName)
	if Alive(path) {
		return nil, fmt.Errorf("another process answers at %s; is `usher run` already running?", path)
	}
	l, err := listen(dir, path)
	if err != nil {
		log.Warn("there's no socket, so `usher approve` and the like can't reach this bot", "path", path, "err", err)
		return &door{Close: func() error { return nil }}, nil
	}
	d := &door{path: path}
	if d.file, err = os.Lstat(path); err != nil {
		return nil, errors.Join(fmt.Errorf("open socket: %w", err), l.Close())
	}
	d.server = &http.Server{Handler: h, ConnContext: withPeer, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	d.Close = sync.OnceValue(d.shut)
	d.served.Go(func() {
		if err := d.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the socket has closed, so `usher approve` and the like can't reach this bot any more", "path", path, "err", err)
		}
	})
	return d, nil
}

// Alive reports whether a live process listens at path.
func Alive(path string) bool {
	c, err := net.DialTimeout("unix", path, time.Second)
	if err != nil {
		return false
	}
	_ = c.Close() // nothing was said
	return true
}

// listen makes the socket inside a folder of its own, which nobody else may enter, and moves it into
// place when it is private itself: whatever the umask is, nobody else can connect at any moment. What
// a dead process left at path is replaced, and such a folder of a dead process removed: whoever holds the
// database is the only one who makes any.
func listen(dir, path string) (*net.UnixListener, error) {
	if len(path) > longestSocket {
		return nil, fmt.Errorf("its path has %d bytes, and a socket's may have %d: use a shorter --data", len(path), longestSocket)
	}
	if err := sweepSockets(dir); err != nil {
		return nil, err
	}
	private, err := os.MkdirTemp(dir, socketMark)
	if err != nil {
		return nil, fmt.Errorf("make socket: %w", err)
	}
	defer os.RemoveAll(private)
	first := filepath.Join(private, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: first, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("make socket: %w", err)
	}
	l.SetUnlinkOnClose(false)
	err = os.Chmod(first, 0o600)
	if err == nil {
		err = os.Rename(first, path)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make socket: %w", err), l.Close())
	}
	return l, nil
}

// sweepSockets removes folders in which a process that died was making its socket: those of listen's names
// that hold nothing but a socket "s".
func sweepSockets(dir string) error {
	left, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("make socket: %w", err)
	}
	for _, e := range left {
		digits, ours := strings.CutPrefix(e.Name(), socketMark)
		if !ours || digits == "" || !e.IsDir() || strings.Trim(digits, "0123456789") != "" {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if s, err := os.Lstat(filepath.Join(path, "s")); err == nil && s.Mode()&fs.ModeSocket != 0 {
			_ = os.Remove(filepath.Join(path, "s")) // then the folder stays, which says so
		}
		_ = os.Remove(path) // only an empty folder goes; another is not ours
	}
	return nil
}

// shut lets nobody in any more, waits a moment for whoever is inside, and takes the socket away.
func (d *door) shut() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := d.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = d.server.Close()
	}
	d.served.Wait()
	if now, e := os.Lstat(d.path); e == nil && os.SameFile(now, d.file) {
		err = errors.Join(err, os.Remove(d.path))
	}
	if err != nil {
		return fmt.Errorf("close socket: %w", err)
	}
	return nil
}

type peerKey struct{}

// withPeer keeps with a connection who is at its other end; nobody where that cannot be told.
func withPeer(ctx context.Context, c net.Conn) context.Context {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return ctx
	}
	uid, err := peerUID(u)
	if err != nil || uid != os.Geteuid() && uid != 0 {
		return ctx
	}
	return context.WithValue(ctx, peerKey{}, osUser(uid))
}

// osUser is the account of a uid as an actor: by name, or by number where it has no name.
func osUser(uid int) approvals.Actor {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil && u.Username != "" {
		return approvals.OSUser(u.Username)
	}
	return approvals.OSUser("uid " + strconv.Itoa(uid))
}

// Peer is who is at the other end of a request's connection; false: nobody who may come in.
func Peer(r *http.Request) (approvals.Actor, bool) {
	a, ok := r.Context().Value(peerKey{}).(approvals.Actor)
	return a, ok
}

// Operator is who sits at this command line.
func Operator() approvals.Actor {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return approvals.OSUser(u.Username)
	}
	return osUser(os.Geteuid())
}
